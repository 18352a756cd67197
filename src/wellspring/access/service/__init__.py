"""The verbs of access, one capability per module: signing in, callers, users, roles, keys."""
