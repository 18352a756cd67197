"""The front door of organization: the tree of a day, units, stores on the map, staff, batches of an import.

Every read is limited by the actor's data scope; what lies outside it is answered like what does not exist.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from wellspring.kernel.auth import SYSTEM, Principal
from wellspring.kernel.pages import Page
from wellspring.kernel.workspace import Workspace
from wellspring.organization import repo
from wellspring.organization.contracts import (
    Branch,
    Move,
    Near,
    OpenState,
    Place,
    RowOutcome,
    Staff,
    StaffDraft,
    StaffRow,
    Unit,
    UnitDraft,
    UnitKind,
    UnitNode,
    UnitRow,
    UpdateMode,
)
from wellspring.organization.service import batches, picture, places, staff, units
from wellspring.organization.service.today import today

# Each is asked for twice in one statement, and a statement takes some 30,000 values.
_USERIDS_AT_ONCE = 5_000

# ------------------------------------------------------------------------------------ the tree of a day


def tree(ws: Workspace, *, by: Principal = SYSTEM, on: dt.date | None = None) -> tuple[Branch, ...]:
    """What the actor may see of the structure on that day (today), nested, with counts of open stores and active staff."""
    day = on or today(ws)
    with ws.sql.read() as tx:
        counts = repo.staff_counts(tx, day)
    return picture.tree(ws, day).branches(by.scope.unit_ids, counts, day)


def subtree_ids(ws: Workspace, unit_ids: Collection[str], on: dt.date | None = None) -> frozenset[str]:
    """These units and everything below them on that day (today), closed ones included; microseconds, from memory."""
    return picture.tree(ws, on or today(ws)).subtree_ids(frozenset(unit_ids))


def nodes(ws: Workspace, unit_ids: Collection[str], on: dt.date | None = None) -> Mapping[str, UnitNode]:
    """The units of these ids with name, code, kind and parent, from memory; unknown ids are left out."""
    found = picture.tree(ws, on or today(ws)).nodes
    return {unit_id: found[unit_id] for unit_id in unit_ids if unit_id in found}


def ancestors(ws: Workspace, unit_id: str, on: dt.date | None = None) -> list[UnitNode]:
    """The unit and those above it on that day, from the top down; empty for an unknown one."""
    return picture.tree(ws, on or today(ws)).ancestors(unit_id)


def unit_ids_by_code(ws: Workspace, codes: Collection[str]) -> dict[str, str]:
    """The ids of units by their codes, from memory; unknown codes are left out."""
    known = picture.tree(ws, today(ws)).by_code
    return {code: known[code] for code in codes if code in known}


# ---------------------------------------------------------------------------------------------- units


def list_units(
    ws: Workspace, *, by: Principal, kind: UnitKind | None = None, q: str | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[Unit]:
    """Units in order of code; `q` looks in name and code."""
    return units.listing(ws, by=by, kind=kind, q=q, cursor=cursor, limit=limit)


def get_unit(ws: Workspace, unit_id: str, *, by: Principal, on: dt.date | None = None) -> Unit:
    """One unit with its parent on that day (today). Raises UnitUnknown."""
    return units.get(ws, unit_id, by=by, on=on)


def create_unit(ws: Workspace, *, by: Principal, draft: UnitDraft, parent_id: str | None = None) -> Unit:
    """Makes a unit. Raises CodeTaken, LevelsInverted, UnitUnknown (parent), UnitClosed (parent), FieldRefused."""
    return units.create(ws, by=by, draft=draft, parent_id=parent_id)


def change_unit(ws: Workspace, unit_id: str, *, by: Principal, draft: UnitDraft, named: Collection[str]) -> Unit:
    """Changes the named fields to the draft's values, and no other. Raises UnitUnknown, CodeTaken, LevelsInverted, FieldRefused."""
    return units.change(ws, unit_id, by=by, draft=draft, named=named)


def move_unit(ws: Workspace, unit_id: str, *, by: Principal, parent_id: str | None, effective_on: dt.date) -> Unit:
    """From that day on the unit, with all below it, belongs under another; it may lie ahead. Gives the unit of today.

    Raises UnitUnknown, LevelsInverted, UnitClosed.
    """
    return units.move(ws, unit_id, by=by, parent_id=parent_id, effective_on=effective_on)


def unit_history(ws: Workspace, unit_id: str, *, by: Principal) -> list[Move]:
    """Where the unit belonged and will belong, the latest first. Raises UnitUnknown."""
    return units.history(ws, unit_id, by=by)


def remove_units(ws: Workspace, *, by: Principal, unit_ids: Collection[str]) -> int:
    """Takes units back that an import had made, all or none. Raises StillNeeded when others hang on them, UnitUnknown."""
    return units.remove(ws, by=by, unit_ids=unit_ids)


def open_state(ws: Workspace, unit_id: str, *, by: Principal) -> OpenState:
    """Whether the unit is open now, and when that changes. Raises UnitUnknown."""
    return places.open_state(ws, unit_id, by=by)


def nearest_stores(ws: Workspace, place: Place, *, by: Principal, limit: int = 5, is_open: bool | None = None) -> list[Near]:
    """The stores nearest to a place, by distance; with `is_open` only those that are (or are not) open now. Raises FieldRefused."""
    return places.nearest(ws, place, by=by, limit=min(limit, places.NEAREST_MAX), is_open=is_open)


# ---------------------------------------------------------------------------------------------- staff


def list_staff(
    ws: Workspace, *, by: Principal, unit_id: str | None = None, q: str | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[Staff]:
    """Staff in order of code, of a unit and all below it; `q` looks in name and code, or is a whole phone number."""
    return staff.listing(ws, by=by, unit_id=unit_id, q=q, cursor=cursor, limit=limit)


def get_staff(ws: Workspace, staff_id: str, *, by: Principal) -> Staff:
    """One member of staff as placed today. Raises StaffUnknown."""
    return staff.get(ws, staff_id, by=by)


def add_staff(ws: Workspace, *, by: Principal, draft: StaffDraft, unit_id: str) -> Staff:
    """Adds somebody to a unit. Raises CodeTaken, UnitUnknown, UnitClosed, FieldRefused."""
    return staff.add(ws, by=by, draft=draft, unit_id=unit_id)


def change_staff(ws: Workspace, staff_id: str, *, by: Principal, draft: StaffDraft, named: Collection[str]) -> Staff:
    """Changes the named fields to the draft's values, and no other. Raises StaffUnknown, CodeTaken, FieldRefused."""
    return staff.change(ws, staff_id, by=by, draft=draft, named=named)


def move_staff(ws: Workspace, staff_id: str, *, by: Principal, unit_id: str, effective_on: dt.date) -> Staff:
    """From that day on somebody works in another unit; it may lie ahead. Raises StaffUnknown, UnitUnknown, UnitClosed, StaffLeft."""
    return staff.move(ws, staff_id, by=by, unit_id=unit_id, effective_on=effective_on)


def remove_staff(ws: Workspace, *, by: Principal, staff_ids: Collection[str]) -> int:
    """Takes staff back that an import had made; gives the number. Raises StaffUnknown."""
    return staff.remove(ws, by=by, staff_ids=staff_ids)


def staff_ids_by_code(ws: Workspace, codes: Collection[str]) -> dict[str, str]:
    """The ids of staff by their codes; unknown codes are left out."""
    with ws.sql.read() as tx:
        return repo.staff_ids(tx, list(codes))


def staff_ids_by_userid(ws: Workspace, userids: Collection[str]) -> dict[str, str]:
    """The ids of staff by their id in WeCom, else by a code that is the same; capitals make no difference. Unknown ones are left out."""
    found: dict[str, str] = {}
    every = list(userids)
    with ws.sql.read() as tx:
        for place in range(0, len(every), _USERIDS_AT_ONCE):
            found |= repo.staff_ids_by_userid(tx, every[place : place + _USERIDS_AT_ONCE])
    return {userid: found[userid.lower()] for userid in every if userid.lower() in found}


# ------------------------------------------------------------------------------ batches of an import


def import_units(ws: Workspace, *, by: Principal, rows: Sequence[UnitRow], mode: UpdateMode = UpdateMode.UPSERT) -> list[RowOutcome]:
    """Takes at most 5,000 rows in one transaction, by code; gives each row's fate in the order of the rows. Raises TooLarge."""
    return batches.import_units(ws, by=by, rows=rows, mode=mode)


def import_staff(ws: Workspace, *, by: Principal, rows: Sequence[StaffRow], mode: UpdateMode = UpdateMode.UPSERT) -> list[RowOutcome]:
    """Takes at most 5,000 rows in one transaction, by code; gives each row's fate in the order of the rows. Raises TooLarge."""
    return batches.import_staff(ws, by=by, rows=rows, mode=mode)
