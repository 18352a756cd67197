"""The verbs of content, one file per capability."""
