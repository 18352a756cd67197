"""The verbs of audiences."""
