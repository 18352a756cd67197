"""What crosses the front door: units and their tree, staff, opening hours, import rows, and the permissions."""

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping


class Permission(enum.StrEnum):
    """What may be done with the structure and the staff."""

    UNIT_READ = "organization:unit:read"
    UNIT_WRITE = "organization:unit:write"
    STAFF_READ = "organization:staff:read"
    STAFF_WRITE = "organization:staff:write"


PERMISSION_TEXTS: dict[str, tuple[str, str]] = {
    Permission.UNIT_READ: ("查看组织与门店", "See the organisation and its stores"),
    Permission.UNIT_WRITE: ("新建、修改、调整组织与门店", "Make, change and move units"),
    Permission.STAFF_READ: ("查看员工", "See staff"),
    Permission.STAFF_WRITE: ("新建、修改、调动员工", "Add, change and move staff"),
}


class UnitKind(enum.StrEnum):
    """The levels, from the top down; one may be skipped, never turned upside down."""

    HEADQUARTERS = "headquarters"
    REGION = "region"
    DEALER = "dealer"
    STORE = "store"


class CoordinateSystem(enum.StrEnum):
    """What longitude and latitude mean: Chinese map services use GCJ-02, satellites WGS-84."""

    GCJ02 = "gcj02"
    WGS84 = "wgs84"


Interval = tuple[str, str]
# From "mon" to "sun"; an end at or before its start lies on the next day.
WeekHours = Mapping[str, tuple[Interval, ...]]


@dataclasses.dataclass(frozen=True)
class Place:
    """A point on the earth, in degrees, with the system that the numbers are of."""

    longitude: float
    latitude: float
    system: CoordinateSystem = CoordinateSystem.GCJ02


@dataclasses.dataclass(frozen=True)
class UnitDraft:
    """Everything about a unit that is written by people, the parent aside (that is a move)."""

    code: str
    name: str
    kind: UnitKind
    address: str | None = None
    phone: str | None = None
    place: Place | None = None
    opening_hours: WeekHours | None = None
    # ISO dates; an empty tuple is a day off.
    special_days: WeekHours | None = None
    closed_on: dt.date | None = None


@dataclasses.dataclass(frozen=True)
class Unit(UnitDraft):
    """A unit as it stands on a day: `parent_id` is the one in force then."""

    id: str = ""
    parent_id: str | None = None


@dataclasses.dataclass(frozen=True)
class UnitNode:
    """A unit's place in the tree of a day; nothing but what trees and lists of names need."""

    id: str
    code: str
    name: str
    kind: UnitKind
    parent_id: str | None
    closed_on: dt.date | None
    place: Place | None


@dataclasses.dataclass(frozen=True)
class Branch:
    """A unit with everything below it that the caller may see, and how many open stores and active staff that is."""

    node: UnitNode
    stores_count: int
    staff_count: int
    children: tuple["Branch", ...]


@dataclasses.dataclass(frozen=True)
class Move:
    """From this day on the unit belongs under `parent_id` (or the staff member into it); None: under nothing."""

    subject_id: str
    parent_id: str | None
    effective_on: dt.date
    recorded_at: dt.datetime
    recorded_by: str


@dataclasses.dataclass(frozen=True)
class OpenState:
    """Whether a unit is open, and when that changes next (None: not within two weeks)."""

    is_open: bool
    changes_at: dt.datetime | None


@dataclasses.dataclass(frozen=True)
class Near:
    """A store with its distance."""

    unit: UnitNode
    distance_metres: int
    is_open: bool


@dataclasses.dataclass(frozen=True)
class Staff:
    """A member of staff as placed on a day; the phone number is masked, `left_on` is the first day of absence."""

    id: str
    code: str
    name: str
    title: str | None
    phone_masked: str | None
    wecom_userid: str | None
    unit_id: str
    unit_name: str
    left_on: dt.date | None
    is_active: bool
    created_at: dt.datetime


@dataclasses.dataclass(frozen=True)
class StaffDraft:
    """Everything about a member of staff that is written by people, the unit aside (that is a move)."""

    code: str
    name: str
    title: str | None = None
    phone: str | None = None
    wecom_userid: str | None = None
    left_on: dt.date | None = None


@dataclasses.dataclass(frozen=True)
class UnitRow:
    """One line of an import file; the parent is named by its code. None leaves a known unit's value as it is."""

    code: str
    name: str | None = None
    kind: UnitKind | None = None
    parent_code: str | None = None
    address: str | None = None
    phone: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    opening_hours: WeekHours | None = None
    closed_on: dt.date | None = None


@dataclasses.dataclass(frozen=True)
class StaffRow:
    """One line of an import file; the unit is named by its code. None leaves a known value as it is."""

    code: str
    name: str | None = None
    unit_code: str | None = None
    title: str | None = None
    phone: str | None = None
    wecom_userid: str | None = None
    left_on: dt.date | None = None


class Outcome(enum.StrEnum):
    """What became of an import row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    REFUSED = "refused"


class UpdateMode(enum.StrEnum):
    """Which rows of an import may do something."""

    UPSERT = "upsert"
    INSERT_ONLY = "insert_only"
    UPDATE_ONLY = "update_only"


@dataclasses.dataclass(frozen=True)
class RowOutcome:
    """The fate of one import row, in the order of the rows; a refused one says why, in both languages."""

    code: str
    outcome: Outcome
    id: str | None = None
    problem: str | None = None
    zh: str | None = None
    en: str | None = None
