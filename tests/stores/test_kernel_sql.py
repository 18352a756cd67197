"""The kernel's tables on each engine: transactions, outbox, jobs, audit chain, sets, files, settings, backup."""

import dataclasses
import datetime as dt
import os
import threading
from pathlib import Path
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from wellspring.kernel import audit, bus, jobs, sets
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.errors import NotFound, StoreUnavailable
from wellspring.kernel.settings import WorkspaceSettings, setting_table
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace


@dataclasses.dataclass(frozen=True)
class Happened:
    name: ClassVar[str] = "probe.happened"
    number: int


def _names(workspace: Workspace) -> list[str]:
    with workspace.sql.read() as tx:
        return list(tx.execute(sa.select(setting_table.c.group).order_by(setting_table.c.group)).scalars())


def _add(tx: Tx, name: str) -> None:
    tx.execute(sa.insert(setting_table).values(group=name, value={}))


class TestTransactions:
    def test_a_nested_write_joins_the_outer_one(self, workspace: Workspace) -> None:
        with pytest.raises(RuntimeError), workspace.sql.write() as tx:
            _add(tx, "outer")
            with workspace.sql.write() as inner:
                _add(inner, "inner")
            raise RuntimeError
        assert _names(workspace) == []

    def test_a_read_inside_a_write_sees_it(self, workspace: Workspace) -> None:
        with workspace.sql.write() as tx:
            _add(tx, "a")
            assert _names(workspace) == ["a"]

    def test_a_write_inside_a_read_is_a_defect(self, workspace: Workspace) -> None:
        with workspace.sql.read(), pytest.raises(AssertionError), workspace.sql.write():
            pass

    def test_a_read_is_a_snapshot(self, workspace: Workspace) -> None:
        def add() -> None:
            with workspace.sql.write() as tx:
                _add(tx, "later")

        with workspace.sql.read():
            assert _names(workspace) == []
            thread = threading.Thread(target=add)
            thread.start()
            thread.join()
            assert _names(workspace) == []
        assert _names(workspace) == ["later"]

    def test_after_commit_runs_only_when_committed(self, workspace: Workspace) -> None:
        ran: list[str] = []
        with workspace.sql.write():
            workspace.sql.after_commit(lambda: ran.append("yes"))
            assert ran == []
        with pytest.raises(RuntimeError), workspace.sql.write():
            workspace.sql.after_commit(lambda: ran.append("no"))
            raise RuntimeError
        assert ran == ["yes"]

    def test_r9_writers_queue_instead_of_failing(self, workspace: Workspace) -> None:
        with workspace.sql.write() as tx:
            tx.execute(sa.insert(setting_table).values(group="count", value={"n": 0}))

        def add() -> None:
            with workspace.sql.write() as tx:
                workspace.sql.lock(tx, "count")
                n = tx.execute(sa.select(setting_table.c.value)).scalar_one()["n"]
                tx.execute(sa.update(setting_table).values(value={"n": n + 1}))

        threads = [threading.Thread(target=add) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with workspace.sql.read() as tx:
            assert tx.execute(sa.select(setting_table.c.value)).scalar_one() == {"n": 20}

    def test_an_unreachable_database_is_told_as_such(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: object) -> None:
            raise sa.exc.OperationalError("INSERT", {}, Exception("database or disk is full"))

        with pytest.raises(StoreUnavailable, match="full"), workspace.sql.write():
            full()


class TestOutbox:
    def _tell(self, workspace: Workspace, *numbers: int) -> None:
        with workspace.sql.write() as tx:
            bus.tell(workspace.sql, tx, *(Happened(number) for number in numbers), at=workspace.clock.now())

    def test_every_subscriber_gets_every_event_once_and_in_order(self, workspace: Workspace) -> None:
        seen: dict[str, list[int]] = {"a": [], "b": []}
        readers = [
            bus.Subscriber(name, frozenset({"probe.happened"}), lambda _w, _t, body, name=name: seen[name].append(body["number"]))
            for name in seen
        ]
        self._tell(workspace, *range(450))
        assert bus.deliver(workspace, readers, now=workspace.clock.now) == 900
        self._tell(workspace, 450)
        assert bus.deliver(workspace, readers, now=workspace.clock.now) == 2
        assert seen == {"a": list(range(451)), "b": list(range(451))}

    def test_who_is_not_concerned_is_moved_past_without_being_asked(self, workspace: Workspace) -> None:
        seen: list[int] = []
        deaf = bus.Subscriber("deaf", frozenset({"probe.other"}), lambda *_: pytest.fail("asked"))
        keen = bus.Subscriber("keen", frozenset({"probe.happened"}), lambda _w, _t, body: seen.append(body["number"]))
        self._tell(workspace, *range(3))
        assert bus.deliver(workspace, [deaf, keen], now=workspace.clock.now) == 3
        self._tell(workspace, *range(3, 1203))
        assert bus.deliver(workspace, [deaf, keen], now=workspace.clock.now) == 1200
        self._tell(workspace, 1203)
        assert bus.deliver(workspace, [deaf, keen], now=workspace.clock.now) == 1
        assert seen == list(range(1204))
        with workspace.sql.read() as tx:
            places = set(tx.execute(sa.select(bus.subscriber_table.c.last_id)).scalars())
        assert len(places) == 1

    def test_nothing_is_told_by_a_transaction_that_failed(self, workspace: Workspace) -> None:
        with pytest.raises(RuntimeError), workspace.sql.write() as tx:
            bus.tell(workspace.sql, tx, Happened(1), at=workspace.clock.now())
            raise RuntimeError
        reader = bus.Subscriber("a", frozenset({"probe.happened"}), lambda *_: pytest.fail("told"))
        assert bus.deliver(workspace, [reader], now=workspace.clock.now) == 0

    def test_a_failing_event_waits_and_is_put_aside_in_the_end(self, workspace: Workspace, clock: VirtualClock) -> None:
        seen: list[int] = []

        def handler(_workspace: Any, tx: Tx, body: dict[str, Any]) -> None:
            _add(tx, f"tried-{body['number']}")
            if body["number"] == 2:
                raise ValueError
            seen.append(body["number"])

        reader = bus.Subscriber("a", frozenset({"probe.happened"}), handler)
        self._tell(workspace, 1, 2, 3)
        for _ in range(12):
            bus.deliver(workspace, [reader], now=clock.now)
            clock.move_to(clock.now() + dt.timedelta(minutes=10))
        assert seen == [1, 3]
        assert _names(workspace) == ["tried-1", "tried-3"]
        with workspace.sql.read() as tx:
            assert tx.execute(sa.select(bus.aside_table.c.error)).scalars().all() == ["ValueError: "]


class TestJobs:
    def test_progress_result_and_failure(self, workspace: Workspace, clock: VirtualClock) -> None:
        def work(running: jobs.Running) -> dict[str, Any]:
            running.progress(done=5, total=10, note="half")
            if running.body.get("fails"):
                raise NotFound
            return {"rows": 10}

        jobs.register("probe.work", work)
        with workspace.sql.write() as tx:
            good = jobs.enqueue(workspace, tx, "probe.work", {})
            bad = jobs.enqueue(workspace, tx, "probe.work", {"fails": True})
            later = jobs.enqueue(workspace, tx, "probe.work", {}, run_at=clock.now() + dt.timedelta(days=1))
        jobs.run_due(workspace)
        assert (jobs.get(workspace, good).state, jobs.get(workspace, good).result, jobs.get(workspace, good).done) == (
            "done",
            {"rows": 10},
            5,
        )
        assert jobs.get(workspace, bad).state == "failed"
        assert (jobs.get(workspace, bad).error or {})["code"] == "kernel.not_found"
        assert jobs.get(workspace, later).state == "queued"
        clock.move_to(clock.now() + dt.timedelta(days=1))
        jobs.run_due(workspace)
        assert jobs.get(workspace, later).state == "done"

    def test_i28_a_lost_lease_is_retried_and_its_old_worker_fenced(self, workspace: Workspace, clock: VirtualClock) -> None:
        outcomes: list[str] = []

        def work(running: jobs.Running) -> None:
            if not outcomes:
                outcomes.append("first died")
                clock.move_to(clock.now() + dt.timedelta(minutes=5))
                jobs.run_due(workspace)
                with pytest.raises(jobs.LeaseLost):
                    running.progress(done=1)
                raise jobs.LeaseLost
            outcomes.append("second finished")

        jobs.register("probe.lease", work)
        with workspace.sql.write() as tx:
            job_id = jobs.enqueue(workspace, tx, "probe.lease", {})
        jobs.run_due(workspace)
        assert outcomes == ["first died", "second finished"]
        assert (jobs.get(workspace, job_id).state, jobs.get(workspace, job_id).attempts) == ("done", 2)

    def test_a_defect_is_retried_with_pauses_then_failed_without_quoting_it(self, workspace: Workspace, clock: VirtualClock) -> None:
        def work(_running: jobs.Running) -> None:
            raise ValueError("13812345678")

        jobs.register("probe.defect", work)
        with workspace.sql.write() as tx:
            job_id = jobs.enqueue(workspace, tx, "probe.defect", {})
        for _ in range(10):
            jobs.run_due(workspace)
            clock.move_to(clock.now() + dt.timedelta(hours=1))
        job = jobs.get(workspace, job_id)
        assert (job.state, job.attempts) == ("failed", 5)
        assert "138" not in str(job.error)

    def test_cancel(self, workspace: Workspace) -> None:
        def work(running: jobs.Running) -> None:
            jobs.cancel(workspace, running.id)
            running.progress(done=1)

        jobs.register("probe.cancel", work)
        with workspace.sql.write() as tx:
            job_id = jobs.enqueue(workspace, tx, "probe.cancel", {})
        jobs.run_due(workspace)
        assert jobs.get(workspace, job_id).state == "cancelled"


def _audited(workspace: Workspace, count: int) -> None:
    for number in range(count):
        with workspace.sql.write() as tx:
            audit.append(
                workspace.sql,
                tx,
                by=SYSTEM,
                action="probe.did",
                subject=f"s{number}",
                at=workspace.clock.now(),
                detail={"n": number, "汉": "字"},
            )


class TestAudit:
    def test_a_whole_chain_verifies(self, workspace: Workspace) -> None:
        _audited(workspace, 5)
        verdict = audit.verify(workspace.sql)
        assert (verdict.is_whole, verdict.checked) == (True, 5)

    @pytest.mark.parametrize(
        "verb", ["UPDATE kernel_audit SET action = 'x' WHERE sequence = 3", "DELETE FROM kernel_audit WHERE sequence = 3"]
    )
    def test_i4_the_database_itself_refuses_changes(self, workspace: Workspace, verb: str) -> None:
        _audited(workspace, 5)
        with pytest.raises(sa.exc.DBAPIError, match="only grows"), workspace.sql.write() as tx:
            tx.execute(sa.text(verb))

    @pytest.mark.parametrize(
        ("attack", "broken_at"),
        [
            (["UPDATE kernel_audit SET action = 'x' WHERE sequence = 3"], 3),
            (["UPDATE kernel_audit SET detail = '{}' WHERE sequence = 1"], 1),
            (["DELETE FROM kernel_audit WHERE sequence = 3"], 3),
            (["DELETE FROM kernel_audit WHERE sequence = 3", "UPDATE kernel_audit SET sequence = 3 WHERE sequence = 4"], 3),
            ([f"UPDATE kernel_audit SET sequence = {to} WHERE sequence = {at}" for at, to in ((2, 99), (4, 2), (99, 4))], 2),
        ],
    )
    def test_i30_s11_alteration_deletion_and_reordering_are_found(self, workspace: Workspace, attack: list[str], broken_at: int) -> None:
        _audited(workspace, 5)
        with workspace.sql.write() as tx:
            _drop_triggers(workspace, tx)
            for statement in attack:
                tx.execute(sa.text(statement))
        assert audit.verify(workspace.sql).broken_at == broken_at

    def test_s11_a_cut_tail_is_found_by_the_head_kept_elsewhere(self, workspace: Workspace) -> None:
        _audited(workspace, 5)
        head = audit.verify(workspace.sql).head
        with workspace.sql.write() as tx:
            _drop_triggers(workspace, tx)
            tx.execute(sa.text("DELETE FROM kernel_audit WHERE sequence = 5"))
        cut = audit.verify(workspace.sql)
        assert cut.is_whole
        assert cut.head != head

    def test_pages_and_filters(self, workspace: Workspace) -> None:
        _audited(workspace, 7)
        first = audit.listing(workspace.sql, limit=3)
        rest = audit.listing(workspace.sql, limit=10, cursor=first.next_cursor)
        assert [row.sequence for row in [*first.rows, *rest.rows]] == [7, 6, 5, 4, 3, 2, 1]
        assert [row.subject for row in audit.listing(workspace.sql, action="probe.", subject="s2").rows] == ["s2"]
        assert audit.listing(workspace.sql, actor="nobody").rows == []


def _drop_triggers(workspace: Workspace, tx: Tx) -> None:
    if workspace.sql.is_sqlite:
        for verb in ("UPDATE", "DELETE"):
            tx.execute(sa.text(f"DROP TRIGGER kernel_audit_no_{verb}"))
    else:
        tx.execute(sa.text("DROP TRIGGER kernel_audit_grows ON kernel_audit"))


CHANGES = st.lists(st.tuples(st.sets(st.integers(1, 500), max_size=40), st.sets(st.integers(1, 500), max_size=40)), max_size=45)


class TestSets:
    # One run per engine, each with a workspace of its own, is what is meant by the executors that differ.
    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors])
    @given(CHANGES)
    def test_base_and_deltas_equal_a_plain_set(self, workspace: Workspace, changes: list[tuple[set[int], set[int]]]) -> None:
        model: set[int] = set()
        with workspace.sql.write() as tx:
            sets.remove(tx, "probe")
            for added, removed in changes:
                sets.change(tx, "probe", add=BitMap(added), remove=BitMap(removed))
                model = (model - removed) | added
            assert set(sets.read(tx, "probe")) == model

    def test_names(self, workspace: Workspace) -> None:
        with workspace.sql.write() as tx:
            for name in ("tag:b", "tag:a", "tag_x"):
                sets.put(tx, name, BitMap([1]))
            assert sets.names(tx, "tag:") == ["tag:a", "tag:b"]


class TestFiles:
    def test_content_is_sealed_at_rest_and_reads_back(self, workspace: Workspace, installation: Any) -> None:
        plain = b"phone 13812345678\n" * 50_000
        stored = workspace.files.put([plain[:1000], plain[1000:]], name="a.csv", media_type="text/csv", purpose="probe")
        assert stored.size_bytes == len(plain)
        assert b"".join(workspace.files.read(stored.id)) == plain
        for path in Path(workspace.files._root).iterdir():
            assert b"13812345678" not in path.read_bytes()

    @pytest.mark.parametrize("size", [0, 1, 256 * 1024, 256 * 1024 + 1, 700_000])
    def test_a_sealed_file_can_be_sought_in(self, workspace: Workspace, size: int) -> None:
        plain = os.urandom(size)
        stored = workspace.files.put([plain], name="a.parquet", media_type="b", purpose="probe")
        with workspace.files.seekable(stored.id) as opened:
            assert opened.seek(0, os.SEEK_END) == size
            for start, length in ((0, 10), (max(size - 8, 0), 100), (size // 2, size), (256 * 1024 - 3, 6), (size + 5, 1)):
                opened.seek(start)
                assert opened.read(length) == plain[start : start + length]

    def test_a_source_that_fails_leaves_nothing(self, workspace: Workspace) -> None:
        def broken() -> Any:
            yield b"x" * 10
            raise OSError(28, "No space left on device")

        with pytest.raises(StoreUnavailable):
            workspace.files.put(broken(), name="a", media_type="b", purpose="probe")
        assert list(Path(workspace.files._root).iterdir()) == []

    def test_expiry(self, workspace: Workspace, clock: VirtualClock) -> None:
        stored = workspace.files.put([b"x"], name="a", media_type="b", purpose="probe", expires_at=clock.now() + dt.timedelta(hours=1))
        assert workspace.files.delete_expired() == 0
        clock.move_to(clock.now() + dt.timedelta(hours=2))
        assert workspace.files.delete_expired() == 1
        with pytest.raises(NotFound):
            workspace.files.get(stored.id)


def test_settings_have_defaults_and_refuse_nonsense(workspace: Workspace) -> None:
    assert workspace.settings.get(WorkspaceSettings).time_zone == "Asia/Shanghai"
    workspace.settings.put(WorkspaceSettings(name="春山", currency="EUR"))
    workspace.settings.put(WorkspaceSettings(name="春山", currency="JPY"))
    assert workspace.settings.get(WorkspaceSettings).currency == "JPY"
    with pytest.raises(ValueError, match="currency"):
        WorkspaceSettings(currency="yuan")
