"""Every flow runs on SQLite and on PostgreSQL, unless it is marked with the reason why one engine is enough."""

from tests.support.engines import pytest_generate_tests

__all__ = ["pytest_generate_tests"]
