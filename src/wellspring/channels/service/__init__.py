"""One module per verb of channels."""
