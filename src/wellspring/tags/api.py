"""The front door of tags: putting, lifting, a member's tags, all groups, and taking back what one source said."""

from collections.abc import Sequence

from pyroaring import BitMap

from wellspring.kernel.auth import Principal
from wellspring.kernel.workspace import Workspace
from wellspring.tags import service
from wellspring.tags.contracts import Group, MemberTag, TagChange, TagWord, Verb


def write(ws: Workspace, *, by: Principal, words: Sequence[TagWord], source: str) -> int:
    """Takes a batch of statements in one transaction, making tags that are missing; gives how many changed something.

    Each is kept in the history with its own time; one older than what is known changes nothing now. Raises TagUnnamed.
    """
    return service.write(ws, by=by, words=words, source=source)


def put(ws: Workspace, *, by: Principal, member_nos: Sequence[int], group: str, tag: str, source: str = "", reason: str = "") -> int:
    """Puts a tag on members now; gives how many did not carry it before. Raises TagUnnamed."""
    now = ws.clock.now()
    return service.write(
        ws, by=by, words=[TagWord(number, group, tag, now, Verb.PUT, reason) for number in member_nos], source=source or by.name
    )


def lift(ws: Workspace, *, by: Principal, member_nos: Sequence[int], group: str, tag: str, source: str = "", reason: str = "") -> int:
    """Takes a tag off members now; gives how many carried it. Raises TagUnnamed."""
    now = ws.clock.now()
    return service.write(
        ws, by=by, words=[TagWord(number, group, tag, now, Verb.LIFT, reason) for number in member_nos], source=source or by.name
    )


def of_member(ws: Workspace, *, member_no: int) -> list[MemberTag]:
    """What a member carries now, with since when, from where, why and by whom."""
    return service.of_member(ws, member_no)


def history(ws: Workspace, *, member_no: int) -> list[TagChange]:
    """Every putting and lifting of a member, the latest first."""
    return service.history(ws, member_no)


def listing(ws: Workspace) -> list[Group]:
    """Every group with its tags and how many members carry each."""
    return service.listing(ws)


def members(ws: Workspace, *, tag_id: str) -> BitMap:
    """The numbers of the members that carry a tag. Raises TagUnknown."""
    return service.members(ws, tag_id)


def everyone(ws: Workspace) -> BitMap:
    """Every number that carries any tag."""
    return service.everyone(ws)


def undo_source(ws: Workspace, *, by: Principal, source: str) -> int:
    """Takes back everything that came from a source, exactly; gives the number of changes."""
    return service.undo_source(ws, by=by, source=source)
