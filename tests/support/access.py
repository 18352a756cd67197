"""Users, principals and browsers for tests of access."""

import dataclasses
import datetime as dt
from typing import Any

import pyotp
import sqlalchemy as sa
from fastapi.testclient import TestClient

from wellspring.access import api as access
from wellspring.access.contracts import Caller, User
from wellspring.kernel import audit
from wellspring.kernel.auth import EVERYTHING, SYSTEM, ActorKind, Principal, Scope
from wellspring.kernel.bus import outbox_table
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Workspace

PASSWORD = "an owl in the well"
OWNER_EMAIL = "owner@example.com"


def as_given(_ws: Workspace, unit_ids: frozenset[str]) -> frozenset[str]:
    """A scope expander for tests that have no tree."""
    return unit_ids


def principal(*permissions: str, units: frozenset[str] | None = None, actor: str = "usr_test") -> Principal:
    scope = EVERYTHING if units is None else Scope(units)
    return Principal(id=actor, kind=ActorKind.USER, name="Test", permissions=frozenset(permissions), scope=scope)


def owner(ws: Workspace) -> User:
    return access.ensure_owner(ws, email=OWNER_EMAIL)


def invited(ws: Workspace, email: str, *roles: str, units: tuple[str, ...] = ()) -> User:
    access.seed(ws)
    return access.invite_user(ws, by=SYSTEM, email=email, name=email.partition("@")[0], role_ids=roles, unit_ids=units)


def token_of_link(ws: Workspace, user_id: str) -> str:
    return access.make_link(ws, user_id, by=SYSTEM).path.rpartition("token=")[2]


def session_token(ws: Workspace, user: User) -> str:
    """Signs the user in by link."""
    return access.sign_in_by_link(ws, token=token_of_link(ws, user.id)).cookie.partition(".")[2]


def caller(ws: Workspace, token: str) -> Caller:
    return access.authenticate_session(ws, token, expand=as_given)


def with_password(ws: Workspace, user: User, password: str = PASSWORD) -> str:
    """Gives the user a password; gives the token of the session that did it."""
    token = session_token(ws, user)
    access.set_password(ws, by=caller(ws, token).principal, token=token, new=password)
    return token


def with_totp(ws: Workspace, user: User) -> pyotp.TOTP:
    """Gives the user a second factor and lets its first code's step pass."""
    by = caller(ws, session_token(ws, user)).principal
    generator = pyotp.TOTP(access.begin_totp(ws, by=by).secret)
    access.confirm_totp(ws, code_now(ws, generator), by=by)
    clock = ws.clock
    assert isinstance(clock, VirtualClock)
    clock.move_to(clock.now() + dt.timedelta(seconds=60))
    return generator


def code_now(ws: Workspace, generator: pyotp.TOTP) -> str:
    return generator.at(ws.clock.now())


@dataclasses.dataclass
class Browser:
    """A browser with a session: its client sends cookie and CSRF token."""

    client: TestClient
    session: dict[str, Any]


def browser(app: Any, ws: Workspace, user: User) -> Browser:
    """Signs the user in over HTTP."""
    client = TestClient(app, raise_server_exceptions=False)
    answer = client.post("/api/session/link", json={"workspace": ws.slug, "token": token_of_link(ws, user.id)})
    assert answer.status_code == 200, answer.text
    client.headers["x-csrf-token"] = answer.json()["csrf_token"]
    return Browser(client, answer.json())


def sign_in(
    ws: Workspace, password: str = PASSWORD, *, email: str = OWNER_EMAIL, code: str | None = None, address: str = "10.0.0.1"
) -> str:
    return access.sign_in(ws, email=email, password=password, code=code, address=address).cookie.partition(".")[2]


def advance(ws: Workspace, **distance: float) -> None:
    assert isinstance(ws.clock, VirtualClock)
    ws.clock.move_to(ws.clock.now() + dt.timedelta(**distance))


def actions(ws: Workspace) -> list[str]:
    return [row.action for row in audit.listing(ws.sql, limit=200).rows]


def told(ws: Workspace) -> list[str]:
    with ws.sql.read() as tx:
        return list(tx.execute(sa.select(outbox_table.c.name).order_by(outbox_table.c.id)).scalars())
