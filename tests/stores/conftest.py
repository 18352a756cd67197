"""The same tests on each engine: here `workspace` is parametrised over SQLite and PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import workspaces
from wellspring.kernel.workspace import Installation, Workspace


@pytest.fixture(scope="session")
def installation_on_postgres(home: Path, postgres_url: str) -> Iterator[Installation]:
    """The same data folder (chDB allows one), with the transactional store on PostgreSQL."""
    place = workspaces.installation(home, database_url=postgres_url)
    yield place
    place.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def workspace(request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """A fresh workspace on the engine."""
    name = "installation" if request.param == "sqlite" else "installation_on_postgres"
    with workspaces.fresh(request.getfixturevalue(name)) as fresh:
        yield fresh
