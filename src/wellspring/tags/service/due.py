"""Tags whose time is over: one queued job stands at the next instant, lifts what is due there, and queues the one after."""

from wellspring.kernel import jobs
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.tags.contracts import Cause
from wellspring.tags.repo import changes
from wellspring.tags.service import sheet
from wellspring.tags.service.sheet import Said, Sheet

JOB = "tags.expire"
# One transaction's worth.
_BATCH = 5_000
_REASON = "expired"


def keep_up(ws: Workspace, tx: Tx) -> None:
    """Makes sure that a job stands at the next expiry or before it."""
    at = changes.next_expiry(tx)
    if at is not None and not jobs.is_queued(tx, JOB, by=at):
        jobs.enqueue(ws, tx, JOB, {}, run_at=at)


def expire(ws: Workspace) -> int:
    """Lifts every tag whose time is over; gives how many puttings ended."""
    count = 0
    while True:
        with ws.sql.write() as tx:
            ws.sql.lock(tx, sheet.LOCK)
            found = changes.due(tx, ws.clock.now(), limit=_BATCH)
            if found:
                _lift(ws, tx, found)
            if len(found) < _BATCH:
                keep_up(ws, tx)
                return count + len(found)
        count += len(found)


def _lift(ws: Workspace, tx: Tx, found: list[changes.Row]) -> None:
    page = Sheet(tx, tag_ids=sorted({row.tag_id for row in found}), numbers={row.member_no for row in found}, now=ws.clock.now())
    said = Said("expiry", SYSTEM.id, _REASON, Cause.EXPIRED)
    by_tag: dict[str, list[int]] = {}
    for row in found:
        page.lift(row.tag_id, row.member_no, said, at=max(row.expires_at, row.at))
        by_tag.setdefault(row.tag_id, []).append(row.member_no)
    for tag_id, numbers in by_tag.items():
        # What staff had put against a rule until now is the rule's again.
        changes.forgive(tx, tag_id, numbers)
    sheet.record(ws, tx, page.write(), by=SYSTEM, source=said.source, action="tags.expire")
