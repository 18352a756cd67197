"""The kinds of nodes: which settings each takes, and by which ports one leaves it.

A node is kept as it was written, settings checked: the walk reads them by name. Nothing here looks at a store.
"""

import dataclasses
import enum
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wellspring.channels.contracts.sends import SILENT
from wellspring.engagement.contracts.journeys import Fault

_DURATION = re.compile(r"([1-9][0-9]{0,4})([dhm])", re.ASCII)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)
_UNITS = {"d": 1440, "h": 60, "m": 1}
# Longer than any consent stays fresh; also what an audience's window may be asked about at most in practice.
WAIT_MINUTES_MAX = 400 * 1440
BRANCHES_MAX = 20
WEIGHT_MAX = 10_000
TEXT_MAX = 200


class Kind(enum.StrEnum):
    """What a node does."""

    WAIT = "wait"
    SPLIT = "split"
    SEND = "send"
    TASK = "task"
    INVITE = "invite"
    TAG = "tag"
    UPDATE = "update"
    COUPON = "coupon"
    POINTS = "points"
    WEBHOOK = "webhook"
    GOAL = "goal"
    EXIT = "exit"


# How far a message of the journey came, for whoever waits for it or is parted by it; `failed` is also what never left.
FATES = ("sent", "delivered", "read", "clicked", "replied", "failed")
# What asks the planner; and what is owed to the outside and done after the tick.
SENDING = frozenset({Kind.SEND, Kind.TASK, Kind.INVITE})
ACTING = frozenset({Kind.TAG, Kind.UPDATE, Kind.COUPON, Kind.POINTS, Kind.WEBHOOK})


@dataclasses.dataclass(frozen=True)
class Node:
    """One node: where each port leads, None where the journey ends."""

    id: str
    kind: Kind
    name: str
    settings: Mapping[str, Any]
    ports: Mapping[str, str | None]

    @property
    def next(self) -> str | None:
        """Where its only way leads."""
        return self.ports.get("next")


Faults = list[Fault]
_Check = Callable[[Any], bool]


def minutes_of(text: object) -> int | None:
    """3d, 12h or 30m in minutes; None for what is none of these or too long."""
    found = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    minutes = int(found[1]) * _UNITS[found[2]]
    return minutes if minutes <= WAIT_MINUTES_MAX else None


def minute_of_day(text: str) -> int:
    """10:30 as minutes since midnight."""
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def is_name(value: object) -> bool:
    """Whether it may name a node, a branch or an arm."""
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


def is_duration(value: object) -> bool:
    """Whether it is a length of time within the limit."""
    return minutes_of(value) is not None


def is_clock(value: object) -> bool:
    """Whether it is a time of day."""
    return isinstance(value, str) and _CLOCK.fullmatch(value) is not None


def is_text(value: object) -> bool:
    """Whether it is a short text that says something."""
    return isinstance(value, str) and len(value.strip()) > 0 and len(value) <= TEXT_MAX


def is_short(value: object) -> bool:
    """Whether it is a short text, perhaps none."""
    return isinstance(value, str) and len(value) <= TEXT_MAX


def _is_whole(low: int, high: int) -> _Check:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_one_of(*values: str) -> _Check:
    return lambda value: value in values


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and len(value) <= BRANCHES_MAX and all(map(is_text, value))


def _is_weekdays(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, int) and 0 <= one <= 6 for one in value) and bool(value)


def is_wheres(value: object) -> bool:
    """Whether it may be what an event must hold; its reading is the audience language's."""
    return isinstance(value, list) and len(value) <= BRANCHES_MAX and all(isinstance(one, dict) for one in value)


def _is_scalar(value: object) -> bool:
    return value is None or isinstance(value, bool | int | float) or is_short(value)


def _is_fates(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(one in FATES for one in value) and len(set(value)) == len(value)


_DEFINITION: _Check = lambda value: isinstance(value, dict)  # noqa: E731 - a check like the others
_SEND: dict[str, tuple[_Check, bool]] = {
    "channel": (is_text, True),
    "content_id": (is_text, True),
    "account_id": (is_short, False),
    "purpose": (_is_one_of("marketing", "service"), False),
    "tags": (_is_texts, False),
    "priority": (_is_whole(0, 100), False),
    "expires": (is_duration, False),
    "senders": (_is_texts, False),
    "capped": (_is_one_of("go_on", "exit", "wait"), False),
    "capped_for": (is_duration, False),
    "dropped": (_is_one_of("go_on", "exit"), False),
}
# Each setting with its check and whether it must be there; a wait by its mode.
_SETTINGS: dict[str, dict[str, tuple[_Check, bool]]] = {
    "wait.duration": {"for": (is_duration, True)},
    "wait.time": {"clock": (is_clock, True), "weekdays": (_is_weekdays, False), "days": (_is_whole(0, 365), False)},
    "wait.event": {
        "event": (is_text, True),
        "where": (is_wheres, False),
        "timeout": (is_duration, True),
        "key": (is_short, False),
    },
    "wait.message": {"message": (is_name, True), "fates": (_is_fates, True), "timeout": (is_duration, True)},
    "wait.date": {
        "attribute": (is_text, True),
        "days": (_is_whole(-365, 365), False),
        "clock": (is_clock, False),
        "is_yearly": (lambda value: isinstance(value, bool), False),
        "past": (_is_one_of("skip", "go_on", "exit"), True),
    },
    "split.first": {},
    "split.random": {},
    "split.fate": {"message": (is_name, True)},
    "send": _SEND,
    "send.silent": {**_SEND, "content_id": (lambda value: value == "", False), "purpose": (_is_one_of("marketing"), False)},
    "task": {**_SEND, "channel": (_is_one_of("task"), False)},
    "invite": {**_SEND, "invite": (_is_one_of("join", "leave"), True), "group_code_id": (is_short, False)},
    "tag": {"put": (_is_texts, False), "lift": (_is_texts, False)},
    "update": {"attribute": (is_text, True), "value": (_is_scalar, True)},
    "coupon": {"coupon": (is_text, True), "note": (is_short, False)},
    "points": {"points": (_is_whole(1, 1_000_000), True), "note": (is_short, False)},
    "webhook": {"url": (lambda value: isinstance(value, str) and value.startswith(("http://", "https://")) and len(value) <= 2000, True)},
    "goal": {},
    "exit": {"reason": (is_short, False)},
}
_COMMON = frozenset({"kind", "name", "at", "mode"})


def read(node_id: str, written: object, faults: Faults) -> Node | None:
    """The node, or None with what is wrong."""
    path = f"nodes.{node_id}"
    kind = written.get("kind") if isinstance(written, dict) else None
    if not isinstance(written, dict) or not is_name(node_id) or kind not in set(Kind):
        faults.append(Fault(path, "unknown_kind", f"节点 {node_id} 的类型无法识别", f"node {node_id} is of no kind that there is"))
        return None
    mode = str(written.get("mode", "")) if kind in {Kind.WAIT, Kind.SPLIT} else ""
    form = "silent" if kind == Kind.SEND and written.get("channel") in SILENT else mode
    wanted = _SETTINGS.get(f"{kind}.{form}" if form else str(kind))
    if wanted is None:
        faults.append(Fault(f"{path}.mode", "unknown_mode", "请选择方式", "choose a way"))
        return None
    for name, (check, is_needed) in wanted.items():
        if (name in written and not check(written[name])) or (is_needed and name not in written):
            faults.append(Fault(f"{path}.{name}", "setting", f"“{name}”未填写或不可用", f"{name} is missing or cannot be taken"))
    ports = _ports(path, str(kind), mode, written, faults)
    known = set(wanted) | _COMMON | {"next", "then", "timeout_next", "branches", "else", "arms", "spans"}
    for name in sorted(set(written) - known):
        faults.append(Fault(f"{path}.{name}", "unknown_setting", f"没有“{name}”这一项", f"there is no {name}"))
    settings = {name: value for name, value in written.items() if name not in {"kind", "name", "at"}}
    return Node(node_id, Kind(kind), str(written.get("name", ""))[:TEXT_MAX], settings, ports)


def _ports(path: str, kind: str, mode: str, written: Mapping[str, Any], faults: Faults) -> dict[str, str | None]:
    if kind == Kind.EXIT:
        return {}
    if kind == Kind.SPLIT and mode in {"first", "fate"}:
        branches = _listed(path, "branches", written, faults)
        for place, branch in enumerate(branches):
            if mode == "first" and not _DEFINITION(branch.get("if")):
                faults.append(Fault(f"{path}.branches.{place}.if", "setting", "请填写分支条件", "say the branch's condition"))
            if mode == "fate" and branch.get("fate") not in FATES:
                faults.append(Fault(f"{path}.branches.{place}.fate", "setting", "请选择消息结果", "choose how far the message came"))
        return {**{str(branch["id"]): branch.get("next") for branch in branches}, "else": written.get("else")}
    if kind == Kind.SPLIT:
        arms = _listed(path, "arms", written, faults)
        weights = [arm.get("weight") for arm in arms]
        if not all(_is_whole(0, WEIGHT_MAX)(weight) for weight in weights) or not any(weights):
            faults.append(Fault(f"{path}.arms", "weights", "比例应为不全为 0 的整数", "weights are whole numbers that are not all 0"))
        return {str(arm["id"]): arm.get("next") for arm in arms}
    if kind == Kind.WAIT and mode in {"event", "message"}:
        return {"then": written.get("then"), "timeout": written.get("timeout_next")}
    return {"next": written.get("next")}


def _listed(path: str, name: str, written: Mapping[str, Any], faults: Faults) -> Sequence[Mapping[str, Any]]:
    found = written.get(name)
    if (
        not isinstance(found, list)
        or not 1 <= len(found) <= BRANCHES_MAX
        or not all(isinstance(one, dict) and is_name(one.get("id")) and one["id"] != "else" for one in found)
        or len({one["id"] for one in found}) < len(found)
    ):
        faults.append(Fault(f"{path}.{name}", "setting", f"请填写 1–{BRANCHES_MAX} 个分支", f"1 to {BRANCHES_MAX} branches are needed"))
        return []
    return found
