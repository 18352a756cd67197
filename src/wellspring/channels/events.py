"""What channels tells: who was added and lost, by whom and when. Ids and numbers only, no personal value.

`at` is the platform's instant in ISO 8601. Each is told once, however often and in whatever order callbacks came.
"""

import dataclasses
from typing import ClassVar


@dataclasses.dataclass(frozen=True)
class ContactAdded:
    """A contact was added; `is_returning` when the corp knew the contact before, `is_half` while only one side agreed."""

    name: ClassVar[str] = "channels.contact_added"
    account_id: str
    external_userid: str
    userid: str
    staff_id: str | None
    member_no: int
    member_id: str | None
    state: str
    add_way: int
    at: str
    is_returning: bool
    is_half: bool
    # Found by a walk through everything, long after it happened.
    is_historical: bool


@dataclasses.dataclass(frozen=True)
class ContactLost:
    """A relation ended: `reason` is customer_deleted, staff_deleted or transferred; `days` is how long it had lasted."""

    name: ClassVar[str] = "channels.contact_lost"
    account_id: str
    external_userid: str
    userid: str
    staff_id: str | None
    member_no: int
    member_id: str | None
    state: str
    reason: str
    at: str
    days: int | None


@dataclasses.dataclass(frozen=True)
class ContactChanged:
    """Remark, description or tags that a staff member gives a contact changed."""

    name: ClassVar[str] = "channels.contact_changed"
    account_id: str
    external_userid: str
    member_no: int
    userids: list[str]


@dataclasses.dataclass(frozen=True)
class CallbackKept:
    """A callback that no part of the contact's story reads (groups, tags, transfers, links) was worked: fields as it told them."""

    name: ClassVar[str] = "channels.callback_kept"
    account_id: str
    callback_id: int
    event: str
    change: str


@dataclasses.dataclass(frozen=True)
class EntranceChanged:
    """A contact way, join way, link or scene code came into another state, or what the platform has of it changed."""

    name: ClassVar[str] = "channels.entrance_changed"
    account_id: str
    entrance_id: str
    kind: str
    state: str


@dataclasses.dataclass(frozen=True)
class LinkCustomerFound:
    """The platform lists somebody as having come through an acquisition link; `state` is what the link's address carried."""

    name: ClassVar[str] = "channels.link_customer_found"
    account_id: str
    entrance_id: str
    external_userid: str
    userid: str
    state: str


@dataclasses.dataclass(frozen=True)
class GroupJoined:
    """Somebody joined a customer group; `state` is that of the join way, `member_no` 0 for whom nobody knows."""

    name: ClassVar[str] = "channels.group_joined"
    account_id: str
    chat_id: str
    userid: str
    member_no: int
    state: str
    scene: int
    at: str


@dataclasses.dataclass(frozen=True)
class GroupLeft:
    """Somebody left a customer group, or was removed."""

    name: ClassVar[str] = "channels.group_left"
    account_id: str
    chat_id: str
    userid: str
    member_no: int
    state: str
    was_removed: bool | None
    at: str


@dataclasses.dataclass(frozen=True)
class GroupChanged:
    """A customer group was found, renamed, given to another owner, or dissolved."""

    name: ClassVar[str] = "channels.group_changed"
    account_id: str
    chat_id: str
    state: str


@dataclasses.dataclass(frozen=True)
class TransferEnded:
    """The hand-over of one customer ended: done, refused, full, or without a record."""

    name: ClassVar[str] = "channels.transfer_ended"
    account_id: str
    transfer_id: str
    external_userid: str
    handover_userid: str
    takeover_userid: str
    state: str
    at: str


@dataclasses.dataclass(frozen=True)
class OfficialFollowed:
    """Somebody follows an Official Account; `scene` is that of the code they scanned, where they did."""

    name: ClassVar[str] = "channels.official_followed"
    account_id: str
    openid: str
    member_no: int
    scene: str
    at: str


@dataclasses.dataclass(frozen=True)
class OfficialUnfollowed:
    """Somebody follows an Official Account no more."""

    name: ClassVar[str] = "channels.official_unfollowed"
    account_id: str
    openid: str
    member_no: int
    at: str


@dataclasses.dataclass(frozen=True)
class OfficialScanned:
    """A follower scanned a code with a scene."""

    name: ClassVar[str] = "channels.official_scanned"
    account_id: str
    openid: str
    member_no: int
    scene: str
    at: str


@dataclasses.dataclass(frozen=True)
class Receipt:
    """A provider told by itself how far a message came; `address` as in the parcel, `state` and `reason` as in contracts.sends.

    Told once for each state of an address, in the order of arrival: a later one may be of an earlier state.
    """

    name: ClassVar[str] = "channels.receipt"
    account_id: str
    channel: str
    parcel_key: str
    provider_id: str
    address: str
    state: str
    reason: str
    at: str


@dataclasses.dataclass(frozen=True)
class Replied:
    """Somebody wrote back; what they wrote stays sealed here (`reply_id`). `parcel_key` is empty where it answers none of ours."""

    name: ClassVar[str] = "channels.replied"
    account_id: str
    channel: str
    reply_id: str
    member_no: int
    address: str
    userid: str
    parcel_key: str
    is_stop: bool
    at: str


@dataclasses.dataclass(frozen=True)
class Unsubscribed:
    """Somebody wished no more marketing on a channel, on the page, by one click of their mail program, or by a word."""

    name: ClassVar[str] = "channels.unsubscribed"
    channel: str
    member_no: int
    source: str
    at: str
