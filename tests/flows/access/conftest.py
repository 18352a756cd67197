"""The same flows on SQLite and on PostgreSQL, without an analytical store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import plain
from wellspring.kernel.workspace import Workspace


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workspace]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    with plain.workspace(tmp_path, url=url) as ws:
        yield ws
