"""Units and staff from a file, and their undoing: what this import made is removed, what it changed is set back.

Organization keeps no earlier values of a unit's or a person's fields, so what stood before is kept here.
"""

import dataclasses
import datetime as dt
import zoneinfo
from typing import Any

from wellspring.imports import errors, repo
from wellspring.imports.contracts import Import, Kind
from wellspring.imports.rules import values
from wellspring.imports.service.batch import Batch, Row
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.organization.contracts import Outcome, RowOutcome, StaffDraft, StaffRow, UnitDraft, UnitKind, UnitRow, UpdateMode

_KINDS = {
    **dict.fromkeys(("headquarters", "hq", "总部", "品牌"), UnitKind.HEADQUARTERS),
    **dict.fromkeys(("region", "大区", "区域", "分区"), UnitKind.REGION),
    **dict.fromkeys(("dealer", "经销商", "代理商", "加盟商"), UnitKind.DEALER),
    **dict.fromkeys(("store", "shop", "门店", "店铺", "专卖店", ""), UnitKind.STORE),
}
_UNIT_FIELDS = ("name", "kind", "address", "phone", "place")
_STAFF_FIELDS = ("name", "title")


def units(batch: Batch) -> None:
    """Takes a batch of units."""
    made: list[tuple[Row, UnitRow]] = []
    for row in batch.rows:
        try:
            made.append((row, _unit(batch, row)))
        except values.Unreadable as refused:
            batch.reject(row, str(refused))
    if batch.is_dry or not made:
        return
    codes = [unit.code for _, unit in made]
    before = {
        unit.code: unit
        for unit in (
            organization.get_unit(batch.ws, found, by=batch.by) for found in organization.unit_ids_by_code(batch.ws, codes).values()
        )
    }
    outcomes = organization.import_units(batch.ws, by=batch.by, rows=[unit for _, unit in made], mode=UpdateMode(batch.plan.update_mode))
    _settle(batch, [row for row, _ in made], outcomes)
    _keep(batch, outcomes, {code: _unit_before(unit) for code, unit in before.items()})


def staff(batch: Batch) -> None:
    """Takes a batch of staff."""
    made: list[tuple[Row, StaffRow]] = []
    for row in batch.rows:
        try:
            made.append((row, _person(batch, row)))
        except values.Unreadable as refused:
            batch.reject(row, str(refused))
    if batch.is_dry or not made:
        return
    known = organization.staff_ids_by_code(batch.ws, [person.code for _, person in made])
    before = {person.code: person for person in (organization.get_staff(batch.ws, found, by=batch.by) for found in known.values())}
    outcomes = organization.import_staff(
        batch.ws, by=batch.by, rows=[person for _, person in made], mode=UpdateMode(batch.plan.update_mode)
    )
    _settle(batch, [row for row, _ in made], outcomes)
    _keep(
        batch, outcomes, {code: {"name": person.name, "title": person.title, "unit_id": person.unit_id} for code, person in before.items()}
    )


def _unit(batch: Batch, row: Row) -> UnitRow:
    code, name = batch.text(row, "code"), batch.text(row, "name")
    if not code:
        raise values.Unreadable("code_missing")
    word = batch.text(row, "unit_kind").casefold()
    if word not in _KINDS:
        raise values.Unreadable("value_refused")
    place = {name: values.number(text) if (text := batch.text(row, name)) else None for name in ("longitude", "latitude")}
    kind = _KINDS[word] if word or "unit_kind" not in batch.plan.mapping.fields else None
    return UnitRow(
        code,
        name or None,
        kind,
        batch.text(row, "parent_code") or None,
        batch.text(row, "address") or None,
        batch.text(row, "phone") or None,
        place["longitude"],
        place["latitude"],
    )


def _person(batch: Batch, row: Row) -> StaffRow:
    code, unit = batch.text(row, "code"), batch.text(row, "unit_code")
    if not code:
        raise values.Unreadable("code_missing")
    return StaffRow(code, batch.text(row, "name") or None, unit or None, batch.text(row, "role") or None, batch.text(row, "phone") or None)


def _settle(batch: Batch, rows: list[Row], outcomes: list[RowOutcome]) -> None:
    for row, outcome in zip(rows, outcomes, strict=True):
        if outcome.outcome is Outcome.REFUSED:
            batch.reject(row, (outcome.problem or "value_refused").rpartition(".")[2], outcome.zh or "", outcome.en or "")
        elif outcome.outcome is Outcome.SKIPPED:
            batch.reject(row, "row_skipped")
        else:
            batch.tally[outcome.outcome.value] += 1


def _keep(batch: Batch, outcomes: list[RowOutcome], before: dict[str, dict[str, Any]]) -> None:
    with batch.ws.sql.write() as tx:
        for outcome in outcomes:
            if outcome.outcome in {Outcome.CREATED, Outcome.UPDATED} and outcome.id:
                repo.keep_before(tx, batch.plan.import_id, kind=batch.plan.kind, key=outcome.id, before=before.get(outcome.code))


def _unit_before(unit: UnitDraft) -> dict[str, Any]:
    place = None if unit.place is None else [unit.place.longitude, unit.place.latitude]
    return {
        "name": unit.name,
        "kind": unit.kind,
        "address": unit.address,
        "phone": unit.phone,
        "place": place,
        "parent_id": getattr(unit, "parent_id", None),
    }


def undo(ws: Workspace, run: Import, *, by: Principal) -> dict[str, int]:
    """Removes what the import made and sets back what it changed. Raises UndoImpossible when others hang on it."""
    with ws.sql.write() as tx:
        kept = repo.befores(tx, run.id)
        made = [key for key, before in kept if before is None]
        changed = [(key, before) for key, before in kept if before is not None]
        try:
            if run.kind is Kind.UNITS:
                organization.remove_units(ws, by=by, unit_ids=made)
                for key, before in changed:
                    _unit_back(ws, key, before, by=by)
            else:
                organization.remove_staff(ws, by=by, staff_ids=made)
                for key, before in changed:
                    _staff_back(ws, key, before, by=by)
        except WellspringError as needed:
            raise errors.UndoImpossible(reason=needed.detail("zh-CN") + " / " + needed.detail("en")) from needed
        _forget(tx, run.id)
    return {"removed": len(made), "restored": len(changed)}


def _forget(tx: Tx, import_id: str) -> None:
    repo.drop_befores(tx, import_id)


def _unit_back(ws: Workspace, unit_id: str, before: dict[str, Any], *, by: Principal) -> None:
    now = organization.get_unit(ws, unit_id, by=by)
    place = (
        None
        if before["place"] is None
        else dataclasses.replace(now.place, longitude=before["place"][0], latitude=before["place"][1])
        if now.place
        else None
    )
    draft = UnitDraft(now.code, before["name"], UnitKind(before["kind"]), before["address"], before["phone"], place)
    organization.change_unit(ws, unit_id, by=by, draft=draft, named=_UNIT_FIELDS)
    if now.parent_id != before["parent_id"]:
        organization.move_unit(ws, unit_id, by=by, parent_id=before["parent_id"], effective_on=_today(ws))


def _staff_back(ws: Workspace, staff_id: str, before: dict[str, Any], *, by: Principal) -> None:
    now = organization.get_staff(ws, staff_id, by=by)
    organization.change_staff(ws, staff_id, by=by, draft=StaffDraft(now.code, before["name"], before["title"]), named=_STAFF_FIELDS)
    if now.unit_id != before["unit_id"]:
        organization.move_staff(ws, staff_id, by=by, unit_id=before["unit_id"], effective_on=_today(ws))


def _today(ws: Workspace) -> dt.date:
    zone = ws.settings.get(WorkspaceSettings).time_zone
    return ws.clock.now().astimezone(zoneinfo.ZoneInfo(zone)).date()
