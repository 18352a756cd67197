"""Runs: which days were derived, when, and what was found in sum. A run without its row here is never read."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

import orjson

from wellspring.activity import api as activity
from wellspring.analytics.models import rfm_log, rhythm_log, run_log, stage_log
from wellspring.kernel.clock import from_millis, to_millis
from wellspring.kernel.stores.log import rows, scalar
from wellspring.kernel.workspace import Workspace

_MEMBER_TABLES = (rfm_log, stage_log, rhythm_log)
# One row a day and kind, and a Monday for two years: far more than is ever kept.
_LISTED_MAX = 2_000


@dataclasses.dataclass(frozen=True)
class Run:
    """One day of one kind, derived as of an instant; `orders` were in the store then."""

    kind: str
    on: dt.date
    run: int
    at: dt.datetime
    orders: int
    summary: Mapping[str, Any]


def listing(ws: Workspace, kind: str) -> list[Run]:
    """The newest run of each day, by day."""
    asked = (
        "SELECT kind, toString(day) AS on_day, run, toUnixTimestamp64Milli(at) AS at_ms, orders, summary"
        f" FROM {run_log.name} WHERE kind = {{kind:String}} ORDER BY day, run DESC LIMIT 1 BY day LIMIT {_LISTED_MAX}"
    )
    return [
        Run(
            str(row["kind"]),
            dt.date.fromisoformat(str(row["on_day"])),
            int(row["run"]),
            from_millis(int(row["at_ms"])),
            int(row["orders"]),
            orjson.loads(row["summary"]),
        )
        for row in rows(ws.log, asked, {"kind": kind})
    ]


def finish(ws: Workspace, run: Run) -> None:
    """Makes a run readable."""
    line = {
        "kind": run.kind,
        "day": run.on.isoformat(),
        "run": run.run,
        "at": to_millis(run.at) / 1000,
        "orders": run.orders,
        "summary": orjson.dumps(dict(run.summary)).decode(),
    }
    ws.log.insert(run_log.name, run_log.column_names, [orjson.dumps(line)])


def changes(ws: Workspace) -> int:
    """Grows with every run that was finished."""
    return int(scalar(ws.log, f"SELECT max(run) FROM {run_log.name}") or 0)


def next_run(ws: Workspace) -> int:
    """A number that no run has had."""
    found = rows(ws.log, " UNION ALL ".join(f"SELECT max(run) AS run FROM {table.name}" for table in (run_log, *_MEMBER_TABLES)))
    return max(int(row["run"]) for row in found) + 1


def orders_stored(ws: Workspace) -> int:
    """How many rows of orders there are; a measure of change, so versions may count."""
    return int(scalar(ws.log, f"SELECT count() FROM {activity.orders_sql().removesuffix(' FINAL')}") or 0)


def delete(ws: Workspace, *, kept: Collection[int], newest: int) -> None:
    """Deletes every run that is not among those kept; of rhythms by category every one but the newest."""
    for table in (rfm_log, stage_log, rhythm_log, run_log):
        numbers = str(newest) if table is rhythm_log else ", ".join(map(str, kept)) or "0"
        if scalar(ws.log, f"SELECT 1 FROM {table.name} WHERE run NOT IN ({numbers}) LIMIT 1") is not None:
            ws.log.command(f"DELETE FROM {table.name} WHERE run NOT IN ({numbers})")


def erase(ws: Workspace, numbers: Collection[int]) -> int:
    """Removes what was derived of a person; gives how many rows went. Repeatable."""
    removed, chosen = 0, f"member_no IN ({', '.join(map(str, numbers)) or 0})"
    for table in _MEMBER_TABLES:
        found = int(scalar(ws.log, f"SELECT count() FROM {table.name} WHERE {chosen}") or 0)
        removed += found
        if found:
            ws.log.command(f"ALTER TABLE {table.name} DELETE WHERE {chosen}")
    return removed
