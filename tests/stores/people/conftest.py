"""Every test of this folder runs on SQLite and on PostgreSQL."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import people as support
from wellspring.kernel.workspace import Workspace

_numbers = itertools.count(1)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def ws(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workspace]:
    url = None if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    made = support.workspace(tmp_path, url=url, slug=f"p{next(_numbers)}")
    yield made
    if url is not None:
        made.sql.drop()
    made.sql.close()
