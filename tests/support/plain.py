"""A workspace without an analytical store, for domains that need none: made in milliseconds, on either engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.workspaces import START
from wellspring.app import wiring
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.crypto import KeyFile, Keyring
from wellspring.kernel.files import FileStore
from wellspring.kernel.settings import Settings
from wellspring.kernel.stores.sql import Sql
from wellspring.kernel.workspace import Workspace


@contextmanager
def workspace(folder: Path, *, url: str | None = None, slug: str = "plain") -> Iterator[Workspace]:
    """On SQLite in the folder, or in a schema of its own on PostgreSQL; the clock stands at START."""
    wiring.register()
    held = KeyFile(active="k1", masters={"k1": b"m" * 32}, blind=b"b" * 32)
    sql = Sql(url or f"sqlite:///{folder / 'wellspring.sqlite'}", schema=None if url is None else f"ws_{slug}")
    if url is not None:
        sql.drop()
    sql.create()
    clock, ring = VirtualClock(START), Keyring(held, slug)
    files = FileStore(str(folder / "files"), sql=sql, keys=ring, clock=clock)
    try:
        yield Workspace(slug=slug, sql=sql, log=None, files=files, keys=ring, clock=clock, settings=Settings(sql))  # type: ignore[arg-type]
    finally:
        if url is not None:
            sql.drop()
        sql.close()
