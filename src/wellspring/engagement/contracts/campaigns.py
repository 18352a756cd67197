"""Campaigns: what goes to whom, when and in which variants; the marketing calendar; and what a campaign amounts to."""

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping

from pyroaring import BitMap

from wellspring.engagement.contracts.touches import Purpose

NAME_MAX = 80
VARIANTS_MAX = 20
EXCLUDED_MAX = 20
TAGS_MAX = 10
NODES_MAX = 60
CALENDARS_MAX = 50
# What one workspace can survey.
CAMPAIGNS_MAX = 10_000


class CampaignKind(enum.StrEnum):
    """What the page is called: messages to customers, messages into groups, moments."""

    SEND = "send"
    GROUPS = "groups"
    MOMENTS = "moments"


class CampaignStanding(enum.StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"


class Rhythm(enum.StrEnum):
    """When it goes: at once, at one time, again and again, or on the days of a calendar."""

    NOW = "now"
    ONCE = "once"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    CALENDAR = "calendar"


class Timing(enum.StrEnum):
    """Whose clock counts: the workspace's, every member's own, or the hour at which a member is most awake to us."""

    WORKSPACE = "workspace"
    LOCAL = "local"
    BEST = "best"


class Passed(enum.StrEnum):
    """What becomes of members whose local time has passed already (Q10)."""

    SEND = "send"
    NEXT_DAY = "next_day"
    SKIP = "skip"


@dataclasses.dataclass(frozen=True)
class Schedule:
    """When a campaign goes; times are minutes of the local day, weekdays 0 (Monday) to 6, month days 1 to 31."""

    rhythm: Rhythm = Rhythm.NOW
    on: dt.date | None = None
    minute: int = 600
    weekdays: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    calendar_id: str = ""
    until: dt.date | None = None
    timing: Timing = Timing.WORKSPACE
    passed: Passed = Passed.SEND


@dataclasses.dataclass(frozen=True)
class Worth:
    """What a content is worth to the members of an audience, in whole points; for best-slot planning."""

    audience_id: str
    value: int


@dataclasses.dataclass(frozen=True)
class Variant:
    """One way to say it: content, who sends (by which choices) and at which minute (None: the schedule's)."""

    name: str
    content_id: str
    weight: int = 1
    senders: tuple[str, ...] = ()
    minute: int | None = None
    worths: tuple[Worth, ...] = ()


@dataclasses.dataclass(frozen=True)
class CampaignDraft:
    """A campaign as it is written. With `slots` each member gets so many of the variants, those worth most to them."""

    kind: CampaignKind
    name: str
    channel: str
    account_id: str
    audience_id: str
    variants: tuple[Variant, ...]
    excluded_ids: tuple[str, ...] = ()
    schedule: Schedule = Schedule()
    purpose: Purpose = Purpose.MARKETING
    tags: tuple[str, ...] = ()
    priority: int = 0
    expires_hours: int = 24
    senders: tuple[str, ...] = ("owner", "last_contact")
    slots: int = 0
    control_basis_points: int = 0
    window_days: int = 14


@dataclasses.dataclass(frozen=True)
class Campaign:
    """A campaign as it stands."""

    id: str
    draft: CampaignDraft
    state: CampaignStanding
    version: int
    next_at: dt.datetime | None
    occurrences: int
    created_at: dt.datetime
    created_by: str
    changed_at: dt.datetime
    launched_at: dt.datetime | None


@dataclasses.dataclass(frozen=True)
class Occurrence:
    """One time that a campaign went: how many it was for, and what the planner made of them."""

    number: int
    at: dt.datetime
    audience: int
    planned: int
    held: int
    dropped: Mapping[str, int]


@dataclasses.dataclass(frozen=True)
class Node:
    """A day of a calendar that comes each month (`month_day`), or once (`on`)."""

    name: str
    month_day: int | None = None
    on: dt.date | None = None


@dataclasses.dataclass(frozen=True)
class Calendar:
    """A reusable marketing calendar."""

    id: str
    name: str
    nodes: tuple[Node, ...]
    version: int


@dataclasses.dataclass(frozen=True)
class Pressure:
    """What launching would come to: the audience in parts, messages by guide and day, and who loses a place because of it."""

    at: dt.datetime
    audience: int
    planned: int
    held: tuple[tuple[dt.datetime, int], ...]
    dropped: Mapping[str, int]
    # Their ids, names and messages by day, the most first.
    guides: tuple[tuple[str, str, tuple[int, ...]], ...]
    guides_total: int
    crowds_out: tuple[tuple[str, str, int], ...]
    variants: tuple[tuple[str, int], ...]
    warnings: tuple[str, ...]
    sets: Mapping[str, BitMap]


@dataclasses.dataclass(frozen=True)
class SenderProgress:
    """How far one sender is."""

    sender: str
    name: str
    waiting: int
    by_fate: Mapping[str, int]


@dataclasses.dataclass(frozen=True)
class Progress:
    """How far a campaign is: planned and not yet called, by fate, by reason of not being made, by sender."""

    waiting: int
    by_fate: Mapping[str, int]
    by_reason: Mapping[str, int]
    by_variant: Mapping[str, Mapping[str, int]]
    senders: tuple[SenderProgress, ...]
    next_release_at: dt.datetime | None


@dataclasses.dataclass(frozen=True)
class Recalled:
    """How many calls were taken back, and how many could not be."""

    taken_back: int
    refused: int


@dataclasses.dataclass(frozen=True)
class Planned:
    """One thing that a calendar of deliveries shows: a campaign's occurrence past or ahead, or a node of a calendar."""

    at: dt.datetime
    kind: str
    id: str
    name: str
    state: str
    members: int
    is_ahead: bool
