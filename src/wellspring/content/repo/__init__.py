"""All transactional SQL of content."""
