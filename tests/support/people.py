"""Claims and workspaces for tests of people."""

import datetime as dt
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from wellspring.kernel.auth import ActorKind, Principal
from wellspring.kernel.bus import outbox_table
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.crypto import KeyFile, Keyring
from wellspring.kernel.files import FileStore
from wellspring.kernel.settings import Settings
from wellspring.kernel.stores.sql import Sql, metadata
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Claim, Identity, IdentityKind, Permission, Resolved
from wellspring.people.repo import members

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
_numbers = itertools.count(1)
OPERATOR = Principal(id="usr_op", kind=ActorKind.USER, name="运营", permissions=frozenset(Permission))


def workspace(folder: Path, *, url: str | None = None, slug: str = "demo", keys: KeyFile | None = None) -> Workspace:
    """A workspace without an analytical store: people needs none."""
    held = keys or KeyFile(active="k1", masters={"k1": b"m" * 32}, blind=b"b" * 32)
    sql = Sql(url or f"sqlite:///{folder / 'wellspring.sqlite'}", schema=None if url is None else f"ws_{slug}")
    if url is not None:
        with sql.engine.begin() as connection:
            connection.execute(sa.schema.CreateSchema(f"ws_{slug}", if_not_exists=True))
    metadata.create_all(sql.engine)
    clock, ring = VirtualClock(NOON), Keyring(held, slug)
    files = FileStore(str(folder / "files"), sql=sql, keys=ring, clock=clock)
    return Workspace(slug=slug, sql=sql, log=None, files=files, keys=ring, clock=clock, settings=Settings(sql))  # type: ignore[arg-type]


@contextmanager
def opened(folder: Path, *, url: str | None = None) -> Iterator[Workspace]:
    """A workspace for one test, its schema on PostgreSQL dropped afterwards."""
    made = workspace(folder, url=url, slug="demo" if url is None else f"p{next(_numbers)}")
    try:
        yield made
    finally:
        if url is not None:
            made.sql.drop()
        made.sql.close()


def identity(text: str) -> Identity:
    """`kind:value` or `kind/namespace:value`."""
    kind, _, value = text.partition(":")
    kind, _, namespace = kind.partition("/")
    return Identity(IdentityKind(kind), value, namespace)


def claim(*identities: str, at: dt.datetime = NOON, source: str = "test", **rest: Any) -> Claim:
    return Claim(tuple(map(identity, identities)), at, source, **rest)


def resolve(ws: Workspace, *claims: Claim, **rest: Any) -> Resolved:
    return people.resolve(ws, by=OPERATOR, claims=claims, **rest)


def who(ws: Workspace, *identities: str, **rest: Any) -> int:
    """The member number of one claim."""
    return resolve(ws, claim(*identities, **rest)).member_nos[0]


def member_id(ws: Workspace, number: int) -> str:
    with ws.sql.read() as tx:
        return members.ids_of(tx, (number,))[number]


def told(ws: Workspace, name: str) -> list[dict[str, Any]]:
    """The bodies of the events of a name, in order."""
    with ws.sql.read() as tx:
        return list(tx.execute(sa.select(outbox_table.c.body).where(outbox_table.c.name == name).order_by(outbox_table.c.id)).scalars())
