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
