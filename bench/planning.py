"""A plan for 1,000,000 recipients over 5,000 guides, beside the bare set operations that anybody would type for it.

Ten cap rules over thirty days of touches, quiet hours in four zones, holdout, consent, shared addresses, and who carries
what. The bare operations start from sets that are ready, those of who is at which cap and who sleeps among them, and end
with one set per guide; they know no reasons, no limits of a guide's day and nobody who has two guides. Interleaved
rounds on one thread. WELLSPRING_BENCH_PLAN_MEMBERS sets the size.
"""

import datetime as dt
import os
import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

import numpy as np
from pyroaring import BitMap

from bench.results import Result, median, result
from wellspring.engagement.rules.caps import Cap, Counters, Scope, ScopeKind, Touching, calendar, reached, rolling
from wellspring.engagement.rules.planning import Addresses, Message, Plan, Reason, Rules, Standing, plan
from wellspring.engagement.rules.quiet import Policy, Span
from wellspring.engagement.rules.senders import Choice, Relations, choose
from wellspring.engagement.rules.zones import Zones
from wellspring.kernel.sets.columns import from_column

MEMBERS = int(os.environ.get("WELLSPRING_BENCH_PLAN_MEMBERS", "1000000"))
GUIDES, _ROUNDS, _DAYS = 5_000, 5, 3
ZONE = ZoneInfo("Asia/Shanghai")
_AT_MOST = 10.0
NOW = dt.datetime(2026, 11, 10, 2, tzinfo=dt.UTC)  # ten in the morning in Shanghai, night in New York
_SMS = Touching("sms", "autumn", frozenset({"sale"}))
_CHANNEL, _CAMPAIGN = Scope(ScopeKind.CHANNEL, "sms"), Scope(ScopeKind.CAMPAIGN, "autumn")
_TAG, _ALL = Scope(ScopeKind.TAG, "sale"), Scope(ScopeKind.ALL)
CAPS = (
    Cap(_ALL, 2, calendar(1)),
    Cap(_ALL, 4, calendar(7)),
    Cap(_ALL, 8, calendar(30)),
    Cap(_ALL, 2, rolling(24)),
    Cap(_CHANNEL, 1, calendar(1)),
    Cap(_CHANNEL, 2, calendar(7)),
    Cap(_CHANNEL, 1, rolling(12)),
    Cap(_TAG, 1, calendar(3)),
    Cap(_TAG, 3, rolling(168)),
    Cap(_CAMPAIGN, 2, calendar(30)),
)


def run() -> list[Result]:
    """Medians of interleaved rounds, in seconds."""
    draw = np.random.default_rng(7)
    audience, standing = from_column(np.arange(1, MEMBERS + 1, dtype=np.uint32)), _standing(draw)
    relations, room = _relations(draw), np.full((GUIDES, _DAYS), 100, dtype=np.int64)
    rules, message = Rules(CAPS, Policy(frozenset({Span(21 * 60, 8 * 60)}))), Message(_SMS)
    ready = _ready(audience, standing, plan(audience, message, standing, rules, NOW))
    clients = [from_column(relations.members[relations.is_owner & (relations.guides == guide)]) for guide in range(GUIDES)]
    bare, filters, whole, chosen, balanced = [], [], [], [], []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        allowed = _bare(audience, standing, ready)
        filters.append(time.perf_counter() - started)
        parts = [allowed & mine for mine in clients]
        bare.append(time.perf_counter() - started)
        started = time.perf_counter()
        planned = plan(audience, message, standing, rules, NOW)
        chosen.append(time.perf_counter() - started)
        carried = choose(planned.allowed, relations, room, by=[Choice.OWNER, Choice.LAST_CONTACT], salt="bench")
        counts = carried.counts()
        whole.append(time.perf_counter() - started)
        started = time.perf_counter()
        choose(planned.allowed, relations, room, by=[Choice.BALANCED], salt="bench")
        balanced.append(time.perf_counter() - started)
        assert planned.allowed == allowed
        assert counts.sum() + len(carried.over_limit) == len(allowed) == sum(len(part) for part in parts)
    return _told(bare=bare, filters=filters, whole=whole, chosen=chosen, balanced=balanced)


def bare_planner() -> Callable[[], None]:
    """The bare operations alone, from ready sets; the baseline of whoever plans in the stores."""
    draw = np.random.default_rng(7)
    audience, standing = from_column(np.arange(1, MEMBERS + 1, dtype=np.uint32)), _standing(draw)
    relations, rules = _relations(draw), Rules(CAPS, Policy(frozenset({Span(21 * 60, 8 * 60)})))
    ready = _ready(audience, standing, plan(audience, Message(_SMS), standing, rules, NOW))
    clients = [from_column(relations.members[relations.is_owner & (relations.guides == guide)]) for guide in range(GUIDES)]

    def once() -> None:
        allowed = _bare(audience, standing, ready)
        assert sum(len(allowed & mine) for mine in clients)

    return once


def planner() -> Callable[[], None]:
    """Something that plans for everybody each time it is called; what other benches run beside them."""
    draw = np.random.default_rng(7)
    audience, standing = from_column(np.arange(1, MEMBERS + 1, dtype=np.uint32)), _standing(draw)
    relations, room = _relations(draw), np.full((GUIDES, _DAYS), 100, dtype=np.int64)
    rules = Rules(CAPS, Policy(frozenset({Span(21 * 60, 8 * 60)})))

    def once() -> None:
        planned = plan(audience, Message(_SMS), standing, rules, NOW)
        choose(planned.allowed, relations, room, by=[Choice.OWNER, Choice.LAST_CONTACT], salt="bench").counts()

    return once


def _told(*, bare: list[float], filters: list[float], whole: list[float], chosen: list[float], balanced: list[float]) -> list[Result]:
    beside = {"baseline": "bare set operations from ready sets, split by guide", "baseline_value": median(bare)}
    name = f"planning: {MEMBERS:,} recipients, {GUIDES:,} guides, {len(CAPS)} caps"
    return [
        result(name, median(whole), "s", **beside, at_most=_AT_MOST),
        result("planning: who is allowed and every first reason", median(chosen), "s"),
        result("planning: the bare operations before the split by guide", median(filters), "s"),
        result("planning: senders balanced over all guides who know a member", median(balanced), "s"),
    ]


def _some(draw: np.random.Generator, share: float) -> BitMap:
    return from_column(np.flatnonzero(draw.random(MEMBERS) < share).astype(np.uint32) + 1)


def _standing(draw: np.random.Generator) -> Standing:
    away = [("Asia/Urumqi", 0.02), ("Asia/Tokyo", 0.01), ("America/New_York", 0.01)]
    parts: list[tuple[ZoneInfo, BitMap]] = []
    for name, share in away:
        parts.append((ZoneInfo(name), _some(draw, share).difference(*(members for _, members in parts))))
    zones = Zones(tuple(parts), ZoneInfo("Asia/Shanghai"))
    shared = np.sort(draw.choice(np.arange(1, MEMBERS + 1), MEMBERS // 50, replace=False)).astype(np.uint32)
    addresses = Addresses(shared, draw.integers(0, len(shared) // 2, len(shared)), np.arange(0, 100))
    counters = Counters()
    for day in range(30):
        then = NOW - dt.timedelta(days=29 - day, hours=1)
        touching = (_SMS, Touching("wecom", "news"), Touching("sms", "news", frozenset({"sale"})))[day % 3]
        counters.reserve(touching, _some(draw, 0.1), then, zones)
    return Standing(
        consenting=_some(draw, 0.9),
        reachable=_some(draw, 0.95),
        zones=zones,
        counters=counters,
        suppressed=_some(draw, 0.01),
        held_out=_some(draw, 0.05),
        stale=_some(draw, 0.001),
        addresses=addresses,
    )


def _relations(draw: np.random.Generator) -> Relations:
    """An owner for everybody, another guide for every second member."""
    owned, known = np.arange(1, MEMBERS + 1, dtype=np.uint32), np.arange(1, MEMBERS + 1, 2, dtype=np.uint32)
    owner = draw.integers(0, GUIDES, len(owned))
    other = (owner[::2] + draw.integers(1, GUIDES, len(known))) % GUIDES
    members, guides = np.concatenate([owned, known]), np.concatenate([owner, other])
    is_owner = np.arange(len(members)) < len(owned)
    return Relations.of(members, guides, draw.integers(0, 10**9, len(members)), is_owner)


def _ready(audience: BitMap, standing: Standing, planned: Plan) -> list[BitMap]:
    """What the bare operations take away: who is at which cap, who sleeps, whose turn is over, whose address is taken."""
    full = reached(CAPS, standing.counters, _SMS, NOW, zones=standing.zones, among=audience)
    sleeping = BitMap().union(*(members for zone, members in standing.zones.parts if zone.key == "America/New_York"))
    return [*(members for _, members in full), sleeping, standing.stale, planned.dropped[Reason.ADDRESS_TAKEN]]


def _bare(audience: BitMap, standing: Standing, ready: list[BitMap]) -> BitMap:
    allowed = audience & standing.consenting & standing.reachable
    allowed -= standing.suppressed
    allowed -= standing.held_out
    for members in ready:
        allowed -= members
    return allowed
