"""Walking through everything a corp has: staff, then every contact of theirs, then what was there before and was not seen.

A run goes on where it stopped: each part of the staff keeps its cursor together with the page before it. It is as fast
as the platform's limit lets it be, and takes no more of the store at a time than a page.
"""

import concurrent.futures
import datetime as dt
import threading
import time
from typing import Any

from wellspring.channels.adapters.wecom import client
from wellspring.channels.adapters.wecom import contacts as platform
from wellspring.channels.contracts import Account, AccountKind, AccountState, SyncRun
from wellspring.channels.errors import AccountPaused, AccountUnknown, ChannelFailed, ChannelLimited, ChannelUnreachable, SyncRunning
from wellspring.channels.repo import contacts as rows
from wellspring.channels.repo import syncs
from wellspring.channels.service import accounts, corptags, group_lists, naming, paging, reconciling
from wellspring.channels.settings import ChannelsSettings
from wellspring.kernel import audit, failpoints, jobs
from wellspring.kernel.auth import SYSTEM, Principal
from wellspring.kernel.clock import SystemClock, to_millis
from wellspring.kernel.ids import new_id
from wellspring.kernel.jobs import Running
from wellspring.kernel.workspace import Workspace

JOB = "channels.sync"
# Small parts end at different times, so that all threads have work until the end.
_STAFF_PER_PLACE = 20
_UNSEEN_PIECE = 500
_BAD_CURSOR = 50100
_REPORT_SECONDS = 1.0
_LISTED_MAX = 50
# A limit that is over sooner is waited for; otherwise the job comes back.
_WAIT_SECONDS = 5
_PROBE_SECONDS = 1.0
_real = SystemClock()


def start(ws: Workspace, *, by: Principal, account_id: str, kind: str = "full") -> SyncRun:
    """Queues a run. Raises AccountUnknown, AccountPaused, SyncRunning."""
    account = accounts.get(ws, account_id)
    if account.kind is not AccountKind.WECOM:
        raise AccountUnknown
    if account.state is AccountState.PAUSED:
        raise AccountPaused(name=account.name)
    sync_id, now = new_id("syn"), ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, f"channels.sync.{account_id}")
        if syncs.open_run(tx, account_id) is not None:
            raise SyncRunning
        job_id = jobs.enqueue(ws, tx, JOB, {"sync_id": sync_id}, by=by)
        named = {"id": sync_id, "account_id": account_id, "kind": kind, "job_id": job_id, "started_at": now}
        syncs.add(tx, {**named, "state": "queued", "phase": "staff"})
        audit.append(ws.sql, tx, by=by, action="channels.sync.start", subject=account_id, at=now, detail={"sync_id": sync_id})
    return get(ws, sync_id)


def ask(ws: Workspace, *, by: Principal, account_id: str) -> str:
    """Queues a run unless one is under way; gives the job of whichever it is. Raises AccountUnknown, AccountPaused."""
    try:
        return start(ws, by=by, account_id=account_id).job_id
    except SyncRunning:
        return listing(ws, account_id)[0].job_id


def stop(ws: Workspace, *, by: Principal, account_id: str, sync_id: str) -> SyncRun:
    """Ends a run where it is; what it has taken stays. Raises AccountUnknown for an unknown run."""
    with ws.sql.write() as tx:
        row = syncs.get(tx, sync_id)
        if row is None or row["account_id"] != account_id:
            raise AccountUnknown
        if syncs.change(tx, sync_id, {"state": "stopped", "finished_at": ws.clock.now()}):
            jobs.cancel(ws, row["job_id"])
            audit.append(ws.sql, tx, by=by, action="channels.sync.stop", subject=sync_id, at=ws.clock.now())
    return get(ws, sync_id)


def get(ws: Workspace, sync_id: str) -> SyncRun:
    """One run. Raises AccountUnknown for an unknown one."""
    with ws.sql.read() as tx:
        row = syncs.get(tx, sync_id)
    if row is None:
        raise AccountUnknown
    return SyncRun(**row)


def listing(ws: Workspace, account_id: str | None) -> list[SyncRun]:
    """The newest runs."""
    with ws.sql.read() as tx:
        return [SyncRun(**row) for row in syncs.listing(tx, account_id, _LISTED_MAX)]


def start_nightly(running: Running) -> dict[str, Any]:
    """Starts a run for every account that makes calls and has none."""
    ws, started = running.workspace, 0
    for account in accounts.listing(ws, AccountKind.WECOM):
        if account.state is AccountState.ACTIVE and account.has_secret:
            try:
                start(ws, by=SYSTEM, account_id=account.id, kind="nightly")
            except SyncRunning:
                continue
            started += 1
    return {"started": started}


def run(running: Running) -> dict[str, Any]:
    """The job: goes on where the run is. Failures of the platform end the run with their code; limits postpone it."""
    ws, sync_id = running.workspace, running.body["sync_id"]
    with ws.sql.write() as tx:
        row = syncs.get(tx, sync_id)
        if row is None or not syncs.change(tx, sync_id, {"state": "running"}):
            return {"state": row["state"] if row is not None else "gone"}
    walk = _Walk(running, accounts.get(ws, row["account_id"]), sync_id)
    try:
        walk.run()
    except (ChannelLimited, ChannelUnreachable) as later:
        return _come_back(ws, sync_id, later)
    except (ChannelFailed, AccountPaused) as failure:
        code = failure.errcode if isinstance(failure, ChannelFailed) else None
        with ws.sql.write() as tx:
            syncs.change(tx, sync_id, {"state": "failed", "problem_code": code, "finished_at": ws.clock.now()})
        raise
    with ws.sql.write() as tx:
        syncs.change(tx, sync_id, {"state": "done", "phase": "done", "finished_at": ws.clock.now()})
        syncs.forget_places(tx, sync_id)
    done = get(ws, sync_id)
    return {"contacts": done.contacts, "changed": done.changed}


def _come_back(ws: Workspace, sync_id: str, later: ChannelFailed) -> dict[str, Any]:
    """The limit costs time and no attempt: the rest is a job of its own."""
    seconds = max(later.retry_seconds, _WAIT_SECONDS)
    with ws.sql.write() as tx:
        job_id = jobs.enqueue(ws, tx, JOB, {"sync_id": sync_id}, run_at=ws.clock.now() + dt.timedelta(seconds=seconds))
        syncs.change(tx, sync_id, {"state": "queued", "job_id": job_id, "problem_code": later.errcode})
    return {"state": "postponed", "seconds": seconds}


class _Walk:
    """One run in the hands of its job."""

    def __init__(self, running: Running, account: Account, sync_id: str) -> None:
        self._running = running
        self._ws: Workspace = running.workspace
        self._account = account
        self._sync_id = sync_id
        self._stopping = threading.Event()

    def run(self) -> None:
        """The phases, each from where it is."""
        phase = self._run().phase
        if phase == "staff":
            self._staff()
            phase = "contacts"
        if phase == "contacts":
            self._contacts()
            self._enter("unseen")
        self._unseen()

    def _run(self) -> SyncRun:
        return get(self._ws, self._sync_id)

    def _enter(self, phase: str) -> None:
        with self._ws.sql.write() as tx:
            syncs.change(tx, self._sync_id, {"phase": phase})

    def _staff(self) -> None:
        """Who may have contacts, and the parts in which theirs are walked."""
        ws, account = self._ws, self._account
        userids = sorted(set(platform.staff(ws, account)))
        names = _names(ws, account)
        parts = [userids[place : place + _STAFF_PER_PLACE] for place in range(0, len(userids), _STAFF_PER_PLACE)]
        now, kind = ws.clock.now(), self._run().kind
        with ws.sql.write() as tx:
            naming.staff_ids(ws, tx, account.id, userids)
            naming.look_again(ws, tx, account.id)
            known = {row["userid"] for row in rows.staff(tx, account.id)}
            rows.change_staff(tx, account.id, userids, {"can_contact": True, "is_active": True, "synced_at": now})
            rows.change_staff(tx, account.id, known - set(userids), {"can_contact": False, "synced_at": now})
            for userid in known & names.keys():
                rows.change_staff(tx, account.id, [userid], {"name": names[userid]})
            syncs.add_places(
                tx, [{"sync_id": self._sync_id, "number": number, "userids": part, "cursor": ""} for number, part in enumerate(parts)]
            )
            syncs.change(tx, self._sync_id, {"phase": "contacts", "total": len(parts)})
            if kind == "full":
                # Groups are listed by their owners, so they wait for the staff; every night they have jobs of their own.
                for job in (corptags.JOB, group_lists.JOB):
                    jobs.enqueue(ws, tx, job, {"account_id": account.id})
        failpoints.hit("channels.sync.staff")

    def _contacts(self) -> None:
        with self._ws.sql.read() as tx:
            places = syncs.places(tx, self._sync_id)
        threads = self._ws.settings.get(ChannelsSettings).sync_threads
        with concurrent.futures.ThreadPoolExecutor(threads, thread_name_prefix="channels-sync") as pool:
            waiting = {pool.submit(self._place, row["number"], list(row["userids"]), row["cursor"]) for row in places}
            try:
                while waiting:
                    ended, waiting = concurrent.futures.wait(
                        waiting, timeout=_REPORT_SECONDS, return_when=concurrent.futures.FIRST_EXCEPTION
                    )
                    self._report(len(waiting))
                    for one in ended:
                        one.result()
            except BaseException:
                self._stopping.set()
                for one in waiting:
                    one.cancel()
                raise

    def _report(self, left: int) -> None:
        run = self._run()
        done = max(run.total - left, 0)
        with self._ws.sql.write() as tx:
            syncs.change(tx, self._sync_id, {"done": done})
        self._running.progress(done=done, total=run.total, note=f"{run.contacts} 位客户 / contacts")

    def _place(self, number: int, userids: list[str], cursor: str) -> None:
        waited = False
        while not self._stopping.is_set():
            asked_real = to_millis(_real.now()) * 1000
            try:
                pairs, following = platform.page(self._ws, self._account, userids, cursor)
            except ChannelLimited as limited:
                # Another thread may be finding out at this moment that the limit is over.
                if limited.retry_seconds > _WAIT_SECONDS and waited:
                    raise
                waited = True
                self._stopping.wait(min(limited.retry_seconds, _PROBE_SECONDS))
                continue
            except ChannelFailed as failure:
                if failure.errcode == _BAD_CURSOR and cursor:
                    # A cursor lives for hours, a run may rest longer: this part begins again.
                    cursor = ""
                    continue
                raise
            waited = False
            place = paging.Place(self._sync_id, number, following, is_done=not following)
            taken = paging.take(self._ws, self._account, pairs, place, asked_real=asked_real)
            for external_userid in taken.ask_again:
                reconciling.contact(self._ws, self._account, external_userid, sync_id=self._sync_id)
            if not following:
                return
            cursor = following

    def _unseen(self) -> None:
        """What was there and was not seen is asked for by itself, and ended where the platform says so."""
        ws, run = self._ws, self._run()
        with ws.sql.read() as tx:
            userids = [row["userid"] for row in rows.staff(tx, self._account.id) if row["can_contact"]]
        reported = time.monotonic()
        seen: set[str] = set()
        while True:
            with ws.sql.read() as tx:
                piece = syncs.unseen(tx, self._account.id, self._sync_id, userids, before=run.started_at, limit=_UNSEEN_PIECE)
            fresh = [external_userid for external_userid in piece if external_userid not in seen]
            if not fresh:
                return
            for external_userid in fresh:
                seen.add(external_userid)
                reconciling.contact(ws, self._account, external_userid, sync_id=self._sync_id)
                if time.monotonic() - reported > _REPORT_SECONDS:
                    reported = time.monotonic()
                    self._report(0)


def _names(ws: Workspace, account: Account) -> dict[str, str]:
    """Names of staff where the application may read them; newer ones may not (page 90200 of 2022)."""
    try:
        answer = client.call(ws, account, "user/simplelist", query={"department_id": 1, "fetch_child": 1})
    except ChannelFailed:
        return {}
    return {str(one.get("userid")): str(one.get("name") or "")[:64] for one in answer.get("userlist") or []}
