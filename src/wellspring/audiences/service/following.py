"""For whoever acts on audiences: who came and went by version, single events by what they hold, and values by member."""

import datetime as dt
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from wellspring.audiences import repo
from wellspring.audiences.contracts import Arrived, Passage, Wanted
from wellspring.audiences.facts import arrivals as facts
from wellspring.audiences.facts import mirror
from wellspring.audiences.rules import read
from wellspring.audiences.rules.tree import Did
from wellspring.audiences.service import resolving
from wellspring.audiences.service.asking import Asking, Instant, now_of
from wellspring.kernel.clock import to_millis
from wellspring.kernel.workspace import Workspace


def demand_sound(ws: Workspace, definition: object) -> None:
    """Raises DefinitionInvalid."""
    resolving.resolved(ws, read.read(definition))


def changes_since(ws: Workspace, *, audience_id: str, version: int, limit: int) -> list[Passage]:
    with ws.sql.read() as tx:
        found = repo.versions_after(tx, audience_id, version, limit=limit)
    return [Passage(one.version, one.at, entered, left) for one, entered, left in found]


def arrivals(ws: Workspace, wanted: Sequence[Wanted], *, after: int, upto: int) -> list[Arrived]:
    return _asked(ws, wanted, facts.Rows(after=after, upto=upto)) if upto > after else []


def happened(ws: Workspace, wanted: Sequence[Wanted], *, since: dt.datetime, until: dt.datetime) -> list[Arrived]:
    return _asked(ws, wanted, facts.Rows(since=to_millis(since), until=to_millis(until)))


def texts_of(ws: Workspace, attribute: str) -> Mapping[str, BitMap]:
    Asking(ws, Instant(now_of(ws)))
    return mirror.by_text(ws, attribute, kinds=("text", "date", "instant"))


def zones(ws: Workspace) -> Mapping[ZoneInfo, BitMap]:
    return Asking(ws, Instant(now_of(ws))).zones


def _asked(ws: Workspace, wanted: Sequence[Wanted], rows: facts.Rows) -> list[Arrived]:
    read_as = [(wish, leaf) for wish in wanted if isinstance(leaf := read.read(_definition(wish)), Did)]
    asking = Asking(ws, Instant(now_of(ws)))
    return facts.arrived(asking.reader, read_as, rows, asking.cut())


def _definition(wish: Wanted) -> dict[str, object]:
    return {"did": wish.event, **({"where": list(wish.where)} if wish.where else {})}
