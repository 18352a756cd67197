"""What is to go later and waits for its place: intents that are held, and campaigns that are scheduled (F08).

A booking charges nothing: a cap is charged on the day of the touch (F09). It holds its place against messages of less
priority while its own window would still see them, and a preview reckons with everything that goes before it.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from pyroaring import BitMap

from wellspring.audiences import api as audiences
from wellspring.channels.contracts.sends import Channel
from wellspring.engagement.contracts.campaigns import CampaignStanding, Timing
from wellspring.engagement.contracts.touches import Origin, OriginKind, Purpose
from wellspring.engagement.repo import batches
from wellspring.engagement.repo import campaigns as repo
from wellspring.engagement.rules import caps
from wellspring.engagement.rules.caps import Booking, Cap, Counters, Touching
from wellspring.engagement.rules.zones import Zones
from wellspring.engagement.service import holding
from wellspring.engagement.service.carrying import carrier
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.errors import NotFound
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

_AHEAD = (CampaignStanding.SCHEDULED.value, CampaignStanding.RUNNING.value)
# From the beginning of a day in the first zone to its noon in UTC, when it is that day nearly everywhere.
_TO_NOON = dt.timedelta(hours=26)
_MOMENT = dt.timedelta(seconds=1)


def waiting(tx: Tx, after: dt.datetime) -> list[Booking]:
    """Intents that wait for a time after this instant."""
    found: dict[tuple[Touching, dt.datetime], BitMap] = {}
    for batch in batches.waiting(tx, after):
        place = (batch.touching, batch.release_at)
        found[place] = found.get(place, BitMap()) | batch.members
    return [Booking(touching, members, release_at) for (touching, release_at), members in found.items()]


def scheduled(
    ws: Workspace, tx: Tx, after: dt.datetime, *, among: BitMap, longest: dt.timedelta, above: int | None = None, but: str = ""
) -> list[Booking]:
    """The next time of each campaign that goes after this instant: who of these is in its audience as of now and may be touched.

    `above` asks for those of more priority alone, `but` leaves one campaign out, and further ahead than `longest` is of no matter.
    """
    found: list[Booking] = []
    for row in repo.in_states(tx, _AHEAD):
        said = row["content"]
        if row["id"] == but or row["next_at"] is None or (above is not None and said["priority"] <= above):
            continue
        at = _expected(row["next_at"], said["schedule"])
        if at <= after or at - after > longest:
            continue
        touching = _touching(row)
        if touching.is_counted and (members := _members(ws, tx, row, among)):
            found += [Booking(touching, members, at)] * max(1, said["slots"])
    return found


def audience(ws: Workspace, audience_id: str, excluded_ids: Sequence[str] = ()) -> BitMap:
    """Who is in an audience at this moment and in none of the others; one that is gone holds nobody."""
    found = _audience(ws, audience_id)
    for excluded in excluded_ids:
        found = found - _audience(ws, excluded)
    return found


def longest(known: Sequence[Cap]) -> dt.timedelta:
    """How far ahead a booking matters: as far as any cap looks back, and the day that zones differ."""
    return max((dt.timedelta(hours=cap.window.length * (24 if cap.window.is_calendar else 1)) for cap in known), default=dt.timedelta()) + (
        dt.timedelta(days=1)
    )


def foreseen(
    counters: Counters,
    known: Sequence[Cap],
    bookings: Sequence[Booking],
    zones: Zones,
    members: BitMap,
    at: dt.datetime,
    priority: int,
) -> tuple[Booking, ...]:
    """Counts, in these counters alone, what will have gone by an instant; gives the bookings that are left then.

    Of those at the very instant, the more important go first, and peers do: who is there already goes before who is not.
    """
    later: list[Booking] = []
    before: list[Booking] = []
    for booking in bookings:
        goes_first = booking.at < at or (booking.at == at and booking.touching.priority >= priority)
        if goes_first:
            before.append(booking)
        else:
            later.append(dataclasses.replace(booking, at=max(booking.at, at + _MOMENT)))
    before.sort(key=lambda one: (one.at, -one.touching.priority, one.touching.campaign))
    for place, booking in enumerate(before):
        here = booking.members & members
        if here:
            caps.take(known, counters, booking.touching, here, booking.at, zones=zones, bookings=[*before[place + 1 :], *later])
    return tuple(later)


def _expected(next_at: dt.datetime, schedule: Mapping[str, Any]) -> dt.datetime:
    if schedule["timing"] != Timing.LOCAL.value:
        return next_at
    return next_at - dt.timedelta(minutes=schedule["minute"]) + _TO_NOON


def _touching(row: Mapping[str, Any]) -> Touching:
    said = row["content"]
    origin = Origin(OriginKind.CAMPAIGN, row["id"], row["version"])
    return batches.touching_of(origin, said["channel"], said["tags"], said["priority"], Purpose(said["purpose"]))


def _members(ws: Workspace, tx: Tx, row: Mapping[str, Any], among: BitMap) -> BitMap:
    said = row["content"]
    channel = Channel(said["channel"])
    found = among & audience(ws, said["audience_id"], said["excluded_ids"])
    if not found:
        return found
    found = found & carrier().reachable(ws, channel=channel, account_id=said["account_id"])
    consenting = carrier().consenting(ws, channel=channel, purpose=said["purpose"])
    if consenting is not None:
        found = found & consenting
    return found - holding.held_out(ws, tx, OriginKind.CAMPAIGN.value, row["id"], found)


def _audience(ws: Workspace, audience_id: str) -> BitMap:
    try:
        return audiences.members(ws, by=SYSTEM, audience_id=audience_id)
    except NotFound:
        return BitMap()
