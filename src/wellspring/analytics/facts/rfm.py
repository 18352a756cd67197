"""RFM in one question, and the stored days of it."""

import datetime as dt
from typing import Any

import numpy as np
import numpy.typing as npt

from wellspring.activity import api as activity
from wellspring.analytics.facts.purchases import purchases_sql, returned_sql
from wellspring.analytics.models import rfm_log
from wellspring.analytics.rules.rfm import SCORES
from wellspring.kernel.workspace import Workspace

_COLUMNS = ("member_no", "recency", "frequency", "monetary", "last_at", "orders", "net_minor")


def scored_sql(ws: Workspace, at: dt.datetime, *, window_days: int, currency: str, zone: str) -> str:
    """Every buyer of the window with scores: the columns of the stored table."""
    since = at - dt.timedelta(days=window_days)
    bought = purchases_sql(ws, at, zone=zone, currency=currency, since=since)
    back = returned_sql(ws, at, currency=currency, since=since)
    rows = (
        f"SELECT buyer, sold_at, day, net_minor, 1 AS bought FROM ({bought})"
        f" UNION ALL SELECT buyer, toDateTime64(0, 3, 'UTC') AS sold_at, 0 AS day, net_minor, 0 AS bought FROM ({back})"
    )
    each = (
        "SELECT buyer, max(day) AS last_day, max(sold_at) AS last_at, sum(bought) AS orders, sum(net_minor) AS net_minor"
        f" FROM ({rows}) GROUP BY buyer HAVING orders > 0"
    )
    scored = (
        "SELECT *, count() OVER () AS n, rank() OVER (ORDER BY last_day) AS by_day, rank() OVER (ORDER BY orders) AS by_orders,"
        f" rank() OVER (ORDER BY net_minor) AS by_net FROM ({each})"
    )
    score = f"toUInt8(1 + intDiv({SCORES} * ({{rank}} - 1), n))"
    shown = ", ".join(
        f"{score.format(rank=rank)} AS {name}" for rank, name in (("by_day", "recency"), ("by_orders", "frequency"), ("by_net", "monetary"))
    )
    counted = "toUInt32(orders) AS orders, toInt64(net_minor) AS net_minor"
    return f"SELECT toUInt32(buyer) AS member_no, {shown}, last_at, {counted} FROM ({scored})"


def stored_sql(ws: Workspace, run: int) -> str:
    """The rows of a stored run, of members who still hold themselves."""
    own = activity.holder_sql(ws, "member_no")
    held = "" if own == "member_no" else f" AND {own} = member_no"
    return f"SELECT {', '.join(_COLUMNS)} FROM {rfm_log.name} WHERE run = {run}{held}"


def store(ws: Workspace, rows: str, *, run: int, on: dt.date) -> None:
    """Keeps the answer of `scored_sql` as a run."""
    names = ", ".join(_COLUMNS)
    day = f"toDate('{on.isoformat()}')"
    ws.log.command(f"INSERT INTO {rfm_log.name} (run, day, {names}) SELECT {run} AS run, {day} AS day, {names} FROM ({rows})")


def cells(ws: Workspace, run: int) -> npt.NDArray[Any]:
    """Every member of a run with the place of their cell and what they spent, ordered by member."""
    place = f"toUInt8(((recency - 1) * {SCORES} + frequency - 1) * {SCORES} + monetary - 1)"
    asked = f"SELECT member_no, {place}, net_minor FROM ({stored_sql(ws, run)}) ORDER BY member_no"
    kinds = [("member_no", "<u4"), ("place", "u1"), ("net_minor", "<i8")]
    return np.frombuffer(ws.log.query(asked, fmt="RowBinary"), dtype=kinds)
