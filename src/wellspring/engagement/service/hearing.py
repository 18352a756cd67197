"""What the tick of journeys hears of their own messages: from what touches told, each once, in the order in which it was told."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from wellspring.engagement.contracts.touches import Fate, OriginKind
from wellspring.engagement.events.touches import SendEnded
from wellspring.engagement.rules.journeys import timing
from wellspring.engagement.rules.journeys.graph import Graph
from wellspring.engagement.rules.journeys.world import News
from wellspring.kernel import bus
from wellspring.kernel.stores import Tx

Told = Sequence[tuple[dict[str, Any], dt.datetime]]
# Fates of the ledger as a journey's nodes name them; the others are steps on the way.
_FATES: Mapping[str, str] = {
    Fate.ACCEPTED.value: "sent",
    Fate.SENT.value: "sent",
    Fate.DELIVERED.value: "delivered",
    Fate.READ.value: "read",
    Fate.CLICKED.value: "clicked",
    Fate.REPLIED.value: "replied",
    Fate.FAILED.value: "failed",
    Fate.EXPIRED.value: "failed",
    Fate.DROPPED.value: "failed",
}


def read(tx: Tx, graphs: Iterable[Graph], *, after: int, upto: int) -> Told:
    """What was told of sends, where any graph asks for it; a journey that does not ask costs nothing."""
    is_heard = upto > after and any(graph.heard() for graph in graphs)
    return bus.told(tx, SendEnded.name, after=after, upto=upto) if is_heard else ()


def news_of(told: Told, journey_id: str, graphs: Mapping[int, Graph], holder: Callable[[int], int], *, now: dt.datetime) -> list[News]:
    """What of it concerns one journey."""
    heard = frozenset[str]().union(*(graph.heard() for graph in graphs.values()))
    found = []
    for body, at in told if heard else ():
        fate = _FATES.get(body["state"])
        if (
            body["origin_kind"] != OriginKind.JOURNEY.value
            or body["origin_id"] != journey_id
            or body["origin_node"] not in heard
            or not fate
        ):
            continue
        keys = body["instances"] or [""] * len(body["member_nos"])
        runs = [(holder(number), key) for number, key in zip(body["member_nos"], keys, strict=True)]
        minute = min(timing.ceil_minute(round(at.timestamp() * 1000)), timing.floor_minute(now) + 1)
        found.append(News(minute, body["origin_node"], int(body["scope"].rsplit("/", 1)[1]), fate, runs))
    return found


def holder_of(holders: Mapping[int, int], merges: Iterable[Mapping[str, Any]]) -> Callable[[int], int]:
    """Who a member is by now: by what was known before, and by the merges that this tick takes in."""
    merged = {int(body["loser_no"]): int(body["survivor_no"]) for body in merges}

    def holder(number: int) -> int:
        found, seen = holders.get(number, number), {number}
        while found in merged and found not in seen:
            seen.add(found)
            found = merged[found]
        return found

    return holder
