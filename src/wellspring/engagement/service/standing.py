"""What the planner has to know at one instant, gathered from people, channels, audiences and our own counters."""

import datetime as dt
import functools
import threading
import weakref
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from pyroaring import BitMap

from wellspring.audiences import api as audiences
from wellspring.channels.contracts.sends import Channel
from wellspring.engagement.contracts.rules import RuleDraft, RuleKind
from wellspring.engagement.contracts.touches import Origin, Purpose
from wellspring.engagement.repo import counters, ledger
from wellspring.engagement.rules import policies
from wellspring.engagement.rules.caps import Booking, Cap, Scope, Touching
from wellspring.engagement.rules.planning import NO_ADDRESSES, Addresses, Rules, Standing
from wellspring.engagement.rules.zones import Zones, zone_of, zones_of
from wellspring.engagement.service import booking, holding, ruling
from wellspring.engagement.service.carrying import carrier
from wellspring.kernel import bus
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.errors import NotFound
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.stores import Tx
from wellspring.kernel.stores.sql import Sql
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

# What members said comes before what was inferred of them (Q02).
ZONE_ATTRIBUTES = ("timezone", "timezone_inferred")
_FALLBACK = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Asked:
    """What a plan is asked for: which touch, on whose behalf, and how members are told apart."""

    origin: Origin
    scope: str
    channel: Channel
    account_id: str
    purpose: Purpose
    touching: Touching
    is_held_out_checked: bool


@dataclass(frozen=True)
class Gathered:
    """The standing of some members, and the rules."""

    standing: Standing
    rules: Rules


def gather(
    ws: Workspace,
    tx: Tx,
    asked: Asked,
    members: BitMap,
    at: dt.datetime,
    *,
    with_bookings: bool = True,
    seen_from: dt.datetime | None = None,
) -> Gathered:
    """Everything that `planning.plan` needs for these members; seen from an earlier instant, what goes in between has gone."""
    drafts = [rule.draft for rule in ruling.listing(tx)]
    known = policies.caps_of(drafts)
    zones = zones_in(ws, tx)
    bookings = _booked(ws, tx, asked, members, known, at, seen_from) if with_bookings else ()
    scopes: set[Scope] = set(asked.touching.scopes)
    scopes |= {scope for one in bookings for scope in one.touching.scopes}
    reachable, consenting = may_receive(ws, asked.channel, asked.account_id, asked.purpose, members)
    counted = counters.load(tx, _capped(known, scopes), people.holders(ws))
    if seen_from is not None:
        bookings = booking.foreseen(counted, known, bookings, zones, members, at, asked.touching.priority)
    standing = Standing(
        consenting=consenting,
        reachable=reachable,
        zones=zones,
        counters=counted,
        suppressed=suppressed(ws, drafts, members),
        held_out=_held_out(ws, tx, asked, members),
        addresses=_addresses(ws, tx, asked, members & reachable & consenting),
    )
    rules = Rules(known, policies.policy_of(drafts, zones, members), tuple(bookings))
    return Gathered(standing, rules)


def may_receive(ws: Workspace, channel: Channel, account_id: str, purpose: Purpose, members: BitMap) -> tuple[BitMap, BitMap]:
    """Who of all can be reached, and who of all agreed."""
    reachable = carrier().reachable(ws, channel=channel, account_id=account_id)
    consenting = carrier().consenting(ws, channel=channel, purpose=purpose.value)
    return reachable, members if consenting is None else consenting


def suppressed(ws: Workspace, drafts: Iterable[RuleDraft], members: BitMap) -> BitMap:
    """Who is never to be touched, and who is gone for good."""
    found = BitMap()
    for draft in drafts:
        if draft.kind is RuleKind.NEVER and draft.is_on:
            try:
                found |= audiences.members(ws, by=SYSTEM, audience_id=draft.audience_id)
            except NotFound:
                # The audience was deleted; the rule is shown as broken on its page.
                continue
    return found & members


def zones_in(ws: Workspace, tx: Tx) -> Zones:
    """Where members live."""
    return zones_and_unknown(ws, tx)[0]


def zones_and_unknown(ws: Workspace, tx: Tx) -> tuple[Zones, dict[str, BitMap]]:
    """Where members live, and for whom a zone is named that is none (Q02)."""
    project = zone_of(ws.settings.get(WorkspaceSettings).time_zone) or _FALLBACK
    version: Hashable = (bus.latest(ws.sql, tx, "people."), people.holders_epoch(ws), project.key)
    with _lock:
        kept = _zones.get(ws.sql)
    if kept is not None and kept[0] == version:
        return kept[1], kept[2]
    said = [people.members_by_attribute(ws, name=name) for name in ZONE_ATTRIBUTES]
    zones, unknown = zones_of(said, project)
    ws.sql.once_true(functools.partial(_keep, ws.sql, (version, zones, unknown)))
    return zones, unknown


def _keep(sql: Sql, found: tuple[Hashable, Zones, dict[str, BitMap]]) -> None:
    with _lock:
        _zones[sql] = found


_zones: "weakref.WeakKeyDictionary[Sql, tuple[Hashable, Zones, dict[str, BitMap]]]" = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def _booked(
    ws: Workspace, tx: Tx, asked: Asked, members: BitMap, known: Sequence[Cap], at: dt.datetime, seen_from: dt.datetime | None
) -> tuple[Booking, ...]:
    """What waits for later: only messages of less priority make way for it (F08), so a plan reads the greater ones alone."""
    if not known:
        return ()
    since = seen_from or at
    above = None if seen_from is not None else asked.touching.priority
    span = (at - since) + booking.longest(known)
    return (*booking.waiting(tx, since), *booking.scheduled(ws, tx, since, among=members, above=above, but=asked.origin.id, longest=span))


def _capped(known: Iterable[Cap], scopes: set[Scope]) -> set[Scope]:
    """Of the scopes those that a rule counts by: the others are charged and need not be read."""
    return scopes & {cap.scope for cap in known}


def _held_out(ws: Workspace, tx: Tx, asked: Asked, members: BitMap) -> BitMap:
    if asked.purpose is Purpose.SERVICE:
        return BitMap()
    if asked.is_held_out_checked:
        return holding.held_by_workspace(ws, tx, members)
    return holding.held_out(ws, tx, asked.origin.kind.value, asked.origin.id, members)


def _addresses(ws: Workspace, tx: Tx, asked: Asked, members: BitMap) -> Addresses:
    """Addresses that several members have, and those that this scope has used (N10)."""
    if not members:
        return NO_ADDRESSES
    wanted = {"account_id": asked.account_id, "purpose": asked.purpose.value}
    found, texts = carrier().addresses(ws, channel=asked.channel, member_nos=members, **wanted)
    if not len(found):
        return NO_ADDRESSES
    named = pa.array(texts, type=pa.string()).dictionary_encode()
    codes = named.indices.to_numpy().astype(np.int64)
    used_texts = ledger.addresses_used(tx, asked.scope)
    places = {text: place for place, text in enumerate(named.dictionary.to_pylist())} if used_texts else {}
    used = np.array(sorted({places[text] for text in used_texts if text in places}), dtype=np.int64)
    is_shared = (np.bincount(codes) > 1)[codes] | np.isin(codes, used)
    return Addresses(found[is_shared], codes[is_shared], used)
