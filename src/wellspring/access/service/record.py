"""The two lines that end every verb of access: the audit entry and the event, in the verb's own transaction."""

from collections.abc import Mapping
from typing import Any

from wellspring.access.service.memory import memory_of
from wellspring.kernel import audit, bus
from wellspring.kernel.auth import Principal
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace


def record(ws: Workspace, tx: Tx, *, by: Principal, subject: str, event: bus.Event, detail: Mapping[str, Any] | None = None) -> None:
    """Appends the event's name and subject to the audit log, tells the event, and lets callers be looked up anew."""
    now = ws.clock.now()
    audit.append(ws.sql, tx, by=by, action=event.name, subject=subject, at=now, detail=detail)
    bus.tell(ws.sql, tx, event, at=now)
    ws.sql.after_commit(memory_of(ws).forget)
