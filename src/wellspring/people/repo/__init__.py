"""All transactional SQL of people, a file per thing. Nothing here decides anything."""
