"""These flows need no analytical store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import plain
from wellspring.kernel.workspace import Workspace


@pytest.fixture
def workspace(engine_url: str | None, tmp_path: Path) -> Iterator[Workspace]:
    with plain.workspace(tmp_path, url=engine_url) as ws:
        yield ws
