"""All of activity's transactional SQL: arrival blocks, rejected input, the catalogue's properties."""
