"""Pure decisions of acquisition; one module per part."""
