"""The front door of tags: what tags there are, who carries them now and then, putting, lifting, and following rules."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pyroaring import BitMap

from wellspring.kernel.auth import Principal
from wellspring.kernel.pages import Page
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.tags.contracts import Exceptional, Group, GroupKind, MemberTag, Tag, TagChange, TagWord, Tally, Verb
from wellspring.tags.service import defining, due, following, joining, looking, putting, registry
from wellspring.tags.service.defining import Wish


def write(ws: Workspace, *, by: Principal, words: Sequence[TagWord], source: str) -> int:
    """Takes a batch of statements in one transaction, making tags that are missing; gives how many changed something.

    Each is kept in the history with its own time; one older than what is known changes nothing now. Raises TagUnnamed.
    """
    return putting.write(ws, by=by, said=words, source=source)


def put(ws: Workspace, *, by: Principal, member_nos: Iterable[int], group: str, tag: str, source: str = "", reason: str = "") -> int:
    """Puts a tag on members now; gives how many did not carry it before. Raises TagUnnamed."""
    now = ws.clock.now()
    words = [TagWord(number, group, tag, now, Verb.PUT, reason) for number in member_nos]
    return putting.write(ws, by=by, said=words, source=source or by.name)


def lift(ws: Workspace, *, by: Principal, member_nos: Iterable[int], group: str, tag: str, source: str = "", reason: str = "") -> int:
    """Takes a tag off members now; gives how many carried it. Raises TagUnnamed."""
    now = ws.clock.now()
    words = [TagWord(number, group, tag, now, Verb.LIFT, reason) for number in member_nos]
    return putting.write(ws, by=by, said=words, source=source or by.name)


def set_members(
    ws: Workspace,
    *,
    by: Principal,
    tag_id: str,
    put: Iterable[int] = (),
    lift: Iterable[int] = (),
    reason: str = "",
    source: str = "console",
    expires_at: dt.datetime | None = None,
) -> Tally:
    """Puts and lifts one tag for many members by hand (numbers or a set). Raises TagUnknown, TagRetired, ExpiryPast."""
    return putting.set_members(ws, by=by, tag_id=tag_id, put=put, lift=lift, reason=reason, source=source, expires_at=expires_at)


def say(
    ws: Workspace,
    *,
    by: Principal,
    member_no: int,
    put: Sequence[tuple[str, str]] = (),
    lift: Sequence[tuple[str, str]] = (),
    reason: str = "",
    source: str = "console",
    expires_at: dt.datetime | None = None,
) -> Tally:
    """Puts and lifts tags (group, tag) of one member; unknown ones are made to be put. Raises TagUnnamed, TagRetired, ExpiryPast."""
    return putting.of_one(ws, by=by, member_no=member_no, put=put, lift=lift, reason=reason, source=source, expires_at=expires_at)


def follow(ws: Workspace, tx: Tx, tag_id: str, members: BitMap) -> Tally:
    """Makes these members the ones who carry a rule's tag, but for exceptions; history names whoever entered and left.

    For the tick of what computes the rule: no audit entry, one event when something changed. Raises TagUnknown.
    """
    return following.follow(ws, tx, tag_id, members)


def bind(ws: Workspace, *, by: Principal, tag_id: str, audience_id: str | None) -> None:
    """Makes a tag follow an audience, or nothing any more. Raises TagUnknown."""
    following.bind(ws, by=by, tag_id=tag_id, audience_id=audience_id)


def rules(ws: Workspace) -> dict[str, str]:
    """The active tags that follow an audience: tag id → audience id."""
    return following.rules(ws)


def exceptions(ws: Workspace, *, tag_id: str) -> list[Exceptional]:
    """What staff said against a tag's rule. Raises TagUnknown."""
    return looking.exceptions(ws, tag_id)


def clear_exceptions(ws: Workspace, *, by: Principal, tag_id: str, member_nos: Iterable[int]) -> int:
    """Gives members back to a tag's rule; gives how many exceptions went. Raises TagUnknown."""
    return following.clear(ws, by=by, tag_id=tag_id, member_nos=member_nos)


def register_user(user: Callable[[Workspace, str], list[str]]) -> None:
    """Adds somebody who may use tags: gives the names of what uses a tag, which is then not renamed, merged away or deleted."""
    registry.register_user(user)


def register_audience(audience: Callable[[Workspace, str], str | None]) -> None:
    """Adds somebody who knows audiences: gives the name of one that a tag may follow."""
    registry.register_audience(audience)


def register_members(members: Callable[[Workspace, str], BitMap | None]) -> None:
    """Adds somebody who knows who is in an audience, so that a tag that begins to follow it has its members at once."""
    registry.register_members(members)


def audience_named(ws: Workspace, *, audience_id: str) -> str | None:
    """The name of an audience that a tag may follow, None when there is none."""
    return registry.audience_named(ws, audience_id)


def find(ws: Workspace, group: str, tag: str) -> str | None:
    """The id of a tag by the names of its group and itself; None when there is none."""
    return looking.find(ws, group, tag)


def find_group(ws: Workspace, name: str) -> list[str] | None:
    """The ids of a group's tags by its name; None when there is no such group."""
    return looking.find_group(ws, name)


def get(ws: Workspace, *, tag_id: str) -> Tag:
    """One tag. Raises TagUnknown."""
    return looking.one(ws, tag_id)


def listing(ws: Workspace) -> list[Group]:
    """Every group with its tags and how many members carry each."""
    return looking.listing(ws)


def members(ws: Workspace, *, tag_id: str) -> BitMap:
    """The members that carry a tag. Raises TagUnknown."""
    return looking.members(ws, tag_id)


def members_of_any(ws: Workspace, *, tag_ids: Sequence[str]) -> BitMap:
    """The members that carry one of these tags. Raises TagUnknown."""
    return looking.members_of_any(ws, tag_ids)


def members_at(ws: Workspace, *, tag_id: str, at: dt.datetime) -> BitMap:
    """Who carried a tag at a past instant of the server's time, as the members who they are today. Raises TagUnknown."""
    return looking.members_at(ws, tag_id, at)


def version(ws: Workspace, tag_ids: Sequence[str]) -> tuple[int, ...]:
    """Opaque, and another one whenever the members of one of these tags may have changed."""
    return looking.version(ws, tag_ids)


def carriers(ws: Workspace, *, tag_id: str, member_nos: Iterable[int]) -> dict[int, MemberTag]:
    """How each of these members came to carry a tag; those who do not are left out. Raises TagUnknown."""
    return looking.carriers(ws, tag_id, member_nos)


def of_member(ws: Workspace, *, member_no: int) -> list[MemberTag]:
    """What a member carries now, with since when, until when, from where, why and by whom."""
    return looking.of_member(ws, member_no)


def history(ws: Workspace, *, member_no: int) -> list[TagChange]:
    """Every putting and lifting of a member, the latest first."""
    return looking.history(ws, member_no)


def tag_history(ws: Workspace, *, tag_id: str, cursor: str | None = None, limit: int | None = None) -> Page[TagChange]:
    """Changes of a tag, the newest first. Raises TagUnknown."""
    return looking.tag_history(ws, tag_id, cursor=cursor, limit=limit)


def everyone(ws: Workspace) -> BitMap:
    """Every number that carries any tag."""
    return looking.everyone(ws)


def undo_source(ws: Workspace, *, by: Principal, source: str) -> int:
    """Takes back everything that came from a source, exactly; gives the number of changes."""
    return joining.undo_source(ws, by=by, source=source)


def add_group(
    ws: Workspace,
    *,
    by: Principal,
    name: str,
    kind: GroupKind = GroupKind.STATIC,
    is_exclusive: bool = False,
    description: str = "",
    color: str = "",
) -> str:
    """Makes a group; gives its id. Raises TagUnnamed, GroupSlashed, NameTaken."""
    return defining.add_group(ws, by=by, name=name, kind=kind, is_exclusive=is_exclusive, description=description, color=color)


def change_group(ws: Workspace, *, by: Principal, group_id: str, values: dict[str, Any]) -> None:
    """Changes name, kind, is_exclusive, description, color; one that becomes exclusive leaves each member the tag put last.

    Raises GroupUnknown, TagUnnamed, GroupSlashed, NameTaken, TagInUse.
    """
    defining.change_group(ws, by=by, group_id=group_id, wish=Wish(values))


def delete_group(ws: Workspace, *, by: Principal, group_id: str) -> None:
    """Deletes a group without tags. Raises GroupUnknown, GroupNotEmpty."""
    defining.delete_group(ws, by=by, group_id=group_id)


def add_tag(ws: Workspace, *, by: Principal, group: str, name: str, description: str = "", expires_after_days: int | None = None) -> str:
    """Makes a tag, and its group where that is missing; gives its id. Raises TagUnnamed, GroupSlashed, NameTaken, TooManyTags."""
    return defining.add_tag(ws, by=by, group=group, name=name, description=description, expires_after_days=expires_after_days)


def change_tag(ws: Workspace, *, by: Principal, tag_id: str, values: dict[str, Any]) -> None:
    """Changes name, description, state (active, retired), position, expires_after_days. Raises TagUnknown, NameTaken, TagInUse."""
    defining.change_tag(ws, by=by, tag_id=tag_id, wish=Wish(values))


def delete_tag(ws: Workspace, *, by: Principal, tag_id: str) -> Tally:
    """Lifts a tag from everyone and takes it out of use; its history stays. Raises TagUnknown, TagInUse."""
    return defining.delete_tag(ws, by=by, tag_id=tag_id)


def merge_tags(ws: Workspace, *, by: Principal, tag_id: str, into_id: str) -> Tally:
    """Makes one tag another: its members get the other, and it is deleted. Raises TagUnknown, TagInUse, TagRetired."""
    return defining.merge_tags(ws, by=by, tag_id=tag_id, into_id=into_id)


def expire(ws: Workspace) -> int:
    """Lifts every tag whose time is over; gives how many. The job calls it at the instant itself."""
    return due.expire(ws)


def check(ws: Workspace) -> list[tuple[str, bool, str, str]]:
    """What must hold of tags: code, whether it holds, and the sentence in zh-CN and English."""
    return looking.check(ws)
