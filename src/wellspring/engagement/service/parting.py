"""Erased people leave every journey and what was owed to them (P04); and what journeys add to a person's own data."""

from collections.abc import Sequence
from typing import Any

from pyroaring import BitMap

from wellspring.engagement.contracts.journeys import JourneyKind
from wellspring.engagement.repo import effects, ways
from wellspring.engagement.repo import journeys as repo
from wellspring.engagement.repo import places as standing
from wellspring.engagement.rules.journeys import merging
from wellspring.engagement.rules.journeys.places import Named, Places
from wellspring.engagement.service import journey_ticking
from wellspring.kernel.clock import iso
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

_EVERY = 100_000


def erase(ws: Workspace, numbers: Sequence[int]) -> int:
    """Takes erased members out of places, sets, moves, runs and what is owed; gives of how many. Repeatable."""
    gone, removed = BitMap(numbers), 0
    with ws.sql.write() as tx:
        ws.sql.lock(tx, repo.LOCK)
        found, _total = repo.listing(tx, kinds=[kind.value for kind in JourneyKind], state=None, q=None, after=None, limit=_EVERY)
        for journey in found:
            if not journey.version:
                continue
            graphs = journey_ticking.versions_in(tx, ws, journey)
            is_keyed = graphs[journey.version].entry.is_keyed
            mine = BitMap(no for no, _member, _key in standing.runs_of(tx, journey.id, numbers)) if is_keyed else gone
            shelf = standing.StoredShelf(tx, journey.id)
            places, named = Places(shelf), Named(shelf)
            removed += merging.forget(places, named, graphs.values(), mine)
            standing.write(tx, journey.id, places, named)
            ways.forget_members(tx, journey.id, mine)
            standing.remove_instances(tx, journey.id, numbers)
        removed += _owed(tx, gone)
    return removed


def _owed(tx: Tx, gone: BitMap) -> int:
    removed = 0
    for row in effects.waiting_of(tx):
        members = BitMap.deserialize(bytes(row.members))
        if found := members & gone:
            # Those already done stand before the place, so the place moves with whoever goes.
            effects.put_members(tx, row.id, members - found)
            removed += len(found)
    return removed


def of_person(ws: Workspace, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Every move of a person through every journey."""
    told = []
    with ws.sql.read() as tx:
        found, _total = repo.listing(tx, kinds=[kind.value for kind in JourneyKind], state=None, q=None, after=None, limit=_EVERY)
        for journey in found:
            if not journey.version:
                continue
            is_keyed = journey_ticking.versions_in(tx, ws, journey)[journey.version].entry.is_keyed
            mine = BitMap(no for no, _member, _key in standing.runs_of(tx, journey.id, numbers)) if is_keyed else BitMap(numbers)
            moves = [
                {"at": iso(row.at), "from": row.from_node, "to": row.to_node, "reason": row.reason}
                for row, _found in ways.moves_with(tx, journey.id, mine)
            ]
            if moves:
                told.append({"journey": journey.name, "moves": moves})
    return told
