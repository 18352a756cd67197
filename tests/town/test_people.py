"""Identities: scattered as promised, never invalid, with families, recycled numbers and lent cards among them."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.town.conftest import CUSTOMERS, OPENS_ON, Told
from wecom_simulator.town import people as folk
from wecom_simulator.town.actions import Kind
from wecom_simulator.town.days import Town

NOBODY = {"", "null", "none", "0000", "anonymous", "-1", "undefined"}


def _identities(told: Told) -> Iterator[tuple[int, str, str, str]]:
    """Every identity that was told: person, kind, namespace, value."""
    for action in told.actions:
        body: Any = action.body
        if action.kind is Kind.MESSAGE:
            for kind in ("userId", "anonymousId"):
                if kind in body:
                    yield action.person, kind, "", body[kind]
            for outside in body.get("context", {}).get("externalIds", []):
                yield action.person, outside["type"], outside.get("namespace", ""), outside["id"]
            for kind in ("phone", "email"):
                if kind in body.get("traits", {}):
                    yield action.person, kind, "", body["traits"][kind]
        elif action.kind is Kind.ORDER:
            for identity in body.get("buyer", {}).get("identities", []):
                yield action.person, identity["kind"], identity.get("namespace", ""), identity["value"]


def test_no_identity_is_a_value_that_means_nobody(told: Told) -> None:
    seen = 0
    for _, kind, _, value in _identities(told):
        seen += 1
        assert value.lower() not in NOBODY
        assert not re.fullmatch(r"0*", value), kind
    assert seen > 10_000


def test_every_message_names_somebody(told: Told) -> None:
    ids = set()
    for action in told.of(Kind.MESSAGE):
        assert action.body.get("userId") or action.body.get("anonymousId")
        ids.add(action.body["messageId"])
    assert len(ids) == len(told.of(Kind.MESSAGE))


def test_identities_belong_to_one_person_unless_the_truth_says_shared(told: Told) -> None:
    owners: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for person, kind, namespace, value in _identities(told):
        owners[kind, namespace, value].add(person)
    people = told.town.people
    shared = {key: persons for key, persons in owners.items() if len(persons) > 1}
    assert {kind for kind, _, _ in shared} <= {"phone", "card_no"}
    assert shared
    for (kind, _, _), persons in shared.items():
        households = {int(people.household[person]) for person in persons}
        assert len(households) == 1, kind


def test_kinds_come_in_their_shares() -> None:
    people = Town(7, OPENS_ON, 12_000).people
    shares = np.bincount(people.kind) / len(people)
    np.testing.assert_allclose(shares, folk._KIND_SHARES, atol=0.015)
    first_year = people.joined_day < 365
    assert 11_700 < first_year.sum() < 12_300
    assert ((people.recycled_phone & first_year).sum()) > 15
    assert ((people.lent_card & first_year).sum()) > 5
    families = (people.phone_number_of != np.arange(len(people))) & ~people.recycled_phone
    assert 100 < (families & first_year).sum() < 800


def test_visitors_are_never_known(told: Told) -> None:
    people = told.town.people
    for person, kind, _, _ in _identities(told):
        if people.kind[person] == folk.VISITOR:
            assert kind in {"anonymousId", "external_userid"}


def test_some_people_stay_in_pieces(told: Told) -> None:
    """There are shop customers whose pseudonym is never bound, though they register: nobody can join them."""
    people = told.town.people
    apart = people.tmall & (people.registered_day < folk.NEVER) & (people.tmall_bound_day >= folk.NEVER) & ~people.shows_phone
    assert apart[:CUSTOMERS].sum() > 50


def test_nothing_is_known_of_a_person_before_the_first_visit(told: Told) -> None:
    people = told.town.people
    for day, actions in enumerate(told.days):
        for action in actions:
            assert people.first_seen_day[action.person] <= day


def test_a_registered_account_is_not_named_before_it_registers(told: Told) -> None:
    people = told.town.people
    for day, actions in enumerate(told.days):
        for action in actions:
            if action.kind is Kind.MESSAGE and "userId" in action.body:
                assert people.registered_day[action.person] <= day


def test_chinese_text_is_well_formed(told: Told) -> None:
    traits = [action.body["traits"] for action in told.of(Kind.MESSAGE) if action.body["type"] == "identify"]
    named: list[Any] = [each for each in traits if each]
    assert len(named) > 300
    for each in named:
        assert re.fullmatch(r"[\u4e00-\u9fff]{2,3}", each["name"])
        assert each["gender"] in {"男", "女"}
        assert re.fullmatch(r"[\u4e00-\u9fff]{2,4}", each["city"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", each["birthday"])
    for action in told.actions:
        text = str(action.body)
        assert "\ufffd" not in text
        text.encode("utf-8")


def test_consents_name_a_registered_member_and_end_in_withdrawal(told: Told) -> None:
    consents: list[Any] = [action.body for action in told.of(Kind.CONSENT)]
    assert {consent["state"] for consent in consents} == {"subscribed", "unsubscribed"}
    for consent in consents:
        assert consent["identity"]["kind"] == "user_id"
        assert consent["purpose"] == "marketing"
        assert re.fullmatch(r"1\d{10}", consent["address"])
