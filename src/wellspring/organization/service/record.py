"""The lines that end every verb: the audit entry and the event, in the verb's own transaction."""

from collections.abc import Mapping
from typing import Any

from wellspring.kernel import audit, bus
from wellspring.kernel.auth import Principal
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.organization import repo
from wellspring.organization.service import picture


def record(ws: Workspace, tx: Tx, *, by: Principal, subject: str, event: bus.Event, detail: Mapping[str, Any] | None = None) -> None:
    """Appends the event's name and subject to the audit log and tells the event."""
    now = ws.clock.now()
    audit.append(ws.sql, tx, by=by, action=event.name, subject=subject, at=now, detail=detail)
    bus.tell(ws.sql, tx, event, at=now)


def units_changed(ws: Workspace, tx: Tx) -> None:
    """Counts the change of units and drops this process's trees once it is committed."""
    repo.bump(tx)
    ws.sql.after_commit(lambda: picture.drop(ws))
