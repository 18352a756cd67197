"""Every test of a store runs on SQLite and on PostgreSQL."""

from tests.support.engines import pytest_generate_tests

__all__ = ["pytest_generate_tests"]
