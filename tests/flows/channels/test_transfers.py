"""Hand-over: planned with reasons, asked for once, followed until every customer is done, refused or full; statistics of staff."""

import datetime as dt
import itertools

import pytest

from tests.support.corps import Corp, corp
from wellspring.channels import api as channels
from wellspring.channels import errors
from wellspring.channels.contracts import RelationState
from wellspring.channels.contracts.transfers import TransferDraft, TransferKind, TransferState
from wellspring.channels.rules.transfers import spans
from wellspring.kernel.auth import SYSTEM

__all__ = ["corp"]


@pytest.fixture(autouse=True)
def _staffed(corp: Corp) -> None:
    corp.hire("anna", "bo")


def _draft(corp: Corp, *contacts: str, kind: TransferKind = TransferKind.ON_JOB) -> TransferDraft:
    return TransferDraft(corp.account_id, kind, "anna", "bo", contacts, "新同事为您服务")


def _states(corp: Corp, transfer_id: str) -> dict[str, TransferState]:
    return {one.external_userid: one.state for one in channels.transfer_customers(corp.ws, transfer_id=transfer_id).rows}


class TestOnTheJob:
    def test_everybody_is_handed_over_after_a_day(self, corp: Corp) -> None:
        contacts = [corp.befriend("anna", name) for name in ("wang", "li")]
        made = channels.start_transfer(corp.ws, by=SYSTEM, draft=_draft(corp))
        corp.hear()
        assert _states(corp, made.id) == dict.fromkeys(contacts, TransferState.WAITING)
        named = channels.contact_names(corp.ws, account_id=corp.account_id, external_userids=[contacts[0], "nobody"])
        assert named == {contacts[0]: "w***"}
        corp.advance(hours=25)
        corp.hear()
        corp.advance(hours=2)
        ended = channels.transfer(corp.ws, transfer_id=made.id)
        assert (_states(corp, made.id), ended.ended_at is not None) == (dict.fromkeys(contacts, TransferState.DONE), True)

    def test_an_unanswered_call_is_found_and_not_made_again(self, corp: Corp) -> None:
        contact = corp.befriend("anna", "wang")
        corp.spoil("cut", "transfer_customer")
        made = channels.start_transfer(corp.ws, by=SYSTEM, draft=_draft(corp, contact))
        corp.hear()
        corp.advance(minutes=30)
        assert _states(corp, made.id) == {contact: TransferState.WAITING}

    def test_one_that_was_never_taken_is_asked_for_again(self, corp: Corp) -> None:
        contact = corp.befriend("anna", "wang")
        corp.spoil("page", "transfer_customer")
        made = channels.start_transfer(corp.ws, by=SYSTEM, draft=_draft(corp, contact))
        corp.hear()
        for _ in range(4):
            corp.advance(minutes=10)
        assert _states(corp, made.id) == {contact: TransferState.WAITING}

    def test_whoever_cannot_be_handed_over_is_named_with_the_reason(self, corp: Corp) -> None:
        mine, other = corp.befriend("anna", "wang"), corp.befriend("bo", "li")
        planned = channels.plan_transfer(corp.ws, draft=_draft(corp, mine, other))
        assert planned.external_userids == (mine,)
        assert [(one[0], one[1]) for one in planned.left_out] == [(other, "not_followed")]
        channels.start_transfer(corp.ws, by=SYSTEM, draft=_draft(corp, mine))
        with pytest.raises(errors.TransferEmpty):
            channels.start_transfer(corp.ws, by=SYSTEM, draft=_draft(corp, mine))

    def test_a_customer_who_refuses_stays(self, corp: Corp) -> None:
        contact = corp.befriend("anna", "wang")
        made = channels.start_transfer(corp.ws, by=SYSTEM, draft=_draft(corp, contact))
        corp.hear()
        corp.sim.act("refuse_transfer", person="owang")
        corp.advance(hours=2)
        assert _states(corp, made.id) == {contact: TransferState.REFUSED}


class TestAfterLeaving:
    def test_customers_of_one_who_left_wait_and_are_handed_over(self, corp: Corp) -> None:
        contacts = sorted(corp.befriend("anna", name) for name in ("wang", "li"))
        corp.sim.act("staff_leaves", userid="anna")
        assert sorted(one.external_userid for one in channels.unassigned(corp.ws, account_id=corp.account_id)) == contacts
        made = channels.start_transfer(corp.ws, by=SYSTEM, draft=_draft(corp, kind=TransferKind.RESIGNED))
        corp.hear()
        assert _states(corp, made.id) == dict.fromkeys(contacts, TransferState.WAITING)
        assert channels.unassigned(corp.ws, account_id=corp.account_id) == []
        corp.sim.act("refuse_transfer", person="oli")
        corp.advance(hours=25)
        corp.hear()
        corp.advance(hours=2)
        wang, li = corp.person("wang"), corp.person("li")
        assert _states(corp, made.id) == {wang: TransferState.DONE, li: TransferState.REFUSED}
        assert channels.transfer(corp.ws, transfer_id=made.id).ended_at is not None
        assert [one.external_userid for one in channels.unassigned(corp.ws, account_id=corp.account_id)] == [li]
        # The truth of the platform is what is known here.
        corp.reconcile(wang)
        following = {one.userid: one.state for one in channels.relations_of(corp.ws, member_no=corp.number(wang))}
        assert following["bo"] is RelationState.FOLLOWING
        assert following["anna"] is not RelationState.FOLLOWING

    def test_one_who_is_still_there_is_not_handed_over_as_if_gone(self, corp: Corp) -> None:
        contact = corp.befriend("anna", "wang")
        made = channels.start_transfer(corp.ws, by=SYSTEM, draft=_draft(corp, contact, kind=TransferKind.RESIGNED))
        corp.hear()
        [row] = channels.transfer_customers(corp.ws, transfer_id=made.id).rows
        assert (row.state, row.error_code) == (TransferState.FAILED, 40097)


class TestGroups:
    def test_groups_of_one_who_left_get_another_owner(self, corp: Corp) -> None:
        chats = [corp.sim.act("create_group", owner="anna", name=name)["chat_id"] for name in ("一群", "二群")]
        corp.sim.act("staff_leaves", userid="anna")
        failed = channels.hand_over_groups(
            corp.ws, by=SYSTEM, account_id=corp.account_id, kind=TransferKind.RESIGNED, chat_ids=[*chats, "wr-none"], new_owner="bo"
        )
        assert set(failed) == {"wr-none"}
        assert {corp.external.groups[chat].owner for chat in chats} == {"bo"}

    def test_a_group_on_the_job_moves_twice_in_ninety_days_and_no_more(self, corp: Corp) -> None:
        corp.hire("chen")
        chat = str(corp.sim.act("create_group", owner="anna", name="一群")["chat_id"])

        def moved(to: str) -> dict[str, int]:
            return channels.hand_over_groups(
                corp.ws, by=SYSTEM, account_id=corp.account_id, kind=TransferKind.ON_JOB, chat_ids=[chat], new_owner=to
            )

        assert (moved("bo"), moved("chen")) == ({}, {})
        assert set(moved("anna")) == {chat}
        assert corp.external.groups[chat].owner == "chen"

    def test_who_has_not_left_keeps_the_group(self, corp: Corp) -> None:
        chat = str(corp.sim.act("create_group", owner="anna", name="一群")["chat_id"])
        failed = channels.hand_over_groups(
            corp.ws, by=SYSTEM, account_id=corp.account_id, kind=TransferKind.RESIGNED, chat_ids=[chat], new_owner="bo"
        )
        assert failed == {chat: 90500}


class TestStaffDays:
    def test_closed_days_are_fetched_for_each_member(self, corp: Corp) -> None:
        corp.befriend("anna", "wang")
        corp.know_staff("anna", "bo")
        corp.advance(days=1, hours=2)
        channels.sync_staff_days(corp.ws, by=SYSTEM, account_id=corp.account_id)
        corp.hear()
        today = corp.ws.clock.now().date()
        rows = channels.staff_days(corp.ws, by=SYSTEM, account_id=corp.account_id, first=today - dt.timedelta(days=3), last=today)
        assert sum(row.new_contacts for row in rows if row.userid == "anna") == 1
        assert sum(row.new_contacts for row in rows if row.userid == "bo") == 0

    def test_days_are_asked_for_in_pieces_that_the_platform_takes(self) -> None:
        today = dt.date(2026, 3, 18)
        found = spans(dt.date(2025, 1, 1), today, today)
        assert found[0][0] == today - dt.timedelta(days=180)
        assert found[-1][1] == today - dt.timedelta(days=1)
        assert all((end - start).days < 30 for start, end in found)
        assert all(one[0] == before[1] + dt.timedelta(days=1) for before, one in itertools.pairwise(found))
