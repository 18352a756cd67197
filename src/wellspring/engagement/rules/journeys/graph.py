"""A journey as a graph: read from JSON, checked as a whole, asked for what it waits for.

A loop must pass a wait that really waits, and nobody goes round oftener than `laps_max`; a node that no way leads to is
told of and never runs (J18). The console checks the same examples before it saves; here is the authority.
"""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from typing import Any

from wellspring.engagement.contracts.journeys import Fault
from wellspring.engagement.rules.journeys import nodes
from wellspring.engagement.rules.journeys.nodes import Faults, Kind, Node

NODES_MAX = 100
EXITS_MAX = 20
BYTES_MAX = 256 * 1024
LAPS_DEFAULT, LAPS_MAX = 10, 100
# A step that is a day late is not worth a message any more, unless somebody says otherwise.
STALE_DEFAULT = "1d"
COOLDOWN_DEFAULT = "30d"

TRIGGERS = ("audience", "event", "date", "api")
REENTRIES = ("never", "after_exit", "cooldown", "every")
WHO = ("current", "future", "both")


@dataclasses.dataclass(frozen=True)
class Entry:
    """How one comes in: the trigger's settings, and whether one may come again."""

    kind: str
    settings: Mapping[str, Any]
    key: str
    reentry: str
    cooldown: int
    condition: Mapping[str, Any] | None

    @property
    def is_keyed(self) -> bool:
        """Whether several runs of one member may go on at once: one per key, or one per event."""
        return bool(self.key) or self.reentry == "every"


@dataclasses.dataclass(frozen=True)
class Wish:
    """Events that the graph waits for, and what for: `entry`, `exit`, `goal`, or a node."""

    what: str
    event: str
    where: tuple[Mapping[str, Any], ...]
    key: str


@dataclasses.dataclass(frozen=True)
class Goal:
    """What counts as a conversion, for how many minutes, since the entry or since the last message."""

    wish: Wish
    within: int
    since: str
    is_end: bool


@dataclasses.dataclass(frozen=True)
class Graph:
    """A readable graph."""

    start: str | None
    entry: Entry
    nodes: Mapping[str, Node]
    exits: tuple[Mapping[str, Any], ...]
    goal: Goal | None
    laps_max: int
    stale_after: int
    holdout_basis_points: int
    backward: frozenset[tuple[str, str]]

    def wishes(self) -> Iterator[Wish]:
        """Every event that somebody in it could wait for."""
        if self.entry.kind == "event":
            yield _wish("entry", self.entry.settings, self.entry.key)
        for place, one in enumerate(self.exits):
            if "event" in one:
                yield _wish(f"exit.{place}", one, str(one.get("key") or (self.entry.key if one.get("is_keyed", True) else "")))
        if self.goal is not None:
            yield self.goal.wish
        for node in self.nodes.values():
            if node.kind is Kind.WAIT and node.settings["mode"] == "event":
                yield _wish(f"node.{node.id}", node.settings, str(node.settings.get("key") or self.entry.key))

    def listeners(self) -> Iterator[Node]:
        """The nodes that ask what became of an earlier message."""
        yield from (node for node in self.nodes.values() if "message" in node.settings and node.kind in {Kind.WAIT, Kind.SPLIT})

    def heard(self) -> frozenset[str]:
        """The messages of which somebody asks."""
        return frozenset(str(node.settings["message"]) for node in self.listeners())

    def audiences(self) -> list[str]:
        """Whose coming and going it follows."""
        found = [str(self.entry.settings["audience"])] if self.entry.kind == "audience" else []
        return sorted({*found, *(str(one["audience"]) for one in self.exits if "audience" in one)})

    def definitions(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Every condition with where it stands."""
        if self.entry.condition is not None:
            yield "entry.condition", self.entry.condition
        for node in self.nodes.values():
            if node.kind is Kind.SPLIT and node.settings["mode"] == "first":
                for place, branch in enumerate(node.settings["branches"]):
                    yield f"nodes.{node.id}.branches.{place}.if", branch["if"]


def read(written: object) -> tuple[Graph | None, list[Fault]]:
    """The graph, None where it cannot run, and everything that is to be said of it."""
    faults: Faults = []
    if not isinstance(written, dict) or len(json.dumps(written)) > BYTES_MAX:
        return None, [Fault("$", "too_large", "画布过大", "the canvas is too large")]
    entry = _entry(written.get("entry"), faults)
    found = _nodes(written.get("nodes"), faults)
    start = written.get("start")
    _check_targets(start, found, faults)
    exits = _exits(written.get("exits", []), faults)
    goal = _goal(written.get("goal"), entry.key, faults)
    laps = written.get("laps_max", LAPS_DEFAULT)
    if not isinstance(laps, int) or not 1 <= laps <= LAPS_MAX:
        faults.append(Fault("laps_max", "setting", f"循环次数应为 1–{LAPS_MAX}", f"laps are 1 to {LAPS_MAX}"))
        laps = LAPS_DEFAULT
    stale = nodes.minutes_of(written.get("stale_after", STALE_DEFAULT))
    if stale is None:
        faults.append(Fault("stale_after", "setting", "过期时限不可用", "the limit of staleness cannot be taken"))
    holdout = written.get("holdout_basis_points", 0)
    if not isinstance(holdout, int) or isinstance(holdout, bool) or not 0 <= holdout <= 5_000:
        faults.append(Fault("holdout_basis_points", "setting", "对照组比例应在 0–50% 之间", "a holdout is 0 to 50 %"))
        holdout = 0
    backward = _walked(start if isinstance(start, str) else None, found, faults)
    if any(not fault.is_warning for fault in faults):
        return None, faults
    return Graph(start, entry, found, exits, goal, laps, stale or 0, holdout, backward), faults


def _entry(written: object, faults: Faults) -> Entry:
    entry: dict[str, Any] = written if isinstance(written, dict) else {}
    said = entry.get("trigger")
    trigger: dict[str, Any] = said if isinstance(said, dict) else {}
    kind = trigger.get("kind")
    checks = {
        "audience": nodes.is_text(trigger.get("audience")) and trigger.get("who", "both") in WHO,
        "event": nodes.is_text(trigger.get("event")) and nodes.is_wheres(trigger.get("where", [])),
        "date": _is_date(trigger),
        "api": True,
    }
    if kind not in checks or not checks[kind]:
        faults.append(Fault("entry.trigger", "trigger", "请完整填写进入条件", "say in full how one comes in"))
    key = entry.get("key", "")
    if not nodes.is_short(key) or (key and kind not in {"event", "api"}):
        faults.append(Fault("entry.key", "key", "只有事件触发才能按属性区分实例", "only events tell instances apart by a property"))
    reentry = entry.get("reentry", "never")
    cooldown = nodes.minutes_of(entry.get("cooldown", COOLDOWN_DEFAULT))
    if reentry not in REENTRIES or cooldown is None or (reentry == "every" and kind not in {"event", "api"}):
        faults.append(Fault("entry.reentry", "reentry", "再次进入规则不可用", "the rule of coming again cannot be taken"))
    condition = entry.get("condition")
    if condition is not None and not isinstance(condition, dict):
        faults.append(Fault("entry.condition", "setting", "进入条件有误", "the condition cannot be taken"))
    return Entry(str(kind), trigger, key if isinstance(key, str) else "", str(reentry), cooldown or 0, condition or None)


def _is_date(trigger: Mapping[str, Any]) -> bool:
    named = [name for name in ("attribute", "trait") if nodes.is_text(trigger.get(name))]
    days = trigger.get("days", 0)
    is_whole = isinstance(days, int) and not isinstance(days, bool) and -365 <= days <= 365
    return len(named) == 1 and is_whole and nodes.is_clock(trigger.get("clock", "10:00"))


def _nodes(written: object, faults: Faults) -> dict[str, Node]:
    if not isinstance(written, dict) or not 1 <= len(written) <= NODES_MAX:
        faults.append(Fault("nodes", "nodes", f"画布需要 1–{NODES_MAX} 个节点", f"a canvas has 1 to {NODES_MAX} nodes"))
        return {}
    found = [nodes.read(str(node_id), one, faults) for node_id, one in written.items()]
    return {node.id: node for node in found if node is not None}


def _check_targets(start: object, found: Mapping[str, Node], faults: Faults) -> None:
    if start not in found:
        faults.append(Fault("start", "start", "请把入口连到第一个节点", "connect the entry to a first node"))
    for node in found.values():
        for port, target in node.ports.items():
            if target is not None and target not in found:
                faults.append(Fault(f"nodes.{node.id}.{port}", "target", f"“{target}”不存在", f"there is no node {target}"))
        asked = (
            found.get(str(node.settings.get("message"))) if node.kind in {Kind.WAIT, Kind.SPLIT} and "message" in node.settings else node
        )
        if asked is None or (asked is not node and asked.kind not in nodes.SENDING):
            faults.append(Fault(f"nodes.{node.id}.message", "message", "请选择本旅程的一条消息", "choose a message of this journey"))


def _exits(written: object, faults: Faults) -> tuple[Mapping[str, Any], ...]:
    exits = written if isinstance(written, list) else [None]
    if len(exits) > EXITS_MAX:
        faults.append(Fault("exits", "setting", f"退出条件最多 {EXITS_MAX} 个", f"at most {EXITS_MAX} exits"))
    for place, one in enumerate(exits):
        is_event = isinstance(one, dict) and nodes.is_text(one.get("event")) and nodes.is_wheres(one.get("where", []))
        is_audience = isinstance(one, dict) and nodes.is_text(one.get("audience")) and one.get("when", "left") in {"left", "entered"}
        if not is_event and not is_audience:
            faults.append(Fault(f"exits.{place}", "setting", "请完整填写退出条件", "say in full what makes one leave"))
    return tuple(one for one in exits if isinstance(one, dict))


def _goal(written: object, key: str, faults: Faults) -> Goal | None:
    if written is None:
        return None
    goal = written if isinstance(written, dict) else {}
    within, since = nodes.minutes_of(goal.get("within", "7d")), goal.get("since", "entry")
    if (
        not nodes.is_text(goal.get("event"))
        or within is None
        or since not in {"entry", "message"}
        or not nodes.is_wheres(goal.get("where", []))
    ):
        faults.append(Fault("goal", "setting", "请完整填写目标", "say in full what the goal is"))
        return None
    keyed = str(goal.get("key") or (key if goal.get("is_keyed", True) else ""))
    return Goal(_wish("goal", goal, keyed), within, str(since), bool(goal.get("is_end", True)))


def _wish(what: str, settings: Mapping[str, Any], key: str) -> Wish:
    return Wish(what, str(settings["event"]), tuple(settings.get("where", ())), key)


def _walked(start: str | None, found: Mapping[str, Node], faults: Faults) -> frozenset[tuple[str, str]]:
    """The edges that lead back (found by depth from the start); tells of what is never reached and of loops that never wait."""
    backward: set[tuple[str, str]] = set()
    state: dict[str, int] = {}

    def targets(node_id: str) -> list[str]:
        return [target for target in found[node_id].ports.values() if target is not None and target in found]

    stack: list[tuple[str, Iterator[str]]] = []
    if start in found and start is not None:
        state[start] = 1
        stack.append((start, iter(targets(start))))
    while stack:
        here, rest = stack[-1]
        target = next(rest, None)
        if target is None:
            state[here] = 2
            stack.pop()
        elif state.get(target) == 1:
            backward.add((here, target))
        elif target not in state:
            state[target] = 1
            stack.append((target, iter(targets(target))))
    faults.extend(
        Fault(f"nodes.{node_id}", "unreachable", "没有连线到达这个节点，它不会执行", "no way leads here: it never runs", is_warning=True)
        for node_id in found
        if node_id not in state
    )
    if _has_restless_loop({node_id: targets(node_id) for node_id in found if not _rests(found[node_id])}):
        faults.append(Fault("nodes", "loop", "循环中必须有真正的等待", "a loop must pass a wait that waits"))
    return frozenset(backward)


def _rests(node: Node) -> bool:
    """Whether everybody stays here for a while: a date may lie in the past."""
    return node.kind is Kind.WAIT and node.settings.get("mode") in {"duration", "time", "event"}


def _has_restless_loop(edges: Mapping[str, list[str]]) -> bool:
    left = {node: [target for target in targets if target in edges] for node, targets in edges.items()}
    while ends := [node for node, targets in left.items() if not targets]:
        for node in ends:
            del left[node]
        left = {node: [target for target in targets if target in left] for node, targets in left.items()}
    return bool(left)
