"""When each member's message goes: at once, by the workspace's clock, by the member's own, or when they are most awake to us."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from wellspring.engagement.contracts.campaigns import CampaignDraft, Passed, Rhythm, Timing, Variant
from wellspring.engagement.facts import waking
from wellspring.engagement.rules import occasions, policies
from wellspring.engagement.rules.zones import Zones
from wellspring.engagement.service import ruling, standing
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

# Where a day begins first: a campaign by everybody's own clock is planned before anybody's time has come.
FIRST_ZONE = ZoneInfo("Pacific/Kiritimati")
_STEP = dt.timedelta(hours=1)
# Nobody is moved further than this to an edge of their quiet hours.
_AWAY_MAX = 12


def parts(
    ws: Workspace, tx: Tx, draft: CampaignDraft, variant: Variant, members: BitMap, at: dt.datetime, zone: ZoneInfo
) -> tuple[list[tuple[dt.datetime, BitMap]], BitMap]:
    """The members by when they are to be touched, none of them before `at`; and those who are left out (Q10)."""
    schedule = draft.schedule
    minute = schedule.minute if variant.minute is None else variant.minute
    if not members:
        return [], members
    if schedule.timing is Timing.WORKSPACE:
        if variant.minute is None:
            return [(at, members)], BitMap()
        return [(max(at, occasions.at_minute(at.astimezone(zone).date(), minute, zone)), members)], BitMap()
    zones = standing.zones_in(ws, tx)
    if schedule.timing is Timing.LOCAL:
        there = at.astimezone(zone if schedule.rhythm is Rhythm.NOW else FIRST_ZONE).date()
        day = schedule.on if schedule.rhythm is Rhythm.ONCE and schedule.on is not None else there
        return _local(zones, members, day, minute, at, schedule.passed)
    return list(_best(ws, tx, zones, members, minute, at)), BitMap()


def _local(
    zones: Zones, members: BitMap, day: dt.date, minute: int, at: dt.datetime, passed: Passed
) -> tuple[list[tuple[dt.datetime, BitMap]], BitMap]:
    found: list[tuple[dt.datetime, BitMap]] = []
    skipped = BitMap()
    for zone, here in zones.split(members):
        instant = occasions.at_minute(day, minute, zone)
        if instant >= at:
            found.append((instant, here))
        elif passed is Passed.SEND:
            found.append((at, here))
        elif passed is Passed.NEXT_DAY:
            found.append((occasions.at_minute(day + dt.timedelta(days=1), minute, zone), here))
        else:
            skipped |= here
    return found, skipped


def _best(ws: Workspace, tx: Tx, zones: Zones, members: BitMap, minute: int, at: dt.datetime) -> Iterator[tuple[dt.datetime, BitMap]]:
    """Each at their hour within the next day; whoever we know too little of at the stated time, by their own clock."""
    policy = policies.policy_of([rule.draft for rule in ruling.listing(tx)], zones, members)
    own = frozenset() if policy is None else policy.own
    left = members
    for hour, awake in sorted(waking.hours(ws, at).items()):
        here = left & awake
        left = left - here
        instant = at.replace(hour=hour, minute=0, second=0, microsecond=0)
        instant = instant if instant >= at else instant + dt.timedelta(days=1)
        for zone, there in zones.split(here):
            yield _nearest(own, instant, at, zone), there
    for zone, there in zones.split(left):
        day = at.astimezone(zone).date()
        instant = occasions.at_minute(day, minute, zone)
        yield (instant if instant >= at else occasions.at_minute(day + dt.timedelta(days=1), minute, zone)), there


def _nearest(own: policies.Quiet, instant: dt.datetime, at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The instant, or the nearest that is not quiet (Q11); an equal way before goes first."""
    if not policies.covers(own, instant.astimezone(zone)):
        return instant
    for away in range(1, _AWAY_MAX + 1):
        for moved in (instant - away * _STEP, instant + away * _STEP):
            if moved >= at and not policies.covers(own, moved.astimezone(zone)):
                return moved
    return instant
