"""What crosses the front door of tags: groups with their tags, a member's tags with their origin, permissions."""

import dataclasses
import datetime as dt
import enum
from collections.abc import Sequence

from wellspring.kernel.text import nfc

# Fits a tag on a phone's screen in one line, and twice what WeCom takes (15).
NAME_MAX = 30
# The group of tags that came without one.
NO_GROUP = "未分组"
# Ten years: whoever means longer means for ever.
EXPIRY_DAYS_MAX = 3650
# One screen's worth of groups with their tags; a brand with more tags than this keeps attributes in them.
TAGS_MAX = 5_000


class Permission(enum.StrEnum):
    """What a caller may be allowed to do here."""

    TAG_READ = "tags:tag:read"
    TAG_WRITE = "tags:tag:write"
    GROUP_WRITE = "tags:group:write"


PERMISSION_TEXTS: dict[str, tuple[str, str]] = {
    Permission.TAG_READ: ("查看客户标签", "See tags"),
    Permission.TAG_WRITE: ("打标签与去标签", "Put tags on members and lift them"),
    Permission.GROUP_WRITE: ("管理标签与标签组", "Manage tags and groups of tags"),
}


class GroupKind(enum.StrEnum):
    """What the tags of a group say: a fact, what somebody does, a level, where somebody came from, a rule's outcome."""

    STATIC = "static"
    BEHAVIOUR = "behaviour"
    LEVEL = "level"
    SOURCE = "source"
    RULE = "rule"


class State(enum.StrEnum):
    """A retired tag is carried on and no longer put; a deleted one is carried by nobody and leaves its history."""

    ACTIVE = "active"
    RETIRED = "retired"
    DELETED = "deleted"


class Verb(enum.StrEnum):
    """What was done with a tag and a member."""

    PUT = "put"
    LIFT = "lift"


class Cause(enum.StrEnum):
    """Why a change happened: somebody said so, or what followed by itself."""

    SAID = "said"
    RULE = "rule"
    EXPIRED = "expired"
    EXCLUSIVE = "exclusive"
    MERGED = "merged"
    UNMERGED = "unmerged"
    JOINED = "joined"
    DELETED = "deleted"


@dataclasses.dataclass(frozen=True)
class Tag:
    """A tag with the number of members that carry it and of those whom staff excepted from its rule."""

    id: str
    group: str
    name: str
    members: int
    description: str = ""
    state: State = State.ACTIVE
    position: int = 0
    expires_after_days: int | None = None
    rule_audience_id: str | None = None
    exceptions: int = 0


@dataclasses.dataclass(frozen=True)
class Group:
    """A group with its tags, in order of position and name."""

    id: str
    name: str
    tags: Sequence[Tag]
    kind: GroupKind = GroupKind.STATIC
    is_exclusive: bool = False
    description: str = ""
    color: str = ""


@dataclasses.dataclass(frozen=True)
class MemberTag:
    """A tag that a member carries: since when, until when, from where, why, and who put it."""

    id: str
    group: str
    name: str
    at: dt.datetime
    source: str
    reason: str
    actor: str
    expires_at: dt.datetime | None = None
    cause: Cause = Cause.SAID
    # Staff put it by hand on a tag that follows a rule.
    is_exception: bool = False


@dataclasses.dataclass(frozen=True)
class TagChange:
    """One putting or lifting, as the history shows it. `at` is claimed, `recorded_at` is the server's.

    `ended_at` is empty while it is in force, and before `recorded_at` when it came too late to ever be.
    """

    id: int
    tag_id: str
    group: str
    name: str
    member_no: int
    verb: Verb
    at: dt.datetime
    recorded_at: dt.datetime
    source: str
    reason: str
    actor: str
    cause: Cause = Cause.SAID
    expires_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True)
class Exceptional:
    """What staff said of a member against a tag's rule."""

    tag_id: str
    member_no: int
    verb: Verb
    at: dt.datetime
    source: str
    reason: str
    actor: str


@dataclasses.dataclass(frozen=True)
class TagWord:
    """One statement of a batch: this member carries (or no longer carries) this tag since then.

    Without `expires_at` the tag's own number of days counts, from now.
    """

    member_no: int
    group: str
    tag: str
    at: dt.datetime
    verb: Verb = Verb.PUT
    reason: str = ""
    expires_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True)
class Tally:
    """How many members gained and lost a tag."""

    put: int
    lifted: int


def named(text: str) -> str | None:
    """The name of a tag or group in normal form, None when it cannot be one."""
    name = " ".join(nfc(text).split())
    return name if 0 < len(name) <= NAME_MAX else None


def parted(text: str) -> tuple[str, str]:
    """Group and tag of a text such as "渠道/包裹卡"; the group is what stands before the first slash."""
    group, slash, tag = text.partition("/")
    return (group, tag) if slash else (NO_GROUP, text)
