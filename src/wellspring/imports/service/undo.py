"""Taking a whole import back, domain by domain, from the top down; a killed undoing is simply run again."""

from typing import Any

from wellspring.activity import api as activity
from wellspring.imports import errors, events, repo
from wellspring.imports.contracts import Kind, State
from wellspring.imports.facts import held, properties
from wellspring.imports.service import run as running
from wellspring.imports.service import structure
from wellspring.kernel import audit, bus, failpoints, jobs
from wellspring.kernel.auth import Principal
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.tags import api as tags

JOB = "imports.undo"
_UNDOABLE = {State.DONE, State.FAILED, State.UNDOING}


def start(ws: Workspace, import_id: str, *, by: Principal) -> str:
    """Queues the undoing; gives the job's id. Raises NotNow unless the import is done or failed."""
    with ws.sql.write() as tx:
        begun(ws, import_id, by=by)
        return jobs.enqueue(ws, tx, JOB, {"import_id": import_id, "by": by.id, "by_name": by.name, "by_kind": by.kind}, by=by)


def begun(ws: Workspace, import_id: str, *, by: Principal) -> None:
    """Marks the import as being undone."""
    found = running.get(ws, import_id)
    if found.state not in _UNDOABLE:
        raise errors.NotNow(state=found.state)
    with ws.sql.write() as tx:
        repo.change(tx, import_id, state=State.UNDOING)
        audit.append(ws.sql, tx, by=by, action="imports.undo", subject=import_id, at=ws.clock.now())


def undo(ws: Workspace, import_id: str, *, by: Principal) -> dict[str, Any]:
    """Orders and events first, then tags, then people: members that only this import made, and untouched since, go last."""
    found = running.get(ws, import_id)
    if found.state is State.UNDONE:
        return dict(found.report or {})
    counts: dict[str, int] = {}
    if found.kind in {Kind.ORDERS, Kind.EVENTS}:
        undone = activity.undo_import(ws, import_id, by=by)
        counts |= {
            "orders": undone.orders,
            "lines": undone.lines,
            "refunds": undone.refunds,
            "events": undone.events,
            "restored": undone.restored,
        }
        properties.delete(ws.log, import_id)
        failpoints.hit("imports.undo.activity")
    if found.kind is Kind.TAGS:
        counts["tags"] = tags.undo_source(ws, by=by, source=f"import:{import_id}")
    if found.kind in {Kind.UNITS, Kind.STAFF}:
        counts |= structure.undo(ws, found, by=by)
    else:
        counts |= _people(ws, import_id, by=by)
    failpoints.hit("imports.undo.people")
    with ws.sql.write() as tx:
        now = ws.clock.now()
        repo.change(tx, import_id, state=State.UNDONE, report={**(found.report or {}), "undone": counts})
        bus.tell(ws.sql, tx, events.Undone(import_id, found.kind), at=now)
        audit.append(ws.sql, tx, by=by, action="imports.undone", subject=import_id, at=now, detail=counts)
    return counts


def _people(ws: Workspace, import_id: str, *, by: Principal) -> dict[str, int]:
    # Whoever has orders, events or tags from elsewhere was touched since, whether people saw it or not.
    return people.undo_import(ws, by=by, import_id=import_id, keep=set(held.numbers(ws.log, _sources()) | tags.everyone(ws)))


def _sources() -> list[str]:
    return [activity.orders_sql(), activity.refunds_sql(), activity.events_sql()]
