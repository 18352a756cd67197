"""Two members who turn out to be one, and members who are gone, in the sets of a journey without instances.

The survivor keeps what it has; what only the other had goes over (N01). Of two runs the survivor's goes on, and no message
that either side has got is sent again (N04). Who was left alone and who was not count as they were assigned, and a run
that mixes both is named `mixed`, so that the comparison can leave it out (N05).
"""

from collections.abc import Iterable

from pyroaring import BitMap

from wellspring.engagement.contracts.journeys import OUTSIDE
from wellspring.engagement.rules.journeys.graph import Graph
from wellspring.engagement.rules.journeys.nodes import FATES, SENDING
from wellspring.engagement.rules.journeys.places import Named, Places
from wellspring.engagement.rules.journeys.world import CONTROL, CONVERTED, EVER, INSIDE, Move, fate_set

MIXED = "mixed"


def merge(places: Places, named: Named, graphs: Iterable[Graph], *, survivor: int, loser: int, minute: int) -> list[Move]:
    """Makes one of two; gives the move that ends a second run."""
    one, other = BitMap([survivor]), BitMap([loser])
    if loser not in named.get(EVER) and not any(other & places.at(*node) for node in places.nodes() if node[1].startswith("@")):
        return []
    moves = []
    keeps_own = survivor in named.get(INSIDE)
    if keeps_own and loser in named.get(INSIDE) and (survivor in named.get(CONTROL)) != (loser in named.get(CONTROL)):
        named.add(MIXED, one)
    for key in places.keys():  # noqa: SIM118 - a list of its own, the places change
        if loser not in places.members(key):
            continue
        places.take(key.version, key.node, other, until=key.due)
        is_twice = keeps_own if not key.node.startswith("@") else bool(places.standing(key.node) & one)
        if not is_twice:
            places.put(key, one)
        elif not key.node.startswith("@"):
            moves.append(Move(key.version, minute, key.node.partition("#")[0], OUTSIDE, "merged", other))
    for name in _names(graphs):
        if loser in named.get(name):
            named.drop(name, other)
            if name != CONTROL or not keeps_own:
                named.add(name, one)
    return moves


def forget(places: Places, named: Named, graphs: Iterable[Graph], gone: BitMap) -> int:
    """Takes members out of every set (P04); gives how many were inside."""
    inside = len(named.get(INSIDE) & gone)
    for key in places.keys():  # noqa: SIM118 - as above
        if places.members(key) & gone:
            places.take(key.version, key.node, gone, until=key.due)
    for name in _names(graphs):
        named.drop(name, gone)
    return inside


def _names(graphs: Iterable[Graph]) -> list[str]:
    found = {INSIDE, EVER, CONTROL, CONVERTED, MIXED}
    for graph in graphs:
        found |= {fate_set(node_id, fate) for node_id in graph.heard() for fate in FATES}
        found |= {f"lap.{level}" for level in range(1, graph.laps_max + 1)} if graph.backward else set()
        for node_id, node in graph.nodes.items():
            if node.kind in SENDING:
                found |= {f"asked.{node_id}", *(f"times.{node_id}.{time}" for time in range(1, 4))}
    return sorted(found)
