"""Background jobs as the console shows them: queued, running with progress, ended with a result or a reason.

Whoever asked for a job may watch and stop it; the jobs of others need a permission.
"""

import enum
from typing import Annotated, Any

import fastapi

from wellspring.console import service
from wellspring.console.contracts import Permission
from wellspring.kernel import jobs
from wellspring.kernel.clock import iso
from wellspring.kernel.pages import PAGE_MAX
from wellspring.kernel.web import Call, Out, allow, signed_in

router = fastapi.APIRouter(prefix="/api/jobs", tags=["console"])


class JobState(enum.StrEnum):
    """Where a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ProgressOut(Out):
    """How far a job is; `total` is null while it is unknown."""

    done: int
    total: int | None
    note: str


class JobOut(Out):
    """A job with its progress; `result` depends on the kind, `error` tells code and both languages."""

    id: str
    kind: str
    state: JobState
    progress: ProgressOut
    result: dict[str, Any] | None
    error: dict[str, Any] | None
    created_by: str
    created_at: str
    finished_at: str | None


class JobPageOut(Out):
    """Some jobs, the newest first."""

    rows: list[JobOut]
    next_cursor: str | None
    total: int | None


@router.get("")
def list_jobs(
    call: Annotated[Call, allow(Permission.JOB_READ)],
    state: JobState | None = None,
    cursor: str | None = None,
    limit: Annotated[int | None, fastapi.Query(ge=1, le=PAGE_MAX)] = None,
) -> JobPageOut:
    """The newest jobs first."""
    page = jobs.listing(call.ws, state=state, cursor=cursor, limit=limit)
    return JobPageOut(rows=[shaped(job) for job in page.rows], next_cursor=page.next_cursor, total=page.total)


@router.get("/{job_id}")
def read_job(call: Annotated[Call, signed_in()], job_id: str) -> JobOut:
    """One job: the caller's own, or any with `console:job:read`."""
    return shaped(service.job(call.ws, by=call.by, job_id=job_id))


@router.post("/{job_id}/cancel")
def cancel_job(call: Annotated[Call, signed_in()], job_id: str) -> JobOut:
    """Stops a queued or running job: the caller's own, or any with `console:job:cancel`."""
    return shaped(service.cancel_job(call.ws, by=call.by, job_id=job_id))


def shaped(job: jobs.Job) -> JobOut:
    """The job as it goes out."""
    return JobOut(
        id=job.id,
        kind=job.kind,
        state=JobState(job.state),
        progress=ProgressOut(done=job.done, total=job.total, note=job.note),
        result=job.result,
        error=job.error,
        created_by=job.created_by,
        created_at=iso(job.created_at),
        finished_at=iso(job.finished_at) if job.finished_at else None,
    )
