"""What a journey would press upon people if it went live now: for each of its messages the planner's own answer, nothing written."""

from collections.abc import Mapping

from pyroaring import BitMap

from wellspring.audiences import api as audiences
from wellspring.engagement.contracts.journeys import NodePressure
from wellspring.engagement.contracts.touches import Origin, OriginKind
from wellspring.engagement.errors.journeys import GraphInvalid
from wellspring.engagement.rules.journeys import graph as graphs_read
from wellspring.engagement.rules.journeys import nodes as kinds
from wellspring.engagement.rules.journeys.graph import Graph
from wellspring.engagement.rules.journeys.nodes import Node
from wellspring.engagement.service import journeying, living, touching
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

# By the days of a month, where people come one by one.
_WINDOW = "30d"
GUIDES_SHOWN = 50


def pressure(ws: Workspace, *, draft: object) -> tuple[int, list[NodePressure]]:
    """How many would be asked for, and what each message would come to. Raises GraphInvalid."""
    graph, found = graphs_read.read(draft)
    if graph is None:
        raise GraphInvalid(journeying.told(fault for fault in found if not fault.is_warning))
    members = entering(ws, graph)
    with ws.sql.read() as tx:
        sending = [node for node in graph.nodes.values() if node.kind in kinds.SENDING]
        return len(members), [_of_node(ws, tx, node, members) for node in sending]


def entering(ws: Workspace, graph: Graph) -> BitMap:
    """Whom it concerns: who is in its audience, who did in the last month what lets in, or everybody by turns."""
    settings = graph.entry.settings
    try:
        if graph.entry.kind == "audience":
            return audiences.members(ws, by=SYSTEM, audience_id=str(settings["audience"]))
        if graph.entry.kind == "event":
            where = {"where": list(settings["where"])} if settings.get("where") else {}
            return audiences.members_of(ws, definition={"did": settings["event"], "within": _WINDOW, **where})
    except WellspringError:
        return BitMap()
    return people.active_members(ws)


def _of_node(ws: Workspace, tx: Tx, node: Node, members: BitMap) -> NodePressure:
    at = ws.clock.now()
    ask = living.ask_of(node, origin=Origin(OriginKind.JOURNEY, "preview", 0, node.id), scope=f"journey/preview/{node.id}", at=at)
    seen = touching.preview(ws, tx, ask, members, at)
    counts = seen.outlook.by_guide_and_day
    loads = [(guide, int(counts[place].sum())) for place, guide in enumerate(seen.guides) if place < len(counts)]
    crowded: dict[str, int] = {}
    for booking, losing in seen.outlook.crowds_out:
        crowded[booking.touching.campaign] = crowded.get(booking.touching.campaign, 0) + len(losing)
    return NodePressure(
        node=node.id,
        name=node.name,
        channel=ask.channel.value,
        planned=len(seen.asked.planned),
        held=sum(len(later) for _at, later in seen.asked.held),
        dropped=_counts(seen.asked.dropped),
        guides=sorted((load for load in loads if load[1]), key=lambda load: (-load[1], load[0]))[:GUIDES_SHOWN],
        crowds_out=sorted(crowded.items(), key=lambda pair: pair[0]),
    )


def _counts(dropped: Mapping[str, BitMap]) -> dict[str, int]:
    return {reason: len(members) for reason, members in dropped.items() if members}
