"""The analytical SQL of acquisition; one module per part."""
