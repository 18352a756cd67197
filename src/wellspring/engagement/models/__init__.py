"""The tables of engagement; one module per part."""
