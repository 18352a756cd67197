"""Group sends over real HTTP: made once, confirmed by staff, asked, reminded, recalled; faults end as they must."""

import dataclasses
import uuid

import pytest
from pyroaring import BitMap

from tests.support.corps import Corp, corp
from wecom_simulator.endpoints.app_messages import AppMessages
from wellspring.channels import api as channels
from wellspring.channels.api import sends
from wellspring.channels.contracts.sends import Channel, OutcomeState, Parcel, ReceiptState, Recipient
from wellspring.channels.errors import ChannelFailed
from wellspring.channels.service import settling
from wellspring.content.contracts import Body
from wellspring.kernel.auth import SYSTEM

__all__ = ["corp"]


def _people(corp: Corp, *names: str, userid: str = "anna") -> list[Recipient]:
    if userid not in corp.sim.corp.staff:
        corp.hire(userid)
    found = [corp.befriend(userid, name) for name in names]
    return [Recipient(corp.number(one), one) for one in found]


def _parcel(corp: Corp, recipients: list[Recipient], **changes: object) -> Parcel:
    plain = Parcel(uuid.uuid4().hex, Channel.WECOM, corp.account_id, "anna", Body("上新啦"), tuple(recipients), marketing=True)
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


def _asked(corp: Corp, provider_id: str, channel: Channel = Channel.WECOM) -> dict[str, tuple[ReceiptState, str]]:
    found = sends.ask(corp.ws, channel=channel, account_id=corp.account_id, provider_id=provider_id)
    return {one.address: (one.state, one.reason) for one in found}


class TestGroupSend:
    def test_a_task_waits_for_staff_and_then_is_sent(self, corp: Corp) -> None:
        wang, li = _people(corp, "wang", "li")
        outcome = sends.deliver(corp.ws, _parcel(corp, [wang, li]))
        assert (outcome.state, outcome.refused) == (OutcomeState.ACCEPTED, ())
        # Still being given out: nothing is known, and that is no trouble.
        assert _asked(corp, outcome.provider_id) == {}
        corp.advance(seconds=5)
        assert _asked(corp, outcome.provider_id) == {one.address: (ReceiptState.WAITING, "") for one in (wang, li)}
        corp.sim.act("confirm_task", userid="anna", msgid=outcome.provider_id)
        assert _asked(corp, outcome.provider_id) == {one.address: (ReceiptState.SENT, "") for one in (wang, li)}

    def test_d05_exactly_those_that_failed_are_told(self, corp: Corp) -> None:
        wang, li, zhao = _people(corp, "wang", "li", "zhao")
        corp.sim.act("delete_staff", person="owang", userid="anna")
        outcome = sends.deliver(corp.ws, _parcel(corp, [wang, li, zhao]))
        assert outcome.refused == ((wang.member_no, "channels.not_taken"),)
        corp.advance(seconds=5)
        corp.sim.act("delete_staff", person="oli", userid="anna")
        corp.sim.act("confirm_task", userid="anna", msgid=outcome.provider_id)
        assert _asked(corp, outcome.provider_id) == {
            li.address: (ReceiptState.FAILED, "channels.not_connected"),
            zhao.address: (ReceiptState.SENT, ""),
        }

    def test_who_is_over_the_platforms_limit_is_told_so(self, corp: Corp) -> None:
        corp.sim.corp.settings.sends_per_day = 1
        [wang] = _people(corp, "wang")
        told = []
        for _ in range(2):
            outcome = sends.deliver(corp.ws, _parcel(corp, [wang]))
            corp.advance(seconds=5)
            corp.sim.act("confirm_task", userid="anna", msgid=outcome.provider_id)
            told.append(_asked(corp, outcome.provider_id)[wang.address])
        assert told == [(ReceiptState.SENT, ""), (ReceiptState.FAILED, "channels.over_platform_limit")]

    def test_reminders_have_the_platforms_limit_and_a_recall_stops_what_is_unsent(self, corp: Corp) -> None:
        [wang] = _people(corp, "wang")
        outcome = sends.deliver(corp.ws, _parcel(corp, [wang]))
        corp.advance(seconds=5)
        named = {"channel": Channel.WECOM, "account_id": corp.account_id, "provider_id": outcome.provider_id}
        for _ in range(sends.capabilities(corp.ws)[Channel.WECOM].reminders_max):
            sends.remind(corp.ws, **named)
        with pytest.raises(ChannelFailed) as refused:
            sends.remind(corp.ws, **named)
        assert refused.value.errcode == 41094
        sends.recall(corp.ws, **named)
        sends.recall(corp.ws, **named)
        assert corp.external.masses[outcome.provider_id].is_cancelled

    def test_d01_one_key_is_one_task_however_often_it_is_handed_over(self, corp: Corp) -> None:
        parcel = _parcel(corp, _people(corp, "wang"))
        first = sends.deliver(corp.ws, parcel)
        assert sends.deliver(corp.ws, parcel) == first
        assert sends.outcome_of(corp.ws, parcel.key) == first
        assert len(corp.external.masses) == 1

    @pytest.mark.parametrize(
        ("changes", "problem"),
        [
            ({"recipients": ()}, "channels.batch_size"),
            ({"sender": ""}, "channels.sender_missing"),
            ({"body": Body("长" * 2_000)}, "channels.text_too_long"),
            ({"account_id": "acc_none"}, "channels.account_unknown"),
            ({"channel": Channel.SMS}, "channels.kind_mismatch"),
        ],
    )
    def test_what_no_provider_would_take_is_refused_before_any_call(self, corp: Corp, changes: dict[str, object], problem: str) -> None:
        parcel = dataclasses.replace(_parcel(corp, _people(corp, "wang")), **changes)  # type: ignore[arg-type]
        outcome = sends.deliver(corp.ws, parcel)
        assert (outcome.state, outcome.problem) == (OutcomeState.REFUSED, problem)
        assert not corp.external.masses


class TestFaults:
    """R5 to R7: an answer that never came is unknown, never failed; tokens and limits cost time and nobody's message."""

    @pytest.mark.parametrize("fault", ["cut", "page"])
    def test_d02_a_lost_answer_is_unknown_and_never_sent_again(self, corp: Corp, fault: str) -> None:
        parcel = _parcel(corp, _people(corp, "wang"))
        corp.spoil(fault, "add_msg_template")
        assert sends.deliver(corp.ws, parcel).state is OutcomeState.UNKNOWN
        assert sends.deliver(corp.ws, parcel).state is OutcomeState.UNKNOWN
        assert len(corp.external.masses) <= 1

    def test_r5_a_task_that_stands_there_is_found_and_one_that_does_not_stays_unknown(self, corp: Corp) -> None:
        recipients = _people(corp, "wang")
        # Somebody else's task of the same text, before: known, so it is nobody's lost one.
        sends.deliver(corp.ws, _parcel(corp, recipients))
        made, never = _parcel(corp, recipients), _parcel(corp, recipients, body=Body("从未发出"))
        for fault, parcel in (("cut", made), ("rate", never)):
            corp.spoil(fault, "add_msg_template")
            outcome = sends.deliver(corp.ws, parcel)
            assert outcome.state is (OutcomeState.UNKNOWN if parcel is made else OutcomeState.LATER)
        corp.advance(minutes=3)
        assert settling.settle(corp.ws) == 1
        known = sends.outcome_of(corp.ws, made.key)
        assert known is not None
        assert known.state is OutcomeState.ACCEPTED
        assert list(_asked(corp, known.provider_id).values()) == [(ReceiptState.WAITING, "")]
        assert settling.settle(corp.ws) == 0

    def test_r6_a_token_that_ends_in_between_loses_and_doubles_nobody(self, corp: Corp) -> None:
        recipients = _people(corp, "wang", "li")
        corp.spoil("token", "add_msg_template")
        for one in recipients:
            assert sends.deliver(corp.ws, _parcel(corp, [one])).state is OutcomeState.ACCEPTED
        assert len(corp.external.masses) == len(recipients)

    def test_r7_and_d11_a_used_up_limit_delays_and_spends_nothing(self, corp: Corp) -> None:
        parcel = _parcel(corp, _people(corp, "wang"))
        corp.spoil("rate", "add_msg_template")
        later = sends.deliver(corp.ws, parcel)
        assert later.state is OutcomeState.LATER
        assert later.retry_seconds > 0
        # Others are told without a call; another API is not concerned.
        assert sends.deliver(corp.ws, _parcel(corp, list(parcel.recipients))).state is OutcomeState.LATER
        corp.advance(seconds=later.retry_seconds + 1)
        assert sends.deliver(corp.ws, parcel).state is OutcomeState.ACCEPTED
        assert len(corp.external.masses) == 1

    def test_a_busy_platform_is_asked_later(self, corp: Corp) -> None:
        parcel = _parcel(corp, _people(corp, "wang"))
        corp.spoil("busy", "add_msg_template", times=10)
        assert sends.deliver(corp.ws, parcel).state is OutcomeState.LATER

    def test_a_paused_account_sends_later(self, corp: Corp) -> None:
        parcel = _parcel(corp, _people(corp, "wang"))
        channels.pause_account(corp.ws, by=SYSTEM, account_id=corp.account_id)
        assert sends.deliver(corp.ws, parcel).state is OutcomeState.LATER
        channels.resume_account(corp.ws, by=SYSTEM, account_id=corp.account_id)
        assert sends.deliver(corp.ws, parcel).state is OutcomeState.ACCEPTED


class TestReach:
    def test_addresses_relations_and_consent_are_of_who_can_be_written_to(self, corp: Corp) -> None:
        wang, li = _people(corp, "wang", "li")
        corp.hire("bo")
        corp.advance(hours=1)
        corp.befriend("bo", "wang")
        both = BitMap([wang.member_no, li.member_no])
        found = sends.relations(corp.ws, account_id=corp.account_id, member_nos=both)
        rows = sorted(zip(found.members.tolist(), found.userids, found.is_owner.tolist(), strict=True))
        assert rows == sorted([(wang.member_no, "anna", True), (wang.member_no, "bo", False), (li.member_no, "anna", True)])
        named = sends.addresses(corp.ws, channel=Channel.WECOM, account_id=corp.account_id, member_nos=both, sender="bo")
        assert (named.members.tolist(), named.addresses) == ([wang.member_no], [wang.address])
        assert sends.reachable(corp.ws, Channel.WECOM, corp.account_id) == both
        assert sends.consenting(corp.ws, Channel.WECOM, "marketing") == both
        corp.sim.act("delete_staff", person="oli", userid="anna")
        corp.sim.act("delete_customer", userid="anna", external_userid=li.address)
        corp.reconcile(li.address)
        assert sends.reachable(corp.ws, Channel.WECOM, corp.account_id) == BitMap([wang.member_no])


class TestOtherWays:
    def test_a_group_send_goes_to_the_groups_of_their_owner(self, corp: Corp) -> None:
        [wang] = _people(corp, "wang")
        chat_id = corp.sim.act("create_group", owner="anna", name="会员群", people=["owang"])["chat_id"]
        parcel = _parcel(corp, [Recipient(wang.member_no, chat_id)], channel=Channel.WECOM_GROUP)
        outcome = sends.deliver(corp.ws, parcel)
        assert outcome.state is OutcomeState.ACCEPTED
        corp.advance(seconds=5)
        corp.sim.act("confirm_task", userid="anna", msgid=outcome.provider_id)
        assert _asked(corp, outcome.provider_id, Channel.WECOM_GROUP) == {chat_id: (ReceiptState.SENT, "")}

    def test_a_moment_is_made_by_a_job_and_seen_once_published(self, corp: Corp) -> None:
        wang, li = _people(corp, "wang", "li")
        parcel = _parcel(corp, [wang, li], channel=Channel.MOMENTS)
        outcome = sends.deliver(corp.ws, parcel)
        assert _asked(corp, outcome.provider_id, Channel.MOMENTS) == {}
        corp.advance(minutes=5)
        waiting = _asked(corp, outcome.provider_id, Channel.MOMENTS)
        assert waiting == {one.address: (ReceiptState.WAITING, "") for one in (wang, li)}
        [moment_id] = corp.external.moments
        corp.sim.act("publish_moment", userid="anna", moment_id=moment_id)
        assert {state for state, _ in _asked(corp, outcome.provider_id, Channel.MOMENTS).values()} == {ReceiptState.SENT}
        # The job is forgotten after a day; what it made is not.
        corp.advance(days=2)
        assert len(_asked(corp, outcome.provider_id, Channel.MOMENTS)) == 2
        sends.recall(corp.ws, channel=Channel.MOMENTS, account_id=corp.account_id, provider_id=outcome.provider_id)
        assert corp.external.moments[moment_id].is_cancelled

    def test_a_task_tells_the_guide_whom_to_turn_to(self, corp: Corp) -> None:
        recipients = _people(corp, "wang", "li")
        outcome = sends.deliver(corp.ws, _parcel(corp, recipients, channel=Channel.TASK, body=Body("请回访")))
        messages = corp.sim.corp.part(AppMessages)
        [sent] = messages.sent
        assert (outcome.state, sent.users, sent.content["content"]) == (OutcomeState.ACCEPTED, ("anna",), "请回访\n客户：wang、li")
        sends.recall(corp.ws, channel=Channel.TASK, account_id=corp.account_id, provider_id=outcome.provider_id)
        assert sent.is_recalled
