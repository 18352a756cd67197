from collections.abc import Iterator

import pytest

from tests.support.console import Console, opened
from tests.support.engines import pytest_generate_tests
from wellspring.kernel.workspace import Installation, Workspace

# The pages of the console ask more of the transactional store than any other route.
__all__ = ["console", "pytest_generate_tests"]


@pytest.fixture
def console(place: Installation, workspace: Workspace) -> Iterator[Console]:
    with opened(place, workspace) as console:
        yield console
