"""Leaving a channel: a token that names one person and one address, good for ever, and what using it does.

The token is short enough for a text message: who, which channel, four bytes of the address, and a signature. Only using
it on purpose (a button, a mail program's one click, RFC 8058) changes anything, and doing so twice is doing it once.
"""

import base64
import binascii
import hashlib
import hmac
from typing import NamedTuple

from pyroaring import BitMap

from wellspring.channels.contracts import Account
from wellspring.channels.contracts.sends import Channel
from wellspring.channels.errors import UnsubscribeUnknown
from wellspring.channels.events import Unsubscribed
from wellspring.channels.repo import sends as repo
from wellspring.channels.rules import sends as rules
from wellspring.kernel import bus
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import iso
from wellspring.kernel.ids import new_id
from wellspring.kernel.settings import ProcessSettings
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import ConsentState, ConsentWord, Identity, IdentityKind

PURPOSE = "marketing"
_CHANNELS = tuple(channel for channel in Channel if rules.ALL[channel].consent_channel)
_NUMBER_BYTES, _ADDRESS_BYTES, _SIGNED = 4, 4, 11
_PAYLOAD = _NUMBER_BYTES + 1 + _ADDRESS_BYTES
_PAYLOAD_TEXT = 12
_PERSONAL = frozenset({IdentityKind.PHONE, IdentityKind.EMAIL})


class Named(NamedTuple):
    """Whom a token names."""

    member_no: int
    channel: Channel
    address: bytes

    @property
    def consent_channel(self) -> str:
        """The word for the channel in what people agreed to."""
        return rules.ALL[self.channel].consent_channel or ""


def token_of(ws: Workspace, *, member_no: int, channel: Channel, address: str) -> str:
    """The token of one person's address."""
    payload = member_no.to_bytes(_NUMBER_BYTES, "big") + bytes([_CHANNELS.index(channel)]) + _short(address)
    text = base64.urlsafe_b64encode(payload).decode().rstrip("=")
    return f"{ws.slug}.{text}{ws.keys.sign(f'unsubscribe:{text}')[:_SIGNED]}"


def url_of(ws: Workspace, account: Account, *, member_no: int, address: str) -> str:
    """The page on which one person says that they want no more through this account's channel."""
    channel = next(one for one in rules.OF_KIND[account.kind] if one in _CHANNELS)
    return link_of(ws, member_no=member_no, channel=channel, address=address)


def link_of(ws: Workspace, *, member_no: int, channel: Channel, address: str) -> str:
    """The same by channel."""
    return f"{ProcessSettings().public_url.rstrip('/')}/u/{token_of(ws, member_no=member_no, channel=channel, address=address)}"


def named(ws: Workspace, token: str) -> Named:
    """Whom a token (without the workspace's part) names. Raises UnsubscribeUnknown."""
    text, signed = token[:_PAYLOAD_TEXT], token[_PAYLOAD_TEXT:]
    if not hmac.compare_digest(ws.keys.sign(f"unsubscribe:{text}")[:_SIGNED].encode(), signed.encode()):
        raise UnsubscribeUnknown
    try:
        payload = base64.urlsafe_b64decode(text)
    except binascii.Error as broken:
        raise UnsubscribeUnknown from broken
    if len(payload) != _PAYLOAD or payload[_NUMBER_BYTES] >= len(_CHANNELS):
        raise UnsubscribeUnknown
    number = int.from_bytes(payload[:_NUMBER_BYTES], "big")
    return Named(number, _CHANNELS[payload[_NUMBER_BYTES]], payload[_NUMBER_BYTES + 1 :])


def leave(ws: Workspace, token: str, *, source: str) -> Named:
    """Records that this address wants no more marketing on this channel; again, nothing more. Raises UnsubscribeUnknown."""
    who = named(ws, token)
    refuse(ws, member_no=who.member_no, channel=who.channel, address=who.address, source=source)
    return who


def refuse(ws: Workspace, *, member_no: int, channel: Channel, address: bytes, source: str) -> bool:
    """Records the objection of a member's address (of all of them, where it is none of theirs any more); False for a second time."""
    word = rules.ALL[channel].consent_channel
    kind = people.CHANNEL_KINDS.get(word or "")
    if word is None or kind is None:
        return False
    [holder] = people.holders_of(ws, member_nos=[member_no])
    with ws.sql.write() as tx:
        ws.sql.lock(tx, f"channels.unsubscribe.{holder}")
        addresses = people.addresses_of_kind(ws, kind=kind, member_nos=BitMap([holder])).addresses
        mine = [one for one in addresses if _short(one) == address]
        identities = _identities(ws, kind, mine or addresses)
        if not identities or all(_is_refused(ws, holder, word, one) for one in identities):
            return False
        now = ws.clock.now()
        said = [((one,), ConsentWord(PURPOSE, word, ConsentState.UNSUBSCRIBED, now, source=source, address=one)) for one in identities]
        people.put_consents(ws, by=SYSTEM, words=said)
        repo.add_leaving(tx, {"id": new_id("lvg"), "member_no": holder, "channel": channel, "source": source, "at": now})
        bus.tell(ws.sql, tx, Unsubscribed(str(channel), holder, source, iso(now)), at=now)
    return True


def short_of(address: str) -> bytes:
    """The part of an address that a token carries."""
    return _short(address)


def _identities(ws: Workspace, kind: IdentityKind, addresses: list[str]) -> list[Identity]:
    if kind in _PERSONAL:
        return [Identity(kind, plain) for plain in people.opened_addresses(ws, marks=addresses).values()]
    return [Identity(kind, one) for one in addresses]


def _is_refused(ws: Workspace, member_no: int, word: str, identity: Identity) -> bool:
    answer = people.may_contact(ws, member_no=member_no, purpose=PURPOSE, channel=word, address=identity)
    return answer.state is ConsentState.UNSUBSCRIBED


def _short(address: str) -> bytes:
    return hashlib.blake2b(address.encode(), digest_size=_ADDRESS_BYTES).digest()
