"""Pure decisions of organization: levels and trees, hours, distances, values that can be taken."""
