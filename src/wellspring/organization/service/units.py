"""Units: make, change, close, move. Every verb holds the lock `organization.units`, so levels are checked against what is true."""

import datetime as dt
from collections.abc import Collection

from wellspring.kernel.auth import EVERYTHING, Principal
from wellspring.kernel.errors import TooLarge
from wellspring.kernel.ids import new_id
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.organization import repo
from wellspring.organization.contracts import Move, Unit, UnitDraft, UnitKind
from wellspring.organization.errors import CodeTaken, LevelsInverted, StillNeeded, UnitClosed, UnitUnknown
from wellspring.organization.events import RowsRemoved, UnitChanged, UnitCreated, UnitMoved
from wellspring.organization.rules import fields, tree
from wellspring.organization.service.record import record, units_changed
from wellspring.organization.service.today import today

# The tree is held in memory as a whole; 20,000 units are some 20 MB.
UNITS_MAX = 20_000
LOCK = "organization.units"


def get(ws: Workspace, unit_id: str, *, by: Principal, on: dt.date | None = None) -> Unit:
    with ws.sql.read() as tx:
        return within(tx, by, unit_id, on or today(ws))


def listing(ws: Workspace, *, by: Principal, kind: UnitKind | None, q: str | None, cursor: str | None, limit: int | None) -> Page[Unit]:
    size = limit_of(limit)
    after = str(decode_cursor(cursor, length=1)[0]) if cursor else None
    with ws.sql.read() as tx:
        found = repo.units(tx, on=today(ws), scope=by.scope, kind=kind, q=q, after=after, limit=size + 1)
    return Page(found[:size], encode_cursor([found[size - 1].code]) if len(found) > size else None)


def create(ws: Workspace, *, by: Principal, draft: UnitDraft, parent_id: str | None) -> Unit:
    columns = fields.unit_columns(draft, fields.UNIT_FIELDS)
    day, now = today(ws), ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, LOCK)
        _demand_parent(tx, by, parent_id, draft.kind, day)
        if repo.unit_id_of(tx, columns["code"]) is not None:
            raise CodeTaken(value=columns["code"])
        if repo.units_count(tx) >= UNITS_MAX:
            raise TooLarge(limit=UNITS_MAX)
        unit_id = new_id("unt")
        repo.insert_units(tx, [{**columns, "id": unit_id, "created_at": now}])
        repo.put_unit_moves(tx, [Move(unit_id, parent_id, day, now, by.id)])
        record(ws, tx, by=by, subject=unit_id, event=UnitCreated(unit_id), detail={"code": columns["code"], "parent_id": parent_id})
        units_changed(ws, tx)
        return _read(tx, unit_id, day)


def change(ws: Workspace, unit_id: str, *, by: Principal, draft: UnitDraft, named: Collection[str]) -> Unit:
    columns = fields.unit_columns(draft, named)
    day = today(ws)
    with ws.sql.write() as tx:
        ws.sql.lock(tx, LOCK)
        before = within(tx, by, unit_id, day)
        if columns.get("code", before.code) != before.code and repo.unit_id_of(tx, columns["code"]) is not None:
            raise CodeTaken(value=columns["code"])
        if "kind" in columns and draft.kind is not before.kind:
            demand_levels(tx, unit_id, draft.kind)
        if columns:
            repo.update_unit(tx, unit_id, columns)
            changed = sorted(named)
            record(ws, tx, by=by, subject=unit_id, event=UnitChanged(unit_id, changed), detail={"fields": changed})
            units_changed(ws, tx)
        return _read(tx, unit_id, day)


def move(ws: Workspace, unit_id: str, *, by: Principal, parent_id: str | None, effective_on: dt.date) -> Unit:
    with ws.sql.write() as tx:
        ws.sql.lock(tx, LOCK)
        unit = within(tx, by, unit_id, today(ws))
        _demand_parent(tx, by, parent_id, unit.kind, effective_on)
        repo.put_unit_moves(tx, [Move(unit_id, parent_id, effective_on, ws.clock.now(), by.id)])
        event = UnitMoved(unit_id, parent_id, effective_on.isoformat())
        record(ws, tx, by=by, subject=unit_id, event=event, detail={"parent_id": parent_id, "effective_on": effective_on.isoformat()})
        units_changed(ws, tx)
        return _read(tx, unit_id, today(ws))


def history(ws: Workspace, unit_id: str, *, by: Principal) -> list[Move]:
    with ws.sql.read() as tx:
        within(tx, by, unit_id, today(ws))
        return repo.unit_moves(tx, unit_id)


def remove(ws: Workspace, *, by: Principal, unit_ids: Collection[str]) -> int:
    with ws.sql.write() as tx:
        ws.sql.lock(tx, LOCK)
        gone = sorted(unit_ids)
        for unit_id in gone:
            within(tx, by, unit_id, today(ws))
        if not gone:
            return 0
        if repo.dependants(tx, gone):
            raise StillNeeded
        repo.delete_units(tx, gone)
        record(ws, tx, by=by, subject="organization.units", event=RowsRemoved("units", gone), detail={"count": len(gone)})
        units_changed(ws, tx)
    return len(gone)


def within(tx: Tx, by: Principal, unit_id: str, on: dt.date) -> Unit:
    """The unit, if the actor's scope covers it. Raises UnitUnknown."""
    found = repo.unit(tx, unit_id, on=on, scope=by.scope)
    if found is None:
        raise UnitUnknown
    return found


def demand_levels(tx: Tx, unit_id: str, kind: UnitKind) -> None:
    """Raises LevelsInverted when a unit of this kind would not fit everything above and below it, on any day."""
    for parent in repo.parent_kinds(tx, unit_id):
        demand_fit(parent, kind)
    for child in repo.child_kinds(tx, unit_id):
        demand_fit(kind, child)


def demand_fit(parent: UnitKind, child: UnitKind) -> None:
    """Raises LevelsInverted unless the one may belong under the other."""
    if not tree.fits(parent, child):
        parent_zh, parent_en = tree.KIND_TEXTS[parent]
        child_zh, child_en = tree.KIND_TEXTS[child]
        raise LevelsInverted(parent_zh=parent_zh, parent_en=parent_en, child_zh=child_zh, child_en=child_en)


def _demand_parent(tx: Tx, by: Principal, parent_id: str | None, kind: UnitKind, on: dt.date) -> None:
    if parent_id is None:
        # What belongs under nothing is seen by nobody with a restricted scope.
        if not by.scope.is_all:
            raise UnitUnknown
        return
    parent = within(tx, by, parent_id, on)
    demand_fit(parent.kind, kind)
    if parent.closed_on is not None and parent.closed_on <= on:
        raise UnitClosed


def _read(tx: Tx, unit_id: str, on: dt.date) -> Unit:
    found = repo.unit(tx, unit_id, on=on, scope=EVERYTHING)
    if found is None:
        raise UnitUnknown
    return found
