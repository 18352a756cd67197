"""The whole application with a caller of the test's choosing: routes are asked as a browser asks them."""

from collections.abc import Iterator
from contextlib import contextmanager

import fastapi
from fastapi.testclient import TestClient

from wellspring.app import wiring
from wellspring.app.web import create_app
from wellspring.kernel.auth import EVERYTHING, ActorKind, Principal, Scope, known_permissions
from wellspring.kernel.errors import Unauthenticated
from wellspring.kernel.web import Call
from wellspring.kernel.workspace import Installation, Workspace


class Console:
    """A browser in front of one workspace; `by` is whoever sits there, or nobody."""

    def __init__(self, client: TestClient, app: fastapi.FastAPI, ws: Workspace) -> None:
        self.client, self.ws = client, ws
        self.by: Principal | None = None
        app.state.authenticate = self._authenticate

    def _authenticate(self, _request: fastapi.Request) -> Call:
        if self.by is None:
            raise Unauthenticated
        return Call(self.ws, self.by)


@contextmanager
def opened(installation: Installation, ws: Workspace) -> Iterator[Console]:
    """The application over the installation; nobody is signed in yet."""
    wiring.register()
    app = create_app(installation)
    with TestClient(app, base_url="http://wellspring.test") as client:
        yield Console(client, app, ws)


def somebody(*permissions: str, units: frozenset[str] | None = None, actor: str = "usr_test") -> Principal:
    """A user with these permissions, within these units."""
    scope = EVERYTHING if units is None else Scope(units)
    return Principal(id=actor, kind=ActorKind.USER, name="Test", permissions=frozenset(permissions), scope=scope)


def everything(actor: str = "usr_owner") -> Principal:
    """A user with every permission there is."""
    return somebody(*known_permissions(), actor=actor)
