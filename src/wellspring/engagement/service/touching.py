"""Asking for touches: who may be touched now is planned, counted and written down in the caller's own transaction.

Sets, not rows: a campaign of a million is a few thousand intents, one per guide and day. What cannot go now but may later
(quiet hours, a guide's full day) waits uncharged and is asked again when its time comes, so a cap is charged on the day
of the touch (F09). Nothing is sent from here: the pump takes intents once they are committed.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from pyroaring import BitMap

from wellspring.channels.contracts.sends import Channel
from wellspring.engagement.contracts.touches import BatchState, Fate, Origin, ParcelState, Purpose, Why
from wellspring.engagement.repo import batches, calls, counters, ledger
from wellspring.engagement.repo.batches import Batch, touching_of
from wellspring.engagement.rules import planning, quiet
from wellspring.engagement.rules.caps import Counters
from wellspring.engagement.rules.planning import Message, Outlook, Plan
from wellspring.engagement.rules.senders import Choice
from wellspring.engagement.service import assigning, settling, standing, turns
from wellspring.engagement.service.marking import NEVER
from wellspring.engagement.service.standing import Gathered
from wellspring.engagement.service.turns import scope_set
from wellspring.kernel import pumps, sets
from wellspring.kernel.ids import new_ids
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

_NOBODY = BitMap()
# The second: a call that was put off by the provider before it took anything.
_UNCALLED = (Fate.CLAIMED.value, Fate.CALLING.value)
_UNENDED = (*_UNCALLED, Fate.UNKNOWN.value)
# Calls whose touches are read at once.
_READ_MAX = 1_000


@dataclasses.dataclass(frozen=True)
class Ask:
    """What is to be sent and on whose behalf. The same scope touches a member at most once for ever (an instance, where keys are given)."""

    origin: Origin
    scope: str
    content_id: str
    channel: Channel
    account_id: str
    purpose: Purpose = Purpose.MARKETING
    tags: frozenset[str] = frozenset()
    priority: int = 0
    expires_at: dt.datetime | None = None
    senders: tuple[Choice, ...] = (Choice.OWNER, Choice.LAST_CONTACT)
    keys: Mapping[int, str] | None = None
    # Whoever asks has drawn the holdout already; that of the workspace is looked at again all the same.
    is_held_out_checked: bool = False

    @property
    def message(self) -> Message:
        """As the planner sees it."""
        return Message(touching_of(self.origin, self.channel.value, self.tags, self.priority, self.purpose), self.expires_at)


@dataclasses.dataclass(frozen=True)
class Asked:
    """The members in disjoint parts: planned to go now, held for a later instant, dropped for a first reason, or touched before."""

    planned: BitMap
    held: tuple[tuple[dt.datetime, BitMap], ...]
    dropped: dict[str, BitMap]
    treated: BitMap
    repeated: BitMap


@dataclasses.dataclass(frozen=True)
class Preview:
    """What asking would come to, without asking: the plan, who carries it, and whom it crowds out."""

    asked: Asked
    outlook: Outlook
    guides: tuple[str, ...]


def ask(ws: Workspace, tx: Tx, ask: Ask, members: BitMap, at: dt.datetime) -> Asked:
    """Plans, charges the caps and writes intents, all in the caller's transaction; one planner at a time (F01)."""
    ws.sql.lock(tx, turns.PLANNING)
    repeated = _repeated(ws, tx, ask, members)
    pattern = template(ask, at)
    gathered = standing.gather(ws, tx, _wanted(ask), members - repeated, at)
    found, fresh = _decide(ws, tx, pattern, members - repeated, gathered, at)
    asked = dataclasses.replace(found, repeated=repeated)
    _write(tx, pattern, fresh, asked.dropped, at)
    taken = asked.planned.union(*(later for _, later in asked.held)) if asked.held else asked.planned
    if ask.keys is None and taken:
        sets.change(tx, scope_set(ask.scope), add=taken)
    ws.sql.after_commit(lambda: pumps.wake(turns.PUMP))
    return asked


def preview(ws: Workspace, tx: Tx, ask: Ask, members: BitMap, at: dt.datetime) -> Preview:
    """What `ask` would come to at an instant, reckoning with everything that is to go before; nothing is written or charged."""
    repeated = _repeated(ws, tx, ask, members)
    gathered = standing.gather(ws, tx, _wanted(ask), members - repeated, at, seen_from=ws.clock.now())
    planned = planning.plan(members - repeated, ask.message, gathered.standing, gathered.rules, at)
    carried = assigning.assign(ws, tx, template(ask, at), planned.allowed, at)
    outlook = planning.outlook(planned, carried.assignment, ask.message, gathered.standing, gathered.rules, at)
    asked = _parts(planned, carried)
    return Preview(dataclasses.replace(asked, repeated=repeated), outlook, carried.guides)


def replan(ws: Workspace, tx: Tx, batch: Batch, at: dt.datetime) -> Asked:
    """Asks again for an intent whose time has come: caps, consent, quiet hours and staleness as of now (F09, Q08, Q09)."""
    ws.sql.lock(tx, turns.PLANNING)
    wanted = standing.Asked(
        batch.origin, batch.scope, Channel(batch.channel), batch.account_id, batch.purpose, batch.touching, is_held_out_checked=True
    )
    gathered = standing.gather(ws, tx, wanted, batch.members, at)
    batch = dataclasses.replace(batch, is_asleep=False)
    asked, fresh = _decide(ws, tx, batch, batch.members, gathered, at)
    batches.finish(tx, batch.id, BatchState.WITHDRAWN)
    _write(tx, batch, fresh, asked.dropped, at)
    lost = _NOBODY.union(*asked.dropped.values())
    if lost and not batch.keys:
        sets.change(tx, scope_set(batch.scope), remove=lost)
    return asked


def book(ws: Workspace, tx: Tx, ask: Ask, parts: Sequence[tuple[dt.datetime, BitMap]], at: dt.datetime) -> BitMap:
    """Writes intents for later instants, uncharged: everything is asked when their time comes. Gives who was not repeated."""
    ws.sql.lock(tx, turns.PLANNING)
    repeated = _repeated(ws, tx, ask, _NOBODY.union(*(members for _, members in parts)))
    waiting = dataclasses.replace(template(ask, at), state=BatchState.WAITING)
    fresh = [dataclasses.replace(waiting, members=here, release_at=later) for later, members in parts if (here := members - repeated)]
    _write(tx, waiting, fresh, {}, at)
    taken = _NOBODY.union(*(batch.members for batch in fresh))
    if ask.keys is None and taken:
        sets.change(tx, scope_set(ask.scope), add=taken)
    ws.sql.after_commit(lambda: pumps.wake(turns.PUMP))
    return taken


def pause(ws: Workspace, tx: Tx, *, origin: Origin) -> None:
    """Stops everything of an origin that no provider has heard of, where it stands; its places under the caps are free."""
    ws.sql.lock(tx, turns.PLANNING)
    ws.sql.lock(tx, turns.CALLING)
    known = batches.open_of(tx, origin.kind, origin.id)
    counters.release_several(tx, (batch.reservation(batch.members) for batch in known))
    for batch in known:
        batches.pause(tx, batch)
    ledger.turn_parcels(tx, origin.kind.value, origin.id, ParcelState.READY, ParcelState.PAUSED)


def resume(ws: Workspace, tx: Tx, *, origin: Origin) -> None:
    """Goes on where it was stopped; what waits is asked again, so what is stale by now is left out (J19)."""
    ws.sql.lock(tx, turns.PLANNING)
    batches.resume(tx, origin.kind, origin.id, ws.clock.now())
    ledger.turn_parcels(tx, origin.kind.value, origin.id, ParcelState.PAUSED, ParcelState.READY)
    ws.sql.after_commit(lambda: pumps.wake(turns.PUMP))


def withdraw(
    ws: Workspace,
    tx: Tx,
    *,
    origin: Origin,
    scope: str | None = None,
    members: BitMap | None = None,
    reason: Why = Why.WITHDRAWN,
    any_node: bool = False,
) -> BitMap:
    """Takes back what was not yet handed to a provider, of a node or of the whole origin; places under the caps are free again."""
    ws.sql.lock(tx, turns.PLANNING)
    at, taken = ws.clock.now(), BitMap()
    known = batches.open_of(tx, origin.kind, origin.id, scope=scope, node=None if any_node else origin.node)
    going = [(batch, gone) for batch in known if (gone := batch.members if members is None else batch.members & members)]
    batches.put_members_of(tx, [(batch, batch.members - gone) for batch, gone in going], reason.value)
    counters.release_several(tx, (batch.reservation(gone) for batch, gone in going))
    for alike in _alike(going):
        batch, gone = alike[0][0], BitMap().union(*(gone for _, gone in alike))
        batches.drop(tx, batch, {reason.value: gone}, at)
        if not batch.keys:
            sets.change(tx, scope_set(batch.scope), remove=gone)
        taken |= gone
    return taken | _uncall(ws, tx, origin, None if any_node else origin.node, scope, members, reason, at)


def _alike(going: Sequence[tuple[Batch, BitMap]]) -> list[list[tuple[Batch, BitMap]]]:
    """Intents that differ in their sender and time alone."""
    found: dict[tuple[object, ...], list[tuple[Batch, BitMap]]] = {}
    for batch, gone in going:
        found.setdefault((batch.origin, batch.scope, batch.channel, batch.content_id, bool(batch.keys)), []).append((batch, gone))
    return list(found.values())


def _uncall(
    ws: Workspace, tx: Tx, origin: Origin, node: str | None, scope: str | None, members: BitMap | None, reason: Why, at: dt.datetime
) -> BitMap:
    """Stops calls that no worker has in hand; what a provider may have heard of is not tried again, should it come back."""
    ws.sql.lock(tx, turns.CALLING)
    in_hand = ledger.in_hand_of(tx, origin.kind.value, origin.id, never=NEVER)
    ready = ledger.ready_of(tx, origin.kind.value, origin.id)
    keys = [parcel["key"] for parcel in (*in_hand, *ready) if node in (None, parcel["origin_node"])]
    sends_of: dict[str, list[ledger.Row]] = {}
    for start in range(0, len(keys), _READ_MAX):
        sends_of |= calls.sends_of(tx, keys[start : start + _READ_MAX])

    def meant(parcel: ledger.Row) -> list[ledger.Row]:
        sends = [send for send in sends_of.get(parcel["key"], ()) if scope in (None, send["scope"])]
        return [send for send in sends if send["fate"] in _UNENDED and (members is None or send["member_no"] in members)]

    for parcel in in_hand:
        mine = meant(parcel)
        ledger.take_back(tx, [send["id"] for send in mine if send["fate"] in _UNCALLED], reason.value)
        if mine:
            ledger.change_parcel(tx, parcel["key"], ParcelState.UNKNOWN, due_at=NEVER)
    taken = BitMap()
    for parcel in ready:
        mine = [send for send in meant(parcel) if send["fate"] in _UNCALLED]
        settling.settle(ws, tx, mine, {send["id"]: (Fate.DROPPED, reason.value) for send in mine}, at)
        gone = BitMap(send["member_no"] for send in mine)
        for name in sorted({send["scope"] for send in mine if not send["instance"]}):
            sets.change(tx, scope_set(name), remove=gone)
        taken |= gone
    return taken


def _repeated(ws: Workspace, tx: Tx, ask: Ask, members: BitMap) -> BitMap:
    """Whom the scope has planned or touched, or somebody who has become them since (N04)."""
    holders = people.holders(ws)
    if ask.keys is None:
        known = sets.read(tx, scope_set(ask.scope))
        return members & (known | BitMap(holders[number] for number in known & BitMap(holders)))
    wanted = {(member, ask.keys.get(member, "")) for member in members}
    found = ledger.touched(tx, ask.scope, sorted({key for _, key in wanted}))
    for batch in batches.open_of(tx, ask.origin.kind, ask.origin.id, scope=ask.scope):
        found |= {(member, batch.keys.get(member, "")) for member in batch.members}
    return BitMap(member for member, _ in wanted & {(holders.get(member, member), key) for member, key in found})


def _wanted(ask: Ask) -> standing.Asked:
    return standing.Asked(
        ask.origin, ask.scope, ask.channel, ask.account_id, ask.purpose, ask.message.touching, is_held_out_checked=ask.is_held_out_checked
    )


def template(ask: Ask, at: dt.datetime) -> Batch:
    """The intent of an ask, with nobody in it."""
    return Batch(
        id="",
        origin=ask.origin,
        scope=ask.scope,
        content_id=ask.content_id,
        channel=ask.channel.value,
        account_id=ask.account_id,
        sender="",
        purpose=ask.purpose,
        tags=ask.tags,
        priority=ask.priority,
        expires_at=ask.expires_at,
        senders=tuple(choice.value for choice in ask.senders),
        is_held_out_checked=ask.is_held_out_checked,
        members=_NOBODY,
        keys=dict(ask.keys or {}),
        release_at=at,
    )


def _decide(ws: Workspace, tx: Tx, template: Batch, members: BitMap, gathered: Gathered, at: dt.datetime) -> tuple[Asked, list[Batch]]:
    """Who goes now, in intents that are charged; who waits, in intents that are not; and who does not go at all."""
    message = Message(template.touching, template.expires_at)
    planned = planning.plan(members, message, gathered.standing, gathered.rules, at)
    carried = assigning.assign(ws, tx, template, planned.allowed, at)
    asked = _parts(planned, carried)
    zones = gathered.standing.zones
    going = dataclasses.replace(template, state=BatchState.PLANNED, release_at=at, charged_at=at)
    fresh = [dataclasses.replace(going, sender=sender, members=here, days=_days(zones.by_day(at, here))) for sender, here in carried.now]
    # All scopes are charged, those too that no rule counts by yet; what was read before decides, so an empty counter will do.
    counters.charge(tx, Counters().reserve(template.touching, asked.planned, at, zones))
    waiting = [
        dataclasses.replace(template, sender=sender, members=here, release_at=later, state=BatchState.WAITING, charged_at=None, days=())
        for later, sender, here in carried.later
    ]
    return asked, [*fresh, *waiting, *_asleep(template, planned, gathered, at)]


def _asleep(template: Batch, planned: Plan, gathered: Gathered, at: dt.datetime) -> Iterator[Batch]:
    """Intents for those in quiet hours, until the end of these (`mornings` lays them out then)."""
    policy = gathered.rules.quiet
    if policy is None or not planned.held:
        return
    waiting = dataclasses.replace(template, state=BatchState.WAITING, charged_at=None, days=(), is_asleep=True)
    everybody = _NOBODY.union(*(here for _, here in planned.held))
    for held in quiet.held(quiet.grouped(policy, gathered.standing.zones, everybody), at):
        if held.until is not None:
            yield dataclasses.replace(waiting, members=held.group.members, release_at=held.until)


def _parts(planned: Plan, carried: assigning.Carried) -> Asked:
    later = tuple((release_at, here) for release_at, _, here in carried.later)
    held = (*planned.held, *later)
    waiting = _NOBODY.union(*(here for _, here in planned.held))
    dropped = {Why(reason.value).value: members for reason, members in planned.dropped.items() if members}
    if waiting and (left := dropped.pop(Why.QUIET.value, _NOBODY) - waiting):
        dropped[Why.QUIET.value] = left
    if carried.without_guide:
        dropped[Why.NO_GUIDE.value] = carried.without_guide
    if carried.over_limit:
        dropped[Why.OVER_LIMIT.value] = carried.over_limit
    now = _NOBODY.union(*(here for _, here in carried.now))
    return Asked(now, held, dropped, planned.treated, _NOBODY)


def _write(tx: Tx, template: Batch, fresh: list[Batch], dropped: Mapping[str, BitMap], at: dt.datetime) -> None:
    names = new_ids("bat", len(fresh), millis=int(at.timestamp() * 1000)) if fresh else []
    batches.insert(tx, [dataclasses.replace(batch, id=name) for name, batch in zip(names, fresh, strict=True)], at)
    batches.drop(tx, template, dict(dropped), at)


def _days(by_day: list[tuple[int, BitMap]]) -> tuple[tuple[int, BitMap | None], ...]:
    return ((by_day[0][0], None),) if len(by_day) == 1 else tuple(by_day)
