"""Events from a file into the log, each with its own time and an id made of import and row."""

import datetime as dt
from typing import Any

from wellspring.activity import api as activity
from wellspring.activity.contracts import Buyer, ImportedEvent
from wellspring.imports.rules import values
from wellspring.imports.service import reject
from wellspring.imports.service.batch import Batch, Row
from wellspring.imports.service.plans import Plan
from wellspring.kernel.clock import from_millis, iso
from wellspring.kernel.workspace import Workspace

_BATCH = 2000


def events(batch: Batch) -> None:
    """Takes a batch of event rows."""
    made: list[tuple[Row, ImportedEvent]] = []
    for row in batch.rows:
        try:
            event = _event(batch, row)
        except values.Unreadable as refused:
            batch.reject(row, str(refused))
        else:
            made.append((row, event))
    if batch.is_dry or not made:
        batch.tally["events"] += len(made)
        return
    answer, refused_rows = activity.write_events(
        batch.ws, [event for _, event in made], source=batch.plan.source, import_id=batch.plan.import_id, historical=batch.plan.historical
    )
    for place, refusal in refused_rows:
        batch.reject(made[place][0], reject.code_of(refusal.code), refusal.zh, refusal.en)
    batch.tally["events"] += answer.accepted
    batch.tally["repeated"] += answer.repeated


def _event(batch: Batch, row: Row) -> ImportedEvent:
    kind = batch.text(row, "event")
    if not kind:
        raise values.Unreadable("event_missing")
    at = batch.instant(row, "at")
    if at is None:
        raise values.Unreadable("time_missing")
    identities = [Buyer(identity.kind, identity.value, identity.namespace) for identity in batch.identities(row)]
    if not identities:
        raise values.Unreadable("identity_missing")
    properties = {name: _plain(value) for name, value in batch.opened(row, "property.").items()}
    message_id = batch.text(row, "message_id") or f"{batch.plan.import_id}:{row.place}"
    return ImportedEvent(kind, at, message_id, identities, properties)


def _plain(value: values.Value | dt.datetime) -> Any:  # noqa: ANN401 - what JSON holds
    return iso(value) if isinstance(value, dt.datetime) else value


def reviews(ws: Workspace, plan: Plan, found: Any) -> int:  # noqa: ANN401 - an iterator of rows
    """Tells reviews as events of their buyers; gives their number."""
    count, batch = 0, []
    for review in found:
        properties = {name: review[name] for name in ("order_no", "score", "title", "message") if review[name] not in (None, "")}
        identity = Buyer("buyer_id", str(review["buyer"]), plan.shop)
        message_id = f"{plan.import_id}:review:{review['review_id']}:{review['order_no']}"
        batch.append(ImportedEvent("Review Written", from_millis(int(review["at_ms"])), message_id, [identity], properties))
        if len(batch) == _BATCH:
            count += _written(ws, plan, batch)
            batch = []
    return count + _written(ws, plan, batch)


def _written(ws: Workspace, plan: Plan, batch: list[ImportedEvent]) -> int:
    if not batch:
        return 0
    answer, _ = activity.write_events(ws, batch, source=plan.source, import_id=plan.import_id, historical=plan.historical)
    return answer.accepted + answer.repeated
