"""Workspaces for tests: one engine per process, a fresh workspace per test, a clock that stands still.

chDB allows one data folder per process, so every workspace of a test process lives in one installation, each with its
own database. A test that needs another folder in this process closes the installation first (fixture `engine_free`);
the next workspace opens it again.
"""

import datetime as dt
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from wellspring.app import wiring
from wellspring.kernel.clock import UTC, VirtualClock
from wellspring.kernel.settings import ProcessSettings
from wellspring.kernel.stores import chdb_log, log, sql
from wellspring.kernel.workspace import Installation, Workspace

# A Wednesday noon in Shanghai, in an ordinary week without daylight-saving changes anywhere.
START = dt.datetime(2026, 3, 18, 4, 0, tzinfo=UTC)
_numbers = itertools.count(1)
# Tests do not survive a power cut, so nothing here waits for the disk; what survives kill -9 does not change by that.
sql.PRAGMAS["synchronous"] = "OFF"
log.DURABILITY.update(dict.fromkeys(log.DURABILITY, 0))
chdb_log.OWN_SETTINGS["fsync_metadata"] = 0


def installation(home: Path, *, database_url: str = "") -> Installation:
    """An installation in a folder, on SQLite or on a PostgreSQL address; it hears nothing of the environment."""
    wiring.register()
    settings = ProcessSettings(home=home, database_url=database_url, clickhouse_url="", files_url="", production=False, lab=True)
    return Installation(settings, clock=VirtualClock(START), log_tables=wiring.log_tables())


@contextmanager
def fresh(place: Installation) -> Iterator[Workspace]:
    """A workspace that nobody has used, deleted afterwards; the clock is back at START."""
    assert isinstance(place.clock, VirtualClock)
    place.clock.move_to(START)
    workspace = place.create(f"w{next(_numbers)}")
    try:
        yield workspace
    finally:
        if workspace.slug in place.slugs():
            place.delete(workspace.slug)


class Statements(list[str]):
    """The SQL statements that ran, in order; `of("SELECT")` keeps those of one kind."""

    def of(self, verb: str) -> list[str]:
        return [text for text in self if text.lstrip().upper().startswith(verb)]


@contextmanager
def recorded(workspace: Workspace) -> Iterator[Statements]:
    """Records what the transactional store is asked, so that a list screen can assert its statement count."""
    statements = Statements()

    def note(_connection: object, _cursor: object, text: str, *_rest: object) -> None:
        statements.append(text)

    sa.event.listen(workspace.sql.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(workspace.sql.engine, "before_cursor_execute", note)
