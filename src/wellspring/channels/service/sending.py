"""Handing parcels to providers: kept before the call, never handed over twice under one key, and nothing raised for their trouble.

The row of a parcel is written first. Whoever hands the same key over again gets the first outcome; one whose call was
never answered stays unknown, unless the provider knows our key and so may be asked to take it again.

Of several parcels some are called at once. One transaction keeps how the calls ended that came to an end meanwhile, and
claims those that are called next.
"""

import dataclasses
import datetime as dt
import functools
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent import futures
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
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace, before_closing
from wellspring.people import api as people

_CALLING = "calling"
_PAUSED_SECONDS = 60
_LATER_SECONDS = 60
_PROBLEM_MAX = 80
# Calls under way at once for whoever hands several parcels over: what the channel's pace lets go in so many seconds, and how
# many where it names none. A process that dies leaves no more than these unanswered.
_UNDER_WAY_SECONDS = 0.3
_UNPACED, _UNDER_WAY_MIN, _UNDER_WAY_MAX = 8, 2, 32
# What ends within this is written together.
_GATHERED_SECONDS = 0.1
# Nobody has had enough of anything; whoever plans looks again.
_TOO_LATE = Outcome(OutcomeState.LATER)
Ended = tuple[Parcel, Outcome]
_Call = futures.Future[Outcome]
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
    [(_, outcome)] = [one for ended in deliver_several(ws, [parcel]) for one in ended]
    return outcome


def deliver_several(ws: Workspace, parcels: Sequence[Parcel]) -> Iterator[Sequence[Ended]]:
    """The same of several, some at a time: gives the outcomes as they come, those together that were written together."""
    found = {name: _account(ws, name) for name in {parcel.account_id for parcel in parcels}}
    desks = {name: _desk_for(ws, account, parcels) for name, account in found.items() if account is not None}
    faults = [(parcel, _fault(parcel, found[parcel.account_id])) for parcel in parcels]
    if unfit := [(parcel, Outcome(OutcomeState.REFUSED, problem=fault)) for parcel, fault in faults if fault]:
        yield unfit
    waiting = deque(parcel for parcel, fault in faults if not fault)
    size = min(_under_way(ws, waiting), max(len(waiting), 1))
    running: dict[_Call, Parcel] = {}
    ended: Sequence[Ended] = []
    with futures.ThreadPoolExecutor(size, "channels-call") as crew:
        try:
            while waiting or running or ended:
                fresh = [waiting.popleft() for _ in range(min(size - len(running), len(waiting)))]
                with ws.sql.write() as tx:
                    _keep(ws, tx, ended)
                    known = _claim(ws, tx, fresh)
                failpoints.hit("channels.send.claimed")
                running |= {crew.submit(_handed_over, desks[one.account_id], one): one for one in fresh if one.key not in known}
                if told := [*ended, *((one, known[one.key]) for one in fresh if one.key in known)]:
                    yield told
                ended = _ended(running)
                failpoints.hit("channels.send.called")
                if spared := _spared(waiting, ended):
                    yield spared
        finally:
            # Whoever listens may have failed: what is under way is kept all the same.
            if running:
                futures.wait(running)
                with ws.sql.write() as tx:
                    _keep(ws, tx, [(parcel, call.result()) for call, parcel in running.items() if call.exception() is None])


def try_out(ws: Workspace, *, by: Principal, account_id: str, channel: Channel, to: str, sender: str, body: Body) -> Outcome:
    """Sends a test to an address that somebody typed. Raises AccountUnknown, KindMismatch."""
    account = accounts.get(ws, account_id)
    parcel = Parcel(new_id("try"), channel, account_id, sender, body, (Recipient(0, to),), marketing=False)
    if account.kind is not rules.ALL[channel].needs_account:
        raise errors.KindMismatch
    if fault := _fault(parcel, account):
        return Outcome(OutcomeState.REFUSED, problem=fault)
    with ws.sql.write() as tx:
        _claim(ws, tx, [parcel])
        detail = {"channel": str(channel), "key": parcel.key}
        audit.append(ws.sql, tx, by=by, action="channels.test.send", subject=account_id, at=ws.clock.now(), detail=detail)
    desk = _desk(ws, account)._replace(opened=lambda marks: {one: one for one in marks}, is_trial=True)
    outcome = _handed_over(desk, parcel)
    with ws.sql.write() as tx:
        _keep(ws, tx, [(parcel, outcome)])
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


def _under_way(ws: Workspace, parcels: Iterable[Parcel]) -> int:
    # On a virtual clock one after the other, so that a story is told alike each time.
    if isinstance(ws.clock, VirtualClock):
        return 1
    paces = [rules.ALL[parcel.channel].per_second for parcel in parcels]
    slowest = min((pace for pace in paces if pace is not None), default=_UNPACED / _UNDER_WAY_SECONDS)
    return min(max(round(slowest * _UNDER_WAY_SECONDS), _UNDER_WAY_MIN), _UNDER_WAY_MAX)


def _desk_for(ws: Workspace, account: Account, parcels: Sequence[Parcel]) -> Desk:
    """The desk for these parcels: their marks are opened together at the first call, and forgotten after the last."""
    marks = [one.address for parcel in parcels if parcel.account_id == account.id for one in parcel.recipients]
    plain = functools.cache(lambda: people.opened_addresses(ws, marks=marks))
    return _desk(ws, account)._replace(opened=lambda wanted: {one: plain()[one] for one in wanted if one in plain()})


def _account(ws: Workspace, account_id: str) -> Account | None:
    try:
        return accounts.get(ws, account_id)
    except errors.AccountUnknown:
        return None


def _fault(parcel: Parcel, account: Account | None) -> str:
    """Why a parcel cannot be handed over; empty if it can."""
    can = rules.ALL[parcel.channel]
    if account is None:
        return errors.AccountUnknown.code
    if account.kind is not can.needs_account or parcel.channel not in _adapters:
        return errors.KindMismatch.code
    if not parcel.recipients or len(parcel.recipients) > can.batch_max:
        return "channels.batch_size"
    if can.needs_sender and not parcel.sender:
        return "channels.sender_missing"
    if len(parcel.body.text.encode()) > can.text_bytes_max:
        return "channels.text_too_long"
    if len(parcel.body.attachments) > can.attachments_max:
        return "channels.too_many_attachments"
    return ""


def _ended(running: dict[_Call, Parcel]) -> list[Ended]:
    """The calls that have come to an end, at least one; they are no longer under way."""
    if not any(call.done() for call in running):
        futures.wait(running, return_when=futures.FIRST_COMPLETED)
        futures.wait(running, timeout=_GATHERED_SECONDS)
    return [(running.pop(call), call.result()) for call in list(running) if call.done()]


def _spared(waiting: deque[Parcel], ended: Sequence[Ended]) -> list[Ended]:
    """Those that still wait for an account that has had enough: it is not asked again for them."""
    full = {one.account_id: outcome for one, outcome in ended if outcome.state is OutcomeState.LATER and outcome.problem}
    spared = [(parcel, full[parcel.account_id]) for parcel in waiting if parcel.account_id in full]
    for parcel, _ in spared:
        waiting.remove(parcel)
    return spared


def _claim(ws: Workspace, tx: Tx, parcels: Sequence[Parcel]) -> dict[str, Outcome]:
    """Keeps the intents; gives the outcomes that stand already, by key."""
    now, keys = ws.clock.now(), sorted(parcel.key for parcel in parcels)
    for key in keys:
        ws.sql.lock(tx, f"channels.parcel.{key}")
    rows = repo.parcels(tx, keys) if keys else {}
    fresh, known = [], {}
    for parcel in parcels:
        row = rows.get(parcel.key)
        if row is None:
            values: dict[str, Any] = {"key": parcel.key, "account_id": parcel.account_id, "channel": parcel.channel}
            values |= {"sender": parcel.sender, "state": _CALLING, "refused": [], "recipients": len(parcel.recipients)}
            fresh.append(values | {"called_at": now, "text_mark": text_mark(ws, parcel.body.text)})
        elif row.state == OutcomeState.LATER or (_can(ws, parcel.channel).has_key and row.state in (_CALLING, OutcomeState.UNKNOWN)):
            repo.change_parcel(tx, parcel.key, state=_CALLING, called_at=now)
        else:
            known[parcel.key] = _outcome(row)
    repo.add_parcels(tx, fresh)
    return known


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
        return _TOO_LATE if _is_late(ws, parcel) else adapter.deliver(desk, parcel)
    path = f"send/{parcel.channel}"
    given = pace.admit(ws, account, path, per_second=rules.ALL[parcel.channel].per_second)
    if _is_late(ws, parcel):
        return _TOO_LATE
    try:
        outcome = adapter.deliver(desk, parcel)
    except errors.ChannelLimited as full:
        raise pace.limited(ws, account, path, full.errcode, seconds_told=full.retry_seconds) from full
    except errors.ChannelFailed as failure:
        pace.failed(ws, account, path, failure.errcode)
        raise
    pace.succeeded(ws, account, path, given)
    return outcome


def _is_late(ws: Workspace, parcel: Parcel) -> bool:
    return parcel.until is not None and ws.clock.now() >= parcel.until


def _keep(ws: Workspace, tx: Tx, ended: Sequence[Ended]) -> None:
    now, rows = ws.clock.now(), []
    for parcel, outcome in ended:
        values: dict[str, Any] = {"state": outcome.state, "provider_id": outcome.provider_id, "problem": outcome.problem[:_PROBLEM_MAX]}
        rows.append(values | {"b_key": parcel.key, "refused": [list(one) for one in outcome.refused], "ended_at": now})
        if outcome.problem == BOUNCED and parcel.recipients[0].member_no:
            # The server said at once that there is no such mailbox: the address is dead, as a report would tell later.
            row = {"account_id": parcel.account_id, "provider_id": parcel.key, "address": parcel.recipients[0].address}
            repo.keep_receipt(tx, row | {"state": ReceiptState.FAILED, "reason": BOUNCED, "at": now, "received_at": now})
    repo.end_parcels(tx, rows)


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
