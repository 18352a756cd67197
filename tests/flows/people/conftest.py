"""A workspace on SQLite for the flows of people; each engine's turn is in tests/stores/people."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import people as support
from wellspring.kernel.workspace import Workspace


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    made = support.workspace(tmp_path)
    yield made
    made.sql.close()
