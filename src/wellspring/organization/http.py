"""The addresses of the organisation: tree, units with their moves and hours, stores near a place, staff.

Days are ISO dates of the workspace's own zone. Longitude and latitude are GCJ-02 unless `coordinates` says "wgs84".
"""

import datetime as dt
from typing import Annotated

import fastapi
import pydantic

from wellspring.kernel import web
from wellspring.kernel.web import Call, In, Out, allow
from wellspring.organization import api
from wellspring.organization.contracts import (
    Branch,
    CoordinateSystem,
    Permission,
    Place,
    Staff,
    StaffDraft,
    Unit,
    UnitDraft,
    UnitKind,
    WeekHours,
)

router = fastapi.APIRouter(tags=["organization"])

Moment = web.Moment
Limit = Annotated[int | None, fastapi.Query(ge=1, le=200)]
Cursor = Annotated[str | None, fastapi.Query(max_length=400)]
Words = Annotated[str | None, fastapi.Query(max_length=120)]
Code = Annotated[str, pydantic.Field(min_length=1, max_length=64)]
Name = Annotated[str, pydantic.Field(min_length=1, max_length=120)]
UnitId = Annotated[str, pydantic.Field(max_length=40)]
Longitude = Annotated[float, pydantic.Field(ge=-180, le=180)]
Latitude = Annotated[float, pydantic.Field(ge=-90, le=90)]
Hours = Annotated[dict[str, list[tuple[str, str]]], pydantic.Field(max_length=400)]
# A century on either side of anything that a brand plans or remembers; the calendar's own ends are traps.
Day = Annotated[dt.date, pydantic.Field(ge=dt.date(1900, 1, 1), le=dt.date(2200, 1, 1))]


# ----------------------------------------------------------------------------------------------- tree


class UnitTreeOut(Out):
    id: str
    code: str
    name: str
    kind: UnitKind
    closed_on: dt.date | None
    stores_count: int
    staff_count: int
    children: list["UnitTreeOut"]


@router.get("/api/org/tree")
def read_tree(call: Annotated[Call, allow(Permission.UNIT_READ)], on: Annotated[Day | None, fastapi.Query()] = None) -> list[UnitTreeOut]:
    """The structure on a day (today) as far as the caller may see it, nested, with counts of open stores and active staff."""
    return [_branch(branch) for branch in api.tree(call.ws, by=call.by, on=on)]


# ---------------------------------------------------------------------------------------------- units


class UnitOut(Out):
    id: str
    code: str
    name: str
    kind: UnitKind
    parent_id: str | None
    address: str | None
    phone: str | None
    longitude: float | None
    latitude: float | None
    coordinates: CoordinateSystem
    opening_hours: dict[str, list[tuple[str, str]]] | None
    special_days: dict[str, list[tuple[str, str]]] | None
    closed_on: dt.date | None


class UnitPageOut(Out):
    rows: list[UnitOut]
    next_cursor: str | None
    total: int | None


class UnitIn(In):
    code: Code
    name: Name
    kind: UnitKind
    parent_id: UnitId | None = None
    address: Annotated[str | None, pydantic.Field(max_length=300)] = None
    phone: Annotated[str | None, pydantic.Field(max_length=40)] = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    coordinates: CoordinateSystem = CoordinateSystem.GCJ02
    opening_hours: Hours | None = None
    special_days: Hours | None = None
    closed_on: Day | None = None


class UnitChangeIn(In):
    code: Code | None = None
    name: Name | None = None
    kind: UnitKind | None = None
    address: Annotated[str | None, pydantic.Field(max_length=300)] = None
    phone: Annotated[str | None, pydantic.Field(max_length=40)] = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    coordinates: CoordinateSystem = CoordinateSystem.GCJ02
    opening_hours: Hours | None = None
    special_days: Hours | None = None
    closed_on: Day | None = None


class UnitMoveIn(In):
    parent_id: UnitId | None
    effective_on: Day


class UnitMoveOut(Out):
    id: str
    parent_id: str | None
    parent_name: str | None
    effective_on: dt.date
    recorded_at: Moment


class UnitHistoryOut(Out):
    rows: list[UnitMoveOut]


class OpenStateOut(Out):
    is_open: bool
    changes_at: Moment | None


class NearUnitOut(Out):
    id: str
    code: str
    name: str
    distance_metres: int
    is_open: bool


class NearUnitListOut(Out):
    rows: list[NearUnitOut]


@router.get("/api/org/units")
def list_units(
    call: Annotated[Call, allow(Permission.UNIT_READ)],
    kind: Annotated[UnitKind | None, fastapi.Query()] = None,
    q: Words = None,
    limit: Limit = None,
    cursor: Cursor = None,
) -> UnitPageOut:
    """Units in order of code; `q` looks in name and code."""
    page = api.list_units(call.ws, by=call.by, kind=kind, q=q, cursor=cursor, limit=limit)
    return UnitPageOut(rows=[_unit(unit) for unit in page.rows], next_cursor=page.next_cursor, total=page.total)


@router.post("/api/org/units", status_code=201)
def create_unit(call: Annotated[Call, allow(Permission.UNIT_WRITE)], body: UnitIn) -> UnitOut:
    """Makes a unit; what is registered today counts as having been there before."""
    return _unit(api.create_unit(call.ws, by=call.by, draft=_draft(body), parent_id=body.parent_id))


@router.get("/api/org/nearest")
def nearest_stores(
    call: Annotated[Call, allow(Permission.UNIT_READ)],
    longitude: Annotated[float, fastapi.Query(ge=-180, le=180)],
    latitude: Annotated[float, fastapi.Query(ge=-90, le=90)],
    coordinates: Annotated[CoordinateSystem, fastapi.Query()] = CoordinateSystem.GCJ02,
    is_open: Annotated[bool | None, fastapi.Query()] = None,
    limit: Annotated[int, fastapi.Query(ge=1, le=50)] = 5,
) -> NearUnitListOut:
    """The stores nearest to a place, with their distance and whether they are open now."""
    found = api.nearest_stores(call.ws, Place(longitude, latitude, coordinates), by=call.by, limit=limit, is_open=is_open)
    rows = [
        NearUnitOut(id=near.unit.id, code=near.unit.code, name=near.unit.name, distance_metres=near.distance_metres, is_open=near.is_open)
        for near in found
    ]
    return NearUnitListOut(rows=rows)


@router.get("/api/org/units/{unit_id}")
def read_unit(
    call: Annotated[Call, allow(Permission.UNIT_READ)], unit_id: str, on: Annotated[Day | None, fastapi.Query()] = None
) -> UnitOut:
    """One unit with its parent on a day (today)."""
    return _unit(api.get_unit(call.ws, unit_id, by=call.by, on=on))


@router.patch("/api/org/units/{unit_id}")
def change_unit(call: Annotated[Call, allow(Permission.UNIT_WRITE)], unit_id: str, body: UnitChangeIn) -> UnitOut:
    """Changes what is given; null empties a field. A parent is changed by a move."""
    named = _named(body, required=("code", "name", "kind"))
    if named & {"longitude", "latitude", "coordinates"}:
        named = named - {"longitude", "latitude", "coordinates"} | {"place"}
    return _unit(api.change_unit(call.ws, unit_id, by=call.by, draft=_draft(body), named=named))


@router.post("/api/org/units/{unit_id}/move")
def move_unit(call: Annotated[Call, allow(Permission.UNIT_WRITE)], unit_id: str, body: UnitMoveIn) -> UnitOut:
    """From a day on, the unit with all below it belongs under another one; gives the unit as it stands today."""
    return _unit(api.move_unit(call.ws, unit_id, by=call.by, parent_id=body.parent_id, effective_on=body.effective_on))


@router.get("/api/org/units/{unit_id}/history")
def read_unit_history(call: Annotated[Call, allow(Permission.UNIT_READ)], unit_id: str) -> UnitHistoryOut:
    """Where the unit belonged and will belong, the latest first."""
    moves = api.unit_history(call.ws, unit_id, by=call.by)
    seen = {move.parent_id for move in moves if move.parent_id is not None and call.by.scope.covers(move.parent_id)}
    names = {node.id: node.name for node in api.nodes(call.ws, seen).values()}
    rows = [
        UnitMoveOut(
            id=f"{move.subject_id}.{move.effective_on}",
            parent_id=move.parent_id,
            parent_name=names.get(move.parent_id or ""),
            effective_on=move.effective_on,
            recorded_at=move.recorded_at,
        )
        for move in moves
    ]
    return UnitHistoryOut(rows=rows)


@router.get("/api/org/units/{unit_id}/open")
def read_open_state(call: Annotated[Call, allow(Permission.UNIT_READ)], unit_id: str) -> OpenStateOut:
    """Whether the unit is open now, and when that changes next."""
    return OpenStateOut.model_validate(api.open_state(call.ws, unit_id, by=call.by))


# ---------------------------------------------------------------------------------------------- staff


class StaffOut(Out):
    id: str
    code: str
    name: str
    title: str | None
    phone_masked: str | None
    wecom_userid: str | None
    unit_id: str
    unit_name: str
    active: bool
    left_on: dt.date | None
    created_at: Moment


class StaffPageOut(Out):
    rows: list[StaffOut]
    next_cursor: str | None
    total: int | None


class StaffIn(In):
    code: Code
    name: Name
    unit_id: UnitId
    title: Annotated[str | None, pydantic.Field(max_length=60)] = None
    phone: Annotated[str | None, pydantic.Field(max_length=40)] = None
    wecom_userid: Annotated[str | None, pydantic.Field(max_length=64)] = None
    left_on: Day | None = None


class StaffChangeIn(In):
    code: Code | None = None
    name: Name | None = None
    title: Annotated[str | None, pydantic.Field(max_length=60)] = None
    phone: Annotated[str | None, pydantic.Field(max_length=40)] = None
    wecom_userid: Annotated[str | None, pydantic.Field(max_length=64)] = None
    left_on: Day | None = None


class StaffMoveIn(In):
    unit_id: UnitId
    effective_on: Day


@router.get("/api/org/staff")
def list_staff(
    call: Annotated[Call, allow(Permission.STAFF_READ)],
    unit_id: Annotated[str | None, fastapi.Query(max_length=40)] = None,
    q: Words = None,
    limit: Limit = None,
    cursor: Cursor = None,
) -> StaffPageOut:
    """Staff in order of code, of a unit and all below it; `q` looks in name and code, or is a whole phone number."""
    page = api.list_staff(call.ws, by=call.by, unit_id=unit_id, q=q, cursor=cursor, limit=limit)
    return StaffPageOut(rows=[_member(member) for member in page.rows], next_cursor=page.next_cursor, total=page.total)


@router.post("/api/org/staff", status_code=201)
def add_staff(call: Annotated[Call, allow(Permission.STAFF_WRITE)], body: StaffIn) -> StaffOut:
    """Adds somebody to a unit."""
    return _member(api.add_staff(call.ws, by=call.by, draft=_staff_draft(body), unit_id=body.unit_id))


@router.get("/api/org/staff/{staff_id}")
def read_staff(call: Annotated[Call, allow(Permission.STAFF_READ)], staff_id: str) -> StaffOut:
    """One member of staff as placed today."""
    return _member(api.get_staff(call.ws, staff_id, by=call.by))


@router.patch("/api/org/staff/{staff_id}")
def change_staff(call: Annotated[Call, allow(Permission.STAFF_WRITE)], staff_id: str, body: StaffChangeIn) -> StaffOut:
    """Changes what is given; null empties a field. `left_on` is the first day of absence."""
    named = _named(body, required=("code", "name"))
    return _member(api.change_staff(call.ws, staff_id, by=call.by, draft=_staff_draft(body), named=named))


@router.post("/api/org/staff/{staff_id}/move")
def move_staff(call: Annotated[Call, allow(Permission.STAFF_WRITE)], staff_id: str, body: StaffMoveIn) -> StaffOut:
    """From a day on, somebody works in another unit; gives them as placed today."""
    return _member(api.move_staff(call.ws, staff_id, by=call.by, unit_id=body.unit_id, effective_on=body.effective_on))


# --------------------------------------------------------------------------------------------- pieces


def _named(body: In, *, required: tuple[str, ...]) -> frozenset[str]:
    """The fields that the caller gave; null for one that cannot be empty means "as it is"."""
    return frozenset(field for field in body.model_fields_set if field not in required or getattr(body, field) is not None)


def _draft(body: UnitIn | UnitChangeIn) -> UnitDraft:
    place = None
    if body.longitude is not None or body.latitude is not None:
        # Half a place is refused by the rules, with words for it.
        place = Place(_or_nan(body.longitude), _or_nan(body.latitude), body.coordinates)
    return UnitDraft(
        code=body.code or "",
        name=body.name or "",
        kind=body.kind or UnitKind.STORE,
        address=body.address,
        phone=body.phone,
        place=place,
        opening_hours=_hours(body.opening_hours),
        special_days=_hours(body.special_days),
        closed_on=body.closed_on,
    )


def _or_nan(number: float | None) -> float:
    return float("nan") if number is None else number


def _hours(hours: dict[str, list[tuple[str, str]]] | None) -> WeekHours | None:
    return None if hours is None else {day: tuple(intervals) for day, intervals in hours.items()}


def _staff_draft(body: StaffIn | StaffChangeIn) -> StaffDraft:
    return StaffDraft(body.code or "", body.name or "", body.title, body.phone, body.wecom_userid, body.left_on)


def _branch(branch: Branch) -> UnitTreeOut:
    node = branch.node
    return UnitTreeOut(
        id=node.id,
        code=node.code,
        name=node.name,
        kind=node.kind,
        closed_on=node.closed_on,
        stores_count=branch.stores_count,
        staff_count=branch.staff_count,
        children=[_branch(child) for child in branch.children],
    )


def _unit(unit: Unit) -> UnitOut:
    plain = {field: getattr(unit, field) for field in ("id", "code", "name", "kind", "parent_id", "address", "phone", "closed_on")}
    return UnitOut(
        **plain,
        longitude=unit.place.longitude if unit.place else None,
        latitude=unit.place.latitude if unit.place else None,
        coordinates=unit.place.system if unit.place else CoordinateSystem.GCJ02,
        opening_hours=_shown_hours(unit.opening_hours),
        special_days=_shown_hours(unit.special_days),
    )


def _shown_hours(hours: WeekHours | None) -> dict[str, list[tuple[str, str]]] | None:
    return None if hours is None else {day: list(intervals) for day, intervals in hours.items()}


def _member(member: Staff) -> StaffOut:
    plain = {field: getattr(member, field) for field in StaffOut.model_fields if field != "active"}
    return StaffOut(**plain, active=member.is_active)
