"""The append-only log of what people did, and the orders; the ingestion API writes here.

What is derived about a member is derived from this. It resolves identities through people and never keeps
a member of its own.
"""
