"""Identifiers are unique, well formed, and never one of the values that mean nobody."""

import re

import phonenumbers
import pytest

from wecom_simulator.town import names

PEOPLE = 5_000

FORMS = {
    "phone": (lambda n: names.phone(7, n), r"1[3-9]\d{9}"),
    "openid": (lambda n: names.openid(7, "wx1", n), r"o[\w-]{27}"),
    "unionid": (lambda n: names.unionid(7, n), r"o6[\w-]{26}"),
    "external_userid": (lambda n: names.external_userid(7, n), r"wm[\w-]{30}"),
    "device": (lambda n: names.device(7, n, 0), r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}"),
    "buyer": (lambda n: names.buyer("tmall", 7, n), r"TM[0-9a-f]{18}"),
    "card": (names.card, r"8866\d{8}"),
    "account": (names.account, r"HY\d{8,}"),
    "email": (lambda n: names.email(7, n), r"[a-z0-9]+@example\.com"),
}


@pytest.mark.parametrize("kind", FORMS)
def test_identifiers_have_their_form_and_never_meet(kind: str) -> None:
    give, form = FORMS[kind]
    values = [give(number) for number in range(PEOPLE)]
    assert len(set(values)) == PEOPLE
    assert all(re.fullmatch(form, value) for value in values)


def test_phones_are_valid_chinese_mobiles() -> None:
    for number in range(0, PEOPLE, 10):
        parsed = phonenumbers.parse(names.phone(7, number), "CN")
        assert phonenumbers.is_valid_number(parsed)
        assert phonenumbers.number_type(parsed) is phonenumbers.PhoneNumberType.MOBILE


def test_two_apps_know_a_person_by_different_openids() -> None:
    assert names.openid(7, "wx1", 5) != names.openid(7, "wx2", 5)


def test_names_are_chinese_of_two_or_three_characters() -> None:
    given = [names.given_name(7, "customer", number) for number in range(PEOPLE)]
    assert all(re.fullmatch(r"[\u4e00-\u9fff]{2,3}", name) for name in given)
    assert len(set(given)) > PEOPLE / 2
