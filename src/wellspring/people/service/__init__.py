"""The verbs of people, a file each: load, decide, save, tell."""
