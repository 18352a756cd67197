"""A package, so that its server and browser end with it."""
