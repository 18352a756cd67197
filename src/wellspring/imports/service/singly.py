"""Imports row by row: members, events, consents, tags, units, staff. A batch of rows is one transaction with its progress.

What was taken is therefore known exactly after any crash. Events go to the analytical store first, under message ids
made of import and row, so a repeated batch is recognised there.
"""

import collections
import dataclasses
import itertools
from collections.abc import Iterator, Sequence

from wellspring.imports import repo
from wellspring.imports.contracts import Kind, Report
from wellspring.imports.rules.cells import unguarded
from wellspring.imports.rules.reasons import explained
from wellspring.imports.service import happened, persons, reject, structure, tables
from wellspring.imports.service.batch import Batch, Row
from wellspring.imports.service.plans import Plan
from wellspring.imports.service.stage import Progress
from wellspring.kernel import failpoints
from wellspring.kernel.auth import Principal
from wellspring.kernel.workspace import Workspace

# A quarter of a second of work on a small machine, so that other writers wait no longer.
_ROWS = 2000

_TAKERS = {
    Kind.MEMBERS: persons.members,
    Kind.CONSENTS: persons.consents,
    Kind.TAGS: persons.tags,
    Kind.EVENTS: happened.events,
    Kind.UNITS: structure.units,
    Kind.STAFF: structure.staff,
}


def dry(ws: Workspace, plan: Plan, progress: Progress) -> Report:
    """Reads every row and writes nothing."""
    tally: collections.Counter[str] = collections.Counter()
    codes: collections.Counter[str] = collections.Counter()
    samples: list[dict[str, object]] = []
    foreseen: set[int] = set()
    for batch in _batches(ws, plan, by=None, start=0):
        batch.foreseen = foreseen
        _TAKERS[plan.kind](batch)
        codes.update(row.code for row in batch.rejected)
        samples += [{"row": row.place + 1, "code": row.code} for row in batch.rejected[: max(20 - len(samples), 0)]]
        tally.update({"rows": batch.size, **batch.tally})
        progress(tally["rows"], None, "检查 / checking")
    return _report(tally, codes, samples)


def run(ws: Workspace, plan: Plan, *, by: Principal, progress: Progress) -> tuple[Report, Iterator[reject.Rejected]]:
    """Takes the rows that no earlier try has taken; gives the report over all of them and the rejected rows."""
    with ws.sql.read() as tx:
        start, known = repo.progress(tx, plan.import_id)
    tally = collections.Counter(known)
    total = plan.file.detected.rows_estimate
    for batch in _batches(ws, plan, by=by, start=start):
        if plan.kind is Kind.EVENTS:
            # The log has no part in the transaction below; it knows the message ids instead.
            happened.events(batch)
            failpoints.hit("imports.rows.log_written")
        with ws.sql.write() as tx:
            if plan.kind is not Kind.EVENTS:
                _TAKERS[plan.kind](batch)
            tally.update({"rows": batch.size, **batch.tally})
            repo.add_rejects(tx, plan.import_id, reject.kept(ws, batch.rejected))
            repo.change(tx, plan.import_id, rows_done=tally["rows"], tally=dict(tally))
            failpoints.hit("imports.rows.before_commit")
        failpoints.hit("imports.rows.after_commit")
        progress(tally["rows"], total, "写入 / writing")
    with ws.sql.read() as tx:
        codes = collections.Counter(repo.reject_counts(tx, plan.import_id))
    return _report(tally, codes, []), reject.unsealed(ws, plan.import_id)


def _batches(ws: Workspace, plan: Plan, *, by: Principal | None, start: int) -> Iterator[Batch]:
    records = itertools.islice(enumerate(tables.records(ws, plan.file)), start, None)
    names = plan.file.detected.names
    while chunk := list(itertools.islice(records, _ROWS)):
        batch = Batch(ws, plan, by)
        for place, cells in chunk:
            _add(batch, place, cells, names)
        yield batch


def _add(batch: Batch, place: int, cells: list[str], names: Sequence[str]) -> None:
    batch.size += 1
    width = len(names)
    if len(cells) != width and not (len(cells) > width and not any(cells[width:])):
        code = "quoting_broken" if len(cells) == 1 and width > 1 else "columns_ragged"
        batch.rejected.append(reject.Rejected(place, code, cells))
        return
    if "reject_code" in names:
        cells = [unguarded(cell) for cell in cells]
    batch.rows.append(Row(place, cells, dict(zip(names, cells, strict=False))))


def _report(tally: collections.Counter[str], codes: collections.Counter[str], samples: list[dict[str, object]]) -> Report:
    rejected = sum(codes.values())
    counts = {name: count for name, count in tally.items() if name not in {"rows", "created", "updated", "unchanged"}}
    report = Report(
        rows=tally["rows"],
        accepted=tally["rows"] - rejected,
        rejected=rejected,
        reasons=explained(dict(codes)),
        counts=counts,
        samples=samples,
    )
    return dataclasses.replace(report, created=tally["created"], updated=tally["updated"], unchanged=tally["unchanged"])
