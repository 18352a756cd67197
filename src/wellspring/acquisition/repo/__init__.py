"""The transactional SQL of acquisition; one module per part."""
