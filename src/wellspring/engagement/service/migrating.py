"""Another version takes over: who is inside stays on theirs, moves to a node of the new one, or leaves, node by node (V02).

A plan is `{node: {"fate": "stay" | "move" | "exit", "to": node, "timers": "keep" | "reschedule" | "restart"}}`. Nodes that
it does not name stay on their version (V01); one that is gone and has people in it must be named. What stands before a
person's place in the new version is not met, what stands after it is (V03).
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from pyroaring import BitMap

from wellspring.engagement.contracts.journeys import OUTSIDE, Fate, Journey
from wellspring.engagement.errors.journeys import PlanIncomplete
from wellspring.engagement.repo import places as standing
from wellspring.engagement.rules.journeys import nodes as kinds
from wellspring.engagement.rules.journeys import timing
from wellspring.engagement.rules.journeys.graph import Graph
from wellspring.engagement.rules.journeys.nodes import Kind
from wellspring.engagement.rules.journeys.places import GOAL, Key, Named, Places, due_after
from wellspring.engagement.rules.journeys.world import HERE, INSIDE, Move
from wellspring.kernel.stores import Tx

MIGRATED, STOPPED = "migrated", "stopped"


@dataclasses.dataclass
class _Shift:
    """A migration while it is done."""

    before: Mapping[int, Graph]
    after: Graph
    version: int
    places: Places
    named: Named
    minute: int
    moves: list[Move]


def migrate(
    tx: Tx, journey: Journey, before: Mapping[int, Graph], after: Graph, version: int, plan: Mapping[str, Any], *, at: dt.datetime
) -> None:
    """Does what the plan says, in the publishing transaction. Raises PlanIncomplete."""
    if not before:
        return
    shelf = standing.StoredShelf(tx, journey.id)
    shift = _Shift(before, after, version, Places(shelf), Named(shelf), timing.floor_minute(at), [])
    keys = [key for key in shift.places.keys() if not key.node.startswith("@")]  # noqa: SIM118 - a list of its own
    _demand_whole(keys, after, plan)
    for key in keys:
        said = plan.get(key.node.partition("#")[0], {})
        fate = Fate(said.get("fate", Fate.STAY))
        if fate is Fate.EXIT:
            _exit(shift, key, MIGRATED)
        elif fate is Fate.MOVE:
            _move(shift, key, said)
    _finish(tx, journey, shift, at)


def end_all(tx: Tx, journey: Journey, before: Mapping[int, Graph], *, at: dt.datetime) -> None:
    """Everybody leaves, with the reason that the journey was stopped (J20)."""
    shelf = standing.StoredShelf(tx, journey.id)
    shift = _Shift(before, before[journey.version], journey.version, Places(shelf), Named(shelf), timing.floor_minute(at), [])
    for key in shift.places.keys():  # noqa: SIM118 - as above
        if key.node.startswith("@") and key.node != GOAL:
            shift.places.clear(key)
        elif not key.node.startswith("@"):
            _exit(shift, key, STOPPED)
    _finish(tx, journey, shift, at)


def _demand_whole(keys: list[Key], after: Graph, plan: Mapping[str, Any]) -> None:
    here = {key.node.partition("#")[0] for key in keys}
    unsaid = sorted(node for node in here if node not in after.nodes and node not in plan)
    lost = sorted(node for node in here if plan.get(node, {}).get("fate") == Fate.MOVE and plan[node].get("to", node) not in after.nodes)
    if unsaid or lost:
        raise PlanIncomplete(nodes=", ".join([*unsaid, *lost]))


def _exit(shift: _Shift, key: Key, reason: str) -> None:
    gone = shift.places.clear(key)
    shift.moves.append(Move(key.version, shift.minute, key.node.partition("#")[0], OUTSIDE, reason, gone))
    shift.named.drop(INSIDE, gone)


def _move(shift: _Shift, key: Key, said: Mapping[str, Any]) -> None:
    node_id, _, again = key.node.partition("#")
    target = str(said.get("to", node_id))
    moved = shift.places.clear(key)
    shift.moves.append(Move(shift.version, shift.minute, node_id, target, MIGRATED, moved))
    _goal(shift, key.version, moved)
    node, was = shift.after.nodes[target], shift.before[key.version].nodes[node_id]
    waits_on = node.kind is Kind.WAIT and was.kind is Kind.WAIT and node.settings.get("mode") == was.settings.get("mode")
    # What became of another message, or another end of it, may be known already: they ask as they come.
    waits_on &= all(node.settings.get(name) == was.settings.get(name) for name in ("message", "fates"))
    if not waits_on or again or said.get("timers") == "restart":
        # They come to the node as anybody does, with the next tick.
        shift.places.put(Key(shift.minute, shift.version, target + HERE), moved)
        return
    due = key.due
    if said.get("timers") == "reschedule" and (then := _length(was.settings)) and (now := _length(node.settings)):
        # Another delay counts from when they began to wait (V04); what should have ended by now ends now.
        due = max(due_after(key.due - then, now), shift.minute)
    shift.places.put(Key(due, shift.version, target), moved)


def _goal(shift: _Shift, version: int, moved: BitMap) -> None:
    for key in shift.places.keys():  # noqa: SIM118 - as above
        if key.node == GOAL and key.version == version and shift.after.goal is not None:
            taken = shift.places.take(version, GOAL, moved, until=key.due)
            shift.places.put(Key(key.due, shift.version, GOAL), taken)


def _length(said: Mapping[str, Any]) -> int | None:
    return kinds.minutes_of(said.get("for") or said.get("timeout"))


def _finish(tx: Tx, journey: Journey, shift: _Shift, at: dt.datetime) -> None:
    standing.write(tx, journey.id, shift.places, shift.named)
    # Before the first move of the tick that follows.
    standing.append(tx, journey.id, shift.moves, tick=0, at=at)
