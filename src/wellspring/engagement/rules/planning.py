"""One pass from an audience to who may be touched now, and for everybody else the first reason why not.

The order of reasons is that of `Reason`: what somebody said stands before what we can do, that before what we owe the
experiment, and what passes with time comes last. Holdout stands before caps and quiet hours, so that the treated are known
as they were assigned, those included who were then capped or asleep. Everything is a set; no member is looked at alone.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from pyroaring import BitMap

from wellspring.engagement.rules.caps import Booking, Cap, Counters, Touching, crowded_out, reached
from wellspring.engagement.rules.quiet import Held, Policy, grouped, held
from wellspring.engagement.rules.senders import Assignment, Whole
from wellspring.engagement.rules.zones import Zones
from wellspring.kernel.sets.columns import Column, from_column, to_column


class Reason(StrEnum):
    """Why somebody is not touched now; the first that holds, in this order, is the one that is told."""

    NO_CONSENT = "no_consent"
    UNREACHABLE = "unreachable"
    SUPPRESSED = "suppressed"
    HELD_OUT = "held_out"
    CAPPED = "capped"
    QUIET = "quiet"
    STALE = "stale"
    ADDRESS_TAKEN = "address_taken"


# What concerns marketing alone: a receipt or a changed appointment goes to those too.
MARKETING_ONLY = frozenset({Reason.NO_CONSENT, Reason.HELD_OUT, Reason.CAPPED})


@dataclass(frozen=True)
class Addresses:
    """Addresses that several members have: columns of one length, and those that this campaign has used already.

    Who is alone at their address need not be in the columns.
    """

    members: Column
    addresses: Whole
    used: Whole


NO_ADDRESSES = Addresses(np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


@dataclass(frozen=True)
class Standing:
    """What is known of members for one channel at the moment of planning, each a set."""

    consenting: BitMap
    reachable: BitMap
    zones: Zones
    counters: Counters
    suppressed: BitMap = field(default_factory=BitMap)
    held_out: BitMap = field(default_factory=BitMap)
    # Whose turn came longer ago than the message is good for.
    stale: BitMap = field(default_factory=BitMap)
    addresses: Addresses = NO_ADDRESSES


@dataclass(frozen=True)
class Rules:
    """What the brand and the law allow, and what is booked already."""

    caps: tuple[Cap, ...] = ()
    quiet: Policy | None = None
    bookings: tuple[Booking, ...] = ()


@dataclass(frozen=True)
class Message:
    """What is to be sent; after `expires_at` it is worth nothing."""

    touching: Touching
    expires_at: dt.datetime | None = None


@dataclass(frozen=True)
class Plan:
    """The audience in disjoint parts: who is allowed, and who is dropped by first reason (every reason is there)."""

    allowed: BitMap
    dropped: dict[Reason, BitMap]
    # Of those dropped as quiet, who may go later and from when on; neither stale by then nor quiet for ever.
    held: tuple[tuple[dt.datetime, BitMap], ...]
    # Assigned to be touched, as the experiment counts them: whatever was decided after the holdout.
    treated: BitMap
    # Of those capped, for whom only a booking of greater priority stands in the way.
    yielded: BitMap
    at_caps: tuple[tuple[Cap, BitMap], ...]

    def counts(self) -> dict[Reason, int]:
        """How many were dropped by each first reason."""
        return {reason: len(members) for reason, members in self.dropped.items()}


@dataclass(frozen=True)
class Outlook:
    """What a plan amounts to before it is started: messages by guide and day (int64[guides, days]), and who loses what."""

    by_guide_and_day: Whole
    without_guide: int
    over_limit: int
    by_reason: dict[Reason, int]
    crowds_out: tuple[tuple[Booking, BitMap], ...]


def plan(audience: BitMap, message: Message, standing: Standing, rules: Rules, at: dt.datetime) -> Plan:
    """Decides for all at once and counts nothing: what is allowed is reserved by `caps.take` when it goes."""
    dropped: dict[Reason, BitMap] = {}
    is_transactional = message.touching.is_transactional
    nobody = BitMap()

    def kept(left: BitMap, reason: Reason, out: BitMap) -> BitMap:
        dropped[reason] = nobody if is_transactional and reason in MARKETING_ONLY else out
        return left - dropped[reason] if dropped[reason] else left

    left = kept(audience, Reason.NO_CONSENT, audience - standing.consenting)
    left = kept(left, Reason.UNREACHABLE, left - standing.reachable)
    left = kept(left, Reason.SUPPRESSED, left & standing.suppressed)
    treated = left = kept(left, Reason.HELD_OUT, left & standing.held_out)
    at_caps, yielded = _capped(left, message.touching, standing, rules, at)
    left = kept(left, Reason.CAPPED, nobody.union(*(full for _, full in at_caps)))
    sleeping = _sleeping(left, standing.zones, None if message.touching.is_silent else rules.quiet, at)
    left = kept(left, Reason.QUIET, nobody.union(*(asleep.group.members for asleep in sleeping)))
    left = kept(left, Reason.STALE, left & standing.stale if message.expires_at is None or at < message.expires_at else left)
    left = kept(left, Reason.ADDRESS_TAKEN, doubled(left, standing.addresses))
    return Plan(left, dropped, _held(sleeping, standing.stale, message.expires_at), treated, yielded, at_caps)


def outlook(planned: Plan, carried: Assignment, message: Message, standing: Standing, rules: Rules, at: dt.datetime) -> Outlook:
    """The figures of a plan and of who carries it (`senders.choose` over `planned.allowed`), as if all went at this instant."""
    going = from_column(carried.members[carried.days != -1])
    crowds_out = crowded_out(rules.caps, standing.counters, message.touching, going, at, zones=standing.zones, bookings=rules.bookings)
    return Outlook(carried.counts(), len(carried.without_guide), len(carried.over_limit), planned.counts(), crowds_out)


def doubled(members: BitMap, addresses: Addresses) -> BitMap:
    """Those who would get at an address what another gets there already: all but the lowest number, or all if it is used."""
    shared = from_column(addresses.members) & members
    if not shared:
        return shared
    place = np.isin(addresses.members, to_column(shared))
    order = np.lexsort((addresses.members[place], addresses.addresses[place]))
    found, at_address = addresses.members[place][order], addresses.addresses[place][order]
    is_first = np.append(True, at_address[1:] != at_address[:-1])
    return from_column(found[~is_first | np.isin(at_address, addresses.used)])


def _capped(
    left: BitMap, touching: Touching, standing: Standing, rules: Rules, at: dt.datetime
) -> tuple[tuple[tuple[Cap, BitMap], ...], BitMap]:
    def full(bookings: Sequence[Booking]) -> tuple[tuple[Cap, BitMap], ...]:
        return reached(rules.caps, standing.counters, touching, at, zones=standing.zones, among=left, bookings=bookings)

    found = full(rules.bookings)
    if not rules.bookings:
        return found, BitMap()
    by_touches = BitMap().union(*(members for _, members in full(())))
    return found, BitMap().union(*(members for _, members in found)) - by_touches


def _sleeping(left: BitMap, zones: Zones, policy: Policy | None, at: dt.datetime) -> list[Held]:
    return [] if policy is None or not left else held(grouped(policy, zones, left), at)


def _held(sleeping: Sequence[Held], stale: BitMap, expires_at: dt.datetime | None) -> tuple[tuple[dt.datetime, BitMap], ...]:
    found = [(asleep.until, asleep.group.members - stale) for asleep in sleeping if asleep.until is not None]
    return tuple((until, members) for until, members in found if members and (expires_at is None or until < expires_at))
