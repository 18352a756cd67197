"""Who carries a message to whom, and on which day: guides where the channel needs one, nobody where it does not."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from pyroaring import BitMap

from wellspring.channels.contracts.sends import Channel
from wellspring.engagement.repo import batches
from wellspring.engagement.repo.batches import Batch
from wellspring.engagement.rules.senders import NOBODY, Assignment, Choice, Relations, choose
from wellspring.engagement.rules.zones import at_local
from wellspring.engagement.service.carrying import carrier
from wellspring.engagement.settings import EngagementSettings
from wellspring.kernel.sets import to_column
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

# A week: what a guide cannot carry by then is told as over the limit, not kept for a month.
DAYS = 7
_ANYBODY = ("",)


@dataclass(frozen=True)
class Carried:
    """Members by sender now, by instant and sender later, and those for whom there is nobody or no room."""

    now: tuple[tuple[str, BitMap], ...]
    later: tuple[tuple[dt.datetime, str, BitMap], ...]
    without_guide: BitMap
    over_limit: BitMap
    assignment: Assignment
    guides: tuple[str, ...]


def assign(ws: Workspace, tx: Tx, batch: Batch, members: BitMap, at: dt.datetime) -> Carried:
    """Carriers for these members; an intent that names its sender keeps them."""
    can = carrier().capabilities(ws).get(Channel(batch.channel))
    if can is None or not can.needs_sender:
        return _by_one("", members)
    if batch.sender:
        return _by_one(batch.sender, members)
    columns = carrier().relations(ws, account_id=batch.account_id, member_nos=members)
    named = pa.array(columns[1], type=pa.string()).dictionary_encode()
    guides = tuple(named.dictionary.to_pylist())
    relations = Relations.of(columns[0], named.indices.to_numpy().astype(np.int64), columns[2], columns[3])
    days = _days(ws, batch, at)
    assignment = choose(members, relations, _room(ws, tx, guides, days), by=[Choice(one) for one in batch.senders], salt=batch.scope)
    parts = [(guides[guide], day, here) for guide, day, here in assignment.batches()]
    now = tuple((guide, here) for guide, day, here in parts if day == 0)
    later = tuple((days[day], guide, here) for guide, day, here in parts if day)
    return Carried(now, later, assignment.without_guide, assignment.over_limit, assignment, guides)


def _by_one(sender: str, members: BitMap) -> Carried:
    column = to_column(members)
    zero = np.zeros(len(column), dtype=np.int64)
    assignment = Assignment(column, zero, zero, (1, 1))
    return Carried(((sender, members),) if members else (), (), BitMap(), BitMap(), assignment, (sender,) if sender else _ANYBODY)


def _days(ws: Workspace, batch: Batch, at: dt.datetime) -> list[dt.datetime]:
    """When the parts of a message go: now, then at the hour at which a day begins, as long as it is worth something."""
    settings = ws.settings.get(EngagementSettings)
    zone = ZoneInfo(ws.settings.get(WorkspaceSettings).time_zone)
    first = dt.datetime.combine(at.astimezone(zone).date(), dt.time()) + dt.timedelta(minutes=settings.day_begins_minute)
    found = [at, *(at_local(first + dt.timedelta(days=day), zone) for day in range(1, DAYS))]
    return [one for one in found if one == at or batch.expires_at is None or one < batch.expires_at]


def _room(ws: Workspace, tx: Tx, guides: tuple[str, ...], days: list[dt.datetime]) -> np.ndarray:
    most = ws.settings.get(EngagementSettings).guide_messages_per_day_max
    zone = ZoneInfo(ws.settings.get(WorkspaceSettings).time_zone)
    room = np.full((len(guides), len(days)), most, dtype=np.int64)
    places = {guide: place for place, guide in enumerate(guides)}
    for place, day in enumerate(days):
        midnight = dt.datetime.combine(day.astimezone(zone).date(), dt.time())
        loads = batches.loads(tx, at_local(midnight, zone), at_local(midnight + dt.timedelta(days=1), zone))
        for guide, load in loads.items():
            if guide in places:
                room[places[guide], place] = max(0, most - load)
    return room


__all__ = ["DAYS", "NOBODY", "Carried", "assign"]
