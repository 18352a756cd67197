"""The last look: who may still be touched at this instant, in the transaction that marks calls as being made (D08).

Some calls of one account are looked at together, no more than its pace lets go within a second. A look holds for five
seconds and never into the next minute, because quiet hours and days begin on a minute: what was not called by then goes
back and is looked at again.
"""

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyroaring import BitMap

from wellspring.channels.contracts.sends import Channel, Parcel, Recipient
from wellspring.engagement.contracts.touches import BatchState, Fate, ParcelState, Purpose, Why
from wellspring.engagement.repo import batches, calls, ledger
from wellspring.engagement.repo.batches import Batch
from wellspring.engagement.rules import policies, quiet
from wellspring.engagement.service import cutting, holding, ruling, settling, standing
from wellspring.engagement.service.carrying import carrier
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

# When a call that nobody makes by itself is due.
NEVER = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)
# How long a look holds, and how much of the account's pace is taken in hand at once.
_HOLDS = dt.timedelta(seconds=5)
_AHEAD_SECONDS = 1.0
# Workers who call at once share the pace.
WORKERS = 2
# Calls in hand where the channel names no pace, and at all; and members, whose rows are written with them.
_UNPACED, _CALLS_MAX, _MEMBERS_MAX = 8, 200, 2_000
_PENDING = frozenset({Fate.CLAIMED, Fate.CALLING, Fate.UNKNOWN})
Row = Mapping[str, Any]
# A call that was taken in hand, and its parcel for whoever may still be touched: None if that is nobody any more.
Marked = tuple[Row, Parcel | None]


def take(ws: Workspace, tx: Tx, now: dt.datetime, lease_until: dt.datetime) -> list[Marked]:
    """Takes the next calls in hand and marks them; after the commit the provider may have them."""
    which = calls.next_due(tx, now)
    if which is None:
        return []
    until = holds_until(now)
    most = _room(ws, Channel(which.channel), until - now)
    rows = calls.claim(tx, which, now, lease_until, most=most, members_max=_MEMBERS_MAX)
    known = calls.sends_of(tx, [row["key"] for row in rows])
    looked = _looked(ws, tx, rows, known, now)
    sealed = calls.bodies(tx, sorted({row["body_hash"] for row in rows}))
    return [(row, _parcel(ws, row, *looked[row["key"]], sealed, until) if row["key"] in looked else None) for row in rows]


def holds_until(now: dt.datetime) -> dt.datetime:
    """Until when a look of this instant holds."""
    return min(now + _HOLDS, now.replace(second=0, microsecond=0) + dt.timedelta(minutes=1))


def _room(ws: Workspace, channel: Channel, left: dt.timedelta) -> int:
    pace = carrier().capabilities(ws)[channel].per_second
    if pace is None:
        return _UNPACED
    return max(1, min(int(pace * min(left.total_seconds(), _AHEAD_SECONDS) / WORKERS), _CALLS_MAX))


def _looked(
    ws: Workspace, tx: Tx, rows: Sequence[Row], known: Mapping[str, Sequence[Row]], now: dt.datetime
) -> dict[str, tuple[Batch, Sequence[Row]]]:
    """By key, the intents of those calls that go, and the touches that they are for."""
    pending = {key: [send for send in sends if Fate(send["fate"]) in _PENDING] for key, sends in known.items()}
    news: dict[int, tuple[Fate, str]] = {}
    going: dict[str, tuple[Batch, Sequence[Row]]] = {}
    for batch_id, here in itertools.groupby(sorted(rows, key=lambda row: str(row["batch_id"])), key=lambda row: row["batch_id"]):
        batch = batches.one(tx, batch_id)
        if batch is None:
            raise AssertionError(f"the intent {batch_id} is gone")
        fresh: list[Row] = []
        for row in here:
            sends = pending[row["key"]]
            if not any(Fate(send["fate"]) is Fate.UNKNOWN for send in sends):
                fresh.append(row)
            elif _may_go_again(ws, tx, batch, sends, now):
                # Under a key that the provider may know, the very same parcel goes again.
                going[row["key"]] = batch, sends
            else:
                # It may be there or not; with somebody in it who may not be touched any more it is asked about, and not tried again.
                unknown = {"state": ParcelState.UNKNOWN.value, "due_at": NEVER, "lease_until": None}
                ledger.settle_parcel(tx, row["key"], row["fence"], ParcelState.CALLING, **unknown)
        members = BitMap(send["member_no"] for row in fresh for send in pending[row["key"]] if not send["reason"])
        called = [send for _, sends in going.values() for send in sends]
        reasons = {number: why for why, out in _refused(ws, tx, batch, members, called, now).items() for number in out}
        for row in fresh:
            # With a reason already: taken back while a worker had it in hand.
            out = {send["id"]: send["reason"] or reasons.get(send["member_no"], "") for send in pending[row["key"]]}
            news |= {number: (Fate.DROPPED, why) for number, why in out.items() if why}
            if left := [send for send in pending[row["key"]] if not out[send["id"]]]:
                going[row["key"]] = batch, left
            else:
                _end(tx, row, known[row["key"]])
    news |= {send["id"]: (Fate.CALLING, "") for _, sends in going.values() for send in sends}
    settling.settle(ws, tx, [send for sends in pending.values() for send in sends], news, now)
    return going


def _end(tx: Tx, row: Row, sends: Iterable[Row]) -> None:
    """Nobody is left to call for: what was told of before the answer came was taken, whatever is left of it."""
    is_taken = any(Fate(send["fate"]) not in _PENDING and Fate(send["fate"]) is not Fate.DROPPED for send in sends)
    ended = {"state": (ParcelState.ACCEPTED if is_taken else ParcelState.DROPPED).value, "due_at": NEVER, "lease_until": None}
    ledger.settle_parcel(tx, row["key"], row["fence"], ParcelState.CALLING, **ended)


def _parcel(ws: Workspace, row: Row, batch: Batch, sends: Sequence[Row], sealed: Mapping[str, bytes], until: dt.datetime) -> Parcel:
    return Parcel(
        row["key"],
        Channel(row["channel"]),
        row["account_id"],
        row["sender"],
        cutting.body_of(ws, sealed[row["body_hash"]]),
        tuple(Recipient(send["member_no"], send["address"]) for send in sends),
        batch.purpose is Purpose.MARKETING,
        until if batch.expires_at is None else min(until, batch.expires_at),
    )


def _refused(ws: Workspace, tx: Tx, batch: Batch, members: BitMap, called: Sequence[Row], now: dt.datetime) -> dict[str, BitMap]:
    """Who may not be touched at this instant after all, by first reason; those asleep wait for the end of it."""
    if not members:
        return {}
    found = _forbidden(ws, tx, batch, members, called, now)
    left = members - BitMap().union(*found.values())
    asleep = _asleep(ws, tx, batch, left, now)
    later = [(held.until, held.group.members) for held in asleep if held.until is not None]
    if asleep:
        found[Why.QUIET.value] = BitMap().union(*(held.group.members for held in asleep))
        left = left - found[Why.QUIET.value]
    if late := _of_another_day(ws, tx, batch, left, now):
        # The place that was taken was one of that day: today's caps are asked anew (F09).
        found[Why.LOST_SLOT.value] = late
        later.append((now, late))
    waiting = [
        Batch(**_fields(batch), id=new_id("bat"), members=here, release_at=until, state=BatchState.WAITING, is_asleep=until > now)
        for until, here in later
    ]
    batches.insert(tx, waiting, now)
    return found


def _may_go_again(ws: Workspace, tx: Tx, batch: Batch, sends: Sequence[Row], now: dt.datetime) -> bool:
    if any(send["reason"] == Why.WITHDRAWN for send in sends):
        return False
    members = BitMap(send["member_no"] for send in sends)
    return not _forbidden(ws, tx, batch, members, (), now) and not _asleep(ws, tx, batch, members, now)


def _forbidden(ws: Workspace, tx: Tx, batch: Batch, members: BitMap, called: Sequence[Row], now: dt.datetime) -> dict[str, BitMap]:
    drafts = [rule.draft for rule in ruling.listing(tx)]
    reachable, consenting = standing.may_receive(ws, Channel(batch.channel), batch.account_id, batch.purpose, members)
    is_marketing = batch.purpose is Purpose.MARKETING
    found: dict[str, BitMap] = {}
    left = members
    for reason, out in (
        (Why.STALE, members if batch.expires_at is not None and now >= batch.expires_at else BitMap()),
        (Why.NO_CONSENT, members - consenting if is_marketing else BitMap()),
        (Why.UNREACHABLE, members - reachable),
        (Why.SUPPRESSED, standing.suppressed(ws, drafts, members)),
        (Why.HELD_OUT, holding.held_by_workspace(ws, tx, members) if is_marketing else BitMap()),
    ):
        if here := left & out:
            found[reason.value] = here
            left = left - here
    if here := _reached_before(ws, tx, batch, left, called):
        found[Why.REPEATED.value] = here
    return found


def _asleep(ws: Workspace, tx: Tx, batch: Batch, members: BitMap, now: dt.datetime) -> list[quiet.Held]:
    if batch.touching.is_silent:
        return []
    zones = standing.zones_in(ws, tx)
    policy = policies.policy_of([rule.draft for rule in ruling.listing(tx)], zones, members)
    return [] if policy is None else list(quiet.held(quiet.grouped(policy, zones, members), now))


def _of_another_day(ws: Workspace, tx: Tx, batch: Batch, members: BitMap, now: dt.datetime) -> BitMap:
    """Those whose touch was counted on another local day than today's."""
    if batch.charged_at is None or not batch.touching.is_counted:
        return BitMap()
    counted = {day: members if here is None else members & here for day, here in batch.days}
    return BitMap().union(*(here - counted.get(day, BitMap()) for day, here in standing.zones_in(ws, tx).by_day(now, members)))


def _reached_before(ws: Workspace, tx: Tx, batch: Batch, members: BitMap, called: Sequence[Row]) -> BitMap:
    """Whom this step has reached under a number that they have taken over since, or reaches with these very calls (N04)."""
    former = {number: holder for number, holder in people.holders(ws).items() if holder in members}
    if not former:
        return BitMap()
    found = ledger.reached(tx, batch.scope, sorted(former))
    found |= {(send["member_no"], send["instance"]) for send in called if send["scope"] == batch.scope}
    found |= {(number, batch.keys.get(number, "")) for number in members}
    return BitMap(former[number] for number, instance in found if number in former and instance == batch.keys.get(former[number], ""))


def _fields(batch: Batch) -> dict[str, Any]:
    kept = ("origin", "scope", "content_id", "channel", "account_id", "sender", "purpose", "tags", "priority", "expires_at")
    return {name: getattr(batch, name) for name in (*kept, "senders", "is_held_out_checked", "keys")}
