"""The transactional store: SQLite by default, PostgreSQL when one machine is outgrown.

`read` gives a snapshot, `write` one transaction that joins an outer one on the same thread and commits when the
outermost block ends. SQLite allows one writer: writers queue in this process instead of failing with "locked".
Nobody else in the code base commits.
"""

import contextlib
import dataclasses
import datetime as dt
import hashlib
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from wellspring.kernel.clock import from_millis, to_millis
from wellspring.kernel.errors import StoreUnavailable
from wellspring.kernel.stores import migrations

metadata = sa.MetaData()
Tx = sa.Connection
# Threads of the web server that may read at once; each SQLite connection costs about 2 MB of page cache.
_POOL_SIZE = 24
# A writer waits this long for another process's lock (a backup, a stray CLI) before it gives up.
_BUSY_MILLIS = 15_000
# What a SQLite file is opened with; a commit is on the disk when it returns.
PRAGMAS: dict[str, str | int] = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "busy_timeout": _BUSY_MILLIS,
    "temp_store": "MEMORY",
    "mmap_size": 268_435_456,
}


class Instant(sa.types.TypeDecorator[dt.datetime]):
    """An instant, kept as whole milliseconds since 1970 in UTC: the same bytes on every engine."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """To milliseconds."""
        return None if value is None else to_millis(value)

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> dt.datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """From milliseconds."""
        return None if value is None else from_millis(value)


Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


@dataclasses.dataclass
class _Open:
    tx: Tx
    writes: bool
    after_commit: list[Callable[[], None]] = dataclasses.field(default_factory=list)


class Sql:
    """One workspace's transactional store."""

    def __init__(self, url: str, *, schema: str | None = None) -> None:
        """Opens `sqlite:////path` or a PostgreSQL address; `schema` is the workspace's own schema there."""
        self.url = url
        self.schema = schema
        self.is_sqlite = url.startswith("sqlite")
        self._engine = _sqlite_engine(url) if self.is_sqlite else _postgres_engine(url, schema)
        self._writer = threading.RLock()
        self._local = threading.local()

    @property
    def engine(self) -> sa.Engine:
        """The engine itself, for migrations and backup only."""
        return self._engine

    @property
    def is_writing(self) -> bool:
        """Whether this thread is inside a write transaction, so that what it reads may not be committed yet."""
        current = self._current()
        return current is not None and current.writes

    @contextlib.contextmanager
    def read(self) -> Iterator[Tx]:
        """A snapshot: everything read inside is of one instant. Inside a write block it is that transaction."""
        current = self._current()
        if current is not None:
            yield current.tx
            return
        with self._engine.connect().execution_options(wellspring_mode="read") as tx, self._entered(_Open(tx, writes=False)):
            yield tx

    @contextlib.contextmanager
    def write(self) -> Iterator[Tx]:
        """One transaction, committed when the outermost block ends, rolled back when it raises.

        Raises StoreUnavailable when the disk is full or the database is away; nothing was written then.
        """
        current = self._current()
        if current is not None:
            if not current.writes:
                raise AssertionError("a write was begun inside a read block: open the write block around it")
            yield current.tx
            return
        with self._writer if self.is_sqlite else contextlib.nullcontext():
            opened = self._transaction()
            with opened as current:
                yield current.tx
        for then in current.after_commit:
            then()

    def after_commit(self, then: Callable[[], None]) -> None:
        """Runs `then` once the running write transaction has been committed; never if it fails."""
        current = self._current()
        if current is None or not current.writes:
            raise AssertionError("after_commit needs a running write transaction")
        current.after_commit.append(then)

    def once_true(self, then: Callable[[], None]) -> None:
        """Runs `then` when what this thread reads is true for everybody: at once, or after the running write transaction's commit.

        For what is remembered of the store: what a transaction that failed has read is never remembered.
        """
        if self.is_writing:
            self.after_commit(then)
        else:
            then()

    def lock(self, tx: Tx, name: str) -> None:
        """Makes the rest of this write transaction exclusive among all that lock the same name.

        SQLite has one writer anyway; PostgreSQL takes a transaction-level advisory lock.
        """
        if not self.is_sqlite:
            digest = hashlib.blake2b(f"{self.schema}:{name}".encode(), digest_size=8).digest()
            tx.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": int.from_bytes(digest, "big", signed=True)})

    @contextlib.contextmanager
    def turn(self, name: str) -> Iterator[None]:
        """Lets one process at a time run the block, for work that is several transactions and writes of the log.

        An SQLite file has one process anyway; PostgreSQL lets go should the process die. Threads of one process queue
        before, and whoever waits here must hold no transaction: another process that waits for its rows would wait for ever.
        """
        if self.is_sqlite:
            yield
            return
        if self._current() is not None:
            raise AssertionError(f"the turn {name} was asked for inside a transaction: take it around the block")
        # A transaction of its own that only holds the lock; its end lets go of it, whatever ended it.
        with self._engine.connect() as holding:
            try:
                self.lock(holding, name)
            except sa.exc.OperationalError as broken:
                raise StoreUnavailable(reason=_plain_reason(broken)) from broken
            yield

    def create(self) -> None:
        """Makes every table of a fresh store, or brings an older one up to this version."""
        with self._engine.begin() as connection:
            if self.schema is not None:
                connection.execute(sa.schema.CreateSchema(self.schema, if_not_exists=True))
            migrations.bring_up(connection, metadata)

    def drop(self) -> None:
        """Deletes the workspace's PostgreSQL schema with everything in it."""
        with self._engine.begin() as connection:
            connection.execute(sa.schema.DropSchema(str(self.schema), cascade=True, if_exists=True))

    def close(self) -> None:
        """Gives all connections back."""
        self._engine.dispose()

    def _current(self) -> _Open | None:
        return getattr(self._local, "open", None)

    @contextlib.contextmanager
    def _entered(self, opened: _Open) -> Iterator[_Open]:
        self._local.open = opened
        try:
            yield opened
        finally:
            self._local.open = None

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[_Open]:
        try:
            with (
                self._engine.connect().execution_options(wellspring_mode="write") as tx,
                tx.begin(),
                self._entered(_Open(tx, writes=True)) as opened,
            ):
                yield opened
        except sa.exc.OperationalError as broken:
            raise StoreUnavailable(reason=_plain_reason(broken)) from broken


def _plain_reason(broken: sa.exc.OperationalError) -> str:
    text = str(broken.orig)
    if "disk is full" in text or "No space left" in text:
        return "磁盘已满 / the disk is full"
    if "locked" in text:
        return "数据库正忙 / the database is busy"
    return "数据库无法访问 / the database cannot be reached"


def _sqlite_engine(url: str) -> sa.Engine:
    Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, pool_size=_POOL_SIZE, max_overflow=_POOL_SIZE, json_serializer=_dump_json)

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        # The driver's own transaction handling begins late and never immediately; ours is explicit.
        connection.isolation_level = None
        for name, value in PRAGMAS.items():
            connection.execute(f"PRAGMA {name}={value}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("wellspring_mode") != "read"
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres_engine(url: str, schema: str | None) -> sa.Engine:
    options = {"options": f"-csearch_path={schema}"} if schema else {}
    engine = sa.create_engine(
        url, pool_size=_POOL_SIZE, max_overflow=_POOL_SIZE, pool_pre_ping=True, connect_args=options, json_serializer=_dump_json
    )

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("wellspring_mode") == "read":
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

    return engine


def _dump_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
