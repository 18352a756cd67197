"""Appending to the log and reading it by arrival: intake, the look-back, kinds with their counts."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from wellspring.activity.models import EVENT_COLUMNS, event_log
from wellspring.kernel.clock import to_millis
from wellspring.kernel.stores.log import rows
from wellspring.kernel.workspace import Workspace

# The same function as rules.messages.digest_of.
_DIGEST = "reinterpretAsUInt64(substring(MD5(message_id), 1, 8))"


def append(ws: Workspace, blocks: Sequence[bytes]) -> None:
    """Appends rows given as RowBinary, durable on return: all of them or none."""
    ws.log.insert(event_log.name, EVENT_COLUMNS, [b"".join(blocks)], fmt="RowBinary")


def digests_since(ws: Workspace, since: dt.datetime, until: dt.datetime) -> npt.NDArray[np.uint64]:
    """The digests of every message received in the half-open span, sorted."""
    answer = ws.log.query(
        f"SELECT {_DIGEST} AS digest FROM {event_log.name}"
        " WHERE received_at >= fromUnixTimestamp64Milli({since:Int64}) AND received_at < fromUnixTimestamp64Milli({until:Int64})"
        " ORDER BY digest",
        {"since": to_millis(since), "until": to_millis(until)},
        fmt="RowBinary",
    )
    return np.frombuffer(answer, dtype="<u8")


def digests_within(ws: Workspace, first: int, last: int) -> npt.NDArray[np.uint64]:
    """The digests of the rows that have these arrival numbers: what became of an insert with an unknown outcome."""
    span = " WHERE arrival_no >= {first:UInt64} AND arrival_no <= {last:UInt64}"
    answer = ws.log.query(f"SELECT {_DIGEST} FROM {event_log.name}{span}", {"first": first, "last": last}, fmt="RowBinary")
    return np.frombuffer(answer, dtype="<u8")


def latest_receipt(ws: Workspace) -> dt.datetime | None:
    """When the newest row of the log was received."""
    found = rows(ws.log, f"SELECT count() AS n, toUnixTimestamp64Milli(max(received_at)) AS at FROM {event_log.name}")[0]
    return dt.datetime.fromtimestamp(found["at"] / 1000, tz=dt.UTC) if found["n"] else None


def kinds(ws: Workspace) -> list[dict[str, Any]]:
    """Every kind with its type, its count and its first and last instant; counted in the log itself, so never off."""
    return rows(
        ws.log,
        "SELECT kind, any(type) AS type, count() AS count, toUnixTimestamp64Milli(min(at)) AS first_at,"
        " toUnixTimestamp64Milli(max(at)) AS last_at"
        f" FROM {event_log.name} GROUP BY kind ORDER BY count DESC, kind LIMIT 2000",
    )
