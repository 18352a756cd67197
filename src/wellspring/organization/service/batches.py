"""Batches of an import: rows in, the fate of each row out, one transaction, one audit entry, one event.

A row is found by its code, so the same batch may come twice. A refused row leaves the others alone; parents may stand
anywhere in the batch, because units are taken from the top level down.
"""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import TooLarge, WellspringError
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.organization import repo
from wellspring.organization.contracts import (
    Move,
    Outcome,
    Place,
    RowOutcome,
    Staff,
    StaffDraft,
    StaffRow,
    Unit,
    UnitDraft,
    UnitKind,
    UnitRow,
    UpdateMode,
)
from wellspring.organization.errors import FieldRefused, StaffUnknown, UnitClosed, UnitUnknown
from wellspring.organization.events import RowsImported
from wellspring.organization.rules import fields, tree
from wellspring.organization.service import staff, units
from wellspring.organization.service.record import record, units_changed
from wellspring.organization.service.today import today

# One transaction's worth: a quarter of a second on a small machine.
ROWS_MAX = 5_000


@dataclasses.dataclass
class _Batch:
    """What a batch knows and will write, the same for units and staff."""

    ws: Workspace
    tx: Tx
    by: Principal
    mode: UpdateMode
    day: dt.date
    now: dt.datetime
    units: dict[str, Unit]
    staff: dict[str, tuple[Staff, bytes | None]] = dataclasses.field(default_factory=dict)
    new_rows: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    moves: list[Move] = dataclasses.field(default_factory=list)


def import_units(ws: Workspace, *, by: Principal, rows: Sequence[UnitRow], mode: UpdateMode) -> list[RowOutcome]:
    with ws.sql.write() as tx:
        ws.sql.lock(tx, units.LOCK)
        batch = _begun(ws, tx, by, rows, mode)
        outcomes: list[RowOutcome | None] = [None] * len(rows)
        for index in sorted(range(len(rows)), key=lambda index: (_level(batch, rows[index]), index)):
            outcomes[index] = _taken(_unit_row, batch, rows[index])
        if len(batch.units) > units.UNITS_MAX:
            raise TooLarge(limit=units.UNITS_MAX)
        repo.insert_units(tx, list(batch.new_rows.values()))
        repo.put_unit_moves(tx, batch.moves)
        return _ended(batch, "units", outcomes)


def import_staff(ws: Workspace, *, by: Principal, rows: Sequence[StaffRow], mode: UpdateMode) -> list[RowOutcome]:
    with ws.sql.write() as tx:
        ws.sql.lock(tx, staff.LOCK)
        batch = _begun(ws, tx, by, rows, mode)
        batch.staff = repo.all_staff(tx, batch.day)
        outcomes: list[RowOutcome | None] = [_taken(_staff_row, batch, row) for row in rows]
        if len(batch.staff) > staff.STAFF_MAX:
            raise TooLarge(limit=staff.STAFF_MAX)
        repo.insert_staff(tx, list(batch.new_rows.values()))
        repo.put_staff_moves(tx, batch.moves)
        return _ended(batch, "staff", outcomes)


def _begun(ws: Workspace, tx: Tx, by: Principal, rows: Sequence[object], mode: UpdateMode) -> _Batch:
    if len(rows) > ROWS_MAX:
        raise TooLarge(limit=ROWS_MAX)
    day = today(ws)
    return _Batch(ws, tx, by, mode, day, ws.clock.now(), repo.all_units(tx, day))


def _ended(batch: _Batch, what: str, outcomes: Sequence[RowOutcome | None]) -> list[RowOutcome]:
    found = [outcome for outcome in outcomes if outcome is not None]
    ids = sorted({outcome.id for outcome in found if outcome.id and outcome.outcome in {Outcome.CREATED, Outcome.UPDATED}})
    if ids:
        counts = {str(kind): sum(outcome.outcome is kind for outcome in found) for kind in Outcome}
        record(batch.ws, batch.tx, by=batch.by, subject=f"organization.{what}", event=RowsImported(what, ids), detail=counts)
        if what == "units":
            units_changed(batch.ws, batch.tx)
    return found


def _taken(take: Any, batch: _Batch, row: Any) -> RowOutcome:  # noqa: ANN401 - units and staff alike
    try:
        outcome, found_id = take(batch, row)
    except WellspringError as refused:
        return RowOutcome(row.code, Outcome.REFUSED, None, refused.code, refused.detail("zh-CN"), refused.detail("en"))
    return RowOutcome(row.code, outcome, found_id)


# ---------------------------------------------------------------------------------------------- units


def _level(batch: _Batch, row: UnitRow) -> int:
    known = batch.units.get(row.code.strip())
    return tree.LEVELS[row.kind or (known.kind if known else UnitKind.STORE)]


def _unit_row(batch: _Batch, row: UnitRow) -> tuple[Outcome, str | None]:
    code = fields.clean_text("code", row.code, fields.CODE_LENGTH_MAX)
    known = batch.units.get(code)
    if known is not None and not batch.by.scope.covers(known.id):
        raise UnitUnknown
    if batch.mode is (UpdateMode.UPDATE_ONLY if known is None else UpdateMode.INSERT_ONLY):
        return Outcome.SKIPPED, known.id if known else None
    parent = _parent(batch, row, known)
    return _new_unit(batch, row, code, parent) if known is None else _known_unit(batch, row, known, parent)


def _parent(batch: _Batch, row: UnitRow, known: Unit | None) -> Unit | None:
    if not row.parent_code:
        if known is None and not batch.by.scope.is_all:
            raise FieldRefused(field="parent_code", reason_zh="必须填写上级编号", reason_en="the parent's code is needed")
        return None
    parent = batch.units.get(row.parent_code.strip())
    if parent is None or not _is_covered(batch, parent):
        raise FieldRefused(field="parent_code", reason_zh="找不到上级", reason_en="no such unit")
    return parent


def _is_covered(batch: _Batch, unit: Unit) -> bool:
    """Units that this batch made under covered ones are covered with them."""
    return batch.by.scope.covers(unit.id) or unit.code in batch.new_rows


def _new_unit(batch: _Batch, row: UnitRow, code: str, parent: Unit | None) -> tuple[Outcome, str]:
    kind = row.kind or UnitKind.STORE
    if parent is not None:
        units.demand_fit(parent.kind, kind)
    draft = UnitDraft(code, row.name or code, kind, row.address, row.phone, _place(row, None), row.opening_hours, None, row.closed_on)
    columns = fields.unit_columns(draft, fields.UNIT_FIELDS)
    unit_id = new_id("unt")
    batch.new_rows[code] = {**columns, "id": unit_id, "created_at": batch.now}
    batch.moves.append(Move(unit_id, parent.id if parent else None, batch.day, batch.now, batch.by.id))
    batch.units[code] = Unit(**{**vars(draft), "code": code}, id=unit_id, parent_id=parent.id if parent else None)
    return Outcome.CREATED, unit_id


def _known_unit(batch: _Batch, row: UnitRow, known: Unit, parent: Unit | None) -> tuple[Outcome, str]:
    given = {name: value for name, value in vars(row).items() if name in fields.UNIT_FIELDS and value is not None}
    place = _place(row, known.place)
    wanted = dataclasses.replace(known, **{**given, "code": known.code, "place": place})
    changed = {name for name in fields.UNIT_FIELDS if getattr(wanted, name) != getattr(known, name)}
    columns = fields.unit_columns(wanted, changed)
    if known.code in batch.new_rows and "kind" in changed:
        raise FieldRefused(field="kind", reason_zh="同一文件中类型不一致", reason_en="the kind differs within one file")
    if "kind" in changed:
        units.demand_levels(batch.tx, known.id, wanted.kind)
    moved = parent is not None and parent.id != known.parent_id
    if moved and parent is not None:
        units.demand_fit(parent.kind, wanted.kind)
        batch.moves = [move for move in batch.moves if move.subject_id != known.id]
        batch.moves.append(Move(known.id, parent.id, batch.day, batch.now, batch.by.id))
        wanted = dataclasses.replace(wanted, parent_id=parent.id)
    if known.code in batch.new_rows:
        batch.new_rows[known.code] |= columns
    else:
        repo.update_unit(batch.tx, known.id, columns)
    batch.units[known.code] = wanted
    return (Outcome.UPDATED if columns or moved else Outcome.UNCHANGED), known.id


def _place(row: UnitRow, known: Place | None) -> Place | None:
    if row.longitude is None and row.latitude is None:
        return known
    if row.longitude is None or row.latitude is None:
        raise FieldRefused(field="longitude", reason_zh="经度和纬度要同时填写", reason_en="give longitude and latitude together")
    return Place(row.longitude, row.latitude) if known is None else Place(row.longitude, row.latitude, known.system)


# ---------------------------------------------------------------------------------------------- staff


def _staff_row(batch: _Batch, row: StaffRow) -> tuple[Outcome, str | None]:
    code = fields.clean_text("code", row.code, fields.CODE_LENGTH_MAX)
    known, blind = batch.staff.get(code, (None, None))
    if known is not None and not batch.by.scope.covers(known.unit_id):
        raise StaffUnknown
    if batch.mode is (UpdateMode.UPDATE_ONLY if known is None else UpdateMode.INSERT_ONLY):
        return Outcome.SKIPPED, known.id if known else None
    unit = _unit_of(batch, row)
    draft = StaffDraft(code, row.name or code, row.title, row.phone, row.wecom_userid, row.left_on)
    if known is None:
        return _new_staff(batch, draft, unit)
    given = {name for name in fields.STAFF_FIELDS if getattr(row, name) is not None}
    columns = staff.columns_of(batch.ws, draft, given)
    if columns.get("phone_blind") == blind:
        # Sealing the same number anew gives other bytes; it is no change.
        columns = {name: value for name, value in columns.items() if not name.startswith("phone_")}
    changed = {name: value for name, value in columns.items() if name.startswith("phone_") or value != getattr(known, name)}
    moved = unit is not None and unit.id != known.unit_id
    if moved and unit is not None:
        batch.moves = [move for move in batch.moves if move.subject_id != known.id]
        batch.moves.append(Move(known.id, unit.id, batch.day, batch.now, batch.by.id))
        known = dataclasses.replace(known, unit_id=unit.id)
    if code in batch.new_rows:
        batch.new_rows[code] |= changed
    else:
        repo.update_staff(batch.tx, known.id, changed)
    plain = {name: value for name, value in changed.items() if name not in {"phone_sealed", "phone_blind"}}
    batch.staff[code] = (dataclasses.replace(known, **plain), changed.get("phone_blind", blind))
    return (Outcome.UPDATED if changed or moved else Outcome.UNCHANGED), known.id


def _new_staff(batch: _Batch, draft: StaffDraft, unit: Unit | None) -> tuple[Outcome, str]:
    if unit is None:
        raise FieldRefused(field="unit_code", reason_zh="必须填写所属门店编号", reason_en="the unit's code is needed")
    columns = staff.columns_of(batch.ws, draft, fields.STAFF_FIELDS)
    staff_id = new_id("stf")
    batch.new_rows[columns["code"]] = {**columns, "id": staff_id, "created_at": batch.now}
    batch.moves.append(Move(staff_id, unit.id, batch.day, batch.now, batch.by.id))
    member = Staff(
        id=staff_id,
        code=columns["code"],
        name=columns["name"],
        title=columns["title"],
        phone_masked=columns["phone_masked"],
        wecom_userid=columns["wecom_userid"],
        unit_id=unit.id,
        unit_name=unit.name,
        left_on=columns["left_on"],
        is_active=columns["left_on"] is None or columns["left_on"] > batch.day,
        created_at=batch.now,
    )
    batch.staff[member.code] = (member, columns["phone_blind"])
    return Outcome.CREATED, staff_id


def _unit_of(batch: _Batch, row: StaffRow) -> Unit | None:
    if not row.unit_code:
        return None
    unit = batch.units.get(row.unit_code.strip())
    if unit is None or not batch.by.scope.covers(unit.id):
        raise FieldRefused(field="unit_code", reason_zh="找不到该门店", reason_en="no such unit")
    if unit.closed_on is not None and unit.closed_on <= batch.day:
        raise UnitClosed
    return unit
