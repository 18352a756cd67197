"""Appending what Wellspring itself saw, and finding out what the log has of it already."""

from collections.abc import Sequence

from wellspring.activity.contracts import Happening
from wellspring.activity.models import EVENT_COLUMNS, event_log
from wellspring.kernel.stores.log import rows
from wellspring.kernel.workspace import Workspace


def known(ws: Workspace, told: Sequence[Happening]) -> set[str]:
    """The ids among these that the log has."""
    if not told:
        return set()
    asked = (
        f"SELECT message_id FROM {event_log.name} WHERE kind IN {{kinds:Array(String)}} AND member_no IN {{numbers:Array(UInt32)}}"
        " AND message_id IN {ids:Array(String)}"
    )
    params: dict[str, Sequence[str] | Sequence[int]] = {
        "kinds": sorted({one.kind for one in told}),
        "numbers": sorted({one.member_no for one in told}),
        "ids": sorted({one.message_id for one in told}),
    }
    return {row["message_id"] for row in rows(ws.log, asked, params)}


def insert(ws: Workspace, lines: bytes) -> None:
    """Appends rows given as lines of JSON, durable on return: all of them or none."""
    ws.log.insert(event_log.name, EVENT_COLUMNS, [lines], fmt="JSONEachRow")
