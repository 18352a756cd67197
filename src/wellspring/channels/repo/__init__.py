"""All transactional SQL of channels."""
