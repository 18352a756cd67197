"""SOPs: a plain list of "on day so and so, at this time, send that", made into the graph of a journey.

`{"audience": id, "chat_id": id, "channel": …, "account_id": …, "is_weekly": false, "ends_with_order": true, "steps":
[{"day": 1, "clock": "10:00", "content_id": …, "name": …}]}`. Day 0 is the day of coming in; a day's time that has passed
already comes the next day. A weekly one begins anew after its last step, for a year at most.
"""

from collections.abc import Mapping
from typing import Any

from wellspring.engagement.contracts.journeys import JourneyKind

STEPS_MAX = 40
WEEKS_MAX = 52
_CHANNELS = {JourneyKind.SOP_CUSTOMER: "wecom", JourneyKind.SOP_GROUP: "wecom_group", JourneyKind.SOP_MOMENTS: "moments"}
_GAP = 150


def graph_of(kind: JourneyKind, sop: Mapping[str, Any]) -> dict[str, Any]:
    """The graph; what is missing in the list is missing in it, and told as a fault of that node."""
    steps = sorted((dict(step) for step in sop.get("steps", ()) if isinstance(step, dict)), key=_when)[:STEPS_MAX]
    nodes: dict[str, dict[str, Any]] = {}
    before = 0
    for place, step in enumerate(steps):
        day = _day(step)
        ahead, before = day - before if place else day, day
        follows = f"wait{place + 2}" if place + 1 < len(steps) else None
        wait = {"kind": "wait", "mode": "time", "clock": step.get("clock", "10:00"), "days": max(0, ahead)}
        nodes[f"wait{place + 1}"] = {**wait, "name": f"第 {day} 天", "next": f"step{place + 1}", "at": [0, (2 * place + 1) * _GAP]}
        nodes[f"step{place + 1}"] = _step(kind, sop, step, follows) | {"at": [0, (2 * place + 2) * _GAP]}
    graph: dict[str, Any] = {"entry": _entry(kind, sop), "start": "wait1", "nodes": nodes, "stale_after": "1d"}
    if sop.get("is_weekly") and steps:
        # The next Monday, at the time of the first step; who has gone round often enough leaves by itself.
        nodes["again"] = {"kind": "wait", "mode": "time", "clock": "00:01", "weekdays": [0], "name": "下周", "next": "wait1"}
        nodes["again"]["at"] = [200, 0]
        nodes[f"step{len(steps)}"]["next"] = "again"
        graph["laps_max"] = WEEKS_MAX
    if sop.get("ends_with_order"):
        graph["exits"] = [{"event": "Order Completed"}]
    return graph


def _entry(kind: JourneyKind, sop: Mapping[str, Any]) -> dict[str, Any]:
    if kind is JourneyKind.SOP_GROUP and not sop.get("audience"):
        where = [{"property": "chat_id", "is": sop["chat_id"]}] if sop.get("chat_id") else []
        return {"trigger": {"kind": "event", "event": "Group Joined", "where": where}, "reentry": "after_exit"}
    return {"trigger": {"kind": "audience", "audience": sop.get("audience", ""), "who": sop.get("who", "both")}, "reentry": "after_exit"}


def _step(kind: JourneyKind, sop: Mapping[str, Any], step: Mapping[str, Any], follows: str | None) -> dict[str, Any]:
    channel = step.get("channel") or sop.get("channel") or _CHANNELS.get(kind, "wecom")
    node = {"kind": "task" if channel == "task" else "send", "channel": channel, "content_id": step.get("content_id", "")}
    return {**node, "account_id": sop.get("account_id", ""), "name": step.get("name", ""), "next": follows}


def _day(step: Mapping[str, Any]) -> int:
    day = step.get("day", 0)
    return day if isinstance(day, int) and not isinstance(day, bool) and 0 <= day <= 365 else 0


def _when(step: Mapping[str, Any]) -> tuple[int, str]:
    return _day(step), str(step.get("clock", ""))
