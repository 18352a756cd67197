"""One folder per platform: how it is spoken to."""
