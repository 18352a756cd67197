"""The analytical SQL of engagement; one module per question."""
