"""The SQL of engagement; one module per part."""
