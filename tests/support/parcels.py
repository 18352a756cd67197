"""Accounts of vendors, people who agreed, and parcels for tests of sending."""

import uuid
from typing import Any

import orjson
from pyroaring import BitMap

from tests.support.vendors import MailServer
from wellspring.channels import api as channels
from wellspring.channels.api import sends
from wellspring.channels.contracts import AccountDraft, AccountKind
from wellspring.channels.contracts.sends import Channel, Parcel, Recipient
from wellspring.content.contracts import Body
from wellspring.kernel import bus
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Claim, ConsentState, ConsentWord, Identity, IdentityKind


def connect(ws: Workspace, kind: AccountKind, host: str = "", **options: str) -> str:
    """An account of a vendor; gives its id."""
    draft = AccountDraft(kind, f"账号{kind}", "AK-1", secret="秘密-secret", host=host, options=options)
    return channels.connect(ws, by=SYSTEM, draft=draft).id


def mail_account(ws: Workspace, mail: MailServer) -> str:
    """An account of a mail server of this machine."""
    options = {"smtp_host": "127.0.0.1", "smtp_port": str(mail.port), "smtp_security": "none", "from_address": "hi@brand.cn"}
    return connect(ws, AccountKind.EMAIL, **options, from_name="品牌", bounce_address="bounce@brand.cn")


def recipients_of(ws: Workspace, kind: IdentityKind, channel: Channel, *values: str) -> list[Recipient]:
    """Members with these addresses who agreed to marketing, as a parcel names them."""
    claims = [Claim((Identity(kind, value),), ws.clock.now()) for value in values]
    numbers = people.resolve(ws, by=SYSTEM, claims=claims).member_nos
    word = "sms" if kind is IdentityKind.PHONE else "email"
    said = [
        ((Identity(kind, one),), ConsentWord("marketing", word, ConsentState.SUBSCRIBED, ws.clock.now(), explicit=True)) for one in values
    ]
    people.put_consents(ws, by=SYSTEM, words=said)
    found = sends.addresses(ws, channel=channel, account_id="", member_nos=BitMap(numbers))
    return [Recipient(*row) for row in zip(found.members.tolist(), found.addresses, strict=True)]


def phones_of(ws: Workspace, *values: str) -> list[Recipient]:
    """The same of phones."""
    return recipients_of(ws, IdentityKind.PHONE, Channel.SMS, *values)


def parcel_of(
    account_id: str, channel: Channel, recipients: list[Recipient], body: Body | None = None, *, marketing: bool = True
) -> Parcel:
    """A parcel under a key of its own."""
    return Parcel(uuid.uuid4().hex, channel, account_id, "", body or Body("上新啦"), tuple(recipients), marketing=marketing)


def heard(ws: Workspace, name: str) -> list[dict[str, Any]]:
    """What was told under a name, in order."""
    with ws.sql.read() as tx:
        return [body for _, body in bus.told_since(tx, 0, [name])[1]]


def post(ws: Workspace, account_id: str, what: str, body: Any) -> int:
    """Posts as a vendor does; gives how many were new."""
    token = sends.receipt_paths(ws, channels.account(ws, account_id))[what].split("/")[3]
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    return sends.take_receipts(ws, account_id=account_id, token=token, what=what, body=raw)
