"""Codes and their parts: who is on duty when, what is said to whom, who came, who was lost, and what a day brought.

A plan names staff of the organisation; the platform's own ids for them are found when a code is turned.
"""

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping, Sequence

# The platform takes 100 members in one code (page 92228).
STAFF_MAX = 100
SHIFTS_MAX = 50
VARIANTS_MAX = 20
# A welcome's limits (page 92137), in bytes of UTF-8.
TEXT_BYTES_MAX = 4_000
ATTACHMENTS_MAX = 9
TITLE_BYTES_MAX = 128
DESCRIPTION_BYTES_MAX = 512
URL_BYTES_MAX = 2_048
MINI_TITLE_BYTES_MAX = 64
# Stores of one code: a nationwide chain.
STORES_MAX = 5_000
# A join way leads into at most five groups (page 92229).
CHATS_MAX = 5
STATE_PREFIX = "wc"
WEEKDAYS = 7


class CodeKind(enum.StrEnum):
    """A code of staff, of groups, of the nearest store, or an acquisition link."""

    CHANNEL = "channel"
    GROUP = "group"
    STORE = "store"
    LINK = "link"


class CodeState(enum.StrEnum):
    """An archived code is deleted at the platform; its figures stay."""

    ACTIVE = "active"
    ARCHIVED = "archived"


class WayState(enum.StrEnum):
    """Where a code stands at the platform: being made, as wanted, behind what is wanted, without anybody to serve, or gone."""

    MAKING = "making"
    READY = "ready"
    BEHIND = "behind"
    EMPTY = "empty"
    GONE = "gone"


class Newness(enum.StrEnum):
    """Whom a variant of a welcome is for."""

    ANYONE = "anyone"
    NEW = "new"
    RETURNING = "returning"


class PartKind(enum.StrEnum):
    """What a welcome can carry; a coupon is a place that offers fill."""

    IMAGE = "image"
    LINK = "link"
    MINIPROGRAM = "miniprogram"
    COUPON = "coupon"


class LossReason(enum.StrEnum):
    """Who ended it: the customer (流失), the member of staff (删人), or a hand-over."""

    CUSTOMER = "customer_deleted"
    STAFF = "staff_deleted"
    TRANSFER = "transferred"


@dataclasses.dataclass(frozen=True)
class Shift:
    """These members of staff serve on these weekdays (0 is Monday) from `start` to `end`.

    An end at or before its start lies on the next day.
    """

    staff_ids: tuple[str, ...]
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    start: str = "00:00"
    end: str = "00:00"


@dataclasses.dataclass(frozen=True)
class Plan:
    """Who serves a code: shifts, how many arrivals each takes a day, and who steps in."""

    shifts: tuple[Shift, ...] = ()
    backup_staff_ids: tuple[str, ...] = ()
    daily_limit: int | None = None
    daily_limits: Mapping[str, int] = dataclasses.field(default_factory=dict)

    @property
    def staff_ids(self) -> tuple[str, ...]:
        """Everybody named, in order, once."""
        return tuple(dict.fromkeys([*(one for shift in self.shifts for one in shift.staff_ids), *self.backup_staff_ids]))

    @property
    def has_limits(self) -> bool:
        """Whether anybody's day can be full."""
        return self.daily_limit is not None or bool(self.daily_limits)


class DutyKind(enum.StrEnum):
    """Why these people serve now: by their shift, as back-up, or because nobody else is left."""

    SHIFT = "shift"
    BACKUP = "backup"
    OVERFLOW = "overflow"


@dataclasses.dataclass(frozen=True)
class Duty:
    """Who serves now, and when that changes by itself (None: never)."""

    staff_ids: tuple[str, ...]
    kind: DutyKind
    full_staff_ids: tuple[str, ...] = ()
    changes_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True)
class Part:
    """One attachment of a welcome; which fields count follows from the kind."""

    kind: PartKind
    title: str = ""
    description: str = ""
    url: str = ""
    picture_url: str = ""
    file_id: str = ""
    appid: str = ""
    page: str = ""
    offer_id: str = ""


@dataclasses.dataclass(frozen=True)
class Variant:
    """What is said to these people at these hours; texts are Liquid."""

    text: str = ""
    parts: tuple[Part, ...] = ()
    newness: Newness = Newness.ANYONE
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    start: str = "00:00"
    end: str = "00:00"


@dataclasses.dataclass(frozen=True)
class Groups:
    """Which groups a code leads into, and what opens when the last one is full."""

    chat_ids: tuple[str, ...] = ()
    opens_new: bool = True
    base_name: str = ""
    base_number: int = 1


@dataclasses.dataclass(frozen=True)
class Draft:
    """Everything about a code that people write."""

    name: str
    kind: CodeKind
    account_id: str
    folder: str = ""
    remark: str = ""
    plan: Plan = Plan()
    groups: Groups = Groups()
    # Stores that a store code leads to; empty: all that have staff.
    unit_ids: tuple[str, ...] = ()
    welcome: tuple[Variant, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    is_single: bool = False
    skips_verification: bool = True
    is_exclusive: bool = False


@dataclasses.dataclass(frozen=True)
class Way:
    """A code as it stands at the platform; a store code has one for each store."""

    id: str
    code_id: str
    unit_id: str | None
    state: str
    standing: WayState
    entrance_id: str
    url: str
    picture_id: str
    staff_ids: tuple[str, ...]
    duty: str
    problem: str
    turned_at: dt.datetime | None


@dataclasses.dataclass(frozen=True)
class Code:
    """A code with what it is at the platform and how many came through it."""

    id: str
    draft: Draft
    token: str
    state: CodeState
    created_at: dt.datetime
    created_by: str
    changed_at: dt.datetime
    due_at: dt.datetime | None
    ways: Sequence[Way] = ()
    added: int = 0
    left: int = 0


@dataclasses.dataclass(frozen=True)
class DayFigures:
    """One day of a code: opened (None where nobody tells), added, lost."""

    day: dt.date
    scans: int | None
    added: int
    returning: int
    left: int


@dataclasses.dataclass(frozen=True)
class GroupFigures:
    """One member of staff, or one store, of a code."""

    id: str
    name: str
    added: int
    left: int


@dataclasses.dataclass(frozen=True)
class Figures:
    """What became of everybody who came through a code between two days."""

    scans: int | None
    added: int
    new: int
    returning: int
    left: int
    staying: int
    buyers: int
    first_orders_minor: int
    by_day: Sequence[DayFigures] = ()
    by_staff: Sequence[GroupFigures] = ()
    by_store: Sequence[GroupFigures] = ()


@dataclasses.dataclass(frozen=True)
class Source:
    """One way by which a member came; the first one is kept for ever, later ones are listed."""

    at: dt.datetime
    code_id: str | None
    code_name: str
    state: str
    add_way: int | None
    staff_id: str | None
    staff_name: str
    unit_id: str | None
    unit_name: str
    left_at: dt.datetime | None
    is_first: bool


@dataclasses.dataclass(frozen=True)
class Loss:
    """Somebody who was lost: by whom, when, after how many days, and what they had bought."""

    id: str
    at: dt.datetime
    reason: LossReason
    days: int | None
    member_id: str | None
    member_name: str | None
    staff_id: str | None
    staff_name: str
    unit_id: str | None
    unit_name: str
    code_id: str | None
    code_name: str
    orders: int
    revenue_minor: int
    last_order_at: dt.datetime | None
    is_handled: bool
    handled_by: str
    handled_at: dt.datetime | None
    note: str


@dataclasses.dataclass(frozen=True)
class WelcomeTrouble:
    """A welcome that came late, failed, or of which nobody knows whether it came."""

    at: dt.datetime
    outcome: str
    staff_id: str | None
    staff_name: str
    member_id: str | None
    member_name: str | None
    code_id: str | None
    code_name: str
    latency_ms: int | None
    zh: str
    en: str


@dataclasses.dataclass(frozen=True)
class ReportRow:
    """What a day brought one member of staff; kept, so that an old day reads the same for ever."""

    day: dt.date
    staff_id: str | None
    userid: str
    staff_name: str
    unit_id: str | None
    unit_name: str
    added: int
    newcomers: int
    came_back: int
    lost: int
    deleted: int
    staying: int
