"""The audit log: who did what, and whether the chain is whole.

It belongs to no unit, so a caller with a restricted data scope sees only what they did themselves.
"""

from typing import Annotated, Any

import fastapi
import pydantic

from wellspring.access.contracts import Permission
from wellspring.access.http.shapes import Cursor, Limit, Moment
from wellspring.kernel import audit
from wellspring.kernel.web import Call, Out, allow

router = fastapi.APIRouter()
Text = Annotated[str | None, fastapi.Query(max_length=120)]
# A moment without a zone would mean another instant on every machine.
Since = Annotated[pydantic.AwareDatetime | None, fastapi.Query(alias="from")]
Until = Annotated[pydantic.AwareDatetime | None, fastapi.Query(alias="to")]


class AuditEntryOut(Out):
    id: str
    seq: int
    at: Moment
    actor_kind: str
    actor: str
    actor_name: str
    action: str
    subject: str
    detail: dict[str, Any]
    hash: str


class AuditPageOut(Out):
    rows: list[AuditEntryOut]
    next_cursor: str | None
    total: int | None


class AuditVerdictOut(Out):
    ok: bool
    checked: int
    head: str
    broken_at: int | None


@router.get("/api/audit")
def read_audit(
    call: Annotated[Call, allow(Permission.AUDIT_READ)],
    actor: Text = None,
    action: Text = None,
    subject: Text = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = None,
    cursor: Cursor = None,
) -> AuditPageOut:
    """The newest entries first; `action` matches from its start."""
    only = actor if call.by.scope.is_all else call.by.id
    filters = {"actor": only, "action": action, "subject": subject, "cursor": cursor}
    page = audit.listing(call.ws.sql, **filters, since=since, until=until, limit=limit)
    rows = [] if only != (actor or only) else [_entry(row) for row in page.rows]
    return AuditPageOut(rows=rows, next_cursor=page.next_cursor, total=None)


@router.post("/api/audit/verify")
def verify_audit(call: Annotated[Call, allow(Permission.AUDIT_READ)]) -> AuditVerdictOut:
    """Walks the whole chain and tells the first entry that does not fit."""
    verdict = audit.verify(call.ws.sql)
    return AuditVerdictOut(ok=verdict.is_whole, checked=verdict.checked, head=verdict.head, broken_at=verdict.broken_at)


def _entry(row: audit.AuditRow) -> AuditEntryOut:
    return AuditEntryOut(
        id=str(row.sequence),
        seq=row.sequence,
        at=row.at,
        actor_kind=row.actor_kind,
        actor=row.actor_id,
        actor_name=row.actor_name,
        action=row.action,
        subject=row.subject,
        detail=row.detail,
        hash=row.hash,
    )
