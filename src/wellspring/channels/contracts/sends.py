"""Sending: what a channel can do, whom it can reach under which address, what is handed over, and what became of it.

A parcel is one call's worth: one body, one sender, many recipients. Its outcome is what the provider answered; receipts
are what it told of each recipient later, asked for or pushed. Phones and e-mail addresses never stand here in plain.
"""

import dataclasses
import datetime as dt
import enum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from wellspring.channels.contracts.accounts import AccountKind
from wellspring.content.contracts import Body


class Channel(enum.StrEnum):
    """The ways to people."""

    WECOM = "wecom"
    WECOM_GROUP = "wecom_group"
    MOMENTS = "moments"
    TASK = "task"
    OFFICIAL_ACCOUNT = "official_account"
    MINI_PROGRAM = "mini_program"
    SMS = "sms"
    EMAIL = "email"
    WEBHOOK = "webhook"
    ADS = "ads"


# Whoever is given to these notices nothing: no words, no place under a cap, no hour that is a wrong one, and never a service.
SILENT = (Channel.ADS,)


class Report(enum.StrEnum):
    """What a channel can tell of a message after it was accepted."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    CLICKED = "clicked"
    REPLIED = "replied"


@dataclasses.dataclass(frozen=True)
class Capabilities:
    """What a channel can do, and its limits.

    `has_key`: the provider knows a parcel by our key, so the same parcel may be handed over again. `has_query`: it can be
    asked what became of a parcel. `reminders_max` is per 24 hours. `per_second` None is the pace of the account's own API.
    """

    channel: Channel
    batch_max: int
    has_key: bool
    has_query: bool
    is_confirmed_by_staff: bool
    can_recall: bool
    reports: frozenset[Report]
    reminders_max: int
    per_second: float | None
    text_bytes_max: int
    attachments_max: int
    needs_account: AccountKind | None
    # The word for the channel in what people agreed to; None where nothing personal is sent to the person.
    consent_channel: str | None
    needs_sender: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody under the address that `addresses` gave: external_userid, openid, userid, chat_id, or of a phone or e-mail its mark."""

    member_no: int
    address: str


class Addresses(NamedTuple):
    """One address of each member who has one: columns of one length, members in rising order."""

    members: npt.NDArray[np.uint32]
    addresses: list[str]


class Relations(NamedTuple):
    """Who of the staff follows whom: columns of one length in rising order of (member, userid).

    `last_at` is when the relation began, in milliseconds; the owner is who was added first. The address belongs to the
    relation: a merged member may be another contact with another guide.
    """

    members: npt.NDArray[np.uint32]
    userids: list[str]
    last_at: npt.NDArray[np.int64]
    is_owner: npt.NDArray[np.bool_]
    addresses: list[str]


@dataclasses.dataclass(frozen=True)
class Parcel:
    """One call's worth. `key` is ours and never comes again for another; `sender` is the userid of the guide, or empty."""

    key: str
    channel: Channel
    account_id: str
    sender: str
    body: Body
    recipients: tuple[Recipient, ...]
    marketing: bool
    # From then on it is not called: what was known of its recipients is too old. None has no end.
    until: dt.datetime | None = None


class OutcomeState(enum.StrEnum):
    """What handing over ended with. `unknown`: it may have been taken; `later`: nothing was done, and it may be tried again."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    LATER = "later"


@dataclasses.dataclass(frozen=True)
class Outcome:
    """The provider's answer. `refused` names those of an accepted parcel who were not taken, with a reason's code."""

    state: OutcomeState
    provider_id: str = ""
    refused: tuple[tuple[int, str], ...] = ()
    retry_seconds: int = 0
    problem: str = ""


class ReceiptState(enum.StrEnum):
    """How far a message came. `waiting` is for the member of staff who has to confirm."""

    WAITING = "waiting"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    CLICKED = "clicked"
    REPLIED = "replied"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclasses.dataclass(frozen=True, slots=True)
class Receipt:
    """What was told of one recipient of a parcel. `address` as in the parcel; `sender` is who has to confirm, or did."""

    provider_id: str
    address: str
    state: ReceiptState
    reason: str
    at: dt.datetime | None
    sender: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class ReplyText:
    """What somebody wrote back, in plain; `parcel_key` is empty where it answers none of ours that is known."""

    id: str
    account_id: str
    channel: Channel
    member_no: int
    text: str
    is_stop: bool
    parcel_key: str
    at: dt.datetime
