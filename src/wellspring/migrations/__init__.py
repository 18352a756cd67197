"""The one Alembic chain of the transactional store, for SQLite and PostgreSQL alike.

A fresh store is made from the tables as they are declared and marked with the chain's head; an older one is brought up
step by step when it is opened. A test holds the two ways against each other. `tools/migration.py` drafts a new step.
"""
