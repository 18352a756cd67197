"""What providers tell by themselves: reports of messages, replies, mails that came back. Each is told up once.

They come in any order, repeatedly, and even before the row of the parcel ends: a report that names our key also tells
what became of a call that was never answered.
"""

import datetime as dt
import functools
import hmac
import logging
import poplib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from wellspring.channels.adapters.sends import pop
from wellspring.channels.contracts import Account, AccountKind, AccountState
from wellspring.channels.contracts.sends import Channel, OutcomeState, ReceiptState, ReplyText
from wellspring.channels.errors import AccountUnknown, CallbackRefused
from wellspring.channels.events import Receipt, Replied
from wellspring.channels.repo import followers as follower_rows
from wellspring.channels.repo import sends as repo
from wellspring.channels.rules import mails, sms
from wellspring.channels.service import accounts, notices, unsubscribing
from wellspring.kernel import bus
from wellspring.kernel.clock import iso
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Identity, IdentityKind

CONTEXT = "channels.reply"
_TEXT_MAX = 4_000
_log = logging.getLogger("wellspring.channels")
_REASON_MAX = 80
_CHANNELS = {AccountKind.SMS: Channel.SMS, AccountKind.EMAIL: Channel.EMAIL}


class _Word(NamedTuple):
    """One thing that a provider told of one address."""

    provider_id: str
    key: str
    address: str
    state: ReceiptState
    reason: str
    at: dt.datetime | None


def token_of(ws: Workspace, account_id: str) -> str:
    """What a vendor's address carries, since vendors of text messages sign nothing."""
    return ws.keys.sign(f"receipts:{account_id}")


def paths_of(ws: Workspace, account: Account) -> dict[str, str]:
    """Where the vendor is told to post what it has to tell, below this server's address."""
    if account.kind not in _CHANNELS:
        return {}
    words = ("report", "reply") if account.kind is AccountKind.SMS else ("mail",)
    return {word: f"/receipts/{account.id}/{token_of(ws, account.id)}/{word}" for word in words}


def demand_token(ws: Workspace, account_id: str, token: str) -> Account:
    """The account, for somebody who knows its address. Raises AccountUnknown, CallbackRefused."""
    account = accounts.get(ws, account_id)
    if not hmac.compare_digest(token_of(ws, account_id).encode(), token.encode()):
        raise CallbackRefused(reason="signature")
    if account.kind not in _CHANNELS:
        raise AccountUnknown
    return account


def take_reports(ws: Workspace, account: Account, told: Any) -> int:  # noqa: ANN401 - any JSON
    """Takes a vendor's reports of text messages; gives how many were new."""
    words = []
    for one in sms.reports(told):
        mark = people.address_mark(ws, identity=Identity(IdentityKind.PHONE, one.phone))
        words.append(_Word(one.provider_id, one.key, mark, one.state, one.reason, one.at))
    return _take(ws, account, Channel.SMS, words)


def take_replies(ws: Workspace, account: Account, told: Any) -> int:  # noqa: ANN401 - any JSON
    """Takes a vendor's replies; a word for stopping stops. Gives how many were new."""
    count = 0
    for one in sms.replies(told):
        mark = people.address_mark(ws, identity=Identity(IdentityKind.PHONE, one.phone))
        said = _Said(Channel.SMS, mark, "", "", one.text, one.at, f"{one.mark}:{one.text}", sms.is_stop(one.text))
        count += _heard(ws, account, said)
    return count


def take_mail(ws: Workspace, account: Account, raw: bytes) -> bool:
    """Takes a mail that came back: a report, a complaint, or somebody's answer. False for one that came before, or is nobody's."""
    mail = mails.read(raw)
    with ws.sql.read() as tx:
        row = repo.parcel(tx, mail.key) if mail.key else None
    if mail.state is None:
        if mails.is_automatic(raw) or not mail.sender:
            return False
        mark = people.address_mark(ws, identity=Identity(IdentityKind.EMAIL, mail.sender))
        key = row.key if row is not None else ""
        return _heard(ws, account, _Said(Channel.EMAIL, mark, "", key, mail.text, None, mail.mark or mail.text, is_stop=False))
    if row is None or row.account_id != account.id:
        return False
    address = _address_of(ws, row.key, mail.recipient)
    if mail.reason == mails.COMPLAINED and address:
        [number] = people.members_of_marks(ws, marks=[address]).values() or [0]
        if number:
            unsubscribing.refuse(ws, member_no=number, channel=Channel.EMAIL, address=unsubscribing.short_of(address), source="complaint")
    return _take(ws, account, Channel.EMAIL, [_Word(row.provider_id, row.key, address, mail.state, mail.reason, None)]) > 0


def fetch_mails(ws: Workspace) -> dict[str, int]:
    """Looks into the mailbox of every mail account that has one; gives how many mails each gave, -1 where it could not be opened."""
    found: dict[str, int] = {}
    for account in accounts.listing(ws, AccountKind.EMAIL):
        if account.state is AccountState.PAUSED or not account.options.get("pop_host"):
            continue
        try:
            found[account.id] = pop.fetch(ws, account, functools.partial(take_mail, ws, account))
        except (WellspringError, poplib.error_proto, OSError) as failure:
            # The class alone: a message may quote personal values.
            _log.warning("the mailbox of %s: %s", account.id, type(failure).__name__)
            found[account.id] = -1
    return found


def template_ended(ws: Workspace, account: Account, fields: Mapping[str, Any], at: dt.datetime, callback_id: int) -> None:
    """Takes TEMPLATESENDJOBFINISH of a parcel, and of a message that an operator sent."""
    notices.heard(ws, account, fields, at, callback_id)
    provider_id = str(fields.get("MsgID") or fields.get("MsgId") or "")
    is_done = fields.get("Status") == "success"
    state, reason = (ReceiptState.DELIVERED, "") if is_done else (ReceiptState.FAILED, str(fields.get("Status") or ""))
    _take(ws, account, Channel.OFFICIAL_ACCOUNT, [_Word(provider_id, "", str(fields.get("FromUserName") or ""), state, reason, at)])


def text_heard(ws: Workspace, account: Account, fields: Mapping[str, Any], at: dt.datetime, _callback_id: int) -> None:
    """Takes what a follower of an Official Account wrote."""
    openid, text = str(fields.get("FromUserName") or ""), str(fields.get("Content") or "")
    if account.kind is not AccountKind.OFFICIAL or not openid:
        return
    mark = str(fields.get("MsgId") or "") or f"{iso(at)}:{text}"
    _heard(ws, account, _Said(Channel.OFFICIAL_ACCOUNT, openid, "", "", text, at, f"{openid}:{mark}", is_stop=False))


def replies(ws: Workspace, *, member_no: int, limit: int = 50) -> list[ReplyText]:
    """What a member wrote back, the newest first, in plain."""
    numbers = people.numbers_held(ws, member_no=member_no)
    with ws.sql.read() as tx:
        rows = repo.replies_of(tx, numbers, limit=limit)
    return [_opened(ws, row) for row in rows]


def reply(ws: Workspace, reply_id: str) -> ReplyText | None:
    """One reply in plain."""
    with ws.sql.read() as tx:
        row = repo.reply(tx, reply_id)
    return _opened(ws, row) if row is not None else None


class _Said(NamedTuple):
    channel: Channel
    address: str
    userid: str
    parcel_key: str
    text: str
    at: dt.datetime | None
    mark: str
    is_stop: bool


def _take(ws: Workspace, account: Account, channel: Channel, words: Sequence[_Word]) -> int:
    now, count = ws.clock.now(), 0
    with ws.sql.write() as tx:
        ws.sql.lock(tx, f"channels.receipts.{account.id}")
        for word in words:
            row = _parcel_of(tx, account, word)
            if row is None and not word.provider_id:
                continue
            provider_id = word.provider_id or row.provider_id if row is not None else word.provider_id
            values = {"account_id": account.id, "provider_id": provider_id, "address": word.address, "state": word.state}
            at = word.at or now
            if not repo.keep_receipt(tx, values | {"reason": word.reason[:_REASON_MAX], "at": at, "received_at": now}):
                continue
            count += 1
            key = row.key if row is not None else word.key
            told = Receipt(account.id, str(channel), key, provider_id, word.address, str(word.state), word.reason[:_REASON_MAX], iso(at))
            bus.tell(ws.sql, tx, told, at=now)
    return count


def _parcel_of(tx: Tx, account: Account, word: _Word) -> repo.Row | None:
    """The parcel that a word speaks of; one whose call was never answered was accepted after all."""
    row = repo.parcel(tx, word.key) if word.key else None
    row = row if row is not None and row.account_id == account.id else repo.parcel_of(tx, account.id, word.provider_id)
    if row is not None and row.state == OutcomeState.UNKNOWN and word.provider_id:
        repo.change_parcel(tx, row.key, among=[OutcomeState.UNKNOWN], state=OutcomeState.ACCEPTED, provider_id=word.provider_id)
    return row


def _heard(ws: Workspace, account: Account, said: _Said) -> bool:
    now = ws.clock.now()
    number = _member_of(ws, account, said)
    text = said.text[:_TEXT_MAX]
    row: dict[str, Any] = {"id": new_id("rep"), "account_id": account.id, "channel": said.channel, "member_no": number}
    row |= {"digest": ws.keys.mark("reply", f"{said.address}:{said.mark}"), "address": said.address, "userid": said.userid}
    row |= {"parcel_key": said.parcel_key, "sealed": ws.keys.seal(text, context=CONTEXT), "is_stop": said.is_stop}
    row |= {"at": said.at or now, "received_at": now}
    with ws.sql.write() as tx:
        ws.sql.lock(tx, f"channels.replies.{account.id}")
        if not repo.keep_reply(tx, row):
            return False
        told = Replied(
            account.id, str(said.channel), row["id"], number, said.address, said.userid, said.parcel_key, said.is_stop, iso(row["at"])
        )
        bus.tell(ws.sql, tx, told, at=now)
        if said.is_stop and number:
            short = unsubscribing.short_of(said.address)
            unsubscribing.refuse(ws, member_no=number, channel=said.channel, address=short, source="reply")
    return True


def _member_of(ws: Workspace, account: Account, said: _Said) -> int:
    if not said.address:
        return 0
    if said.channel in (Channel.SMS, Channel.EMAIL):
        return people.members_of_marks(ws, marks=[said.address]).get(said.address, 0)
    with ws.sql.read() as tx:
        row = follower_rows.follower(tx, account.id, said.address)
    return people.holders_of(ws, member_nos=[row.member_no])[0] if row is not None else 0


def _address_of(ws: Workspace, key: str, recipient: str) -> str:
    """The mark of whom a mail was for, as the report says it; empty where it does not."""
    return people.address_mark(ws, identity=Identity(IdentityKind.EMAIL, recipient)) if key and recipient else ""


def _opened(ws: Workspace, row: repo.Row) -> ReplyText:
    text = ws.keys.open(row.sealed, context=CONTEXT)
    return ReplyText(row.id, row.account_id, Channel(row.channel), row.member_no, text, row.is_stop, row.parcel_key, row.at)


def told_of(raw: bytes) -> Any:  # noqa: ANN401 - any JSON
    """The JSON of a vendor's post. Raises CallbackRefused."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as broken:
        raise CallbackRefused(reason="json") from broken
