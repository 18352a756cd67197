"""1,000,000 members through a five-node journey, every tick committed, beside one durable workflow and one row per member.

Wait, random split, wait, attribute, exit; the whole tick with its moves and counts on SQLite (WAL, synchronous=FULL).
Beside it the same journey as a row per member in PostgreSQL (one UPDATE and one history row per move, set-based SQL, at
the same size), and as one durable workflow per member: DBOS where it is installed, otherwise a checkpoint per step over
SQLite, which is what such an engine writes at the least; a few members, extrapolated. WELLSPRING_BENCH_JOURNEY_MEMBERS
sets the size.
"""

import datetime as dt
import importlib.util
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from pyroaring import BitMap

from bench.results import Result, result
from tests.support import postgres
from wellspring.app import wiring
from wellspring.engagement.contracts.journeys import JourneyKind
from wellspring.engagement.repo import journeys as repo
from wellspring.engagement.repo import places as standing
from wellspring.engagement.service import journey_ticking, journeying
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.settings import ProcessSettings
from wellspring.kernel.workspace import Installation, Workspace

MEMBERS = int(os.environ.get("WELLSPRING_BENCH_JOURNEY_MEMBERS", "1000000"))
# A workflow engine does some tens a second: two hundred members tell that well enough.
_WORKFLOWS, _STEPS = 200, 5
NOW = dt.datetime(2026, 11, 10, 2, tzinfo=dt.UTC)
_GRAPH = {
    "entry": {"trigger": {"kind": "api"}, "reentry": "never"},
    "start": "wait",
    "nodes": {
        "wait": {"kind": "wait", "mode": "duration", "for": "1d", "next": "split"},
        "split": {
            "kind": "split",
            "mode": "random",
            "arms": [{"id": "a", "weight": 1, "next": "more"}, {"id": "b", "weight": 1, "next": "more"}],
        },
        "more": {"kind": "wait", "mode": "duration", "for": "2d", "next": "note"},
        "note": {"kind": "update", "attribute": "stage", "value": "nurtured", "next": "end"},
        "end": {"kind": "exit"},
    },
}


def run() -> list[Result]:
    """Members per second of each, and how many of ours come to one of theirs."""
    ours = MEMBERS / _ours()
    rows = MEMBERS / _rows()
    engine, workflows = _workflows()
    return [
        result("journey: members through five nodes", ours, "1/s", baseline="row per member, PostgreSQL", baseline_value=rows, at_least=30),
        result("journey: beside a durable workflow each", ours, "1/s", baseline=engine, baseline_value=workflows, at_least=1000),
        result("journey: all of them, from the door to the end", MEMBERS / ours, "s"),
    ]


def _ours() -> float:
    with tempfile.TemporaryDirectory() as home:
        wiring.register()
        clock = VirtualClock(NOW)
        installation = Installation(ProcessSettings(home=Path(home)), clock=clock, log_tables=wiring.log_tables())
        ws = installation.create("bench")
        made = journeying.create(ws, by=SYSTEM, name="bench", kind=JourneyKind.JOURNEY, description="", draft=_GRAPH, sop=None)
        journeying.publish(ws, by=SYSTEM, journey_id=made.id, plan={}, note="")
        members = BitMap(range(1, MEMBERS + 1))
        with ws.sql.write() as tx:
            journeying.put_in(ws, tx, made.id, members)
        started = time.perf_counter()
        for days in (0, 1, 2, 3, 4):
            clock.move_to(NOW + dt.timedelta(days=days, hours=1))
            journey_ticking.tick(ws)
        seconds = time.perf_counter() - started
        _check(ws, made.id)
        installation.close()
    return seconds


def _check(ws: Workspace, journey_id: str) -> None:
    with ws.sql.read() as tx:
        left = sum(flow.times for flow in standing.flows(tx, journey_id) if flow.to_node == "")
        assert (left, repo.here(tx, journey_id)) == (MEMBERS, {})


def _rows() -> float:
    """The same moves in SQL: whoever is due goes on, and each move is a row of history."""
    with postgres.cluster() as url, psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE TABLE run (member_no int PRIMARY KEY, node text NOT NULL, due timestamptz NOT NULL)")
        connection.execute("CREATE INDEX ON run (due)")
        connection.execute("CREATE TABLE history (member_no int NOT NULL, from_node text, to_node text, at timestamptz)")
        started = time.perf_counter()
        connection.execute(
            "WITH come AS (INSERT INTO run SELECT n, 'wait', %s::timestamptz + interval '1 day'"
            " FROM generate_series(1, %s) n RETURNING member_no)"
            " INSERT INTO history SELECT member_no, '', 'wait', %s FROM come",
            (NOW, MEMBERS, NOW),
        )
        for step, (before, after, days) in enumerate((("wait", "split", 1), ("split", "more", 3), ("more", "note", 3), ("note", "end", 3))):
            at = NOW + dt.timedelta(days=days, hours=1)
            with connection.transaction():
                connection.execute(
                    "WITH gone AS (UPDATE run SET node = %s, due = %s WHERE node = %s AND due <= %s RETURNING member_no)"
                    " INSERT INTO history SELECT member_no, %s, %s, %s FROM gone",
                    (after, at if step != 1 else NOW + dt.timedelta(days=3), before, at, before, after, at),
                )
        connection.execute("DELETE FROM run WHERE node = 'end'")
        seconds = time.perf_counter() - started
        count = connection.execute("SELECT count(*) FROM history").fetchone()
        assert count == (MEMBERS * _STEPS,)
    return seconds


def _workflows() -> tuple[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        is_there = importlib.util.find_spec("dbos") is not None
        go = _dbos(folder) if is_there else _checkpoints(folder)
        started = time.perf_counter()
        for number in range(_WORKFLOWS):
            go(number)
        seconds = time.perf_counter() - started
    name = "DBOS on SQLite" if is_there else "a checkpoint a step, SQLite (DBOS not installed)"
    return f"{name}, {_WORKFLOWS} members extrapolated", _WORKFLOWS / seconds


def _checkpoints(folder: str) -> Callable[[int], None]:
    """The least that an engine of durable workflows writes: the start, each step's outcome and the end, each on the disk."""
    store = sqlite3.connect(Path(folder) / "flows.sqlite", isolation_level=None)
    store.execute("PRAGMA journal_mode=WAL")
    store.execute("PRAGMA synchronous=FULL")
    store.execute("CREATE TABLE flow (id INTEGER PRIMARY KEY, state TEXT)")
    store.execute("CREATE TABLE step (flow INTEGER, no INTEGER, outcome TEXT, PRIMARY KEY (flow, no))")

    def go(number: int) -> None:
        store.execute("INSERT INTO flow VALUES (?, 'running')", (number,))
        for step in range(_STEPS):
            store.execute("INSERT INTO step VALUES (?, ?, 'done')", (number, step))
        store.execute("UPDATE flow SET state = 'done' WHERE id = ?", (number,))

    return go


def _dbos(folder: str) -> Callable[[int], None]:
    module = importlib.import_module("dbos")
    engine = module.DBOS(config={"name": "bench", "system_database_url": f"sqlite:///{folder}/dbos.sqlite", "run_admin_server": False})

    @module.DBOS.step()
    def step(number: int, place: int) -> int:
        return number + place

    @module.DBOS.workflow()
    def flow(number: int) -> None:
        for place in range(_STEPS):
            step(number, place)

    module.DBOS.launch()
    assert engine is not None
    return flow
