"""Customer groups: the group, who is in it, and what happened in it."""

import dataclasses
import datetime as dt
import enum


class GroupState(enum.StrEnum):
    """Where a group is. The three in the middle are the platform's, about groups whose owner left the corp."""

    ACTIVE = "active"
    WAITING = "waiting"
    INHERITING = "inheriting"
    INHERITED = "inherited"
    DISSOLVED = "dissolved"


class JoinScene(enum.IntEnum):
    """How somebody came into a group, as the platform counts it (page 92122)."""

    UNKNOWN = 0
    INVITED = 1
    INVITATION_LINK = 2
    CODE = 3


class GroupVerb(enum.StrEnum):
    """What happened in a group."""

    JOINED = "joined"
    LEFT = "left"
    DISSOLVED = "dissolved"
    RENAMED = "renamed"
    OWNER = "owner"
    NOTICE = "notice"


@dataclasses.dataclass(frozen=True)
class GroupMember:
    """Somebody in a group; `member_no` is 0 for staff and for people that nobody knows by a contact or a unionid."""

    userid: str
    is_staff: bool
    member_no: int
    name_masked: str | None
    joined_at: dt.datetime
    join_scene: int
    state: str
    invited_by: str | None
    left_at: dt.datetime | None = None
    was_removed: bool | None = None


@dataclasses.dataclass(frozen=True)
class Chat:
    """A customer group as the newest fetch told it; `state` of members is that of the join way through which they came."""

    account_id: str
    chat_id: str
    name: str
    owner: str
    staff_id: str | None
    state: GroupState
    notice: str
    admins: tuple[str, ...]
    members_count: int
    customers_count: int
    created_at: dt.datetime | None
    fetched_at: dt.datetime | None
    dissolved_at: dt.datetime | None = None
    is_stale: bool = False


@dataclasses.dataclass(frozen=True)
class GroupChange:
    """One thing that happened in a group."""

    id: int
    chat_id: str
    verb: GroupVerb
    userid: str
    member_no: int
    at: dt.datetime
    scene: int
    state: str


@dataclasses.dataclass(frozen=True)
class MemberChat:
    """A group that a member is, or was, in."""

    account_id: str
    chat_id: str
    name: str
    owner: str
    joined_at: dt.datetime
    state: str
    left_at: dt.datetime | None


@dataclasses.dataclass(frozen=True)
class GroupDay:
    """What the platform counted of an owner's groups on one day (closed days only)."""

    owner: str
    day: dt.date
    new_chats: int
    chats: int
    chats_with_messages: int
    new_members: int
    members: int
    members_with_messages: int
    messages: int
