"""What keeps the repository in order: checks, generators, set-up. Nothing here ships."""
