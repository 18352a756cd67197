"""Staff: add, change, move, leave. Phone numbers are sealed; equality is found by their blind index.

A caller sees the staff that is placed today within its scope; who is moved out of it is not seen any more.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

from wellspring.kernel.auth import EVERYTHING, Principal
from wellspring.kernel.errors import TooLarge
from wellspring.kernel.ids import new_id
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores import Tx
from wellspring.kernel.text import mask_phone
from wellspring.kernel.workspace import Workspace
from wellspring.organization import repo
from wellspring.organization.contracts import Move, Staff, StaffDraft
from wellspring.organization.errors import CodeTaken, FieldRefused, StaffLeft, StaffUnknown, UnitClosed
from wellspring.organization.events import RowsRemoved, StaffAdded, StaffChanged, StaffMoved
from wellspring.organization.rules import fields
from wellspring.organization.service import picture, units
from wellspring.organization.service.record import record
from wellspring.organization.service.today import today

LOCK = "organization.staff"
# One large chain's shop assistants.
STAFF_MAX = 200_000
_CONTEXT = "organization.staff.phone"


def get(ws: Workspace, staff_id: str, *, by: Principal) -> Staff:
    with ws.sql.read() as tx:
        return _within(tx, by, staff_id, today(ws))


def listing(ws: Workspace, *, by: Principal, unit_id: str | None, q: str | None, cursor: str | None, limit: int | None) -> Page[Staff]:
    size, day = limit_of(limit), today(ws)
    after = str(decode_cursor(cursor, length=1)[0]) if cursor else None
    below = None if unit_id is None else picture.tree(ws, day).subtree_ids(frozenset({unit_id}))
    with ws.sql.read() as tx:
        found = repo.staff_list(tx, on=day, scope=by.scope, unit_ids=below, q=q, phone_blind=_blind_of(ws, q), after=after, limit=size + 1)
    return Page(found[:size], encode_cursor([found[size - 1].code]) if len(found) > size else None)


def add(ws: Workspace, *, by: Principal, draft: StaffDraft, unit_id: str) -> Staff:
    columns = columns_of(ws, draft, fields.STAFF_FIELDS)
    day, now = today(ws), ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, LOCK)
        _demand_unit(tx, by, unit_id, day)
        if repo.staff_id_of(tx, columns["code"]) is not None:
            raise CodeTaken(value=columns["code"])
        if repo.staff_count(tx) >= STAFF_MAX:
            raise TooLarge(limit=STAFF_MAX)
        staff_id = new_id("stf")
        repo.insert_staff(tx, [{**columns, "id": staff_id, "created_at": now}])
        repo.put_staff_moves(tx, [Move(staff_id, unit_id, day, now, by.id)])
        record(ws, tx, by=by, subject=staff_id, event=StaffAdded(staff_id), detail={"code": columns["code"], "unit_id": unit_id})
        return _read(tx, staff_id, day)


def change(ws: Workspace, staff_id: str, *, by: Principal, draft: StaffDraft, named: Collection[str]) -> Staff:
    columns = columns_of(ws, draft, named)
    day = today(ws)
    with ws.sql.write() as tx:
        ws.sql.lock(tx, LOCK)
        before = _within(tx, by, staff_id, day)
        if columns.get("code", before.code) != before.code and repo.staff_id_of(tx, columns["code"]) is not None:
            raise CodeTaken(value=columns["code"])
        if columns:
            repo.update_staff(tx, staff_id, columns)
            changed = sorted(named)
            record(ws, tx, by=by, subject=staff_id, event=StaffChanged(staff_id, changed), detail={"fields": changed})
        return _read(tx, staff_id, day)


def move(ws: Workspace, staff_id: str, *, by: Principal, unit_id: str, effective_on: dt.date) -> Staff:
    with ws.sql.write() as tx:
        ws.sql.lock(tx, LOCK)
        member = _within(tx, by, staff_id, today(ws))
        _demand_unit(tx, by, unit_id, effective_on)
        if member.left_on is not None and member.left_on <= effective_on:
            raise StaffLeft
        repo.put_staff_moves(tx, [Move(staff_id, unit_id, effective_on, ws.clock.now(), by.id)])
        event = StaffMoved(staff_id, unit_id, effective_on.isoformat())
        record(ws, tx, by=by, subject=staff_id, event=event, detail={"unit_id": unit_id, "effective_on": effective_on.isoformat()})
        return _read(tx, staff_id, today(ws))


def remove(ws: Workspace, *, by: Principal, staff_ids: Collection[str]) -> int:
    with ws.sql.write() as tx:
        ws.sql.lock(tx, LOCK)
        gone = sorted(staff_ids)
        for staff_id in gone:
            _within(tx, by, staff_id, today(ws))
        if not gone:
            return 0
        count = repo.delete_staff(tx, gone)
        record(ws, tx, by=by, subject="organization.staff", event=RowsRemoved("staff", gone), detail={"count": count})
    return count


def columns_of(ws: Workspace, draft: StaffDraft, named: Collection[str]) -> dict[str, Any]:
    """The named fields of the draft as column values, the phone number sealed. Raises FieldRefused."""
    columns = fields.staff_texts(draft, named)
    if "phone" in named:
        phone = fields.clean_phone(draft.phone or "")
        columns["phone_sealed"] = None if phone is None else ws.keys.seal(phone, context=_CONTEXT)
        columns["phone_blind"] = None if phone is None else ws.keys.blind("phone", phone)
        columns["phone_masked"] = None if phone is None else mask_phone(phone)
    return columns


def _blind_of(ws: Workspace, q: str | None) -> bytes | None:
    """The blind index of a search text that is a phone number."""
    try:
        phone = fields.clean_phone(q or "")
    except FieldRefused:
        return None
    return None if phone is None else ws.keys.blind("phone", phone)


def _demand_unit(tx: Tx, by: Principal, unit_id: str, on: dt.date) -> None:
    unit = units.within(tx, by, unit_id, on)
    if unit.closed_on is not None and unit.closed_on <= on:
        raise UnitClosed


def _within(tx: Tx, by: Principal, staff_id: str, on: dt.date) -> Staff:
    found = repo.staff(tx, staff_id, on=on, scope=by.scope)
    if found is None:
        raise StaffUnknown
    return found


def _read(tx: Tx, staff_id: str, on: dt.date) -> Staff:
    found = repo.staff(tx, staff_id, on=on, scope=EVERYTHING)
    if found is None:
        raise StaffUnknown
    return found
