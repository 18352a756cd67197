"""Names of staff, stores and members for rows that hold their ids."""

from collections.abc import Iterable

from wellspring.kernel.auth import SYSTEM, Principal
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.organization.errors import StaffUnknown
from wellspring.people import api as people
from wellspring.people.contracts import Member


def staff(ws: Workspace, staff_ids: Iterable[str | None]) -> dict[str, str]:
    """Names by id; whoever is not known any more is left out."""
    found = {}
    for staff_id in {one for one in staff_ids if one}:
        try:
            found[staff_id] = organization.get_staff(ws, staff_id, by=SYSTEM).name
        except StaffUnknown:
            continue
    return found


def units(ws: Workspace, unit_ids: Iterable[str | None]) -> dict[str, str]:
    """Names by id."""
    return {unit_id: node.name for unit_id, node in organization.nodes(ws, {one for one in unit_ids if one}).items()}


def members(ws: Workspace, by: Principal, numbers: Iterable[int]) -> dict[int, Member]:
    """The member whom each number is now, masked, as far as the caller may see them."""
    listed = sorted({number for number in numbers if number})
    held = dict(zip(listed, people.holders_of(ws, member_nos=listed), strict=True))
    known = people.members_of(ws, by=by, member_nos=sorted(set(held.values())))
    return {number: known[holder] for number, holder in held.items() if holder in known}
