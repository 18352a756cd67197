"""What was opened, as the log of activity knows it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from wellspring.activity import api as activity
from wellspring.content.contracts import ARTICLE_READ, LINK_OPENED
from wellspring.kernel.clock import to_millis
from wellspring.kernel.stores.log import rows
from wellspring.kernel.workspace import Workspace

_KINDS = f"kind IN ('{LINK_OPENED}', '{ARTICLE_READ}')"
_TEXT = "ifNull(props.{0}.:String, '') AS {0}"
_NUMBER = "ifNull(props.{0}.:Int64, 0) AS {0}"
Row = dict[str, Any]


def newest(
    ws: Workspace, *, before: int | None, limit: int, content_id: str = "", member_nos: Sequence[int] = (), since: dt.datetime | None = None
) -> list[Row]:
    """The openings that arrived last, of everybody or of some members."""
    texts = ", ".join(_TEXT.format(name) for name in ("content_id", "url", "origin"))
    numbers = ", ".join(_NUMBER.format(name) for name in ("seconds", "percent"))
    wheres, params = [_KINDS, "member_no > 0"], {"limit": limit, "before": before or 0, "content_id": content_id}
    if before is not None:
        wheres.append("arrival_no < {before:UInt64}")
    if content_id:
        wheres.append("props.content_id.:String = {content_id:String}")
    if since is not None:
        wheres.append(f"at >= fromUnixTimestamp64Milli({to_millis(since)}, 'UTC')")
    more: dict[str, Any] = dict(params)
    if member_nos:
        wheres.append("member_no IN {numbers:Array(UInt32)}")
        more["numbers"] = list(member_nos)
    asked = (
        f"SELECT arrival_no, toUInt32({activity.holder_sql(ws)}) AS who, toUnixTimestamp64Milli(at) AS moment, kind, {texts}, {numbers}"
        f" FROM {activity.events_sql()} WHERE {' AND '.join(wheres)} ORDER BY arrival_no DESC LIMIT {{limit:UInt32}}"
    )
    return rows(ws.log, asked, more)


def opened_between(ws: Workspace, since: dt.datetime, until: dt.datetime) -> dict[str, npt.NDArray[np.void]]:
    """Per material who opened a link of it when, in order of time."""
    asked = (
        f"SELECT ifNull(props.content_id.:String, '') AS content_id, groupArray(toUInt32({activity.holder_sql(ws)})) AS who,"
        f" groupArray(toUnixTimestamp64Milli(at)) AS moments FROM (SELECT * FROM {activity.events_sql()} WHERE kind = '{LINK_OPENED}'"
        f" AND member_no > 0 AND at >= fromUnixTimestamp64Milli({to_millis(since)}, 'UTC')"
        f" AND at < fromUnixTimestamp64Milli({to_millis(until)}, 'UTC') ORDER BY at) GROUP BY content_id"
    )
    found = {}
    for row in rows(ws.log, asked):
        made = np.empty(len(row["who"]), dtype=[("member_no", "<u4"), ("at", "<i8")])
        made["member_no"], made["at"] = row["who"], row["moments"]
        found[str(row["content_id"])] = made[np.argsort(made["at"], kind="stable")]
    return found
