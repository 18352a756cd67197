"""What crosses the front door of audiences: definitions with their standing, previews, versions, permissions."""

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from typing import Any, NewType

from pyroaring import BitMap

from wellspring.activity.contracts import OrderFacts
from wellspring.organization.contracts import UnitKind, UnitNode
from wellspring.people.contracts import Member

AudienceId = NewType("AudienceId", str)


class Permission(enum.StrEnum):
    """What a caller may be allowed to do here."""

    AUDIENCE_READ = "audiences:audience:read"
    AUDIENCE_WRITE = "audiences:audience:write"
    AUDIENCE_EXPORT = "audiences:audience:export"


PERMISSION_TEXTS: dict[str, tuple[str, str]] = {
    Permission.AUDIENCE_READ: ("查看人群与预览人数", "See audiences and preview counts"),
    Permission.AUDIENCE_WRITE: ("新建和修改人群", "Create and change audiences"),
    Permission.AUDIENCE_EXPORT: ("导出人群（脱敏）与推送", "Export audiences (masked) and push them"),
}


class FileFormat(enum.StrEnum):
    """What an export is written as."""

    CSV = "csv"
    PARQUET = "parquet"


# What a row of an export may show; those of PLAIN_COLUMNS need the permission to see personal values, and a purpose.
PLAIN_COLUMNS = ("name", "phone", "email")
MASKED_COLUMNS = (
    "id",
    "member_no",
    "user_id",
    "name_masked",
    "phone_masked",
    "email_masked",
    "source",
    "home_unit",
    "identified",
    "created_at",
    "last_seen_at",
    "orders_count",
    "revenue",
    "last_order_at",
)
# What ad platforms match by: SHA-256 in hexadecimal of the phone in E.164 and of the e-mail address in lower case.
HASHED_COLUMNS = ("phone_sha256", "email_sha256")


class Refresh(enum.StrEnum):
    """How an audience is kept up: with every tick, at most once an hour or a day, or when somebody asks."""

    LIVE = "live"
    HOURLY = "hourly"
    DAILY = "daily"
    MANUAL = "manual"


class State(enum.StrEnum):
    """Whether the members are those of the definition.

    `stale`: the last try failed and the older members answer, with their age. `broken`: the definition names something
    that is gone; the members are kept as they were.
    """

    READY = "ready"
    STALE = "stale"
    BROKEN = "broken"


class Cause(enum.StrEnum):
    """Why a version was made."""

    CREATED = "created"
    EDITED = "edited"
    TICK = "tick"
    REFRESHED = "refreshed"
    BY_HAND = "by_hand"
    RECONCILED = "reconciled"


@dataclasses.dataclass(frozen=True)
class Audience:
    """A definition with who is in it. `definition` None is a list that somebody brought."""

    id: str
    name: str
    description: str
    definition: Mapping[str, Any] | None
    definition_hash: str
    refresh: Refresh
    state: State
    version: int
    members: int
    created_at: dt.datetime
    created_by: str
    changed_at: dt.datetime
    computed_at: dt.datetime | None
    watermark: int
    failed_since: dt.datetime | None
    problem: Mapping[str, Any] | None
    drift: int


@dataclasses.dataclass(frozen=True)
class Version:
    """One change of who is in an audience."""

    version: int
    cause: Cause
    members: int
    entered: int
    left: int
    definition_hash: str
    at: dt.datetime


@dataclasses.dataclass(frozen=True)
class Passage:
    """Who entered and who left with one version."""

    version: int
    at: dt.datetime
    entered: BitMap
    left: BitMap


@dataclasses.dataclass(frozen=True)
class Wanted:
    """Events that somebody waits for: of a kind, of which all of `where` hold; `key` names the property that tells instances apart."""

    event: str
    where: Sequence[Mapping[str, Any]] = ()
    key: str = ""


@dataclasses.dataclass(frozen=True)
class Arrived:
    """An event: whose it is now, when it happened (milliseconds), and which wishes it fulfils, each with the value of its key."""

    member_no: int
    at: int
    arrival_no: int
    flags: int
    wishes: tuple[tuple[int, str], ...]


@dataclasses.dataclass(frozen=True)
class NodeCount:
    """How many members a node of the definition holds for."""

    path: str
    count: int


@dataclasses.dataclass(frozen=True)
class Warned:
    """Something about a definition that is allowed and yet may be a slip."""

    path: str
    code: str
    zh: str
    en: str


@dataclasses.dataclass(frozen=True)
class Noted:
    """What a leaf went by, where its words alone do not tell."""

    path: str
    zh: str
    en: str


@dataclasses.dataclass(frozen=True)
class MemberLine:
    """A member in a list, masked, with the unit they belong to and their orders in sum."""

    member: Member
    home_unit: UnitNode | None
    orders: OrderFacts | None


@dataclasses.dataclass(frozen=True)
class Preview:
    """What a definition would hold at an instant, of the members whom the caller may see: `of` is all of those."""

    count: int
    of: int
    took_ms: float
    reach: Mapping[str, int]
    sample: Sequence[MemberLine]
    leaves: Sequence[NodeCount]
    warnings: Sequence[Warned]
    notes: Sequence[Noted]
    at: dt.datetime


@dataclasses.dataclass(frozen=True)
class Shown:
    """An audience as a caller sees it: the definition as text, and the counts within their data scope.

    `entered` and `left` are those of its newest version.
    """

    audience: Audience
    text: str
    count: int
    of: int
    age_seconds: int | None
    entered: int
    left: int


@dataclasses.dataclass(frozen=True)
class Belonging:
    """An audience that a member is in, or is kept out of by hand."""

    id: str
    name: str
    count: int
    is_list: bool
    is_in: bool
    by_hand: str | None


@dataclasses.dataclass(frozen=True)
class Size:
    """One audience of an overlap."""

    id: str
    name: str
    count: int


@dataclasses.dataclass(frozen=True)
class Region:
    """How many members are in exactly these audiences and in none of the others asked about."""

    ids: Sequence[str]
    count: int


@dataclasses.dataclass(frozen=True)
class Overlap:
    """How audiences overlap: `of` is everybody in at least one of them."""

    of: int
    sizes: Sequence[Size]
    intersections: Sequence[Region]


@dataclasses.dataclass(frozen=True)
class ProvingEvent:
    """An event that a condition looked at and that matches."""

    kind: str
    at: dt.datetime
    message_id: str
    properties: Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Explained:
    """A node of a definition for one member: whether it holds, why in one sentence, and what proves it."""

    path: str
    kind: str
    text: str
    holds: bool
    zh: str
    en: str
    value: Any
    events: Sequence[ProvingEvent]
    parts: Sequence["Explained"]


@dataclasses.dataclass(frozen=True)
class Crossing:
    """A version with which the member entered or left."""

    version: int
    entered: bool
    at: dt.datetime


@dataclasses.dataclass(frozen=True)
class Explanation:
    """Why a member is in an audience, or is not.

    `is_in` is by the definition and by hand as of now, `is_committed` by the last version; `root` is None for a list.
    """

    member_no: int
    is_in: bool
    is_committed: bool
    by_hand: str | None
    root: Explained | None
    changes: Sequence[Crossing]


@dataclasses.dataclass(frozen=True)
class EventWord:
    """A kind of event with its properties and the types each was seen with."""

    name: str
    count: int
    properties: Sequence[tuple[str, Sequence[str]]]


@dataclasses.dataclass(frozen=True)
class UnitWord:
    """A unit that members may be served by."""

    id: str
    code: str
    name: str
    kind: UnitKind


@dataclasses.dataclass(frozen=True)
class Vocabulary:
    """What a definition can speak of here: names that were seen, in the order in which people look for them."""

    events: Sequence[EventWord]
    attributes: Sequence[tuple[str, Sequence[str]]]
    tags: Sequence[tuple[str, str, str]]
    channels: Sequence[str]
    consents: Sequence[str]
    units: Sequence[UnitWord]
    audiences: Sequence[Size]


@dataclasses.dataclass(frozen=True)
class Webhook:
    """Where every version is told: `version` was the last one, `part` of the next one were taken already."""

    id: str
    audience_id: str
    url: str
    version: int
    part: int
    attempts: int
    delivered_at: dt.datetime | None
    failed_since: dt.datetime | None
    problem: str
    created_at: dt.datetime
    created_by: str


@dataclasses.dataclass(frozen=True)
class Tick:
    """One heartbeat: what it looked at and what changed."""

    no: int
    at: dt.datetime
    watermark: int
    took_ms: int
    arrived: int
    aged: int
    audiences: int
    changed: int
    rebuilt: int
