"""What crosses the front door of journeys: definitions, versions, counts, moves, dry runs."""

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]

# Instead of a node: where subjects come from and go to.
OUTSIDE = ""


class JourneyKind(enum.StrEnum):
    """Who edits it how: on a canvas, or as one of the simple lists that are made into journeys."""

    JOURNEY = "journey"
    SOP_CUSTOMER = "sop_customer"
    SOP_GROUP = "sop_group"
    SOP_MOMENTS = "sop_moments"


class JourneyState(enum.StrEnum):
    """Where a journey stands."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class Fate(enum.StrEnum):
    """What becomes of who is at a node when another version takes over."""

    STAY = "stay"
    MOVE = "move"
    EXIT = "exit"


@dataclasses.dataclass(frozen=True)
class Fault:
    """Something that a graph may not be; warnings do not keep it from being published."""

    path: str
    code: str
    zh: str
    en: str
    is_warning: bool = False


@dataclasses.dataclass(frozen=True)
class Journey:
    """A journey with what is being edited."""

    id: str
    name: str
    description: str
    kind: JourneyKind
    state: JourneyState
    version: int
    draft: Json
    revision: int
    sop: Json | None
    created_at: dt.datetime
    created_by: str
    changed_at: dt.datetime
    started_at: dt.datetime | None
    ended_at: dt.datetime | None
    inside: int = 0
    entered: int = 0
    converted: int = 0


@dataclasses.dataclass(frozen=True)
class JourneyVersion:
    """One published graph, with how many are still in it."""

    version: int
    graph: Json
    plan: Json
    note: str
    at: dt.datetime
    by: str
    inside: int = 0


@dataclasses.dataclass(frozen=True)
class Flow:
    """How many went from one node to another for a reason."""

    version: int
    from_node: str
    to_node: str
    reason: str
    times: int


@dataclasses.dataclass(frozen=True)
class Standing:
    """Live figures of a journey: how many are at each node by version, and everything that flowed."""

    here: Mapping[int, Mapping[str, int]]
    flows: Sequence[Flow]
    tick: int
    at: dt.datetime | None
    # Days of a date entry that nobody was let in for: they were slept through for too long, or could not be judged.
    days_skipped: int = 0


@dataclasses.dataclass(frozen=True)
class Step:
    """One move of one subject."""

    journey_id: str
    journey_name: str
    version: int
    at: dt.datetime
    from_node: str
    to_node: str
    reason: str
    key: str = ""


@dataclasses.dataclass(frozen=True)
class Whereabouts:
    """Where somebody is in a journey, since when, until when, and how they came there."""

    member_no: int
    member_id: str
    name_masked: str
    version: int
    node: str
    until: dt.datetime | None
    key: str = ""
    steps: Sequence[Step] = ()


@dataclasses.dataclass(frozen=True)
class DrySend:
    """What one sending node would have done."""

    node: str
    name: str
    channel: str
    asked: int
    sent: int
    held: int
    dropped: Mapping[str, int]
    cost_minor: int
    # Of how many runs the text lacks what it says of their order, and how it reads.
    unfilled: int = 0
    sample: str = ""


@dataclasses.dataclass(frozen=True)
class DryRun:
    """A journey replayed over the past."""

    since: dt.datetime
    until: dt.datetime
    entered: int
    held_out: int
    finished: int
    converted: int
    sends: Sequence[DrySend]
    flows: Sequence[Flow]
    by_day: Sequence[tuple[dt.date, int, int]]
    cost_minor: int
    notes: Sequence[str]


@dataclasses.dataclass(frozen=True)
class NodePressure:
    """What one message would come to if everybody whom the journey concerns were asked now."""

    node: str
    name: str
    channel: str
    planned: int
    held: int
    dropped: Mapping[str, int]
    # The guides with the most, and which other plans would lose how many.
    guides: Sequence[tuple[str, int]]
    crowds_out: Sequence[tuple[str, int]]


@dataclasses.dataclass(frozen=True)
class JourneyTemplate:
    """A ready-made graph with its words."""

    id: str
    zh: str
    en: str
    help_zh: str
    help_en: str
    graph: Json
