"""What crosses the front door of people: typed ids, claims and answers, permissions with their words.

A claim is what a source says about one person at one instant; answers are frozen and hold no sealed value.
Personal values appear here only in `PlainValues`, which asks for its own permission.
"""

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, NewType

MemberId = NewType("MemberId", str)
MergeId = NewType("MergeId", str)
ConflictId = NewType("ConflictId", str)

# What an attribute may hold. Text, number, boolean, an instant, or a list of texts; None clears.
AttributeValue = str | int | float | bool | dt.datetime | dt.date | Sequence[str] | None
NOBODY = 0


class Permission(enum.StrEnum):
    """What may be done with people."""

    MEMBER_READ = "people:member:read"
    MEMBER_WRITE = "people:member:write"
    MEMBER_MERGE = "people:member:merge"
    MEMBER_EXPORT = "people:member:export"
    MEMBER_ERASE = "people:member:erase"
    CONSENT_WRITE = "people:consent:write"
    CONFLICT_READ = "people:conflict:read"
    CONFLICT_DECIDE = "people:conflict:decide"
    PII_READ = "people:pii:read"


PERMISSION_TEXTS: dict[str, tuple[str, str]] = {
    Permission.MEMBER_READ: ("查看会员（脱敏）", "See members (masked)"),
    Permission.MEMBER_WRITE: ("新建和修改会员", "Create and change members"),
    Permission.MEMBER_MERGE: ("合并会员与撤销合并", "Merge members and undo merges"),
    Permission.MEMBER_EXPORT: ("导出个人数据", "Export one person's data"),
    Permission.MEMBER_ERASE: ("删除个人数据", "Erase a person"),
    Permission.CONSENT_WRITE: ("修改授权与订阅", "Change consent"),
    Permission.CONFLICT_READ: ("查看身份冲突", "See identity conflicts"),
    Permission.CONFLICT_DECIDE: ("处理身份冲突", "Decide identity conflicts"),
    Permission.PII_READ: ("查看明文手机号、邮箱和姓名", "Reveal phone, e-mail and name"),
}


class IdentityKind(enum.StrEnum):
    """Kinds of identifiers; priority and limits are in rules.identities."""

    USER_ID = "user_id"
    UNIONID = "unionid"
    PHONE = "phone"
    CARD_NO = "card_no"
    EXTERNAL_USERID = "external_userid"
    OPENID = "openid"
    BUYER_ID = "buyer_id"
    EMAIL = "email"
    DEVICE = "device"
    ANONYMOUS_ID = "anonymous_id"


class Identity(NamedTuple):
    """One identifier as a source gives it; `namespace` is the appid of an openid and the shop of a buyer id."""

    kind: IdentityKind
    value: str
    namespace: str = ""


class Claim(NamedTuple):
    """What a source says about one person: who it is, and optionally what is true of them since `at`.

    `previous` is the old id of a Segment alias: a user id or an anonymous id, whichever is known; the two profiles
    then really become one. With `creates` False an unknown person is refused instead of made.
    """

    identities: Sequence[Identity]
    at: dt.datetime
    source: str = ""
    attributes: Mapping[str, Any] | None = None
    home_unit_id: str | None = None
    previous: str | None = None
    creates: bool = True


class Refusal(NamedTuple):
    """Why a row or one of its identifiers was not taken; holds no personal value."""

    code: str
    zh: str
    en: str


@dataclasses.dataclass(frozen=True, slots=True)
class Resolved:
    """The answer to a batch of claims, row by row.

    `member_nos` is the member that each row belongs to now (0 where refused). `owner_nos` is the number to write down
    with what happened (the log does): the owner of the strongest identifier, which may since have been merged into
    the member. Written under it, an event moves along when a merge is undone.
    """

    member_nos: list[int]
    owner_nos: list[int]
    refused: dict[int, Refusal]
    ignored: dict[int, list[Refusal]]
    created: int = 0
    merged: int = 0


class MemberState(enum.StrEnum):
    """Where a member is in its life."""

    ACTIVE = "active"
    MERGED = "merged"
    ERASED = "erased"


@dataclasses.dataclass(frozen=True, slots=True)
class Member:
    """A member as lists show it: masked."""

    id: str
    member_no: int
    state: MemberState
    merged_into: int | None
    home_unit_id: str | None
    source: str
    identified: bool
    name_masked: str | None
    phone_masked: str | None
    email_masked: str | None
    user_id: str | None
    created_at: dt.datetime
    first_seen_at: dt.datetime
    last_seen_at: dt.datetime
    # A part of the id under which a shop knows the buyer: what many are called who left no name.
    buyer_masked: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class KnownIdentity:
    """An identifier of a member; `value` is masked where it is personal."""

    key: str
    kind: IdentityKind
    namespace: str
    value: str
    is_personal: bool
    source: str
    owner_no: int
    since: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Attribute:
    """The value in force of one attribute; sealed ones show a mask."""

    name: str
    kind: str
    value: Any
    at: dt.datetime
    source: str


@dataclasses.dataclass(frozen=True, slots=True)
class AttributeChange:
    """One observation of an attribute."""

    name: str
    kind: str
    value: Any
    at: dt.datetime
    recorded_at: dt.datetime
    source: str
    owner_no: int


@dataclasses.dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """An attribute name with the types seen under it."""

    name: str
    kinds: Mapping[str, int]
    drifts: bool
    first_at: dt.datetime
    last_at: dt.datetime


class ConsentState(enum.StrEnum):
    """What a person has said about being contacted (P01, P02)."""

    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "unsubscribed"
    NEVER_ASKED = "never_asked"
    UNKNOWN = "unknown"
    PENDING = "pending"


class ConsentWord(NamedTuple):
    """One statement about consent. Without an address it is about the person on that channel."""

    purpose: str
    channel: str
    state: ConsentState
    at: dt.datetime
    source: str = ""
    version: str = ""
    address: Identity | None = None
    explicit: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Consent:
    """The state in force for one purpose, channel and address."""

    purpose: str
    channel: str
    state: ConsentState
    address_kind: str
    address: str
    explicit: bool
    source: str
    version: str
    actor: str
    at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """Whether an address may be contacted, and the state that decided it."""

    allowed: bool
    state: ConsentState
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class Merge:
    """Two profiles that became one, and whether that was taken back."""

    id: str
    survivor_no: int
    loser_no: int
    rule: str
    reason: str
    actor: str
    at: dt.datetime
    undone_at: dt.datetime | None
    undone_by: str | None
    undo_reason: str | None


class Decision(enum.StrEnum):
    """What a person may decide about a conflict."""

    MERGE = "merge"
    KEEP_APART = "keep_apart"
    MOVE_IDENTITY = "move_identity"


class Agreement(enum.StrEnum):
    """How one field of two members agrees; unknown where one of them has no value."""

    SAME = "same"
    CLOSE = "close"
    PART = "part"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


@dataclasses.dataclass(frozen=True, slots=True)
class FieldEvidence:
    """What one field says about two members being one: how it agrees, and its weight in bits.

    With both sides at hand, what may be shown of each: masks of personal values.
    """

    field: str
    agreement: Agreement
    weight: float
    holder: str | None = None
    claimant: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Conflict:
    """An identifier that two profiles claim, or two profiles that look like one person, waiting for a person.

    A likely duplicate has no identifier: it has a probability and what each field says instead.
    """

    id: str
    state: str
    kind: IdentityKind | None
    value: str
    holder_no: int
    claimant_no: int
    reason: str
    source: str
    opened_at: dt.datetime
    last_at: dt.datetime
    times: int
    decision: Decision | None
    decided_by: str | None
    decided_at: dt.datetime | None
    decision_reason: str | None
    probability: float | None = None
    fields: Sequence[FieldEvidence] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Side:
    """One side of a conflict as evidence."""

    member: Member
    identities: Sequence[KnownIdentity]
    attributes: Sequence[Attribute]
    consents: Sequence[Consent]


@dataclasses.dataclass(frozen=True, slots=True)
class Screen:
    """What a member's page shows of people: `named` holds whoever its merges speak of, as far as the caller may see."""

    side: Side
    merges: Sequence[Merge]
    named: Mapping[int, Member]


@dataclasses.dataclass(frozen=True, slots=True)
class Evidence:
    """A conflict with both sides."""

    conflict: Conflict
    holder: Side
    claimant: Side


@dataclasses.dataclass(frozen=True, slots=True)
class PlainValues:
    """Personal values in plain text; every reading of them is audited."""

    name: str | None
    phones: Sequence[str]
    emails: Sequence[str]


@dataclasses.dataclass(frozen=True, slots=True)
class Receipt:
    """The proof of an erasure: what was removed where. It holds no personal value."""

    id: str
    member_nos: Sequence[int]
    state: str
    reason: str
    actor: str
    asked_at: dt.datetime
    finished_at: dt.datetime | None
    removed: Mapping[str, int]
    job_id: str


@dataclasses.dataclass(frozen=True, slots=True)
class ImportUndone:
    """What taking an import back removed."""

    members: int
    identities: int
    attributes: int
    consents: int
    merges: int
