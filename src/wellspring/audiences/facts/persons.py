"""One member's events as they were sent, for the reference evaluator: of all kinds that a definition names, in one read."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from wellspring.activity import api as activity
from wellspring.audiences.rules.history import Event
from wellspring.kernel.stores.log import rows
from wellspring.kernel.workspace import Workspace

# Far more than anybody does; what has more is a program, and the newest of its events tell enough.
_EVENTS_MAX = 100_000
_COLUMNS = (
    "kind, type, arrival_no, flags, message_id, toUnixTimestamp64Milli(at) AS happened,"
    " props, order_no, shop, total, currency, store, staff, lines"
)
_ORDER_TEXTS = ("order_no", "shop", "currency", "store", "staff")


def events(ws: Workspace, kinds: Collection[str], numbers: Sequence[int]) -> tuple[list[Event], Mapping[int, str]]:
    """The events told under any of these numbers, and the message that each arrival came with."""
    if not kinds or not numbers:
        return [], {}
    asked = (
        f"SELECT {_COLUMNS} FROM {activity.events_sql()} WHERE kind IN {{kinds:Array(String)}}"
        f" AND member_no IN {{numbers:Array(UInt32)}} ORDER BY at DESC, arrival_no DESC LIMIT {_EVENTS_MAX}"
    )
    found = rows(ws.log, asked, {"kinds": sorted(kinds), "numbers": list(numbers)})
    # Received when they happened: intake has moved what was slightly ahead, and what is still ahead waits, as for the engine.
    told = [
        Event(
            kind=row["kind"],
            at=row["happened"],
            arrival_no=row["arrival_no"],
            flags=row["flags"],
            props=_order(row) if row["type"] == "order" else row["props"],
        )
        for row in reversed(found)
    ]
    return told, {row["arrival_no"]: row["message_id"] for row in found}


def _order(row: Mapping[str, Any]) -> dict[str, object]:
    """An order's event as a JSON object; an empty typed column stands for a missing value."""
    texts = {name: row[name] for name in _ORDER_TEXTS if row[name]}
    lines = [{name: value for name, value in line.items() if value != ""} for line in row["lines"]]
    return {**texts, "total": row["total"], "lines": lines}
