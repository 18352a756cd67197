"""All SQL of tags: what tags there are, the history of changes, and what staff decided against rules."""
