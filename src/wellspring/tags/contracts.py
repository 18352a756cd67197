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


class Permission(enum.StrEnum):
    """What a caller may be allowed to do here."""

    TAG_READ = "tags:tag:read"
    TAG_WRITE = "tags:tag:write"


PERMISSION_TEXTS: dict[str, tuple[str, str]] = {
    Permission.TAG_READ: ("查看客户标签", "See tags"),
    Permission.TAG_WRITE: ("打标签与去标签", "Put tags on members and lift them"),
}


class Verb(enum.StrEnum):
    """What was done with a tag and a member."""

    PUT = "put"
    LIFT = "lift"


@dataclasses.dataclass(frozen=True)
class Tag:
    """A tag with the number of members that carry it."""

    id: str
    group: str
    name: str
    members: int


@dataclasses.dataclass(frozen=True)
class Group:
    """A group with its tags, both in order of name."""

    id: str
    name: str
    tags: Sequence[Tag]


@dataclasses.dataclass(frozen=True)
class MemberTag:
    """A tag that a member carries: since when, from where, why, and who put it."""

    id: str
    group: str
    name: str
    at: dt.datetime
    source: str
    reason: str
    actor: str


@dataclasses.dataclass(frozen=True)
class TagChange:
    """One putting or lifting, as the history shows it."""

    tag_id: str
    group: str
    name: str
    verb: Verb
    at: dt.datetime
    source: str
    reason: str
    actor: str


@dataclasses.dataclass(frozen=True)
class TagWord:
    """One statement of a batch: this member carries (or no longer carries) this tag since then."""

    member_no: int
    group: str
    tag: str
    at: dt.datetime
    verb: Verb = Verb.PUT
    reason: str = ""


def named(text: str) -> str | None:
    """The name of a tag or group in normal form, None when it cannot be one."""
    name = " ".join(nfc(text).split())
    return name if 0 < len(name) <= NAME_MAX else None
