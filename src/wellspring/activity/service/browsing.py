"""Reading the event catalogue: counts from the log, properties and their types from what intake noted."""

from wellspring.activity import errors
from wellspring.activity.contracts import EventKind, EventProperty
from wellspring.activity.facts import log
from wellspring.activity.repo import catalogue as repo
from wellspring.activity.service import catalogue
from wellspring.kernel.clock import from_millis
from wellspring.kernel.workspace import Workspace


def kinds(ws: Workspace) -> list[EventKind]:
    """See `activity.api.event_kinds`."""
    _write_noted(ws)
    with ws.sql.read() as tx:
        drifting = repo.drifting(tx)
    return [
        EventKind(
            kind=row["kind"],
            type=row["type"],
            count=int(row["count"]),
            first_at=from_millis(int(row["first_at"])),
            last_at=from_millis(int(row["last_at"])),
            drift=row["kind"] in drifting,
        )
        for row in log.kinds(ws)
    ]


def properties(ws: Workspace, kind: str) -> list[EventProperty]:
    """See `activity.api.event_properties`."""
    _write_noted(ws)
    with ws.sql.read() as tx:
        seen = repo.properties(tx, kind)
    if not seen and kind not in {row["kind"] for row in log.kinds(ws)}:
        raise errors.KindUnknown(kind=kind[:200])
    by_name: dict[str, list[repo.Seen]] = {}
    for entry in seen:
        by_name.setdefault(entry.name, []).append(entry)
    return [_property(name, entries) for name, entries in by_name.items()]


def _property(name: str, entries: list[repo.Seen]) -> EventProperty:
    samples = [value for entry in entries for value in entry.samples][: repo.SAMPLES_MAX]
    return EventProperty(
        name=name,
        types={entry.type: entry.times for entry in entries},
        last_seen_at={entry.type: entry.last_at for entry in entries},
        drift=sum(entry.type != "null" for entry in entries) > 1,
        sample_values=samples,
    )


def _write_noted(ws: Workspace) -> None:
    noted = catalogue.of(ws)
    if not noted.is_empty:
        with ws.sql.write() as tx:
            noted.write(tx)
