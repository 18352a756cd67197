"""Handing parcels to providers: kept before the call, never handed over twice under one key, and nothing raised for their trouble.

The row of a parcel is written first. Whoever hands the same key over again gets the first outcome; one whose call was
never answered stays unknown, unless the provider knows our key and so may be asked to take it again.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from wellspring.channels import errors
from wellspring.channels.adapters.sends import smtp
from wellspring.channels.adapters.sends.desk import Adapter, Desk, Handed
from wellspring.channels.adapters.sends.hooks import AdAudience, Webhook
from wellspring.channels.adapters.sends.mail import Mail
from wellspring.channels.adapters.sends.sms import Sms
from wellspring.channels.adapters.sends.wechat import MiniProgram, OfficialAccount
from wellspring.channels.adapters.sends.wecom_mass import Mass
from wellspring.channels.adapters.sends.wecom_moments import Moments
from wellspring.channels.adapters.sends.wecom_task import StaffTask
from wellspring.channels.adapters.wecom import pace
from wellspring.channels.contracts import Account, AccountState
from wellspring.channels.contracts.accounts import WECHAT
from wellspring.channels.contracts.sends import Capabilities, Channel, Outcome, OutcomeState, Parcel, Receipt, ReceiptState, Recipient
from wellspring.channels.contracts.ways import MediaKind
from wellspring.channels.repo import reaching
from wellspring.channels.repo import sends as repo
from wellspring.channels.rules import sends as rules
from wellspring.channels.rules.mails import BOUNCED
from wellspring.channels.service import accounts, media, shaping, unsubscribing
from wellspring.channels.settings import ChannelsSettings
from wellspring.content.contracts import Body
from wellspring.kernel import audit, failpoints
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.ids import new_id
from wellspring.kernel.workspace import Workspace, before_closing
from wellspring.people import api as people

_CALLING = "calling"
_PAUSED_SECONDS = 60
_LATER_SECONDS = 60
_PROBLEM_MAX = 80
_adapters: Mapping[Channel, Adapter] = {
    Channel.WECOM: Mass(Channel.WECOM),
    Channel.WECOM_GROUP: Mass(Channel.WECOM_GROUP),
    Channel.MOMENTS: Moments(),
    Channel.TASK: StaffTask(),
    Channel.OFFICIAL_ACCOUNT: OfficialAccount(),
    Channel.MINI_PROGRAM: MiniProgram(),
    Channel.SMS: Sms(),
    Channel.EMAIL: Mail(),
    Channel.WEBHOOK: Webhook(),
    Channel.ADS: AdAudience(),
}


def capabilities(ws: Workspace) -> dict[Channel, Capabilities]:
    """What each channel can do at the least, whatever account carries it."""
    return {channel: _can(ws, channel) for channel in _adapters}


def deliver(ws: Workspace, parcel: Parcel) -> Outcome:
    """Hands a parcel over, once for ever under its key. Never raises for trouble of the provider or of the account."""
    account, fault = _usable(ws, parcel)
    if account is None:
        return Outcome(OutcomeState.REFUSED, problem=fault)
    known = _claim(ws, parcel)
    if known is not None:
        return known
    failpoints.hit("channels.send.claimed")
    outcome = _handed_over(_desk(ws, account), parcel)
    failpoints.hit("channels.send.called")
    _keep(ws, parcel, outcome)
    return outcome


def try_out(ws: Workspace, *, by: Principal, account_id: str, channel: Channel, to: str, sender: str, body: Body) -> Outcome:
    """Sends a test to an address that somebody typed. Raises AccountUnknown, KindMismatch."""
    account = accounts.get(ws, account_id)
    parcel = Parcel(new_id("try"), channel, account_id, sender, body, (Recipient(0, to),), marketing=False)
    if account.kind is not rules.ALL[channel].needs_account:
        raise errors.KindMismatch
    _, fault = _usable(ws, parcel)
    if fault:
        return Outcome(OutcomeState.REFUSED, problem=fault)
    _claim(ws, parcel)
    with ws.sql.write() as tx:
        detail = {"channel": str(channel), "key": parcel.key}
        audit.append(ws.sql, tx, by=by, action="channels.test.send", subject=account_id, at=ws.clock.now(), detail=detail)
    desk = _desk(ws, account)._replace(opened=lambda marks: {one: one for one in marks}, is_trial=True)
    outcome = _handed_over(desk, parcel)
    _keep(ws, parcel, outcome)
    return outcome


def ask(ws: Workspace, *, channel: Channel, account_id: str, provider_id: str) -> list[Receipt]:
    """What the provider says of a parcel now. Raises ChannelFailed and its kin, AccountUnknown."""
    desk = _desk(ws, accounts.get(ws, account_id))
    handed = _handed(ws, account_id, provider_id)
    receipts, made_id = _adapters[channel].receipts(desk, handed)
    if made_id and made_id != handed.made_id:
        with ws.sql.write() as tx:
            repo.change_parcel(tx, handed.key, made_id=made_id)
    return receipts


def remind(ws: Workspace, *, channel: Channel, account_id: str, provider_id: str) -> None:
    """Has those reminded who did not confirm. Raises ChannelFailed (41094 when that was done too often), AccountUnknown."""
    _adapters[channel].remind(_desk(ws, accounts.get(ws, account_id)), _handed(ws, account_id, provider_id))


def recall(ws: Workspace, *, channel: Channel, account_id: str, provider_id: str) -> None:
    """Stops what is not sent, or takes it back, where the channel can. Raises ChannelFailed and its kin, AccountUnknown."""
    handed = _handed(ws, account_id, provider_id)
    _adapters[channel].recall(_desk(ws, accounts.get(ws, account_id)), handed)
    if handed.key:
        with ws.sql.write() as tx:
            repo.change_parcel(tx, handed.key, recalled_at=ws.clock.now())


def outcome_of(ws: Workspace, key: str) -> Outcome | None:
    """What is known of a parcel that may have been handed over; None when it never was."""
    with ws.sql.read() as tx:
        row = repo.parcel(tx, key)
    return _outcome(row) if row is not None else None


def _can(ws: Workspace, channel: Channel) -> Capabilities:
    can = rules.ALL[channel]
    if channel is Channel.OFFICIAL_ACCOUNT:
        return dataclasses.replace(can, has_key=ws.settings.get(ChannelsSettings).official_key_is_trusted)
    return can


def _usable(ws: Workspace, parcel: Parcel) -> tuple[Account | None, str]:
    """The account that carries it, or why nothing can be handed over."""
    can = rules.ALL[parcel.channel]
    try:
        account = accounts.get(ws, parcel.account_id)
    except errors.AccountUnknown as unknown:
        return None, unknown.code
    if account.kind is not can.needs_account or parcel.channel not in _adapters:
        return None, errors.KindMismatch.code
    if not parcel.recipients or len(parcel.recipients) > can.batch_max:
        return None, "channels.batch_size"
    if can.needs_sender and not parcel.sender:
        return None, "channels.sender_missing"
    if len(parcel.body.text.encode()) > can.text_bytes_max:
        return None, "channels.text_too_long"
    if len(parcel.body.attachments) > can.attachments_max:
        return None, "channels.too_many_attachments"
    return account, ""


def _claim(ws: Workspace, parcel: Parcel) -> Outcome | None:
    """Keeps the intent; gives the outcome that stands already, if one does."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, f"channels.parcel.{parcel.key}")
        row = repo.parcel(tx, parcel.key)
        if row is None:
            values: dict[str, Any] = {"key": parcel.key, "account_id": parcel.account_id, "channel": parcel.channel}
            values |= {"sender": parcel.sender, "state": _CALLING, "refused": [], "recipients": len(parcel.recipients)}
            repo.add_parcel(tx, values | {"called_at": now, "text_mark": text_mark(ws, parcel.body.text)})
            return None
        may_again = row.state == OutcomeState.LATER or (_can(ws, parcel.channel).has_key and row.state in (_CALLING, OutcomeState.UNKNOWN))
        if not may_again:
            return _outcome(row)
        repo.change_parcel(tx, parcel.key, state=_CALLING, called_at=now)
    return None


def text_mark(ws: Workspace, text: str) -> bytes:
    """What tells a text from others, without keeping it."""
    return ws.keys.mark("parcel.text", text)


def _handed_over(desk: Desk, parcel: Parcel) -> Outcome:
    if desk.account.state is AccountState.PAUSED:
        return Outcome(OutcomeState.LATER, retry_seconds=_PAUSED_SECONDS, problem=errors.AccountPaused.code)
    try:
        return _paced(desk, parcel)
    except errors.OutcomeUnknown as lost:
        return Outcome(OutcomeState.UNKNOWN, problem=rules.problem(lost.errcode))
    except (errors.ChannelLimited, errors.ChannelUnreachable) as wait:
        return Outcome(OutcomeState.LATER, retry_seconds=wait.retry_seconds or _LATER_SECONDS, problem=rules.problem(wait.errcode))
    except errors.ChannelFailed as refused:
        state, problem, seconds = rules.refusal(refused.errcode)
        return Outcome(state, retry_seconds=seconds, problem=problem)
    except WellspringError as refused:
        return Outcome(OutcomeState.REFUSED, problem=refused.code)
    except httpx.HTTPError as lost:
        # A client that does not say whether it got there: it may have.
        return Outcome(OutcomeState.UNKNOWN, problem=type(lost).__name__)


def _paced(desk: Desk, parcel: Parcel) -> Outcome:
    """Calls at the channel's own pace, which all workers share; WeChat's client keeps its own for each of its APIs."""
    adapter, ws, account = _adapters[parcel.channel], desk.ws, desk.account
    if account.kind in WECHAT:
        return adapter.deliver(desk, parcel)
    path = f"send/{parcel.channel}"
    given = pace.admit(ws, account, path, per_second=rules.ALL[parcel.channel].per_second)
    try:
        outcome = adapter.deliver(desk, parcel)
    except errors.ChannelLimited as full:
        raise pace.limited(ws, account, path, full.errcode, seconds_told=full.retry_seconds) from full
    except errors.ChannelFailed as failure:
        pace.failed(ws, account, path, failure.errcode)
        raise
    pace.succeeded(ws, account, path, given)
    return outcome


def _keep(ws: Workspace, parcel: Parcel, outcome: Outcome) -> None:
    values: dict[str, Any] = {"state": outcome.state, "provider_id": outcome.provider_id, "problem": outcome.problem[:_PROBLEM_MAX]}
    now = ws.clock.now()
    values |= {"refused": [list(one) for one in outcome.refused], "ended_at": now}
    with ws.sql.write() as tx:
        repo.change_parcel(tx, parcel.key, among=[_CALLING], **values)
        if outcome.problem == BOUNCED and parcel.recipients[0].member_no:
            # The server said at once that there is no such mailbox: the address is dead, as a report would tell later.
            row = {"account_id": parcel.account_id, "provider_id": parcel.key, "address": parcel.recipients[0].address}
            repo.keep_receipt(tx, row | {"state": ReceiptState.FAILED, "reason": BOUNCED, "at": now, "received_at": now})


def _outcome(row: repo.Row) -> Outcome:
    refused = tuple((int(number), str(reason)) for number, reason in row.refused)
    if row.state == _CALLING:
        return Outcome(OutcomeState.UNKNOWN, problem="channels.never_answered")
    return Outcome(OutcomeState(row.state), row.provider_id, refused, problem=row.problem)


def _handed(ws: Workspace, account_id: str, provider_id: str) -> Handed:
    with ws.sql.read() as tx:
        row = repo.parcel_of(tx, account_id, provider_id)
    if row is None:
        return Handed("", provider_id, "", "")
    return Handed(row.key, provider_id, row.made_id, row.sender)


def _desk(ws: Workspace, account: Account) -> Desk:
    def upload(file_id: str, kind: MediaKind) -> str:
        return media.upload(ws, account_id=account.id, file_id=file_id, kind=kind).media_id

    def opened(marks: Sequence[str]) -> dict[str, str]:
        return people.opened_addresses(ws, marks=marks)

    def page(member_no: int, address: str) -> str:
        return unsubscribing.url_of(ws, account, member_no=member_no, address=address)

    def names(numbers: Sequence[int]) -> list[str]:
        with ws.sql.read() as tx:
            found = reaching.names(tx, account.id, numbers)
        return [ws.keys.open(found[number], context=shaping.NAME_CONTEXT) for number in numbers if number in found]

    return Desk(ws, account, upload, opened, page, names)


def forget_old(ws: Workspace, *, before: dt.datetime) -> int:
    """Drops receipts and ended parcels of former times; gives how many."""
    with ws.sql.write() as tx:
        return repo.forget_before(tx, before)


before_closing(smtp.close)
