"""The call itself: looked at once more, marked, made, and its outcome written, so that one answer lost is never a second message.

Everything that forbids the touch by now stops it in the transaction that marks the call (D08): after that the provider may
have it. Where the provider knows our key an answer that never came is asked for again under the same key; where it does not,
the call is unknown until the provider tells, and in the end is put before a person (D02).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from pyroaring import BitMap

from wellspring.channels.contracts.sends import Channel, Outcome, OutcomeState, Parcel, Recipient, Report
from wellspring.engagement.contracts.touches import BatchState, Fate, ParcelState, Purpose, Why
from wellspring.engagement.events.touches import LetterDied
from wellspring.engagement.repo import batches, ledger
from wellspring.engagement.repo.batches import Batch
from wellspring.engagement.rules import policies, quiet
from wellspring.engagement.service import cutting, holding, ruling, settling, standing, turns
from wellspring.engagement.service.carrying import carrier
from wellspring.engagement.settings import EngagementSettings
from wellspring.kernel import bus, failpoints
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

# Longer than any time-out of an adapter: whoever has not answered by then never will.
LEASE = dt.timedelta(minutes=10)
# Tries under one key, the pauses between them doubling from a minute.
KEYED_ATTEMPTS_MAX = 8
# Pauses of a provider that has had enough are its own affair, but not for longer than this.
LATER_MAX = dt.timedelta(hours=26)
_PENDING = frozenset({Fate.CLAIMED, Fate.CALLING, Fate.UNKNOWN})
_TAKEN = frozenset({Fate.ACCEPTED, Fate.WAITING, Fate.SENT})
NEVER = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)
_FIRST_ASK = dt.timedelta(minutes=1)
Row = Mapping[str, Any]


def step(ws: Workspace) -> int:
    """Makes the next call that is due; gives 1 if there was one."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, turns.CALLING)
        parcel = ledger.claim_parcel(tx, now, now + LEASE)
        going = None if parcel is None else _marked(ws, tx, parcel, now)
    failpoints.hit("engagement.call.marked")
    if parcel is None:
        return 0
    if going is not None:
        outcome = carrier().deliver(ws, going)
        failpoints.hit("engagement.call.answered")
        write(ws, parcel, outcome)
        failpoints.hit("engagement.call.written")
    return 1


def recover(ws: Workspace) -> int:
    """Calls whose worker was lost in the middle: never made, answered without our knowing, or unknown."""
    now = ws.clock.now()
    with ws.sql.read() as tx:
        lost = ledger.lost_parcels(tx, now)
    for parcel in lost:
        # Nothing was handed over: it may be called as if for the first time.
        write(ws, parcel, carrier().outcome_of(ws, key=parcel["key"]) or Outcome(OutcomeState.LATER, retry_seconds=1))
    return len(lost)


def write(ws: Workspace, parcel: Row, outcome: Outcome, *, was: ParcelState = ParcelState.CALLING) -> bool:
    """Writes what a call ended with; False if it was no longer this worker's to tell (D04)."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        values = _values(ws, parcel, outcome, now)
        fresh = {"lease_until": None, "problem": outcome.problem[:200], **values}
        if not ledger.settle_parcel(tx, parcel["key"], parcel["fence"], was, **fresh):
            return False
        if outcome.state is OutcomeState.LATER:
            if outcome.problem:
                ledger.put_off(tx, channel=parcel["channel"], account_id=parcel["account_id"], until=values["due_at"])
            return True
        sends = ledger.sends_of(tx, parcel["key"])
        news = _news(ws, parcel, outcome, sends)
        settling.settle(ws, tx, sends, news, now)
        _note_use(ws, tx, sends, news, now)
        if values.get("is_dead"):
            bus.tell(ws.sql, tx, LetterDied(parcel["key"], parcel["channel"], values["state"], len(sends)), at=now)
    return True


def _note_use(ws: Workspace, tx: Tx, sends: Sequence[Row], news: Mapping[int, tuple[Fate, str]], now: dt.datetime) -> None:
    taken = [send for send in sends if send["id"] in news and news[send["id"]][0] in _TAKEN]
    if taken:
        first, members = taken[0], BitMap(send["member_no"] for send in taken)
        origin = f"{first['origin_kind']}:{first['origin_id']}"
        carrier().used(ws, tx, content_id=first["content_id"], members=members, channel=first["channel"], origin=origin, at=now)


def _marked(ws: Workspace, tx: Tx, parcel: Row, now: dt.datetime) -> Parcel | None:
    """The parcel for whoever may still be touched; None if that is nobody any more."""
    known = ledger.sends_of(tx, parcel["key"])
    sends = [send for send in known if Fate(send["fate"]) in _PENDING]
    batch = batches.one(tx, parcel["batch_id"])
    if batch is None:
        raise AssertionError(f"the intent of {parcel['key']} is gone")
    # Under a key that the provider may know, the very same parcel goes again.
    is_repeated = any(Fate(send["fate"]) is Fate.UNKNOWN for send in sends)
    members = BitMap(send["member_no"] for send in sends)
    if is_repeated and (_forbidden(ws, tx, batch, members, now) or _asleep(ws, tx, members, now)):
        # It may be there or not; with somebody in it who may not be touched any more it is asked about, and not tried again.
        ledger.settle_parcel(
            tx, parcel["key"], parcel["fence"], ParcelState.CALLING, state=ParcelState.UNKNOWN.value, due_at=NEVER, lease_until=None
        )
        return None
    refused = {} if is_repeated else _refused(ws, tx, batch, members, now)
    reasons = {number: reason for reason, members in refused.items() for number in members}
    news = {send["id"]: (Fate.DROPPED, reasons[send["member_no"]]) for send in sends if send["member_no"] in reasons}
    settling.settle(ws, tx, sends, news, now)
    going = [send for send in sends if send["id"] not in news]
    settling.settle(ws, tx, going, {send["id"]: (Fate.CALLING, "") for send in going}, now)
    if not going:
        # What was told of before the answer came was taken, whatever is left of it.
        is_taken = any(Fate(send["fate"]) not in _PENDING and Fate(send["fate"]) is not Fate.DROPPED for send in known)
        ended = {"state": (ParcelState.ACCEPTED if is_taken else ParcelState.DROPPED).value, "due_at": NEVER, "lease_until": None}
        ledger.settle_parcel(tx, parcel["key"], parcel["fence"], ParcelState.CALLING, **ended)
        return None
    sealed = ledger.body(tx, parcel["body_hash"])
    if sealed is None:
        raise AssertionError(f"the body of {parcel['key']} is gone")
    recipients = tuple(Recipient(send["member_no"], send["address"]) for send in going)
    body, is_marketing = cutting.body_of(ws, sealed), batch.purpose is Purpose.MARKETING
    return Parcel(parcel["key"], Channel(parcel["channel"]), parcel["account_id"], parcel["sender"], body, recipients, is_marketing)


def _refused(ws: Workspace, tx: Tx, batch: Batch, members: BitMap, now: dt.datetime) -> dict[str, BitMap]:
    """Who may not be touched at this instant after all, by first reason; those asleep wait for the end of it."""
    found = _forbidden(ws, tx, batch, members, now)
    left = members - BitMap().union(*found.values())
    asleep = _asleep(ws, tx, left, now)
    later = [(held.until, held.group.members) for held in asleep if held.until is not None]
    if asleep:
        found[Why.QUIET.value] = BitMap().union(*(held.group.members for held in asleep))
        left = left - found[Why.QUIET.value]
    if late := _of_another_day(ws, tx, batch, left, now):
        # The place that was taken was one of that day: today's caps are asked anew (F09).
        found[Why.LOST_SLOT.value] = late
        later.append((now, late))
    waiting = [
        Batch(**{**_fields(batch), "id": new_id("bat"), "members": here, "release_at": until, "state": BatchState.WAITING})
        for until, here in later
    ]
    batches.insert(tx, waiting, now)
    return found


def _forbidden(ws: Workspace, tx: Tx, batch: Batch, members: BitMap, now: dt.datetime) -> dict[str, BitMap]:
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
        (Why.REPEATED, _reached_before(ws, tx, batch, members)),
    ):
        if here := left & out:
            found[reason.value] = here
            left = left - here
    return found


def _asleep(ws: Workspace, tx: Tx, members: BitMap, now: dt.datetime) -> list[quiet.Held]:
    zones = standing.zones_in(ws, tx)
    policy = policies.policy_of([rule.draft for rule in ruling.listing(tx)], zones, members)
    return [] if policy is None else list(quiet.held(quiet.grouped(policy, zones, members), now))


def _of_another_day(ws: Workspace, tx: Tx, batch: Batch, members: BitMap, now: dt.datetime) -> BitMap:
    """Those whose touch was counted on another local day than today's."""
    if batch.charged_at is None or not batch.touching.is_counted:
        return BitMap()
    counted = {day: members if here is None else members & here for day, here in batch.days}
    return BitMap().union(*(here - counted.get(day, BitMap()) for day, here in standing.zones_in(ws, tx).by_day(now, members)))


def _reached_before(ws: Workspace, tx: Tx, batch: Batch, members: BitMap) -> BitMap:
    """Whom this step has reached under a number that they have taken over since (N04)."""
    former = {number: holder for number, holder in people.holders(ws).items() if holder in members}
    found = ledger.reached(tx, batch.scope, sorted(former)) if former else set()
    return BitMap(former[number] for number, instance in found if instance == batch.keys.get(former[number], ""))


def _fields(batch: Batch) -> dict[str, Any]:
    kept = ("origin", "scope", "content_id", "channel", "account_id", "sender", "purpose", "tags", "priority", "expires_at")
    return {name: getattr(batch, name) for name in (*kept, "senders", "is_held_out_checked", "keys")}


def _values(ws: Workspace, parcel: Row, outcome: Outcome, now: dt.datetime) -> dict[str, Any]:
    can = carrier().capabilities(ws)[Channel(parcel["channel"])]
    settings = ws.settings.get(EngagementSettings)
    if outcome.state is OutcomeState.ACCEPTED:
        hours = settings.confirm_within_hours if can.is_confirmed_by_staff else settings.settle_within_hours
        follows = can.has_query or can.is_confirmed_by_staff
        return {
            "state": ParcelState.ACCEPTED.value,
            "provider_id": outcome.provider_id,
            "due_at": NEVER,
            "ask_at": now + _FIRST_ASK if follows else None,
            "deadline_at": now + dt.timedelta(hours=hours) if follows else None,
            "is_dead": False,
        }
    if outcome.state is OutcomeState.LATER:
        pause = min(dt.timedelta(seconds=max(1, outcome.retry_seconds)), LATER_MAX)
        # It was not tried, so it spends no attempt (D11).
        return {"state": ParcelState.READY.value, "due_at": now + pause, "attempts": parcel["attempts"] - 1}
    if outcome.state is OutcomeState.REFUSED:
        return {"state": ParcelState.FAILED.value, "due_at": NEVER, "ask_at": None, "is_dead": True}
    again = can.has_key and parcel["attempts"] < KEYED_ATTEMPTS_MAX
    return {
        "state": ParcelState.UNKNOWN.value,
        "due_at": now + dt.timedelta(minutes=2 ** (parcel["attempts"] - 1)) if again else NEVER,
        "ask_at": now + _FIRST_ASK,
        "deadline_at": parcel["deadline_at"] or now + dt.timedelta(hours=settings.settle_within_hours),
    }


def _news(ws: Workspace, parcel: Row, outcome: Outcome, sends: Sequence[Row]) -> dict[int, tuple[Fate, str]]:
    going = [send for send in sends if Fate(send["fate"]) is not Fate.DROPPED]
    if outcome.state is OutcomeState.REFUSED:
        return {send["id"]: (Fate.FAILED, outcome.problem or Why.REFUSED.value) for send in going}
    if outcome.state is OutcomeState.UNKNOWN:
        return {send["id"]: (Fate.UNKNOWN, outcome.problem) for send in going}
    can = carrier().capabilities(ws)[Channel(parcel["channel"])]
    taken = Fate.WAITING if can.is_confirmed_by_staff else Fate.ACCEPTED
    if taken is Fate.ACCEPTED and not can.reports & {Report.SENT, Report.DELIVERED}:
        # Nothing more will ever be told of it.
        taken = Fate.SENT
    refused = dict(outcome.refused)
    # Exactly those who were refused are marked (D05).
    return {send["id"]: (Fate.FAILED, refused[send["member_no"]]) if send["member_no"] in refused else (taken, "") for send in going}
