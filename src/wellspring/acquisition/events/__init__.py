"""What acquisition tells; one module per part."""
