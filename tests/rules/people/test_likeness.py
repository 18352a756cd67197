"""What members are compared by: names, birthdays and addresses in one form each, and when a likeness is worth a question."""

import pytest

from wellspring.people.contracts import Agreement, IdentityKind
from wellspring.people.rules import likeness
from wellspring.people.rules.belonging import may_be_one
from wellspring.people.rules.identities import limits_with

SAME, CLOSE, PART, DIFFERS, UNKNOWN = Agreement


@pytest.mark.parametrize(
    ("name", "family", "given"),
    [
        ("王伟", "王", "伟"),
        ("欧阳娜娜", "欧阳", "娜娜"),
        (" 张 晓明 ", "张", "晓明"),
        ("王女士", "王", None),
        ("欧阳先生", "欧阳", None),
        ("张**", "张", None),
        ("Ann Lee", "lee", "ann"),
        ("LEE, Ann", "lee", "ann"),
        ("Ann", None, "ann"),
        ("Ａｎｎ　Ｌｅｅ", "lee", "ann"),
        ("", None, None),
        ("**", None, None),
    ],
)
def test_names_are_split_as_they_are_written(name: str, family: str | None, given: str | None) -> None:
    assert likeness.split_name(name) == (family, given)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1990-03-08", "19900308"),
        ("1990/3/8", "19900308"),
        ("19900308", "19900308"),
        ("1990年3月8日", "19900308"),
        ("1990-03-08T00:00:00Z", "19900308"),
        (19900308, "19900308"),
        ("03-08", None),
        ("", None),
        (None, None),
    ],
)
def test_birthdays_have_one_form(value: object, expected: str | None) -> None:
    assert likeness.birthday(value) == expected


def test_an_address_is_its_words_and_numbers() -> None:
    one, other = (likeness.address_words(text) or [] for text in ("杭州市西湖区文三路 99号2幢", "西湖区文三路99号"))
    assert set(other) <= set(one)
    assert {"文三", "三路", "99"} <= set(other)
    assert likeness.address_words("12 Milne Cove") == ["12", "cove", "milne"]
    assert likeness.address_words(" ") is None
    assert likeness.address_parts("文三路99号") == {"address": "文三路99号"}
    told = likeness.address_parts('{"street": "12 Milne Cove", "city": "Perth", "postalCode": "6000"}')
    assert told == {"address": "12 Milne Cove", "city": "Perth", "postcode": "6000"}


def test_a_member_becomes_a_row() -> None:
    values = {"name": "王伟", "birthday": "1990-03-08", "city": "上海市"}
    row = likeness.columns(7, full=1, values=values, phones=["+8613800138000", "+8613900139000"], emails=["wang.wei@example.com"])
    assert (row.phone, row.phone_tail, row.mailbox, row.city) == ("+8613900139000", "9000", "wang.wei", "上海")
    assert likeness.says_anything(row)
    assert not likeness.says_anything(likeness.columns(8, full=0, values={"city": "上海"}, phones=[], emails=[]))


@pytest.mark.parametrize(
    ("agreements", "worth"),
    [
        ({"given": SAME, "birthday": SAME}, True),
        ({"given": CLOSE, "place": SAME}, True),
        ({"phone": CLOSE, "family": SAME}, True),
        # Thousands share these.
        ({"family": SAME, "birthday": SAME, "place": SAME}, False),
        ({"given": SAME, "birthday": DIFFERS}, False),
        ({"given": SAME, "birthday": PART, "phone": UNKNOWN}, False),
    ],
)
def test_one_field_that_agrees_is_a_coincidence(agreements: dict[str, Agreement], worth: bool) -> None:
    assert likeness.is_worth_asking(agreements) is worth


def test_n02_two_accounts_are_never_one() -> None:
    limits = limits_with({})
    user, union, card = IdentityKind.USER_ID, IdentityKind.UNIONID, IdentityKind.CARD_NO
    assert not may_be_one({user: {b"1"}}, {user: {b"2"}}, limits=limits)
    assert not may_be_one({union: {b"1"}, card: {b"3"}}, {union: {b"2"}}, limits=limits)
    assert may_be_one({user: {b"1"}}, {union: {b"2"}}, limits=limits)
    assert may_be_one({card: {b"1"}}, {card: {b"2"}}, limits=limits)


def test_what_is_shown_of_a_field_is_what_it_was_read_from() -> None:
    masks = {"name": "王*", "生日": "1990-03-08", "城市": "上海", "zip": "200000", "address": "****"}
    assert [likeness.shown(field, masks) for field in likeness.Field] == ["王*", "王*", None, None, "1990-03-08", "****", "200000 · 上海"]
