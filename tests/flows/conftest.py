"""Every flow runs on SQLite and on PostgreSQL, unless it is marked with the reason why one engine is enough."""
