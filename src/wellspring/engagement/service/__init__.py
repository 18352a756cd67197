"""The verbs of engagement; one module per capability."""
