"""The verbs of organization: the tree as it stands, units, staff, and batches of an import."""
