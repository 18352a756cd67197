"""P01–P03, N09 and P07 of consent, on each engine."""

import datetime as dt

import pytest

from tests.support.people import NOON, OPERATOR, claim, identity, member_id, resolve, told, who
from wellspring.kernel import audit
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import ConsentState, ConsentWord
from wellspring.people.errors import ConsentUnaddressed, MemberUnknown

PHONE = identity("phone:13800000001")
DAY = dt.timedelta(days=1)


@pytest.fixture
def number(ws: Workspace) -> int:
    return who(ws, "user_id:u1", "phone:13800000001")


def say(ws: Workspace, state: str, *, days: int = 0, explicit: bool = False) -> None:
    word = ConsentWord("marketing", "sms", ConsentState(state), NOON + days * DAY - 10 * DAY, "list", "v1", PHONE, explicit)
    assert people.put_consents(ws, by=OPERATOR, words=[([PHONE], word)]) == [None]


def state(ws: Workspace, number: int) -> ConsentState:
    return people.may_contact(ws, member_no=number, purpose="marketing", channel="sms").state


@pytest.mark.parametrize("said", list(ConsentState))
def test_p01_only_subscribed_may_be_contacted(ws: Workspace, number: int, said: ConsentState) -> None:
    say(ws, said.value)
    answer = people.may_contact(ws, member_no=number, purpose="marketing", channel="sms")
    assert (answer.state, answer.allowed) == (said, said is ConsentState.SUBSCRIBED)


def test_p01_silence_is_no_consent(ws: Workspace, number: int) -> None:
    answer = people.may_contact(ws, member_no=number, purpose="marketing", channel="sms")
    assert (answer.state, answer.allowed, answer.reason) == (ConsentState.UNKNOWN, False, "nothing_said")


def test_p02_pending_becomes_subscribed_only_by_confirmation(ws: Workspace, number: int) -> None:
    name = member_id(ws, number)
    with pytest.raises(ConsentUnaddressed):
        people.confirm_consent(ws, by=OPERATOR, member_id=name, purpose="marketing", channel="sms")
    say(ws, "pending", days=1)
    say(ws, "subscribed", days=2)
    assert state(ws, number) is ConsentState.PENDING
    (confirmed,) = people.confirm_consent(ws, by=OPERATOR, member_id=name, purpose="marketing", channel="sms", version="v2")
    assert (confirmed.state, confirmed.version, confirmed.address) == (ConsentState.SUBSCRIBED, "v2", "138****0001")
    assert state(ws, number) is ConsentState.SUBSCRIBED


def test_p03_a_list_imported_again_does_not_subscribe_the_unsubscribed(ws: Workspace, number: int) -> None:
    say(ws, "subscribed", days=1)
    say(ws, "unsubscribed", days=2)
    say(ws, "subscribed", days=5)
    assert state(ws, number) is ConsentState.UNSUBSCRIBED
    say(ws, "subscribed", days=1, explicit=True)
    assert state(ws, number) is ConsentState.UNSUBSCRIBED
    say(ws, "subscribed", days=6, explicit=True)
    assert state(ws, number) is ConsentState.SUBSCRIBED


def test_p07_every_change_has_actor_source_version_and_an_audit_entry(ws: Workspace, number: int) -> None:
    word = ConsentWord("marketing", "sms", ConsentState.UNSUBSCRIBED, NOON, "短信回复 T", "2026-01", PHONE)
    shown = people.put_consent(ws, by=OPERATOR, member_id=member_id(ws, number), word=word)
    assert [(one.actor, one.source, one.version, one.at) for one in shown] == [(OPERATOR.id, "短信回复 T", "2026-01", NOON)]
    (entry,) = audit.listing(ws.sql, action="people.consent").rows
    assert (entry.actor_id, entry.detail["state"], entry.detail["version"]) == (OPERATOR.id, "unsubscribed", "2026-01")
    assert [body["state"] for body in told(ws, "people.consent_changed")] == ["unsubscribed"]


def test_saying_the_same_again_tells_nothing(ws: Workspace, number: int) -> None:
    say(ws, "subscribed", days=1)
    say(ws, "subscribed", days=2)
    assert len(told(ws, "people.consent_changed")) == 1


def test_an_objection_without_an_address_holds_for_addresses_that_come_later(ws: Workspace, number: int) -> None:
    word = ConsentWord("marketing", "sms", ConsentState.UNSUBSCRIBED, NOON)
    people.put_consent(ws, by=OPERATOR, member_id=member_id(ws, number), word=word)
    resolve(ws, claim("user_id:u1", "phone:13900000001"))
    later = identity("phone:13900000001")
    subscribed = ConsentWord("marketing", "sms", ConsentState.SUBSCRIBED, NOON, address=later)
    people.put_consents(ws, by=OPERATOR, words=[([later], subscribed)])
    assert not people.may_contact(ws, member_no=number, purpose="marketing", channel="sms", address=later).allowed


def test_an_unknown_person_of_a_list_is_refused_alone(ws: Workspace, number: int) -> None:
    word = ConsentWord("marketing", "sms", ConsentState.SUBSCRIBED, NOON, address=PHONE)
    refused = people.put_consents(ws, by=OPERATOR, words=[([identity("user_id:nobody")], word), ([PHONE], word)])
    assert [one and one.code for one in refused] == ["people.member_unknown", None]
    with pytest.raises(MemberUnknown):
        people.put_consent(ws, by=OPERATOR, member_id="mem_none", word=word)
