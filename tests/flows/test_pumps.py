"""Pumps: woken at once, never behind a job, and run where the virtual clock settles."""

import threading
import time
from collections.abc import Iterator

import pytest

from wellspring.app.worker import Worker
from wellspring.kernel import jobs, pumps
from wellspring.kernel.workspace import Installation, Workspace


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the pump of these tests still has to take."""
    waiting: list[str] = []
    monkeypatch.setattr(pumps, "_pumps", {})

    def step(_workspace: Workspace) -> int:
        taken = len(waiting)
        waiting.clear()
        return taken

    pumps.register("tests.pump", step)
    return waiting


@pytest.fixture
def worker(place: Installation, workspace: Workspace, rows: list[str]) -> Iterator[Worker]:
    assert workspace.slug in place.slugs()
    assert rows == []
    worker = Worker(place)
    worker.start()
    yield worker
    worker.stop()


@pytest.mark.usefixtures("worker")
class TestPumps:
    def test_rows_are_taken_while_every_job_thread_is_busy(self, workspace: Workspace, rows: list[str]) -> None:
        release, started = threading.Event(), threading.Semaphore(0)

        def block(_running: jobs.Running) -> None:
            started.release()
            release.wait(30)

        jobs.register("tests.block", block)
        with workspace.sql.write() as tx:
            for _ in range(2):
                jobs.enqueue(workspace, tx, "tests.block", {})
        try:
            assert all(started.acquire(timeout=20) for _ in range(2))
            rows.append("callback")
            pumps.wake("tests.pump")
            _until_empty(rows)
        finally:
            release.set()

    def test_rows_of_which_nobody_told_are_found_too(self, rows: list[str]) -> None:
        rows.append("of another process")
        _until_empty(rows)


def test_a_settling_worker_pumps(place: Installation, workspace: Workspace, rows: list[str]) -> None:
    rows.append("callback")
    Worker(place).settle(workspace)
    assert rows == []


def test_waking_what_nobody_registered_is_harmless() -> None:
    pumps.wake("tests.nobody")


def _until_empty(rows: list[str]) -> None:
    for _ in range(2_000):
        if not rows:
            return
        time.sleep(0.01)
    raise AssertionError("the pump never took the rows")
