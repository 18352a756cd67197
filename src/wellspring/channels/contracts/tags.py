"""Corp tags: groups and tags as the platform has them, linked to ours, and what differs between the two."""

import dataclasses
import datetime as dt
import enum


class Winner(enum.StrEnum):
    """Whose word counts where both sides differ: a tag lifted on that side is lifted on the other, never the other way."""

    WECOM = "wecom"
    WELLSPRING = "wellspring"


class DifferenceKind(enum.StrEnum):
    """What a person has to decide: a tag was deleted on one side, or its name cannot be taken over."""

    GONE_THERE = "gone_there"
    GONE_HERE = "gone_here"
    NAME = "name"


class TagDecision(enum.StrEnum):
    """Leave both sides as they are (and apart), make it again where it is gone, or delete it where it still is."""

    KEEP = "keep"
    REMAKE = "remake"
    DELETE = "delete"


@dataclasses.dataclass(frozen=True)
class CorpTag:
    """A tag of the platform and the one of ours that it is."""

    tag_id: str
    name: str
    our_tag_id: str | None
    is_gone: bool


@dataclasses.dataclass(frozen=True)
class CorpTagGroup:
    """A group of corp tags. Tags of one that is not linked are shown and nothing more."""

    account_id: str
    group_id: str
    name: str
    our_group_id: str | None
    winner: Winner
    is_linked: bool
    tags: tuple[CorpTag, ...]
    differences: int


@dataclasses.dataclass(frozen=True)
class TagDifference:
    """Something that one side has and the other has not any more; nothing is deleted before a person says so."""

    id: str
    account_id: str
    kind: DifferenceKind
    group_name: str
    name: str
    tag_id: str | None
    our_tag_id: str | None
    at: dt.datetime
    decision: TagDecision | None
    decided_at: dt.datetime | None


@dataclasses.dataclass(frozen=True)
class TagUpkeep:
    """How far the two sides are from each other: customers that wait for a comparison, and those whose last one failed."""

    waiting: int
    failing: int
    synced_at: dt.datetime | None
