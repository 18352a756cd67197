"""By which ways a member came: the first one is kept, later ones are listed."""

from collections.abc import Sequence

from wellspring.acquisition.contracts.codes import Source
from wellspring.acquisition.repo import arrivals
from wellspring.acquisition.repo import codes as repo
from wellspring.acquisition.service import naming_people
from wellspring.kernel.auth import Principal
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people


def of_member(ws: Workspace, *, by: Principal, member_id: str) -> list[Source]:
    """Every arrival of a member (merged numbers included), the first one first. Raises MemberUnknown."""
    number = people.member_no(ws, by=by, member_id=member_id)
    return of_numbers(ws, people.numbers_held(ws, member_no=number))


def of_numbers(ws: Workspace, numbers: Sequence[int]) -> list[Source]:
    """Every arrival under these numbers, the first one first."""
    with ws.sql.read() as tx:
        rows = arrivals.of_members(tx, numbers)
        names = repo.names(tx, [row.code_id for row in rows if row.code_id])
    staff = naming_people.staff(ws, [row.staff_id for row in rows])
    units = naming_people.units(ws, [row.unit_id for row in rows])
    kept = ("at", "code_id", "state", "add_way", "staff_id", "unit_id", "left_at")
    return [
        Source(
            **{name: getattr(row, name) for name in kept},
            code_name=names.get(row.code_id or "", ""),
            staff_name=staff.get(row.staff_id or "", row.userid),
            unit_name=units.get(row.unit_id or "", ""),
            is_first=place == 0,
        )
        for place, row in enumerate(rows)
    ]
