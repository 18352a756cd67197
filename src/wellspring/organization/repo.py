"""All SQL of organization. Reads take the day and the scope that they are of.

A place in the structure is the row with the latest date up to the day; before the first such row, the first one:
what is registered today is taken to have been there before.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.kernel.auth import Scope
from wellspring.kernel.stores import Tx
from wellspring.organization.contracts import CoordinateSystem, Move, Place, Staff, Unit, UnitKind, UnitNode
from wellspring.organization.models import move_table, placement_table, revision_table, staff_table, unit_table
from wellspring.organization.rules import hours

# ---------------------------------------------------------------------------------------------- units


def nodes(tx: Tx, on: dt.date) -> list[UnitNode]:
    """Every unit with its parent on that day."""
    columns = unit_table.c
    parents: dict[str, str | None] = {}
    for row in tx.execute(
        sa.select(move_table.c.subject_id, move_table.c.parent_id, move_table.c.effective_on).order_by(move_table.c.effective_on)
    ):
        if row.effective_on <= on or row.subject_id not in parents:
            parents[row.subject_id] = row.parent_id
    wanted = sa.select(
        columns.id, columns.code, columns.name, columns.kind, columns.closed_on, columns.longitude, columns.latitude, columns.coordinates
    )
    return [
        UnitNode(row.id, row.code, row.name, UnitKind(row.kind), parents.get(row.id), row.closed_on, _place(row))
        for row in tx.execute(wanted)
    ]


def unit(tx: Tx, unit_id: str, *, on: dt.date, scope: Scope) -> Unit | None:
    """The unit on that day; None when unknown or outside the scope."""
    if not scope.covers(unit_id):
        return None
    row = tx.execute(_units(on).where(unit_table.c.id == unit_id)).first()
    return None if row is None else _unit(row)


def units(tx: Tx, *, on: dt.date, scope: Scope, kind: str | None, q: str | None, after: str | None, limit: int) -> list[Unit]:
    """Units in order of code, from the code after `after` on."""
    columns = unit_table.c
    wanted = _units(on).order_by(columns.code).limit(limit)
    if scope.unit_ids is not None:
        wanted = wanted.where(columns.id.in_(scope.unit_ids))
    if kind:
        wanted = wanted.where(columns.kind == kind)
    if q:
        wanted = wanted.where(sa.or_(columns.name.icontains(q, autoescape=True), columns.code.icontains(q, autoescape=True)))
    if after:
        wanted = wanted.where(columns.code > after)
    return [_unit(row) for row in tx.execute(wanted)]


def all_units(tx: Tx, on: dt.date) -> dict[str, Unit]:
    """Every unit by its code, for an import's batch."""
    return {row.code: _unit(row) for row in tx.execute(_units(on))}


def insert_units(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        tx.execute(sa.insert(unit_table), [dict(row) for row in rows])


def update_unit(tx: Tx, unit_id: str, values: Mapping[str, Any]) -> None:
    if values:
        tx.execute(sa.update(unit_table).where(unit_table.c.id == unit_id).values(**values))


def unit_id_of(tx: Tx, code: str) -> str | None:
    return tx.execute(sa.select(unit_table.c.id).where(unit_table.c.code == code)).scalar()


def units_count(tx: Tx) -> int:
    return tx.execute(sa.select(sa.func.count()).select_from(unit_table)).scalar_one()


def opening(tx: Tx, unit_ids: Iterable[str]) -> dict[str, tuple[Any, Any, dt.date | None]]:
    """Hours, special days and closing day of units."""
    columns = unit_table.c
    rows = tx.execute(
        sa.select(columns.id, columns.opening_hours, columns.special_days, columns.closed_on).where(columns.id.in_(list(unit_ids)))
    )
    return {row.id: (hours.loaded(row.opening_hours), hours.loaded(row.special_days), row.closed_on) for row in rows}


def parent_kinds(tx: Tx, unit_id: str) -> list[UnitKind]:
    """The kinds of everything that the unit ever belonged under, or will."""
    joined = sa.join(move_table, unit_table, move_table.c.parent_id == unit_table.c.id)
    wanted = sa.select(unit_table.c.kind).select_from(joined).where(move_table.c.subject_id == unit_id).distinct()
    return [UnitKind(kind) for kind in tx.execute(wanted).scalars()]


def child_kinds(tx: Tx, unit_id: str) -> list[UnitKind]:
    """The kinds of everything that ever belonged under the unit, or will."""
    joined = sa.join(move_table, unit_table, move_table.c.subject_id == unit_table.c.id)
    wanted = sa.select(unit_table.c.kind).select_from(joined).where(move_table.c.parent_id == unit_id).distinct()
    return [UnitKind(kind) for kind in tx.execute(wanted).scalars()]


def dependants(tx: Tx, unit_ids: Sequence[str]) -> set[str]:
    """Those of the units under which others belong, or in which staff works, on any day."""
    columns = move_table.c
    others = sa.select(columns.parent_id).where(columns.parent_id.in_(unit_ids), columns.subject_id.not_in(unit_ids))
    workers = sa.select(placement_table.c.parent_id).where(placement_table.c.parent_id.in_(unit_ids))
    return {row[0] for row in tx.execute(sa.union(others, workers))}


def delete_units(tx: Tx, unit_ids: Sequence[str]) -> None:
    tx.execute(sa.delete(move_table).where(move_table.c.subject_id.in_(unit_ids)))
    tx.execute(sa.delete(unit_table).where(unit_table.c.id.in_(unit_ids)))


# ---------------------------------------------------------------------------------------------- moves


def put_unit_moves(tx: Tx, moves: Sequence[Move]) -> None:
    _put_moves(tx, move_table, moves)


def put_staff_moves(tx: Tx, moves: Sequence[Move]) -> None:
    _put_moves(tx, placement_table, moves)


def unit_moves(tx: Tx, unit_id: str) -> list[Move]:
    """Where the unit belonged and will belong, the latest first."""
    wanted = sa.select(move_table).where(move_table.c.subject_id == unit_id).order_by(move_table.c.effective_on.desc())
    return [Move(row.subject_id, row.parent_id, row.effective_on, row.recorded_at, row.recorded_by) for row in tx.execute(wanted)]


def bump(tx: Tx) -> None:
    """Counts a change of units, for the trees that other processes hold."""
    counted = sa.update(revision_table).where(revision_table.c.id == 1).values(revision=revision_table.c.revision + 1)
    if not tx.execute(counted).rowcount:
        tx.execute(sa.insert(revision_table).values(id=1, revision=1))


def revision(tx: Tx) -> int:
    found: int | None = tx.execute(sa.select(revision_table.c.revision).where(revision_table.c.id == 1)).scalar()
    return found or 0


# ---------------------------------------------------------------------------------------------- staff


def staff(tx: Tx, staff_id: str, *, on: dt.date, scope: Scope) -> Staff | None:
    """The member of staff as placed on that day; None when unknown or outside the scope."""
    row = tx.execute(_staff(on).where(staff_table.c.id == staff_id)).first()
    return None if row is None or not scope.covers(row.unit_id) else _member(row, on)


def staff_list(
    tx: Tx,
    *,
    on: dt.date,
    scope: Scope,
    unit_ids: Iterable[str] | None,
    q: str | None,
    phone_blind: bytes | None,
    after: str | None,
    limit: int,
) -> list[Staff]:
    """Staff in order of code, placed within the scope (and within `unit_ids`) on that day."""
    place, columns = placement_table.c, staff_table.c
    wanted = _staff(on).order_by(columns.code).limit(limit)
    if scope.unit_ids is not None:
        wanted = wanted.where(place.parent_id.in_(scope.unit_ids))
    if unit_ids is not None:
        wanted = wanted.where(place.parent_id.in_(list(unit_ids)))
    if q:
        matches = [columns.name.icontains(q, autoescape=True), columns.code.icontains(q, autoescape=True)]
        wanted = wanted.where(sa.or_(*matches, *([columns.phone_blind == phone_blind] if phone_blind else [])))
    if after:
        wanted = wanted.where(columns.code > after)
    return [_member(row, on) for row in tx.execute(wanted)]


def all_staff(tx: Tx, on: dt.date) -> dict[str, tuple[Staff, bytes | None]]:
    """Every member of staff by code, with the blind index of the phone number, for an import's batch."""
    return {row.code: (_member(row, on), row.phone_blind) for row in tx.execute(_staff(on))}


def staff_counts(tx: Tx, on: dt.date) -> dict[str, int]:
    """How many active members of staff each unit has on that day."""
    counted = (
        sa.select(placement_table.c.parent_id, sa.func.count())
        .select_from(sa.join(staff_table, placement_table, placement_table.c.subject_id == staff_table.c.id))
        .where(placement_table.c.effective_on == _in_force(placement_table, staff_table.c.id, on))
        .where(sa.or_(staff_table.c.left_on.is_(None), staff_table.c.left_on > on))
        .group_by(placement_table.c.parent_id)
    )
    return {unit_id: count for unit_id, count in tx.execute(counted)}  # noqa: C416 - a Row is not a pair to dict()


def insert_staff(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        tx.execute(sa.insert(staff_table), [dict(row) for row in rows])


def update_staff(tx: Tx, staff_id: str, values: Mapping[str, Any]) -> None:
    if values:
        tx.execute(sa.update(staff_table).where(staff_table.c.id == staff_id).values(**values))


def staff_id_of(tx: Tx, code: str) -> str | None:
    return tx.execute(sa.select(staff_table.c.id).where(staff_table.c.code == code)).scalar()


def staff_count(tx: Tx) -> int:
    return tx.execute(sa.select(sa.func.count()).select_from(staff_table)).scalar_one()


def staff_ids(tx: Tx, codes: Sequence[str]) -> dict[str, str]:
    """The ids of staff by code, of those that are known."""
    rows = tx.execute(sa.select(staff_table.c.code, staff_table.c.id).where(staff_table.c.code.in_(codes)))
    return {row.code: row.id for row in rows}


def staff_ids_by_userid(tx: Tx, userids: Sequence[str]) -> dict[str, str]:
    """The ids of staff by their id in WeCom, else by their code; keys are in lower case, who has left comes last."""
    columns, wanted = staff_table.c, {userid.lower() for userid in userids}
    by_userid, by_code = sa.func.lower(columns.wecom_userid), sa.func.lower(columns.code)
    named = sa.select(columns.id, by_userid.label("userid"), by_code.label("code"))
    mine = sa.or_(by_userid.in_(wanted), by_code.in_(wanted))
    rows = tx.execute(named.where(mine).order_by(columns.left_on.is_not(None), columns.id)).all()
    found: dict[str, str] = {}
    for name in ("userid", "code"):
        for row in rows:
            if (key := getattr(row, name)) in wanted:
                found.setdefault(key, row.id)
    return found


def delete_staff(tx: Tx, staff_ids: Sequence[str]) -> int:
    tx.execute(sa.delete(placement_table).where(placement_table.c.subject_id.in_(staff_ids)))
    return tx.execute(sa.delete(staff_table).where(staff_table.c.id.in_(staff_ids))).rowcount


# --------------------------------------------------------------------------------------------- pieces


def _in_force(table: sa.Table, subject: sa.ColumnElement[str], on: dt.date) -> sa.ColumnElement[dt.date]:
    """The date of the row that is in force on the day."""
    dated = table.alias()
    of_subject = dated.c.subject_id == subject
    latest = sa.select(sa.func.max(dated.c.effective_on)).where(of_subject, dated.c.effective_on <= on).scalar_subquery()
    first = sa.select(sa.func.min(dated.c.effective_on)).where(of_subject).scalar_subquery()
    return sa.func.coalesce(latest, first)


def _units(on: dt.date) -> sa.Select[Any]:
    in_force = sa.and_(move_table.c.subject_id == unit_table.c.id, move_table.c.effective_on == _in_force(move_table, unit_table.c.id, on))
    return sa.select(unit_table, move_table.c.parent_id).select_from(sa.outerjoin(unit_table, move_table, in_force))


def _staff(on: dt.date) -> sa.Select[Any]:
    in_force = sa.and_(
        placement_table.c.subject_id == staff_table.c.id,
        placement_table.c.effective_on == _in_force(placement_table, staff_table.c.id, on),
    )
    joined = sa.join(staff_table, placement_table, in_force).join(unit_table, unit_table.c.id == placement_table.c.parent_id)
    return sa.select(staff_table, placement_table.c.parent_id.label("unit_id"), unit_table.c.name.label("unit_name")).select_from(joined)


def _put_moves(tx: Tx, table: sa.Table, moves: Sequence[Move]) -> None:
    """Two moves of one day: the later word counts."""
    for day in {move.effective_on for move in moves}:
        moved = [move.subject_id for move in moves if move.effective_on == day]
        tx.execute(sa.delete(table).where(table.c.subject_id.in_(moved), table.c.effective_on == day))
    if moves:
        tx.execute(sa.insert(table), [dataclasses.asdict(move) for move in moves])


def _place(row: Any) -> Place | None:  # noqa: ANN401 - rows of several shapes
    return None if row.longitude is None else Place(row.longitude, row.latitude, CoordinateSystem(row.coordinates))


def _unit(row: sa.Row[Any]) -> Unit:
    return Unit(
        id=row.id,
        code=row.code,
        name=row.name,
        kind=UnitKind(row.kind),
        parent_id=row.parent_id,
        address=row.address,
        phone=row.phone,
        place=_place(row),
        opening_hours=hours.loaded(row.opening_hours),
        special_days=hours.loaded(row.special_days),
        closed_on=row.closed_on,
    )


def _member(row: sa.Row[Any], on: dt.date) -> Staff:
    return Staff(
        id=row.id,
        code=row.code,
        name=row.name,
        title=row.title,
        phone_masked=row.phone_masked,
        wecom_userid=row.wecom_userid,
        unit_id=row.unit_id,
        unit_name=row.unit_name,
        left_on=row.left_on,
        is_active=row.left_on is None or row.left_on > on,
        created_at=row.created_at,
    )
