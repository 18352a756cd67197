"""What a tick of journeys has to know of members before it begins: asked once, outside the transaction, for every journey.

Conditions are the audience language's and may read the log; nobody who writes waits for that.
"""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from wellspring.audiences import api as audiences
from wellspring.engagement.rules.journeys.graph import Graph
from wellspring.engagement.rules.journeys.nodes import Kind
from wellspring.engagement.rules.zones import Zones
from wellspring.engagement.service import standing
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.workspace import Workspace


@dataclasses.dataclass(frozen=True)
class Knowledge:
    """Conditions by their JSON, dates by attribute, and zones."""

    held: Mapping[str, BitMap]
    texts: Mapping[str, Mapping[str, BitMap]]
    zones: Zones

    def where(self, definition: Mapping[str, object]) -> BitMap:
        """For whom a condition holds."""
        return self.held[name_of(definition)]


def name_of(definition: Mapping[str, object]) -> str:
    """A condition as a key."""
    return json.dumps(definition, sort_keys=True, ensure_ascii=False)


def gather(ws: Workspace, graphs: Iterable[Graph], *, at: dt.datetime | None = None) -> Knowledge:
    """Everything that walks through these graphs may ask, as of now or of a past instant.

    A condition that cannot be answered any more (its audience is gone) holds for nobody: whoever comes goes the other way.
    """
    held: dict[str, BitMap] = {}
    texts: dict[str, Mapping[str, BitMap]] = {}
    for graph in graphs:
        for _path, definition in graph.definitions():
            name = name_of(definition)
            if name not in held:
                held[name] = _members(ws, definition, at)
        for attribute in attributes_of(graph):
            if attribute not in texts:
                texts[attribute] = audiences.texts_of(ws, attribute=attribute)
    return Knowledge(held, texts, zones(ws))


def attributes_of(graph: Graph) -> list[str]:
    """The attributes whose dates a graph waits for."""
    found = {str(node.settings["attribute"]) for node in graph.nodes.values() if node.kind is Kind.WAIT and node.settings["mode"] == "date"}
    if graph.entry.kind == "date" and "attribute" in graph.entry.settings:
        found.add(str(graph.entry.settings["attribute"]))
    return sorted(found)


def zones(ws: Workspace) -> Zones:
    """Members by zone, the workspace's for the others."""
    with ws.sql.read() as tx:
        return standing.zones_in(ws, tx)


def project_zone(ws: Workspace) -> ZoneInfo:
    """The workspace's zone."""
    return ZoneInfo(ws.settings.get(WorkspaceSettings).time_zone)


def _members(ws: Workspace, definition: Mapping[str, object], at: dt.datetime | None) -> BitMap:
    try:
        return audiences.members_of(ws, definition=definition, at=at)
    except WellspringError:
        return BitMap()
