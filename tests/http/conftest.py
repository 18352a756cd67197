"""The real application over a workspace of the test's own, and over a second one beside it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support import workspaces
from wellspring.app import wiring
from wellspring.app.web import create_app
from wellspring.kernel.workspace import Installation, Workspace

LOCAL_TOKEN = "local-token-of-the-test"


@pytest.fixture(scope="session")
def app(place: Installation) -> Any:
    """Every domain's routes, made once; the local token lets a test act as the system."""
    wiring.register()
    return create_app(place, local_token=LOCAL_TOKEN)


@pytest.fixture
def other(place: Installation) -> Iterator[Workspace]:
    """A second brand in the same process."""
    with workspaces.fresh(place) as fresh:
        yield fresh
