"""The calls themselves: marked after a last look, made, and their outcomes written, so that one answer lost is never a second message.

Some are marked together, and the outcomes that come together are written together. Where the provider knows our key an
answer that never came is asked for again under the same key; where it does not, the call is unknown until the provider
tells, and in the end is put before a person (D02).
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyroaring import BitMap

from wellspring.channels.contracts.sends import Capabilities, Channel, Outcome, OutcomeState, Report
from wellspring.engagement.contracts.touches import Fate, ParcelState, Why
from wellspring.engagement.events.touches import LetterDied
from wellspring.engagement.repo import calls, campaigns, ledger
from wellspring.engagement.service import marking, settling, turns
from wellspring.engagement.service.carrying import carrier
from wellspring.engagement.service.marking import NEVER
from wellspring.engagement.settings import EngagementSettings
from wellspring.kernel import bus, failpoints
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

# Longer than any time-out of an adapter: whoever has not answered by then never will.
LEASE = dt.timedelta(minutes=10)
# Tries under one key, the pauses between them doubling from a minute.
KEYED_ATTEMPTS_MAX = 8
# Pauses of a provider that has had enough are its own affair, but not for longer than this.
LATER_MAX = dt.timedelta(hours=26)
_TAKEN = frozenset({Fate.ACCEPTED, Fate.WAITING, Fate.SENT})
_FIRST_ASK = dt.timedelta(minutes=1)
Row = Mapping[str, Any]
# A call, how it ended, and what its row becomes by it.
_Written = tuple[Row, Outcome, Mapping[str, Any]]


def step(ws: Workspace) -> int:
    """Makes the next calls that are due, of one account; gives how many were taken in hand."""
    now = ws.clock.now()
    with ws.sql.read() as tx:
        if calls.next_due(tx, now) is None:
            return 0
    with ws.sql.write() as tx:
        ws.sql.lock(tx, turns.CALLING)
        marked = marking.take(ws, tx, now, now + LEASE)
    failpoints.hit("engagement.call.marked")
    rows = {row["key"]: row for row, _ in marked}
    going = [parcel for _, parcel in marked if parcel is not None]
    for ended in carrier().deliver(ws, going) if going else ():
        failpoints.hit("engagement.call.answered")
        write(ws, [(rows[parcel.key], outcome) for parcel, outcome in ended])
        failpoints.hit("engagement.call.written")
    return len(marked)


def recover(ws: Workspace) -> int:
    """Calls whose worker was lost in the middle: never made, answered without our knowing, or unknown."""
    now = ws.clock.now()
    with ws.sql.read() as tx:
        lost = ledger.lost_parcels(tx, now)
    for parcel in lost:
        # Nothing was handed over: it may be called as if for the first time.
        write(ws, [(parcel, carrier().outcome_of(ws, key=parcel["key"]) or Outcome(OutcomeState.LATER, retry_seconds=1))])
    return len(lost)


def write(ws: Workspace, ended: Sequence[tuple[Row, Outcome]], *, was: ParcelState = ParcelState.CALLING) -> int:
    """Writes what calls ended with; gives how many, without those that were no longer this worker's to tell (D04)."""
    now = ws.clock.now()
    can, settings = carrier().capabilities(ws), ws.settings.get(EngagementSettings)
    with ws.sql.write() as tx:
        told = [(one, outcome, _values(can[Channel(one["channel"])], settings, one, outcome, now)) for one, outcome in ended]
        fresh = [(one, {"lease_until": None, "problem": outcome.problem[:200], **values}) for one, outcome, values in told]
        mine = calls.settle(tx, _held_up(tx, fresh), was)
        told = [one for one in told if one[0]["key"] in mine]
        _put_off(tx, [one for one in told if one[1].state is OutcomeState.LATER and one[1].problem])
        _settle(ws, tx, can, [one for one in told if one[1].state is not OutcomeState.LATER], now)
    return len(mine)


def _held_up(tx: Tx, ended: Sequence[tuple[Row, Mapping[str, Any]]]) -> list[tuple[Row, Mapping[str, Any]]]:
    """Whoever was paused while a worker had its calls in hand gets them back paused."""
    back = {one["origin_id"] for one, values in ended if values["state"] == ParcelState.READY.value}
    paused = campaigns.paused_of(tx, sorted(back)) if back else set()

    def held(one: Row, values: Mapping[str, Any]) -> Mapping[str, Any]:
        is_held = values["state"] == ParcelState.READY.value and one["origin_id"] in paused
        return {**values, "state": ParcelState.PAUSED.value} if is_held else values

    return [(one, held(one, values)) for one, values in ended]


def _put_off(tx: Tx, full: Iterable[_Written]) -> None:
    until: dict[tuple[str, str], dt.datetime] = {}
    for parcel, _, values in full:
        place = parcel["channel"], parcel["account_id"]
        until[place] = max(values["due_at"], until.get(place, values["due_at"]))
    for (channel, account_id), at in until.items():
        ledger.put_off(tx, channel=channel, account_id=account_id, until=at)


def _settle(ws: Workspace, tx: Tx, can: Mapping[Channel, Capabilities], told: Sequence[_Written], now: dt.datetime) -> None:
    known = calls.sends_of(tx, [parcel["key"] for parcel, _, _ in told])
    news: dict[int, tuple[Fate, str]] = {}
    for parcel, outcome, _ in told:
        news |= _news(can[Channel(parcel["channel"])], outcome, known[parcel["key"]])
    sends = [send for mine in known.values() for send in mine]
    settling.settle(ws, tx, sends, news, now)
    _note_use(ws, tx, [send for send in sends if send["id"] in news and news[send["id"]][0] in _TAKEN], now)
    dead = [(parcel, values["state"]) for parcel, _, values in told if values.get("is_dead")]
    bus.tell(ws.sql, tx, *(LetterDied(one["key"], one["channel"], state, len(known[one["key"]])) for one, state in dead), at=now)


def _note_use(ws: Workspace, tx: Tx, taken: Iterable[Row], now: dt.datetime) -> None:
    given: dict[tuple[str, str, str], BitMap] = {}
    for send in taken:
        origin = f"{send['origin_kind']}:{send['origin_id']}"
        given.setdefault((send["content_id"], send["channel"], origin), BitMap()).add(send["member_no"])
    for (content_id, channel, origin), members in given.items():
        carrier().used(ws, tx, content_id=content_id, members=members, channel=channel, origin=origin, at=now)


def _values(can: Capabilities, settings: EngagementSettings, parcel: Row, outcome: Outcome, now: dt.datetime) -> dict[str, Any]:
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


def _news(can: Capabilities, outcome: Outcome, sends: Sequence[Row]) -> dict[int, tuple[Fate, str]]:
    going = [send for send in sends if Fate(send["fate"]) is not Fate.DROPPED]
    if outcome.state is OutcomeState.REFUSED:
        return {send["id"]: (Fate.FAILED, outcome.problem or Why.REFUSED.value) for send in going}
    if outcome.state is OutcomeState.UNKNOWN:
        # Why it was taken back meanwhile matters more than what went wrong: it is not tried again.
        return {send["id"]: (Fate.UNKNOWN, send["reason"] or outcome.problem) for send in going}
    taken = Fate.WAITING if can.is_confirmed_by_staff else Fate.ACCEPTED
    if taken is Fate.ACCEPTED and not can.reports & {Report.SENT, Report.DELIVERED}:
        # Nothing more will ever be told of it.
        taken = Fate.SENT
    refused = dict(outcome.refused)
    # Exactly those who were refused are marked (D05).
    return {send["id"]: (Fate.FAILED, refused[send["member_no"]]) if send["member_no"] in refused else (taken, "") for send in going}
