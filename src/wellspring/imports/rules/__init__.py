"""Pure decisions: what a file looks like, which column is which field, how a text is read, what matches what."""
