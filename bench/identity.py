"""Identity resolution: claims of known people, and newcomers beside bare inserts of the same rows into SQLite.

Batches of 1,000 claims of one identifier each, which is what tracking sends; one thread, durable at every commit.
"""

import datetime as dt
import hashlib
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.results import Result, result
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import SystemClock
from wellspring.kernel.crypto import KeyFile, Keyring
from wellspring.kernel.files import FileStore
from wellspring.kernel.settings import Settings
from wellspring.kernel.stores.sql import Sql
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Claim, Identity, IdentityKind

_ROUNDS = 5
_ROWS = 20_000
_BATCH = 1_000
_AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def run() -> list[Result]:
    """Medians of interleaved rounds."""
    with tempfile.TemporaryDirectory() as folder:
        ws, bare = _workspace(Path(folder)), _bare(Path(folder) / "bare.sqlite")
        known, made, raw = [], [], []
        for turn in range(_ROUNDS):
            claims = [Claim((Identity(IdentityKind.ANONYMOUS_ID, f"{turn}-visitor-{place:08d}"),), _AT, "web") for place in range(_ROWS)]
            made.append(_rate(lambda start, rows=claims: people.resolve(ws, by=SYSTEM, claims=rows[start : start + _BATCH])))
            raw.append(_rate(lambda start, base=turn * _ROWS: _insert(bare, base + start)))
            known.append(_rate(lambda start, rows=claims: people.resolve(ws, by=SYSTEM, claims=rows[start : start + _BATCH])))
        ws.sql.close()
        bare.close()
    inserted = statistics.median(raw)
    return [
        result("identity: claims of known people", statistics.median(known), "claims/s", at_least=150_000),
        result(
            "identity: newcomers",
            statistics.median(made),
            "members/s",
            baseline="bare inserts of the same rows",
            baseline_value=inserted,
            at_least=0.25,
        ),
    ]


def _rate(step: Callable[[int], object]) -> float:
    started = time.perf_counter()
    for start in range(0, _ROWS, _BATCH):
        step(start)
    return _ROWS / (time.perf_counter() - started)


def _workspace(folder: Path) -> Workspace:
    keys = Keyring(KeyFile(active="k1", masters={"k1": b"m" * 32}, blind=b"b" * 32), "bench")
    sql, clock = Sql(f"sqlite:///{folder / 'wellspring.sqlite'}"), SystemClock()
    sql.create()
    files = FileStore(str(folder / "files"), sql=sql, keys=keys, clock=clock)
    # Identity needs no analytical store.
    return Workspace(slug="bench", sql=sql, log=None, files=files, keys=keys, clock=clock, settings=Settings(sql))  # type: ignore[arg-type]


def _bare(path: Path) -> sqlite3.Connection:
    store = sqlite3.connect(path, isolation_level=None)
    for statement in (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        ("CREATE TABLE member (number INTEGER PRIMARY KEY, id TEXT UNIQUE, state TEXT, source TEXT, named INT, made INT, a INT, last INT)"),
        "CREATE INDEX member_source ON member (source, number)",
        "CREATE INDEX member_last ON member (last, number)",
        "CREATE INDEX member_made ON member (made, number)",
        "CREATE TABLE identity (key BLOB PRIMARY KEY, number INT, kind TEXT, namespace TEXT, value TEXT, source TEXT, since INT)",
        "CREATE INDEX identity_number ON identity (number)",
    ):
        store.execute(statement)
    return store


def _insert(store: sqlite3.Connection, start: int) -> None:
    numbers = range(start + 1, start + _BATCH + 1)
    store.execute("BEGIN IMMEDIATE")
    store.executemany(
        "INSERT INTO member VALUES (?, ?, 'active', 'web', 0, 1, 1, 1)", [(number, f"mem_01kd{number:022d}") for number in numbers]
    )
    keys = [(hashlib.blake2b(str(number).encode(), digest_size=16).digest(), number, f"visitor-{number:08d}") for number in numbers]
    store.executemany("INSERT INTO identity VALUES (?, ?, 'anonymous_id', '', ?, 'web', 1)", keys)
    store.execute("COMMIT")
