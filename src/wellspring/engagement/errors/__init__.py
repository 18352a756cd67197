"""Why something is refused here; one module per part."""
