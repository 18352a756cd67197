"""Consent and reach as sets say of every member what `may_contact` says of one; on each engine."""

import datetime as dt
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.people import NOON, OPERATOR, claim, identity, member_id, resolve, who
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import ConsentState, ConsentWord, Decision
from wellspring.people.service import standing

_PLACES = itertools.count(1)
_CHANNELS = ("sms", "email", "wecom", "letter")


def say(ws: Workspace, number: int, state: str, *, channel: str = "sms", address: str | None = None, explicit: bool = False) -> None:
    named = None if address is None else identity(address)
    word = ConsentWord("marketing", channel, ConsentState(state), NOON, "list", "v1", named, explicit)
    people.put_consent(ws, by=OPERATOR, member_id=member_id(ws, number), word=word)


def agrees(ws: Workspace, numbers: list[int]) -> None:
    active = set(people.active_members(ws))
    for channel in _CHANNELS:
        alone = {
            one for one in numbers if one in active and people.may_contact(ws, member_no=one, purpose="marketing", channel=channel).allowed
        }
        assert set(people.consented(ws, "marketing", channel)) & set(numbers) == alone, channel


def test_reach_needs_an_address_and_a_subscription(ws: Workspace) -> None:
    first, second, third, fourth = (who(ws, f"user_id:u{n}", *(["phone:1380000000" + str(n)] if n < 4 else [])) for n in range(1, 5))
    say(ws, first, "subscribed", address="phone:13800000001")
    say(ws, second, "unsubscribed")
    say(ws, third, "subscribed", explicit=True)
    say(ws, fourth, "subscribed", explicit=True)
    assert set(people.consented(ws, "marketing", "sms")) == {first, third, fourth}
    assert set(people.reachable(ws, "sms")) == {first, third}
    agrees(ws, [first, second, third, fourth])
    say(ws, fourth, "unsubscribed")
    assert fourth not in people.consented(ws, "marketing", "sms")


def test_a_merge_moves_what_was_said_and_an_erasure_ends_it(ws: Workspace) -> None:
    kept, lost = who(ws, "user_id:a"), who(ws, "phone:13800000001")
    say(ws, lost, "subscribed", address="phone:13800000001")
    before = people.version(ws)
    assert set(people.reachable(ws, "sms")) == {lost}
    resolve(ws, claim("user_id:a", "phone:13800000001"))
    assert people.version(ws) != before
    assert set(people.reachable(ws, "sms")) == {kept}
    assert set(people.active_members(ws)) == {kept}
    people.erase(ws, by=OPERATOR, member_id=member_id(ws, kept))
    assert not people.reachable(ws, "sms")
    assert not people.active_members(ws)


def test_homes_and_the_identified(ws: Workspace) -> None:
    known, browser = who(ws, "user_id:a"), who(ws, "anonymous_id:b1")
    before = people.version(ws)
    people.change(ws, by=OPERATOR, member_id=member_id(ws, known), home_unit_id="unit_1", moves=True)
    assert people.version(ws) != before
    assert set(people.served_by(ws, ["unit_1", "unit_2"])) == {known}
    assert {unit: set(numbers) for unit, numbers in people.served_by_unit(ws).items()} == {"unit_1": {known}}
    assert set(people.identified_members(ws)) == {known}
    assert set(people.active_members(ws)) == {known, browser}


def test_a_list_that_is_imported_in_silence_changes_the_version(ws: Workspace) -> None:
    number = who(ws, "user_id:a", "phone:13800000001")
    before = people.version(ws)
    word = ConsentWord("marketing", "sms", ConsentState.SUBSCRIBED, NOON, "list", "v1", identity("phone:13800000001"))
    people.put_consents(ws, by=OPERATOR, words=[([identity("user_id:a")], word)], historical=True, import_id="imp_1")
    assert people.version(ws) != before
    assert set(people.reachable(ws, "sms")) == {number}
    assert people.consents_known(ws) == [("marketing", "sms")]


@st.composite
def _stories(draw: st.DrawFn) -> list[tuple[int, str, str, bool, bool, int]]:
    said = st.tuples(
        st.integers(0, 3),
        st.sampled_from(_CHANNELS),
        st.sampled_from([state.value for state in ConsentState]),
        st.booleans(),
        st.booleans(),
        st.integers(0, 5),
    )
    return draw(st.lists(said, max_size=12))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=_stories(), joins=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=2))
def test_sets_agree_with_single_answers(
    ws: Workspace, story: list[tuple[int, str, str, bool, bool, int]], joins: list[tuple[int, int]]
) -> None:
    place = next(_PLACES)
    phones = [f"phone:139{place:04d}{n:04d}" for n in range(4)]
    numbers = [who(ws, phones[n], f"email:e{place}-{n}@example.com") for n in range(4)]
    agrees(ws, numbers)
    for n, channel, state, explicit, is_person, day in story:
        address = None if is_person else identity(phones[n] if channel in ("sms", "wecom", "letter") else f"email:e{place}-{n}@example.com")
        word = ConsentWord("marketing", channel, ConsentState(state), NOON - dt.timedelta(days=day), "t", "v", address, explicit)
        people.put_consent(ws, by=OPERATOR, member_id=member_id(ws, numbers[n]), word=word)
        if day > 2:
            agrees(ws, numbers)
    for one, other in joins:
        held = people.holders_of(ws, member_nos=[numbers[one], numbers[other]])
        if held[0] != held[1]:
            people.merge(ws, by=OPERATOR, ids=[member_id(ws, number) for number in held])
        agrees(ws, numbers)
    agrees(ws, numbers)
    anew = {channel: people.reachable(ws, channel) for channel in _CHANNELS}
    standing._kept.pop(ws.sql)
    assert {channel: people.reachable(ws, channel) for channel in _CHANNELS} == anew
    for channel in _CHANNELS:
        assert people.reachable(ws, channel) <= people.consented(ws, "marketing", channel) <= people.active_members(ws)


def test_a_channel_without_addresses_is_about_the_person(ws: Workspace) -> None:
    number = who(ws, "user_id:a")
    say(ws, number, "subscribed", channel="letter", explicit=True)
    assert set(people.reachable(ws, "letter")) == {number}
    with pytest.raises(KeyError):
        people.served_by_unit(ws)["nowhere"]


def test_a_move_of_an_identifier_takes_what_was_said_along(ws: Workspace) -> None:
    first, second = who(ws, "user_id:a", "phone:13800000001"), who(ws, "user_id:b")
    say(ws, first, "subscribed", address="phone:13800000001")
    assert set(people.reachable(ws, "sms")) == {first}
    resolve(ws, claim("user_id:b", "phone:13800000001"))
    (conflict,) = people.conflicts(ws, by=OPERATOR).rows
    people.decide(ws, by=OPERATOR, conflict_id=conflict.id, decision=Decision.MOVE_IDENTITY)
    agrees(ws, [first, second])
    assert set(people.reachable(ws, "sms")) == {second}


def test_an_import_of_statements_that_is_taken_back(ws: Workspace) -> None:
    number = who(ws, "user_id:a", "phone:13800000001")
    word = ConsentWord("marketing", "sms", ConsentState.SUBSCRIBED, NOON, "list", "v1", identity("phone:13800000001"))
    people.put_consents(ws, by=OPERATOR, words=[([identity("user_id:a")], word)], historical=True, import_id="imp_1")
    assert set(people.reachable(ws, "sms")) == {number}
    say(ws, number, "subscribed", channel="email", explicit=True)
    people.undo_import(ws, by=OPERATOR, import_id="imp_1")
    assert not people.reachable(ws, "sms")
    agrees(ws, [number])


def test_sources_are_read_once_per_number(ws: Workspace) -> None:
    first, second = who(ws, "user_id:a", source="tmall"), who(ws, "phone:13800000001", source="wecom")
    assert {name: set(numbers) for name, numbers in standing.sources(ws).items()} == {"tmall": {first}, "wecom": {second}}
    third = who(ws, "user_id:c", source="wecom")
    resolve(ws, claim("user_id:a", "phone:13800000001"))
    assert {name: set(numbers) for name, numbers in standing.sources(ws).items() if numbers} == {"tmall": {first}, "wecom": {third}}
    assert {name: set(numbers) for name, numbers in people.members_by_source(ws, by=OPERATOR).items()} == {
        "tmall": {first},
        "wecom": {third},
    }
