"""A workspace without an analytical store: people needs none."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import people as support
from wellspring.kernel.workspace import Workspace


@pytest.fixture
def ws(engine_url: str | None, tmp_path: Path) -> Iterator[Workspace]:
    with support.opened(tmp_path, url=engine_url) as made:
        yield made
