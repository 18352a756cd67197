"""Taking a whole import back: what it named, observed, heard and merged goes; whoever came only through it goes too.

A member whom somebody else named since stays, with what others told. Numbers are not given again.
"""

import dataclasses
from collections.abc import Container, Iterable

import sqlalchemy as sa

from wellspring.kernel import audit, bus, failpoints
from wellspring.kernel.auth import Principal
from wellspring.kernel.stores.sql import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import events
from wellspring.people.contracts import ImportUndone
from wellspring.people.models import change_table, identity_table, member_table
from wellspring.people.repo import attributes, consents, erasures, identities, merges, rows
from wellspring.people.service import consenting, memory, merge, observing

# Numbers per event and per recomputation.
_PIECE = 5_000


def undo_import(ws: Workspace, *, by: Principal, import_id: str, keep: Container[int] = ()) -> ImportUndone:
    """One transaction; doing it again finds nothing. See `people.api.undo_import`."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, memory.LOCK)
        undone = merges.of_import(tx, import_id)
        for merge_id in undone:
            merge.undo(ws, by=by, merge_id=merge_id, reason=import_id, keep_apart=False)
        _adopt(tx, import_id, keep)
        touched = _owners(tx, identity_table, import_id) | _owners(tx, change_table, import_id)
        named = _delete(tx, identity_table, import_id)
        observed = _delete(tx, change_table, import_id)
        heard = _unsay(tx, import_id)
        failpoints.hit("people.undo_import.deleted")
        gone = _withdraw(tx, import_id)
        holders = identities.holders(tx)
        kept = {holders.get(number, number) for number in touched} - set(gone)
        for piece in rows.pieces(sorted(kept), _PIECE):
            observing.recompute(tx, identities.families(tx, piece))
        result = ImportUndone(members=len(gone), identities=named, attributes=observed, consents=heard, merges=len(undone))
        audit.append(ws.sql, tx, by=by, action="people.import.undo", subject=import_id, at=now, detail=dataclasses.asdict(result))
        _tell(ws, tx, gone=gone, kept=kept)
        bus.tell(ws.sql, tx, events.ImportTakenBack(import_id), at=now)
        memory.changed(ws, tx)
    return result


def _tell(ws: Workspace, tx: Tx, *, gone: list[int], kept: set[int]) -> None:
    now = ws.clock.now()
    for piece in rows.pieces(gone, _PIECE):
        bus.tell(ws.sql, tx, events.Erased(piece), at=now)
    for piece in rows.pieces(sorted(kept), _PIECE):
        bus.tell(ws.sql, tx, events.Changed(piece, historical=True), at=now)


def _adopt(tx: Tx, import_id: str, keep: Container[int]) -> None:
    """Members whom others hold something of stay, with the identifiers by which those others know them."""
    for table in (identity_table, member_table):
        mine = table.c.import_id == import_id
        for piece in rows.pieces(sorted(number for number in _owners(tx, table, import_id) if number in keep), _PIECE):
            tx.execute(sa.update(table).where(mine, table.c.member_no.in_(piece)).values(import_id=None))


def _owners(tx: Tx, table: sa.Table, import_id: str) -> set[int]:
    return set(tx.execute(sa.select(table.c.member_no).where(table.c.import_id == import_id).distinct()).scalars())


def _delete(tx: Tx, table: sa.Table, import_id: str) -> int:
    return tx.execute(sa.delete(table).where(table.c.import_id == import_id)).rowcount


def _unsay(tx: Tx, import_id: str) -> int:
    addresses = consents.addresses_of_import(tx, import_id)
    heard = consents.delete_of_import(tx, import_id)
    consenting.resettle(tx, addresses)
    return heard


def _withdraw(tx: Tx, import_id: str) -> list[int]:
    columns = member_table.c
    named = sa.exists().where(identity_table.c.member_no == columns.member_no)
    wanted = sa.select(columns.member_no).where(columns.import_id == import_id, columns.state == "active", ~named)
    gone = sorted(tx.execute(wanted).scalars())
    holding = _holding(tx, gone)
    gone = [number for number in gone if number not in holding]
    erasures.empty(tx, gone)
    attributes.delete_changes(tx, gone)
    attributes.delete_current(tx, gone)
    return gone


def _holding(tx: Tx, numbers: Iterable[int]) -> set[int]:
    return {holder for holder, family in identities.families(tx, numbers).items() if len(family) > 1}
