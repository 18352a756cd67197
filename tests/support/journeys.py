"""Journeys for tests: graphs in a line, a beat of everything that a journey stands on, and who is where."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyroaring import BitMap

from tests.support import activity as acting
from tests.support.touching import FakeCarrier
from wellspring.audiences.contracts import Refresh
from wellspring.audiences.service import defining
from wellspring.audiences.service import ticking as audience_ticking
from wellspring.engagement.contracts.journeys import Journey, JourneyKind
from wellspring.engagement.contracts.touches import OriginKind
from wellspring.engagement.repo import batches
from wellspring.engagement.repo import places as standing
from wellspring.engagement.rules.journeys.places import Places
from wellspring.engagement.service import acting as effects
from wellspring.engagement.service import carrying, journey_ticking, journeying
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Workspace

SEND: dict[str, Any] = {"kind": "send", "channel": "sms", "content_id": "mat_1", "account_id": "acc_1"}
EXIT: dict[str, Any] = {"kind": "exit"}


def wait(length: str, **rest: Any) -> dict[str, Any]:
    return {"kind": "wait", "mode": "duration", "for": length, **rest}


def on(event: str, **rest: Any) -> dict[str, Any]:
    """Entered by an event; `reentry`, `cooldown`, `key` and `condition` stand beside the trigger."""
    beside = {name: rest.pop(name) for name in ("reentry", "cooldown", "key", "condition") if name in rest}
    return {"trigger": {"kind": "event", "event": event, **rest}, **beside}


def planned(ws: Workspace, journey: Journey) -> list[tuple[str, list[int]]]:
    """Every open intent: node and members."""
    with ws.sql.read() as tx:
        found = batches.open_of(tx, OriginKind.JOURNEY, journey.id)
        return sorted((batch.origin.node, list(batch.members)) for batch in found)


def audience(ws: Workspace, event: str = "Viewed") -> str:
    """The audience of those who did something, kept up; gives its id."""
    made, _warnings = defining.create(ws, by=SYSTEM, name=f"做过 {event}", definition={"did": event}, refresh=Refresh.LIVE)
    return made.id


def of_audience(audience_id: str, who: str) -> dict[str, Any]:
    """Entered by an audience: its current members, future ones, or both."""
    return {"trigger": {"kind": "audience", "audience": audience_id, "who": who}}


def line(entry: dict[str, Any], *nodes: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """A graph whose nodes n1, n2, … follow each other where they do not say otherwise."""
    named = {f"n{place}": dict(node) for place, node in enumerate(nodes, start=1)}
    for place, node in enumerate(list(named.values()), start=1):
        after = f"n{place + 1}" if place < len(named) else None
        if node["kind"] == "wait" and node["mode"] in {"event", "message"}:
            node.setdefault("then", after)
            node.setdefault("timeout_next", after)
        elif node["kind"] not in {"exit", "split"}:
            node.setdefault("next", after)
    return {"entry": entry, "start": "n1", "nodes": named, **rest}


def launch(ws: Workspace, graph: dict[str, Any], name: str = "旅程") -> Journey:
    """Makes and publishes it, and lets the first tick pass."""
    made = journeying.create(ws, by=SYSTEM, name=name, kind=JourneyKind.JOURNEY, description="", draft=graph, sop=None)
    found = journeying.publish(ws, by=SYSTEM, journey_id=made.id, plan={}, note="")
    beat(ws)
    return found


def republish(ws: Workspace, journey: Journey, graph: dict[str, Any], **plan: Any) -> Journey:
    """Saves another draft and publishes it."""
    present = journeying.one(ws, journey.id)
    journeying.save(
        ws, by=SYSTEM, journey_id=journey.id, revision=present.revision, name=present.name, description="", draft=graph, sop=None
    )
    return journeying.publish(ws, by=SYSTEM, journey_id=journey.id, plan=plan, note="")


def beat(ws: Workspace) -> int:
    """What the heart does: audiences first, journeys then."""
    acting.settle(ws)
    if audience_ticking.wants(ws):
        audience_ticking.tick(ws)
    return journey_ticking.tick(ws) if journey_ticking.wants(ws) else 0


def advance(ws: Workspace, **length: float) -> None:
    """Moves the clock and lets a beat pass."""
    assert isinstance(ws.clock, VirtualClock)
    ws.clock.move_to(ws.clock.now() + dt.timedelta(**length))
    beat(ws)


def does(ws: Workspace, event: str, *users: str, **fields: Any) -> None:
    """Users do something now."""
    acting.ingest(ws, *(acting.track(event, userId=user, timestamp=ws.clock.now().isoformat(), **fields) for user in users))


def number(ws: Workspace, user: str) -> int:
    return acting.number_of(ws, "user_id", user)


def where(ws: Workspace, journey: Journey) -> dict[str, set[int]]:
    """Who stands at which node, of all versions; nodes without anybody left out."""
    found: dict[str, set[int]] = {}
    with ws.sql.read() as tx:
        places = Places(standing.StoredShelf(tx, journey.id))
        for key in places.keys():  # noqa: SIM118 - not a mapping
            if not key.node.startswith("@"):
                found.setdefault(key.node.partition("#")[0], set()).update(places.members(key))
    return found


def moves(ws: Workspace, journey: Journey) -> list[tuple[str, str, str, list[int]]]:
    """Every move, in order."""
    with ws.sql.read() as tx:
        rows = standing.moves_of_tick(tx, journey.id)
        return [(row.from_node, row.to_node, row.reason, list(BitMap.deserialize(bytes(row.members)))) for row in rows]


def reasons(ws: Workspace, journey: Journey, subject: int) -> list[str]:
    """Why a subject went from node to node."""
    return [reason for _from, _to, reason, members in moves(ws, journey) if subject in members]


def act(ws: Workspace) -> None:
    """Does everything that is owed."""
    while effects.step(ws):
        pass


@contextmanager
def carrier(*, members: range = range(1, 1000)) -> Iterator[FakeCarrier]:
    """A fake carrier in place, who reaches everybody."""
    before, fake = list(carrying._named), FakeCarrier(BitMap(members))
    carrying.use(fake)
    try:
        yield fake
    finally:
        carrying._named[:] = before
