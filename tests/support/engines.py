"""The same tests on each engine: what a folder's conftest takes from here runs on SQLite and on PostgreSQL.

A test whose answer cannot depend on where rows are kept, or that costs too much to run twice, says so with its reason:
`@pytest.mark.one_engine("it asks chDB alone")`.
"""

import pytest

ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Gives `engine` both names wherever a test comes to a store by way of it."""
    if "engine" in metafunc.fixturenames and metafunc.definition.get_closest_marker("one_engine") is None:
        metafunc.parametrize("engine", ENGINES, scope="session")
