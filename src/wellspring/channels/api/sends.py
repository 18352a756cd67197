"""Sending: what channels can do, whom they reach under which address, handing parcels over, and what became of them."""

from collections.abc import Iterator, Sequence

from pyroaring import BitMap

from wellspring.channels.contracts import Account
from wellspring.channels.contracts.sends import Addresses, Capabilities, Channel, Outcome, Parcel, Receipt, Relations, ReplyText
from wellspring.channels.service import noting as _noting
from wellspring.channels.service import reaching as _reaching
from wellspring.channels.service import receiving as _receiving
from wellspring.channels.service import removing as _removing
from wellspring.channels.service import sending as _sending
from wellspring.channels.service import unsubscribing as _unsubscribing
from wellspring.content.contracts import Body
from wellspring.kernel.auth import Principal
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

# Whoever knows on whose behalf parcels go says so for the events about them.
register_namer = _noting.register_namer


def capabilities(ws: Workspace) -> dict[Channel, Capabilities]:
    """What each channel can do at the least, and its limits, whatever account carries it."""
    return _sending.capabilities(ws)


def addresses(
    ws: Workspace, *, channel: Channel, account_id: str, member_nos: BitMap, sender: str = "", purpose: str = "marketing"
) -> Addresses:
    """One address of each of these members who has one; through WeCom with `sender` the one that this guide knows.

    Phones and e-mail addresses leave as marks; those of which the purpose was refused are not given (N09). Of groups, the
    address is a group that the member is in: a parcel names each group once, whoever of its members it stands for.
    """
    return _reaching.addresses(ws, channel=channel, account_id=account_id, member_nos=member_nos, sender=sender, purpose=purpose)


def relations(ws: Workspace, *, account_id: str, member_nos: BitMap) -> Relations:
    """Who of the staff can write to each of these members through WeCom, for the choice of a sender."""
    return _reaching.relations(ws, account_id=account_id, member_nos=member_nos)


def reachable(ws: Workspace, channel: Channel, account_id: str) -> BitMap:
    """The members who have an address on the channel, whatever they agreed to."""
    return _reaching.reachable(ws, channel, account_id)


def consenting(ws: Workspace, channel: Channel, purpose: str) -> BitMap:
    """The members who may be written to for a purpose (`marketing`, `service`), whether they have an address or not."""
    return _reaching.consenting(ws, channel, purpose)


def deliver(ws: Workspace, parcel: Parcel) -> Outcome:
    """Hands a parcel over, once for ever under its key: again, the first outcome is given, except after `later`.

    Never raises for trouble of the provider or of the account. An answer that never came is `unknown`.
    """
    return _sending.deliver(ws, parcel)


def deliver_several(ws: Workspace, parcels: Sequence[Parcel]) -> Iterator[Sequence[tuple[Parcel, Outcome]]]:
    """The same of several, some at a time: gives the outcomes as they come, in groups. Each parcel comes once.

    A parcel whose `until` has passed before its call, and one whose account has had enough, is `later` and was not called.
    """
    return _sending.deliver_several(ws, parcels)


def try_out(ws: Workspace, *, by: Principal, account_id: str, channel: Channel, to: str, body: Body, sender: str = "") -> Outcome:
    """Sends a test to an address that somebody typed (their own), through the account. Raises AccountUnknown, KindMismatch."""
    return _sending.try_out(ws, by=by, account_id=account_id, channel=channel, to=to, sender=sender, body=body)


def outcome_of(ws: Workspace, key: str) -> Outcome | None:
    """What is known of a parcel that a program which died may have handed over; None when it never was."""
    return _sending.outcome_of(ws, key)


def ask(ws: Workspace, *, channel: Channel, account_id: str, provider_id: str) -> list[Receipt]:
    """What the provider says of a parcel now, of every recipient that it tells of. Raises ChannelFailed and its kin, AccountUnknown."""
    return _sending.ask(ws, channel=channel, account_id=account_id, provider_id=provider_id)


def remind(ws: Workspace, *, channel: Channel, account_id: str, provider_id: str) -> None:
    """Has staff reminded who did not confirm. Raises ChannelFailed (41094 beyond the platform's limit), AccountUnknown."""
    _sending.remind(ws, channel=channel, account_id=account_id, provider_id=provider_id)


def recall(ws: Workspace, *, channel: Channel, account_id: str, provider_id: str) -> None:
    """Stops what is not sent yet, or takes it back, where the channel can; twice is once. Raises ChannelFailed and its kin."""
    _sending.recall(ws, channel=channel, account_id=account_id, provider_id=provider_id)


def drop_from_ads(ws: Workspace, tx: Tx, *, account_id: str, audience_id: str, marks: Sequence[str]) -> int:
    """Has an ad audience told, after this transaction, to drop the owners of these addresses; gives how many are known."""
    return _removing.want(ws, tx, account_id=account_id, audience_id=audience_id, marks=marks)


def replies(ws: Workspace, *, member_no: int, limit: int = 50) -> list[ReplyText]:
    """What a member wrote back, the newest first, in plain."""
    return _receiving.replies(ws, member_no=member_no, limit=limit)


def reply(ws: Workspace, reply_id: str) -> ReplyText | None:
    """One reply in plain."""
    return _receiving.reply(ws, reply_id)


def receipt_paths(ws: Workspace, account: Account) -> dict[str, str]:
    """Where the vendor of an account posts reports and replies, below this server's address."""
    return _receiving.paths_of(ws, account)


def take_receipts(ws: Workspace, *, account_id: str, token: str, what: str, body: bytes) -> int:
    """Takes what a vendor posts: `report`, `reply` (JSON) or `mail` (a raw message). Gives how many were new.

    Raises AccountUnknown, CallbackRefused.
    """
    account = _receiving.demand_token(ws, account_id, token)
    if what == "mail":
        return int(_receiving.take_mail(ws, account, body))
    told = _receiving.told_of(body)
    return _receiving.take_reports(ws, account, told) if what == "report" else _receiving.take_replies(ws, account, told)


def unsubscribe_token(ws: Workspace, *, member_no: int, channel: Channel, address: str) -> str:
    """What `/u/{token}` carries for one person's address."""
    return _unsubscribing.token_of(ws, member_no=member_no, channel=channel, address=address)


def unsubscribe_url(ws: Workspace, *, member_no: int, channel: Channel, address: str) -> str:
    """The page on which one person leaves a channel, for a text that has to name it."""
    return _unsubscribing.link_of(ws, member_no=member_no, channel=channel, address=address)


def unsubscribe_word(ws: Workspace, token: str) -> Channel:
    """The channel that a token leaves; changes nothing. Raises UnsubscribeUnknown."""
    return _unsubscribing.named(ws, token).channel


def unsubscribe(ws: Workspace, token: str, *, source: str) -> Channel:
    """Takes an address off marketing on a channel, once; gives the channel. Raises UnsubscribeUnknown."""
    return _unsubscribing.leave(ws, token, source=source).channel
