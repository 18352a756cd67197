"""Contacts, who follows them, what arrived, what was answered, and how far a sync is."""

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from typing import Any


class RelationState(enum.StrEnum):
    """Where a staff member and a contact stand with each other.

    `lost`: the contact deleted the staff member (流失); `deleted`: the staff member deleted the contact (删人).
    """

    FOLLOWING = "following"
    LOST = "lost"
    DELETED = "deleted"
    TRANSFERRED = "transferred"


class Loss(enum.StrEnum):
    """Why a relation ended, as `channels.contact_lost` tells it."""

    CUSTOMER_DELETED = "customer_deleted"
    STAFF_DELETED = "staff_deleted"
    TRANSFERRED = "transferred"


@dataclasses.dataclass(frozen=True)
class Relation:
    """One staff member and one contact. `state_text` is the channel's state with which the contact came."""

    account_id: str
    external_userid: str
    userid: str
    staff_id: str | None
    state: RelationState
    is_half: bool
    added_at: dt.datetime | None
    ended_at: dt.datetime | None
    state_text: str
    add_way: int
    remark_masked: str | None
    tag_ids: Sequence[str] = ()


@dataclasses.dataclass(frozen=True)
class Contact:
    """An external contact of a corp with everybody who follows or followed it; masked."""

    account_id: str
    external_userid: str
    member_no: int
    name_masked: str | None
    kind: int
    gender: int
    avatar: str
    has_unionid: bool
    is_following: bool
    first_added_at: dt.datetime | None
    last_added_at: dt.datetime | None
    fetched_at: dt.datetime | None
    relations: Sequence[Relation] = ()


@dataclasses.dataclass(frozen=True)
class StaffMember:
    """Somebody of the corp who may have contacts; `staff_id` is the person in the organisation, where one is known."""

    account_id: str
    userid: str
    staff_id: str | None
    name: str
    is_active: bool
    can_contact: bool
    contacts: int


@dataclasses.dataclass(frozen=True)
class Arrived:
    """A contact that has just been added, committed before anybody is told; `name` is plain and for the welcome only."""

    account_id: str
    external_userid: str
    userid: str
    staff_id: str | None
    member_no: int
    state: str
    add_way: int
    at: dt.datetime
    is_returning: bool
    is_half: bool
    name: str
    gender: int
    answer_by: dt.datetime


@dataclasses.dataclass(frozen=True)
class Welcome:
    """What to answer: text and attachments as the platform takes them (page 92137), and which variant that was."""

    text: str = ""
    attachments: Sequence[Mapping[str, Any]] = ()
    variant: str = ""


class WelcomeState(enum.StrEnum):
    """What became of a welcome. `unknown`: it may have been sent, and is not sent again."""

    PLANNED = "planned"
    CALLING = "calling"
    ACCEPTED = "accepted"
    FAILED = "failed"
    UNKNOWN = "unknown"
    TOO_LATE = "too_late"
    SILENT = "silent"


@dataclasses.dataclass(frozen=True)
class WelcomeRow:
    """One line of the welcome ledger; `latency_millis` runs from the platform's event to its answer."""

    id: str
    account_id: str
    external_userid: str
    userid: str
    state: WelcomeState
    variant: str
    code: int
    added_at: dt.datetime
    planned_at: dt.datetime
    ended_at: dt.datetime | None
    latency_millis: int | None


class CallbackState(enum.StrEnum):
    """Where a callback stands: kept, worked, refused at the door (with the reason), or failing."""

    WAITING = "waiting"
    DONE = "done"
    REJECTED = "rejected"
    FAILED = "failed"


@dataclasses.dataclass(frozen=True)
class Callback:
    """One callback as it was kept, without its content."""

    id: int
    account_id: str
    state: CallbackState
    event: str
    change: str
    reason: str
    times: int
    attempts: int
    happened_at: dt.datetime | None
    received_at: dt.datetime
    done_at: dt.datetime | None


@dataclasses.dataclass(frozen=True)
class SyncRun:
    """A walk through everything that a corp has; `done` counts staff members of `total`."""

    id: str
    account_id: str
    kind: str
    state: str
    phase: str
    done: int
    total: int
    contacts: int
    relations: int
    changed: int
    started_at: dt.datetime
    finished_at: dt.datetime | None
    job_id: str
    problem_code: int | None
