"""Looking at rejected input and taking it in again: same message id, same times, so that a replay changes no order."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from wellspring.activity import errors
from wellspring.activity.contracts import IngestResult, Rejected
from wellspring.activity.events import RejectedReplayed
from wellspring.activity.repo import rejects
from wellspring.activity.service import receive
from wellspring.activity.service.rejecting import CONTEXT
from wellspring.kernel import audit, bus
from wellspring.kernel.auth import Principal
from wellspring.kernel.pages import Page
from wellspring.kernel.workspace import Workspace

# One request's worth; a longer list is replayed by asking again.
_REPLAY_MAX = 1_000


def listing(
    ws: Workspace, *, source: str | None, code: str | None, state: str | None, cursor: str | None, limit: int | None
) -> Page[Rejected]:
    """See `activity.api.rejected`."""
    with ws.sql.read() as tx:
        return rejects.listing(tx, source=source, code=code, state=state, cursor=cursor, limit=limit)


def content(ws: Workspace, rejected_id: str, *, by: Principal) -> tuple[Rejected, Any]:
    """See `activity.api.rejected_content`."""
    with ws.sql.write() as tx:
        found = rejects.find(tx, rejected_id)
        if found is None:
            raise errors.RejectedUnknown
        audit.append(ws.sql, tx, by=by, action="activity.rejected_read", subject=rejected_id, at=ws.clock.now())
    return found[0], opened(ws, found[1])["message"]


def replay(ws: Workspace, rejected_id: str, *, by: Principal, message: Mapping[str, Any] | None) -> IngestResult:
    """See `activity.api.replay`."""
    with ws.sql.read() as tx:
        found = rejects.find(tx, rejected_id)
    if found is None:
        raise errors.RejectedUnknown
    kept = opened(ws, found[1])
    intake = receive.intake_of(
        ws,
        source=found[0].source,
        sent=kept["sent"],
        received=kept["received"],
        context=kept["context"],
        import_id=kept["import_id"],
        historical=kept["historical"],
    )
    raw = kept["message"] if message is None else _mended(kept["message"], message)
    result = receive.listed(ws, [raw], intake, type_=kept["type"])[0].result()
    if not result.rejected:
        with ws.sql.write() as tx:
            now = ws.clock.now()
            rejects.mark_replayed(tx, rejected_id, at=now)
            audit.append(ws.sql, tx, by=by, action="activity.rejected_replayed", subject=rejected_id, at=now)
            bus.tell(ws.sql, tx, RejectedReplayed(rejected_id), at=now)
    return result


def replay_many(ws: Workspace, *, by: Principal, code: str | None, ids: Sequence[str]) -> IngestResult:
    """See `activity.api.replay_many`."""
    if ids:
        wanted = list(ids)[:_REPLAY_MAX]
    else:
        with ws.sql.read() as tx:
            wanted = rejects.open_ids(tx, code=code, limit=_REPLAY_MAX)
    results = [replay(ws, rejected_id, by=by, message=None) for rejected_id in wanted]
    return IngestResult(
        accepted=sum(result.accepted for result in results),
        repeated=sum(result.repeated for result in results),
        rejected=sum(result.rejected for result in results),
    )


def opened(ws: Workspace, sealed: bytes) -> dict[str, Any]:
    """What was kept of a reject, in plain."""
    kept: dict[str, Any] = orjson.loads(ws.keys.open_bytes(sealed, context=CONTEXT))
    return kept


def _mended(first: Any, message: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - senders send anything
    """The mended message with the first one's id and times where it does not say otherwise."""
    kept = {
        name: first[name] for name in ("messageId", "timestamp", "originalTimestamp", "sentAt") if type(first) is dict and name in first
    }
    return {**kept, **message}
