"""A walk through the corp: everything is there once, it goes on where it stopped, and what is gone is ended."""

import datetime as dt
from typing import Any

import pytest

from tests.support.corps import Corp, corp
from tests.support.door import opened, told
from wecom_simulator.external import friends
from wellspring.activity import api as activity
from wellspring.channels import api as channels
from wellspring.channels import errors
from wellspring.channels.adapters.wecom import contacts as platform
from wellspring.channels.contracts import RelationState, SyncRun
from wellspring.channels.repo import browsing
from wellspring.channels.service import paging, syncing
from wellspring.kernel import bus, jobs
from wellspring.kernel.auth import SYSTEM
from wellspring.organization import api as organization
from wellspring.organization.contracts import StaffDraft, UnitDraft, UnitKind
from wellspring.people import api as people

__all__ = ["corp"]


@pytest.fixture(autouse=True)
def _peopled(corp: Corp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncing, "_STAFF_PER_PLACE", 2)
    corp.sim.act("bulk_people", count=900, staff=7)


def _sync(corp: Corp) -> SyncRun:
    channels.start_sync(corp.ws, by=SYSTEM, account_id=corp.account_id)
    jobs.run_due(corp.ws)
    corp.work()
    return _newest(corp)


def _newest(corp: Corp) -> SyncRun:
    """The newest run that somebody asked for: the nightly one runs beside it."""
    return next(run for run in channels.syncs(corp.ws, corp.account_id) if run.kind == "full")


def _known(corp: Corp) -> set[tuple[str, str]]:
    wanted = browsing.Wanted(None, None, None, None, None, None, 5_000)
    with corp.ws.sql.read() as tx:
        ids = [row["external_userid"] for row in browsing.contacts(tx, wanted)]
    found = set()
    for external_userid in ids:
        contact = channels.contact(corp.ws, external_userid)
        assert contact is not None
        found |= {(external_userid, one.userid) for one in contact.relations if one.state == RelationState.FOLLOWING}
    return found


def _truth(corp: Corp) -> set[tuple[str, str]]:
    books = friends.of(corp.sim.corp).books
    return {(one, userid) for userid, book in books.items() for one, relation in book.relations.items() if relation.by_staff}


class TestSync:
    def test_everything_is_there_once(self, corp: Corp) -> None:
        run = _sync(corp)
        assert (run.state, run.contacts, run.changed, run.done) == ("done", 900, 900, run.total)
        assert _known(corp) == _truth(corp)
        assert people.last_member_no(corp.ws) == 900
        member_no = channels.contact(corp.ws, next(iter(_truth(corp)))[0]).member_no  # type: ignore[union-attr]
        [event] = activity.timeline(corp.ws, member_no=member_no).rows
        assert (event.kind, event.is_historical) == ("Contact Added", True)
        assert sum(one.contacts for one in channels.staff_of(corp.ws, corp.account_id)) == 900

    def test_what_is_history_is_not_told_as_news(self, corp: Corp) -> None:
        _sync(corp)
        with corp.ws.sql.read() as tx:
            told = bus.since(tx, "channels.contact_added", 0, limit=2_000)
        # Those of the last day before the account was connected may be callbacks that never came.
        assert len(told) <= 5
        assert all(body["is_historical"] for _, body in told)

    def test_a_second_walk_changes_nothing(self, corp: Corp) -> None:
        _sync(corp)
        corp.advance(days=1)
        run = _sync(corp)
        assert (run.contacts, run.changed) == (900, 0)

    def test_it_goes_on_where_it_stopped(self, corp: Corp, monkeypatch: pytest.MonkeyPatch) -> None:
        ended: list[str] = []
        take = paging.take

        def dies(ws: Any, account: Any, pairs: Any, *rest: Any, **more: Any) -> Any:
            # Several threads walk at once: it is a page with contacts that is lost, after another was kept.
            if pairs and ended == ["kept"]:
                ended.append("died")
                raise RuntimeError("the machine is gone")
            taken = take(ws, account, pairs, *rest, **more)
            if pairs and not ended:
                ended.append("kept")
            return taken

        monkeypatch.setattr(paging, "take", dies)
        channels.start_sync(corp.ws, by=SYSTEM, account_id=corp.account_id)
        jobs.run_due(corp.ws)
        halfway = _newest(corp)
        assert (halfway.state, 0 < halfway.contacts < 900) == ("running", True)
        corp.advance(minutes=1)
        jobs.run_due(corp.ws)
        run = _newest(corp)
        # A page that was lost with the machine was not counted, and none is counted twice.
        assert (run.state, run.contacts) == ("done", 900)
        assert _known(corp) == _truth(corp)

    def test_a_limit_postpones_it_and_spends_no_attempt(self, corp: Corp) -> None:
        corp.spoil("rate", "batch/get_by_user")
        run = _sync(corp)
        assert (run.state, run.problem_code) == ("queued", 45009)
        corp.advance(minutes=2)
        jobs.run_due(corp.ws)
        run = _newest(corp)
        assert (run.state, run.contacts) == ("done", 900)

    def test_who_was_deleted_unheard_is_found(self, corp: Corp) -> None:
        _sync(corp)
        external_userid, userid = next(iter(_truth(corp)))
        corp.advance(hours=5)
        corp.sim.act("delete_customer", userid=userid, external_userid=external_userid)
        run = _sync(corp)
        assert run.state == "done"
        [relation] = channels.contact(corp.ws, external_userid).relations  # type: ignore[union-attr]
        assert (relation.state, relation.ended_at) == (RelationState.DELETED, corp.ws.clock.now())
        with corp.ws.sql.read() as tx:
            [(_, body)] = bus.since(tx, "channels.contact_lost", 0, limit=10)
        assert (body["reason"], body["external_userid"]) == ("staff_deleted", external_userid)

    def test_the_late_callback_of_what_was_found_tells_nothing_twice(self, corp: Corp) -> None:
        opened(corp)
        _sync(corp)
        corp.told.clear()
        external_userid, userid = next(iter(_truth(corp)))
        at = corp.ws.clock.now() + dt.timedelta(hours=5)
        corp.advance(hours=5)
        corp.sim.act("delete_customer", userid=userid, external_userid=external_userid)
        corp.advance(hours=1)
        _sync(corp)
        told(corp)
        [relation] = channels.contact(corp.ws, external_userid).relations  # type: ignore[union-attr]
        assert (relation.state, relation.ended_at) == (RelationState.DELETED, at)
        with corp.ws.sql.read() as tx:
            assert len(bus.since(tx, "channels.contact_lost", 0, limit=10)) == 1

    def test_one_at_a_time_and_stopped_by_hand(self, corp: Corp) -> None:
        run = channels.start_sync(corp.ws, by=SYSTEM, account_id=corp.account_id)
        with pytest.raises(errors.SyncRunning):
            channels.start_sync(corp.ws, by=SYSTEM, account_id=corp.account_id)
        assert channels.ask_sync(corp.ws, by=SYSTEM, account_id=corp.account_id) == run.job_id
        assert channels.stop_sync(corp.ws, by=SYSTEM, account_id=corp.account_id, sync_id=run.id).state == "stopped"
        jobs.run_due(corp.ws)
        assert _newest(corp).state == "stopped"
        assert _newest(corp).contacts == 0

    def test_a_refusal_ends_it_with_its_code(self, corp: Corp) -> None:
        for app in corp.sim.corp.apps.values():
            app.permissions = frozenset()
        run = _sync(corp)
        assert (run.state, run.problem_code) == ("failed", 48002)


class TestPages:
    def test_a_truth_taken_meanwhile_is_not_overwritten(self, corp: Corp) -> None:
        _sync(corp)
        userid = next(iter(_truth(corp)))[1]
        account = channels.account(corp.ws, corp.account_id)
        pairs, _ = platform.page(corp.ws, account, [userid], "")
        external_userid = pairs[0][0].external_userid
        corp.sim.act("edit_remark", userid=userid, external_userid=external_userid, remark="新备注")
        assert channels.reconcile_contact(corp.ws, account_id=corp.account_id, external_userid=external_userid)
        stale = [pair for pair in pairs if pair[0].external_userid == external_userid]
        taken = paging.take(corp.ws, account, stale, paging.Place("none", 0, "", is_done=True), asked_real=0)
        assert (taken.changed, taken.ask_again) == (0, [external_userid])
        assert channels.contact(corp.ws, external_userid).relations[0].remark_masked == "新**"  # type: ignore[union-attr]


class TestStaff:
    def test_a_userid_is_found_by_itself_or_as_a_code_whatever_the_capitals(self, corp: Corp) -> None:
        corp.hire("g0001", "g0002", "g0003", "nobody")
        unit = organization.create_unit(corp.ws, by=SYSTEM, draft=UnitDraft("HQ", "总部", UnitKind.HEADQUARTERS))
        by_code = organization.add_staff(corp.ws, by=SYSTEM, draft=StaffDraft("G0001", "林晓"), unit_id=unit.id)
        of_code_two = organization.add_staff(corp.ws, by=SYSTEM, draft=StaffDraft("G0002", "陈雨"), unit_id=unit.id)
        by_userid = organization.add_staff(corp.ws, by=SYSTEM, draft=StaffDraft("A7", "周禾", wecom_userid="G0002"), unit_id=unit.id)
        _sync(corp)
        known = channels.staff_ids(corp.ws, corp.account_id)
        # What somebody wrote down as the userid counts for more than a code that looks like it.
        assert (known.get("g0001"), known.get("g0002")) == (by_code.id, by_userid.id)
        assert of_code_two.id not in known.values()
        assert known.get("nobody") is None
        # Whoever comes into the organisation later is found by the next walk.
        late = organization.add_staff(corp.ws, by=SYSTEM, draft=StaffDraft("G0003", "许言"), unit_id=unit.id)
        _sync(corp)
        assert channels.staff_ids(corp.ws, corp.account_id)["g0003"] == late.id
