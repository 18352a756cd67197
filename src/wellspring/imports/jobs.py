"""The jobs of imports: running and undoing. Both continue where their own durable state says."""

import datetime as dt
from typing import Any

from wellspring.imports.contracts import Mapping, Options
from wellspring.imports.service import run, undo
from wellspring.imports.service.stage import Progress
from wellspring.kernel import jobs
from wellspring.kernel.auth import SYSTEM, ActorKind, Principal

# Plain values of a killed dry run stay no longer than this.
_SWEEP = dt.timedelta(hours=1)


def register() -> None:
    """Names the handlers."""
    jobs.register(run.JOB, _run)
    jobs.register(run.DRY_JOB, _dry)
    jobs.register(undo.JOB, _undo)
    jobs.register("imports.sweep", _sweep, every=_SWEEP)


def _run(running: jobs.Running) -> dict[str, Any]:
    return run.run(running.workspace, running.body["import_id"], by=_actor(running.body), progress=_progress(running))


def _dry(running: jobs.Running) -> dict[str, Any]:
    mapping, options = Mapping.model_validate(running.body["mapping"]), Options.model_validate(running.body["options"])
    return run.dry(running.workspace, running.body["import_id"], mapping=mapping, options=options, progress=_progress(running)).json()


def _sweep(running: jobs.Running) -> dict[str, Any]:
    return {"dropped": run.sweep(running.workspace)}


def _progress(running: jobs.Running) -> Progress:
    def tell(done: int, total: int | None, note: str) -> None:
        running.progress(done=done, total=total, note=note)

    return tell


def _undo(running: jobs.Running) -> dict[str, Any]:
    return undo.undo(running.workspace, running.body["import_id"], by=_actor(running.body))


def _actor(body: dict[str, Any]) -> Principal:
    # Their permission was asked when the job was queued; from here on only who it was matters.
    return Principal(body["by"], ActorKind(body["by_kind"]), body["by_name"], permissions=SYSTEM.permissions)
