"""Whom a caller may see, and members as lists show them; everything told of an audience passes here."""

from collections.abc import Sequence

from pyroaring import BitMap

from wellspring.activity import api as activity
from wellspring.audiences.contracts import MemberLine
from wellspring.kernel.auth import Principal
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.people import api as people


def visible(ws: Workspace, by: Principal) -> BitMap | None:
    """The members within the caller's data scope; None is everybody."""
    return None if by.scope.unit_ids is None else people.served_by(ws, by.scope.unit_ids)


def seen(members: BitMap, within: BitMap | None) -> BitMap:
    """Those of the members whom the caller may see."""
    return members if within is None else members & within


def everybody(ws: Workspace, within: BitMap | None) -> BitMap:
    """The active members whom the caller may see."""
    return seen(people.active_members(ws), within)


def lines(ws: Workspace, *, by: Principal, member_nos: Sequence[int]) -> list[MemberLine]:
    """Members by number, masked, in order; those outside the caller's scope are left out."""
    if not member_nos:
        return []
    with ws.sql.read():
        found = people.members_of(ws, by=by, member_nos=member_nos)
        facts = activity.order_facts(ws, member_nos=list(found))
        units = organization.nodes(ws, {member.home_unit_id for member in found.values() if member.home_unit_id})
    return [
        MemberLine(found[number], units.get(found[number].home_unit_id or ""), facts.get(number))
        for number in member_nos
        if number in found
    ]


def spread(members: BitMap, count: int) -> list[int]:
    """So many members, spread evenly over the numbers, so that old and new ones are among them; the same every time."""
    total = len(members)
    if total <= count:
        return list(members)
    return [members[place * total // count] for place in range(count)]
