"""Every test of a store runs on SQLite and on PostgreSQL."""
