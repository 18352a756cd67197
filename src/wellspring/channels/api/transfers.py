"""The front door of hand-over and of what the platform counts of staff."""

import datetime as dt
from collections.abc import Sequence

from wellspring.channels.contracts.transfers import (
    StaffDay,
    Transfer,
    TransferCustomer,
    TransferDraft,
    TransferKind,
    TransferPlan,
    TransferState,
    Unassigned,
)
from wellspring.channels.service import behaviour as _behaviour
from wellspring.channels.service import transfers as _transfers
from wellspring.kernel.auth import Principal
from wellspring.kernel.pages import Page
from wellspring.kernel.workspace import Workspace


def plan_transfer(ws: Workspace, *, draft: TransferDraft) -> TransferPlan:
    """Who would be handed over, and who not and why. Raises AccountUnknown, DraftRefused."""
    return _transfers.plan(ws, draft)


def start_transfer(ws: Workspace, *, by: Principal, draft: TransferDraft) -> Transfer:
    """Hands customers over: kept first, asked for by a pump, followed until each one is done or refused.

    Raises TransferEmpty, AccountUnknown, DraftRefused.
    """
    return _transfers.start(ws, by=by, draft=draft)


def transfer(ws: Workspace, *, transfer_id: str) -> Transfer:
    """A hand-over with how many customers stand where. Raises TransferUnknown."""
    return _transfers.one(ws, transfer_id)


def transfers(ws: Workspace, *, account_id: str | None = None, cursor: str | None = None, limit: int | None = None) -> Page[Transfer]:
    """Hand-overs, the newest first."""
    return _transfers.listing(ws, account_id=account_id, cursor=cursor, limit=limit)


def transfer_customers(
    ws: Workspace, *, transfer_id: str, state: TransferState | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[TransferCustomer]:
    """The customers of a hand-over. Raises TransferUnknown."""
    return _transfers.customers(ws, transfer_id=transfer_id, state=state, cursor=cursor, limit=limit)


def refresh_transfer(ws: Workspace, *, transfer_id: str) -> Transfer:
    """Asks for the results now. Raises TransferUnknown."""
    return _transfers.refresh(ws, transfer_id=transfer_id)


def unassigned(ws: Workspace, *, account_id: str) -> list[Unassigned]:
    """Customers of those who left, as the platform lists them now. Raises AccountUnknown, ChannelFailed."""
    return _transfers.unassigned(ws, account_id=account_id)


def hand_over_groups(
    ws: Workspace, *, by: Principal, account_id: str, kind: TransferKind, chat_ids: Sequence[str], new_owner: str
) -> dict[str, int]:
    """Gives groups to another owner; the codes of those that could not be given. Raises ChannelFailed, OutcomeUnknown."""
    return _transfers.hand_over_groups(ws, by=by, account_id=account_id, kind=kind, chat_ids=chat_ids, new_owner=new_owner)


def sync_staff_days(ws: Workspace, *, by: Principal, account_id: str, first: dt.date | None = None, last: dt.date | None = None) -> str:
    """Queues the fetching of closed days (the last three unless it is said otherwise); gives the job's id."""
    return _behaviour.ask_sync(ws, by=by, account_id=account_id, first=first, last=last)


def staff_days(
    ws: Workspace, *, by: Principal, account_id: str, first: dt.date, last: dt.date, userid: str | None = None
) -> list[StaffDay]:
    """What the platform counted of staff whom the caller may see."""
    return _behaviour.listing(ws, by=by, account_id=account_id, first=first, last=last, userid=userid)
