"""What engagement tells; one module per part."""
