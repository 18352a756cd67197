"""Where rows are kept in tests: folders that run on SQLite and on PostgreSQL, and all others on SQLite.

A test whose answer cannot depend on where rows are kept, or that costs too much to run twice, says so with its reason:
`@pytest.mark.one_engine("it asks chDB alone")`.
"""

from pathlib import Path

import pytest

ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
_TESTS = Path(__file__).resolve().parents[1]
_ON_EACH = tuple(_TESTS / folder for folder in ("flows", "stores", "http/console"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Gives `engine` its names wherever a test comes to a store by way of it.

    Tests on one engine are told so as well: what an earlier test on PostgreSQL had made for the session would be theirs.
    """
    if "engine" not in metafunc.fixturenames:
        return
    is_on_each = any(metafunc.definition.path.is_relative_to(folder) for folder in _ON_EACH)
    if is_on_each and metafunc.definition.get_closest_marker("one_engine") is None:
        metafunc.parametrize("engine", ENGINES, scope="session")
    else:
        metafunc.parametrize("engine", ["sqlite"], ids=[pytest.HIDDEN_PARAM], scope="session")
