"""Dry run, start and the run itself: a job that may die anywhere and is simply run again.

A run ends in one transaction: report, rejects file, remembered mapping, audit and event together; only then is staging
dropped. A job that finds its import done gives the report again.
"""

from collections.abc import Iterable
from typing import Any

from wellspring.imports import errors, events, repo
from wellspring.imports.contracts import Import, Kind, Mapping, Options, Report, State
from wellspring.imports.facts import staging
from wellspring.imports.rules.mapping import signature
from wellspring.imports.service import plans, reject, sales, singly, stage, take
from wellspring.imports.service.stage import Progress
from wellspring.kernel import audit, bus, failpoints, jobs
from wellspring.kernel.auth import Principal
from wellspring.kernel.clock import to_millis
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.workspace import Workspace

JOB = "imports.run"
DRY_JOB = "imports.dry_run"
_STARTABLE = {State.UPLOADED, State.FAILED}


def get(ws: Workspace, import_id: str) -> Import:
    """An import. Raises ImportUnknown."""
    with ws.sql.read() as tx:
        found = repo.find(tx, import_id)
    if found is None:
        raise errors.ImportUnknown
    return found


def planned(ws: Workspace, run: Import, mapping: Mapping | None, options: Options | None) -> plans.Plan:
    """The checked plan of an import with the given or its own mapping and options."""
    chosen = mapping or run.mapping or take.first_mapping(ws, run)
    return plans.of(ws, run, chosen, options or run.options)


def dry(ws: Workspace, import_id: str, *, mapping: Mapping | None, options: Options | None, progress: Progress) -> Report:
    """Reads the whole file as the import would, and writes nothing."""
    run = get(ws, import_id)
    plan = planned(ws, run, mapping, options)
    with stage.active(plan.prefix):
        report = sales.dry(ws, plan, progress) if run.kind is Kind.ORDERS else singly.dry(ws, plan, progress)
    with ws.sql.write() as tx:
        repo.change(tx, import_id, dry_report=report.json(), mapping=plan.mapping.model_dump(mode="json"))
    return report


def start_dry(ws: Workspace, import_id: str, *, by: Principal, mapping: Mapping | None, options: Options | None) -> str:
    """Queues a dry run; what is wrong with the mapping is told at once."""
    found = get(ws, import_id)
    if found.state not in _STARTABLE:
        raise errors.NotNow(state=found.state)
    plan = planned(ws, found, mapping, options)
    chosen = (options or found.options).model_dump(mode="json")
    body = {"import_id": import_id, "mapping": plan.mapping.model_dump(mode="json"), "options": chosen}
    with ws.sql.write() as tx:
        return jobs.enqueue(ws, tx, DRY_JOB, body, by=by)


def start(ws: Workspace, import_id: str, *, by: Principal, mapping: Mapping | None, options: Options | None) -> str:
    """Queues the run; gives the job's id. Raises NotNow when it runs or ran already."""
    with ws.sql.write() as tx:
        run = begun(ws, import_id, by=by, mapping=mapping, options=options)
        job_id = jobs.enqueue(ws, tx, JOB, {"import_id": run.id, "by": by.id, "by_name": by.name, "by_kind": by.kind}, by=by)
        repo.change(tx, import_id, job_id=job_id)
    return job_id


def begun(ws: Workspace, import_id: str, *, by: Principal, mapping: Mapping | None, options: Options | None) -> Import:
    """Fixes what will be run and marks the import as running."""
    run = get(ws, import_id)
    if run.state not in _STARTABLE:
        raise errors.NotNow(state=run.state)
    plan = planned(ws, run, mapping, options)
    chosen = options or run.options
    now = ws.clock.now()
    with ws.sql.write() as tx:
        names = [name for file in run.files for name in file.detected.names]
        repo.remember(tx, mapping=plan.mapping, signature=signature(run.kind, names), name=run.name, at=now)
        repo.change(
            tx, import_id, state=State.RUNNING, mapping=plan.mapping.model_dump(mode="json"), options=chosen.model_dump(mode="json"),
            started_at=now, version=run.version or to_millis(now),
        )  # fmt: skip
        detail = {"kind": run.kind, "historical": plan.historical, "update_mode": plan.update_mode}
        audit.append(ws.sql, tx, by=by, action="imports.start", subject=import_id, at=now, detail=detail)
    return get(ws, import_id)


def run(ws: Workspace, import_id: str, *, by: Principal, progress: Progress) -> dict[str, Any]:
    """Does the import, from wherever an earlier try ended; gives the report."""
    found = get(ws, import_id)
    if found.state is State.DONE:
        staging.drop_all(ws.log, "imports_" + import_id.partition("_")[2])
        return dict(found.report or {})
    if found.state is not State.RUNNING:
        raise errors.NotNow(state=found.state)
    plan = planned(ws, found, found.mapping, found.options)
    try:
        report, rejected = (
            sales.run(ws, plan, by=by, version=found.version, progress=progress)
            if found.kind is Kind.ORDERS
            else singly.run(ws, plan, by=by, progress=progress)
        )
        _finish(ws, found, plan, report, rejected, by=by)
    except WellspringError:
        with ws.sql.write() as tx:
            repo.change(tx, import_id, state=State.FAILED)
        raise
    failpoints.hit("imports.run.finished")
    staging.drop_all(ws.log, plan.prefix)
    return report.json()


def _finish(ws: Workspace, found: Import, plan: plans.Plan, report: Report, rejected: Iterable[reject.Rejected], *, by: Principal) -> None:
    file_id = reject.written(ws, found, rejected)
    failpoints.hit("imports.run.rejects_written")
    now = ws.clock.now()
    with ws.sql.write() as tx:
        repo.change(tx, found.id, state=State.DONE, stage="", report=report.json(), rejects_file_id=file_id, finished_at=now)
        repo.drop_rejects(tx, found.id)
        detail = {"rows": report.rows, "accepted": report.accepted, "rejected": report.rejected}
        audit.append(ws.sql, tx, by=by, action="imports.finish", subject=found.id, at=now, detail=detail)
        told = events.Finished(found.id, found.kind, report.accepted, report.rejected, plan.historical)
        bus.tell(ws.sql, tx, told, at=now)
        failpoints.hit("imports.run.before_commit")


def sweep(ws: Workspace) -> int:
    """Drops staging tables whose run or dry run is over: a killed dry run leaves its tables, and they hold plain values."""
    dropped = 0
    for prefix in staging.prefixes(ws.log):
        import_id = "imp_" + prefix.removeprefix("imports_")
        with ws.sql.read() as tx:
            found = repo.find(tx, import_id)
        if not stage.is_active(prefix) and (found is None or found.state is not State.RUNNING):
            staging.drop_all(ws.log, prefix)
            dropped += 1
    return dropped
