"""Long work as rows: queued, leased by at most one worker, with progress that survives the browser and the process.

A worker that dies loses its lease and the job is tried again, so handlers must continue where their own durable
state says, not from memory. A lease is fenced by a token: whoever lost it can no longer report or finish.
"""

import dataclasses
import datetime as dt
import secrets
import weakref
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from wellspring.kernel import failpoints
from wellspring.kernel.auth import SYSTEM, Principal
from wellspring.kernel.clock import VirtualClock, from_millis, to_millis
from wellspring.kernel.errors import NotFound, WellspringError
from wellspring.kernel.ids import new_id
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores.asking import ask
from wellspring.kernel.stores.sql import Instant, Json, Sql, Tx, metadata

# A handler reports at least this often, or another worker takes over.
_LEASE = dt.timedelta(seconds=120)
_ATTEMPTS_MAX = 5

job_table = sa.Table(
    "kernel_job",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("kind", sa.String(80), nullable=False),
    sa.Column("body", Json, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("run_at", Instant, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("lease_token", sa.String(32)),
    sa.Column("lease_until", Instant),
    sa.Column("done", sa.BigInteger, nullable=False, default=0),
    sa.Column("total", sa.BigInteger),
    sa.Column("note", sa.Text, nullable=False, default=""),
    sa.Column("result", Json),
    sa.Column("error", Json),
    sa.Column("created_by", sa.String(64), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("finished_at", Instant),
    sa.Index("kernel_job_due", "state", "run_at"),
    sa.Index("kernel_job_last", "kind", "run_at"),
)


class LeaseLost(RuntimeError):
    """Another worker has the job now, or it was cancelled: stop without writing."""


@dataclasses.dataclass(frozen=True)
class Job:
    """A piece of long work as the console shows it."""

    id: str
    kind: str
    state: str
    run_at: dt.datetime
    attempts: int
    done: int
    total: int | None
    note: str
    result: dict[str, Any] | None
    error: dict[str, Any] | None
    created_by: str
    created_at: dt.datetime
    finished_at: dt.datetime | None


class Running:
    """A leased job in the hands of its handler."""

    def __init__(self, workspace: Any, job_id: str, body: dict[str, Any], token: str) -> None:  # noqa: ANN401 - the workspace type lives above
        self.workspace = workspace
        self.id = job_id
        self.body = body
        self._token = token

    def progress(self, *, done: int, total: int | None = None, note: str = "") -> None:
        """Tells how far the work is and renews the lease. Raises LeaseLost when it must stop."""
        with self.workspace.sql.write() as tx:
            changed = tx.execute(
                sa.update(job_table)
                .where(job_table.c.id == self.id, job_table.c.lease_token == self._token, job_table.c.state == "running")
                .values(done=done, total=total, note=note, lease_until=self.workspace.clock.now() + _LEASE)
            ).rowcount
        if not changed:
            raise LeaseLost(self.id)


@dataclasses.dataclass(frozen=True)
class _Asleep:
    """No scheduled kind is due between these instants; a clock that is set back wakes too."""

    kinds: tuple[str, ...]
    since: dt.datetime
    until: dt.datetime


# Another process may have changed what is ahead: look again at the latest after this.
_LOOK_AGAIN = dt.timedelta(minutes=1)
_asleep: "weakref.WeakKeyDictionary[Sql, _Asleep]" = weakref.WeakKeyDictionary()
_DUE = (
    "SELECT 1 FROM kernel_job WHERE state = 'queued' AND run_at <= :now"
    " UNION ALL SELECT 1 FROM kernel_job WHERE state = 'running' AND lease_until < :now LIMIT 1"
)

Handler = Callable[[Running], dict[str, Any] | None]
_LAB_PAUSE = dt.timedelta(days=1)
_handlers: dict[str, Handler] = {}
_schedules: dict[str, dt.timedelta] = {}


def register(kind: str, handler: Handler, *, every: dt.timedelta | None = None) -> None:
    """Names the handler of a kind of job; with `every` it also runs by itself at that interval."""
    _handlers[kind] = handler
    if every is not None:
        _schedules[kind] = every


def enqueue(workspace: Any, tx: Tx, kind: str, body: dict[str, Any], *, by: Principal = SYSTEM, run_at: dt.datetime | None = None) -> str:  # noqa: ANN401 - one row's values
    """Queues a job in the running transaction; gives its id."""
    now = workspace.clock.now()
    job_id = new_id("job")
    row = {"id": job_id, "kind": kind, "body": body, "state": "queued", "run_at": run_at or now, "created_by": by.id, "created_at": now}
    tx.execute(sa.insert(job_table).values(**row))
    return job_id


def is_queued(tx: Tx, kind: str, *, by: dt.datetime) -> bool:
    """Whether a job of this kind is queued to run at that instant or before."""
    mine = sa.and_(job_table.c.kind == kind, job_table.c.state == "queued", job_table.c.run_at <= by)
    return tx.execute(sa.select(job_table.c.id).where(mine).limit(1)).first() is not None


def get(workspace: Any, job_id: str) -> Job:  # noqa: ANN401 - as above
    """The job's present state. Raises NotFound."""
    with workspace.sql.read() as tx:
        row = tx.execute(sa.select(job_table).where(job_table.c.id == job_id)).first()
    if row is None:
        raise NotFound
    return _job(row)


def listing(workspace: Any, *, state: str | None = None, cursor: str | None = None, limit: int | None = None) -> Page[Job]:  # noqa: ANN401 - as above
    """The newest jobs first."""
    size = limit_of(limit)
    wanted = sa.select(job_table).order_by(job_table.c.id.desc()).limit(size + 1)
    if state:
        wanted = wanted.where(job_table.c.state == state)
    if cursor:
        wanted = wanted.where(job_table.c.id < str(decode_cursor(cursor, length=1)[0]))
    with workspace.sql.read() as tx:
        found = [_job(row) for row in tx.execute(wanted)]
    return Page(found[:size], encode_cursor([found[size - 1].id]) if len(found) > size else None)


def cancel(workspace: Any, job_id: str) -> Job:  # noqa: ANN401 - as above
    """Stops a queued or running job; a running handler notices at its next report."""
    with workspace.sql.write() as tx:
        open_states = job_table.c.state.in_(["queued", "running"])
        tx.execute(
            sa.update(job_table).where(job_table.c.id == job_id, open_states).values(state="cancelled", finished_at=workspace.clock.now())
        )
    return get(workspace, job_id)


def run_due(workspace: Any, *, limit: int = 1000) -> int:  # noqa: ANN401 - as above
    """Runs what is due now, oldest first, until nothing is or `limit` is reached; gives the number of jobs run."""
    count = 0
    _enqueue_scheduled(workspace)
    while count < limit and _has_due(workspace) and (running := _claim(workspace)) is not None:
        _run(running)
        count += 1
    return count


def next_due(workspace: Any) -> dt.datetime | None:  # noqa: ANN401 - as above
    """When the earliest queued job, or the next run of a scheduled kind, is due; None when nothing is ahead."""
    with workspace.sql.read() as tx:
        queued = tx.execute(sa.select(sa.func.min(job_table.c.run_at).cast(Instant)).where(job_table.c.state == "queued")).scalar()
        scheduled = [last + _pause(workspace, _schedules[kind]) for kind, last in _last_runs(tx).items()]
    return min([*scheduled, *([queued] if queued else [])], default=None)


def _pause(workspace: Any, every: dt.timedelta) -> dt.timedelta:  # noqa: ANN401 - as above
    """What runs more than once a day is upkeep: on a clock that is moved by months, once a day is enough of it."""
    return max(every, _LAB_PAUSE) if isinstance(workspace.clock, VirtualClock) else every


def _enqueue_scheduled(workspace: Any) -> None:  # noqa: ANN401 - as above
    now, kinds = workspace.clock.now(), tuple(_schedules)
    asleep = _asleep.get(workspace.sql)
    if asleep is not None and asleep.kinds == kinds and asleep.since <= now < asleep.until:
        return
    until = now + _LOOK_AGAIN
    with workspace.sql.write() as tx:
        found = _last_runs(tx)
        for kind, every in _schedules.items():
            last = found.get(kind)
            if last is None or last + _pause(workspace, every) <= now:
                enqueue(workspace, tx, kind, {})
                last = now
            until = min(until, last + every)
    _asleep[workspace.sql] = _Asleep(kinds, now, until)


def _has_due(workspace: Any) -> bool:  # noqa: ANN401 - as above
    """Whether there may be something to claim: asked several times a second, so it takes no writer's turn."""
    with workspace.sql.read() as tx:
        return bool(ask(tx, _DUE, {"now": to_millis(workspace.clock.now())}))


def _last_runs(tx: Tx) -> dict[str, dt.datetime]:
    """When each scheduled kind was last due, in one question with a look at the index for each kind."""
    kinds = list(_schedules)
    if not kinds:
        return {}
    text = " UNION ALL ".join(f"SELECT :k{n}, max(run_at) FROM kernel_job WHERE kind = :k{n}" for n in range(len(kinds)))  # noqa: S608 - numbers
    found = ask(tx, text, {f"k{n}": kind for n, kind in enumerate(kinds)})
    return {kind: from_millis(last) for kind, last in found if last is not None}


def _claim(workspace: Any) -> tuple[Running, str] | None:  # noqa: ANN401 - as above
    now = workspace.clock.now()
    columns = job_table.c
    queued = sa.and_(columns.state == "queued", columns.run_at <= now)
    abandoned = sa.and_(columns.state == "running", columns.lease_until < now)
    wanted = (
        sa.select(job_table)
        .where(sa.or_(queued, abandoned), columns.kind.in_(list(_handlers)))
        .order_by(columns.run_at, columns.id)
        .limit(1)
    )
    with workspace.sql.write() as tx:
        row = tx.execute(wanted.with_for_update(skip_locked=True)).first()
        if row is None:
            return None
        token = secrets.token_hex(16)
        tx.execute(
            sa.update(job_table)
            .where(columns.id == row.id)
            .values(state="running", lease_token=token, lease_until=now + _LEASE, attempts=row.attempts + 1)
        )
    failpoints.hit("kernel.jobs.claimed")
    return Running(workspace, row.id, row.body, token), row.kind


def _run(claimed: tuple[Running, str]) -> None:
    running, kind = claimed
    try:
        result = _handlers[kind](running)
    except LeaseLost:
        return
    except WellspringError as failure:
        problem = {"code": failure.code, "zh": failure.detail("zh-CN"), "en": failure.detail("en"), "params": failure.params}
        _end(running, state="failed", error=problem)
    except Exception as failure:  # noqa: BLE001 - a failing job must not stop the worker
        _retry_or_fail(running, failure)
    else:
        _end(running, state="done", result=result)


def _retry_or_fail(running: Running, failure: Exception) -> None:
    workspace = running.workspace
    # The class alone: a message may quote personal values.
    problem = {
        "code": "kernel.defect",
        "zh": f"内部错误：{type(failure).__name__}",
        "en": f"Internal error: {type(failure).__name__}",
        "params": {},
    }
    with workspace.sql.read() as tx:
        attempts = tx.execute(sa.select(job_table.c.attempts).where(job_table.c.id == running.id)).scalar_one()
    if attempts >= _ATTEMPTS_MAX:
        _end(running, state="failed", error=problem)
        return
    again = workspace.clock.now() + dt.timedelta(seconds=5 * 2**attempts)
    _change(running, state="queued", run_at=again, lease_token=None, error=problem)


def _end(running: Running, *, state: str, result: dict[str, Any] | None = None, error: dict[str, Any] | None = None) -> None:
    _change(running, state=state, result=result, error=error, finished_at=running.workspace.clock.now())


def _change(running: Running, **values: Any) -> None:  # noqa: ANN401 - column values
    mine = sa.and_(job_table.c.id == running.id, job_table.c.lease_token == running._token, job_table.c.state == "running")  # noqa: SLF001 - same module
    with running.workspace.sql.write() as tx:
        tx.execute(sa.update(job_table).where(mine).values(**values))


def _job(row: sa.Row[Any]) -> Job:
    return Job(**{field.name: row._mapping[field.name] for field in dataclasses.fields(Job)})  # noqa: SLF001 - the documented way
