from collections.abc import Iterator

import pytest

from tests.support.console import Console, opened
from wellspring.kernel.workspace import Installation, Workspace


@pytest.fixture
def console(place: Installation, workspace: Workspace) -> Iterator[Console]:
    with opened(place, workspace) as console:
        yield console
