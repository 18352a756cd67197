"""Events that let members into journeys, whole: what they told of an order that no shop has told us of."""

import re
from collections.abc import Sequence
from typing import Any

from wellspring.activity import api as activity
from wellspring.kernel.stores.log import rows
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
_COLUMNS = "arrival_no, order_no, total, currency, lines.product AS products, props"


def of_arrivals(ws: Workspace, kind: str, arrival_nos: Sequence[int]) -> list[dict[str, Any]]:
    """The events of these arrival numbers."""
    wanted = "kind = {kind:String} AND arrival_no IN {numbers:Array(UInt64)}"
    return _read(ws, wanted, {"kind": kind, "numbers": list(arrival_nos)}) if arrival_nos else []


def of_runs(ws: Workspace, kind: str, key: str, member_nos: Sequence[int], keys: Sequence[str]) -> list[dict[str, Any]]:
    """The events of a kind of these members (merged numbers included) whose key has one of these values, the oldest first."""
    mine = set(member_nos)
    numbers = sorted(mine | {number for number, holder in people.holders(ws).items() if holder in mine})
    wanted = "kind = {kind:String} AND member_no IN {numbers:Array(UInt32)}"
    if _PLAIN.fullmatch(key):
        # A name that needs no quoting narrows it in the store; of any other the caller tells the runs apart.
        wanted += (
            f" AND (toString(props.{key}) IN {{keys:Array(String)}}{' OR order_no IN {keys:Array(String)}' if key == 'order_no' else ''})"
        )
    return _read(ws, wanted, {"kind": kind, "numbers": numbers, "keys": list(keys)}) if numbers else []


def _read(ws: Workspace, wanted: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    holder = activity.holder_sql(ws)
    asked = f"SELECT toUInt32({holder}) AS who, {_COLUMNS} FROM {activity.events_sql()} WHERE {wanted} ORDER BY at, arrival_no"
    return list(rows(ws.log, asked, params))
