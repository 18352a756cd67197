"""After the call: what the provider tells when asked or by itself, reminders to staff, deadlines, and what nobody can tell."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from wellspring.channels.contracts.sends import Capabilities, Channel, OutcomeState, Receipt
from wellspring.engagement.contracts.touches import Fate, ParcelState
from wellspring.engagement.events.touches import LetterDied
from wellspring.engagement.repo import ledger
from wellspring.engagement.rules import fates
from wellspring.engagement.service import calling, settling
from wellspring.engagement.service.carrying import carrier
from wellspring.engagement.service.marking import NEVER
from wellspring.engagement.settings import EngagementSettings
from wellspring.kernel import bus, failpoints
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

# Calls asked about in one step.
_ASKED_MAX = 50
# Pauses between questions grow with the age of the call, half of it, between these: some thirty questions in three days.
_PAUSE_MIN, _PAUSE_MAX = dt.timedelta(minutes=1), dt.timedelta(hours=4)
_LIMIT_SPAN = dt.timedelta(hours=24)
Row = Mapping[str, Any]


def step(ws: Workspace) -> int:
    """Asks about calls whose time has come; gives how many."""
    now = ws.clock.now()
    with ws.sql.read() as tx:
        parcels = ledger.parcels_to_ask(tx, now, limit=_ASKED_MAX)
    for parcel in parcels:
        _follow(ws, parcel, now)
    return len(parcels)


def heard(ws: Workspace, tx: Tx, key: str, receipt: Receipt) -> None:
    """Takes in what a provider told by itself, be it before the answer to the call was written (D10)."""
    parcel = ledger.parcel(tx, key)
    if parcel is not None:
        settling.hear(ws, tx, parcel, [receipt], ws.clock.now())


def _follow(ws: Workspace, parcel: Row, now: dt.datetime) -> None:
    channel, account_id = Channel(parcel["channel"]), parcel["account_id"]
    can = carrier().capabilities(ws)[channel]
    provider_id = parcel["provider_id"]
    known = None if provider_id else carrier().outcome_of(ws, key=parcel["key"])
    if known is not None and known.state is not OutcomeState.UNKNOWN:
        calling.write(ws, [(parcel, known)], was=ParcelState.UNKNOWN)
        provider_id = known.provider_id
    told = carrier().ask(ws, channel=channel, account_id=account_id, provider_id=provider_id) if provider_id and can.has_query else []
    failpoints.hit("engagement.follow.asked")
    with ws.sql.write() as tx:
        current = ledger.parcel(tx, parcel["key"])
        if current is None or current["state"] not in (ParcelState.ACCEPTED.value, ParcelState.UNKNOWN.value):
            ledger.change_parcel(tx, parcel["key"], *ParcelState, ask_at=None)
            return
        settling.hear(ws, tx, parcel, told, now)
        _go_on(ws, tx, ledger.parcel(tx, parcel["key"]) or parcel, can, now)


def _go_on(ws: Workspace, tx: Tx, parcel: Row, can: Capabilities, now: dt.datetime) -> None:
    """When to ask next; at the deadline what waits has expired, and what is unknown is for a person."""
    sends = ledger.sends_of(tx, parcel["key"])
    is_late = parcel["deadline_at"] is not None and now >= parcel["deadline_at"]
    if parcel["state"] == ParcelState.UNKNOWN.value:
        values: dict[str, Any] = {"ask_at": None, "due_at": NEVER, "is_dead": True} if is_late else {"ask_at": _next(parcel, now)}
        ledger.change_parcel(tx, parcel["key"], ParcelState.UNKNOWN, **values)
        if is_late:
            bus.tell(ws.sql, tx, LetterDied(parcel["key"], parcel["channel"], parcel["state"], len(sends)), at=now)
        return
    pending = [send for send in sends if _may_move(Fate(send["fate"]), can)]
    if is_late:
        waiting = {send["id"]: (Fate.EXPIRED, "not_confirmed") for send in pending if Fate(send["fate"]) is Fate.WAITING}
        settling.settle(ws, tx, sends, waiting, now)
        ledger.change_parcel(tx, parcel["key"], ParcelState.ACCEPTED, ask_at=None)
        return
    if not pending:
        ledger.change_parcel(tx, parcel["key"], ParcelState.ACCEPTED, ask_at=None)
        return
    ledger.change_parcel(tx, parcel["key"], ParcelState.ACCEPTED, ask_at=_next(parcel, now))
    _remind(ws, tx, parcel, can, any(Fate(send["fate"]) is Fate.WAITING for send in pending), now)


def _remind(ws: Workspace, tx: Tx, parcel: Row, can: Capabilities, has_waiting: bool, now: dt.datetime) -> None:  # noqa: FBT001 - a plain fact
    """Reminds staff who have not confirmed, no oftener than the API allows (and no oftener than makes sense)."""
    if not (has_waiting and can.is_confirmed_by_staff and can.reminders_max):
        return
    last = parcel["reminded_at"] or parcel["called_at"] or now
    pause = max(dt.timedelta(hours=ws.settings.get(EngagementSettings).remind_after_hours), _LIMIT_SPAN / can.reminders_max)
    first = dt.timedelta(hours=ws.settings.get(EngagementSettings).remind_after_hours)
    if now - last < (pause if parcel["reminded_at"] else first):
        return
    # Counted before it is asked for: a reminder too few is better than one too many.
    ledger.change_parcel(tx, parcel["key"], ParcelState.ACCEPTED, reminders=parcel["reminders"] + 1, reminded_at=now)
    where = {"channel": Channel(parcel["channel"]), "account_id": parcel["account_id"], "provider_id": parcel["provider_id"]}
    ws.sql.after_commit(lambda: carrier().remind(ws, **where))  # type: ignore[arg-type]


def _may_move(fate: Fate, can: Capabilities) -> bool:
    """Whether the provider may still have something to tell that matters: after that nobody needs to ask."""
    if fate in fates.ENDED_BADLY or fate in (Fate.READ, Fate.CLICKED, Fate.REPLIED):
        return False
    return fate is not Fate.DELIVERED and not (fate is Fate.SENT and "delivered" not in can.reports)


def _next(parcel: Row, now: dt.datetime) -> dt.datetime:
    age = now - (parcel["called_at"] or now)
    return now + min(max(age / 2, _PAUSE_MIN), _PAUSE_MAX)
