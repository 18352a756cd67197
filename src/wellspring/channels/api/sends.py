"""Sending: what channels can do, whom they reach under which address, handing parcels over, and what became of them."""

from pyroaring import BitMap

from wellspring.channels.contracts.sends import Addresses, Capabilities, Channel, Outcome, Parcel, Receipt, Relations
from wellspring.channels.service import reaching as _reaching
from wellspring.channels.service import sending as _sending
from wellspring.kernel.workspace import Workspace


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
