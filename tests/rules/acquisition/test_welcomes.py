"""Which welcome is said, what one may hold, and texts with fields in a closed room."""

import datetime as dt

import pytest

from wellspring.acquisition.contracts.codes import Newness, Part, PartKind, Variant
from wellspring.acquisition.rules import naming, welcomes, wording

NOON = dt.datetime(2026, 3, 18, 12, tzinfo=dt.UTC)
LINK = Part(PartKind.LINK, title="会员商城", url="https://example.com/a")


class TestChosen:
    VARIANTS = (
        Variant("夜里好", start="22:00", end="08:00"),
        Variant("欢迎回来", newness=Newness.RETURNING),
        Variant("周末好", weekdays=(5, 6)),
        Variant("新朋友好", newness=Newness.NEW),
    )

    @pytest.mark.parametrize(
        ("local", "is_returning", "text"),
        [
            (NOON, False, "新朋友好"),
            (NOON, True, "欢迎回来"),
            (NOON.replace(hour=23), True, "夜里好"),
            (NOON.replace(hour=7, minute=59), False, "夜里好"),
            (NOON.replace(day=21), False, "周末好"),
        ],
    )
    def test_is_the_first_that_fits(self, local: dt.datetime, is_returning: bool, text: str) -> None:
        found = welcomes.chosen(self.VARIANTS, local=local, is_returning=is_returning)
        assert found is not None
        assert found.text == text

    def test_may_be_none(self) -> None:
        assert welcomes.chosen((Variant("x", newness=Newness.NEW),), local=NOON, is_returning=True) is None


class TestProblems:
    @pytest.mark.parametrize(
        "variant",
        [
            Variant(),
            Variant("  "),
            Variant("{{ contact.nam }}"),
            Variant("{{ contact.name"),
            Variant("{% include 'x' %}"),
            Variant("{{ 'now' | date: '%Y' }}"),
            Variant("好" * 1334),
            Variant("x", (LINK,) * 10),
            Variant("x", (Part(PartKind.IMAGE),)),
            Variant("x", (Part(PartKind.LINK, title="好" * 43, url="https://example.com"),)),
            Variant("x", (Part(PartKind.LINK, title="好", url="javascript:alert(1)"),)),
            Variant("x", (Part(PartKind.LINK, title="好", url="https://example.com", description="好" * 171),)),
            Variant("x", (Part(PartKind.MINIPROGRAM, title="好", appid="wx1", page="/a"),)),
            Variant("x", (Part(PartKind.MINIPROGRAM, title="好" * 22, appid="wx1", page="/a", file_id="f"),)),
            Variant("x", (Part(PartKind.COUPON),)),
            Variant("x", start="8:00"),
            Variant("x", weekdays=()),
        ],
    )
    def test_are_found_before_a_customer_sees_them(self, variant: Variant) -> None:
        fault = welcomes.problem_of([Variant("好"), variant])
        assert fault is not None
        assert fault[0] == 2
        assert all(fault[1])

    def test_what_fits_is_taken(self) -> None:
        image = Part(PartKind.IMAGE, file_id="f")
        mini = Part(PartKind.MINIPROGRAM, title="好" * 21, appid="wx1", page="/a", file_id="f")
        assert welcomes.problem_of([Variant("好" * 1333, (LINK, image, mini)), Variant(parts=(LINK,) * 9)]) is None


class TestWording:
    def test_fills_fields_in(self) -> None:
        text = "{{ contact.name }}你好，我是{{ staff.name }}{% if contact.is_returning %}，又见面了{% endif %}"
        assert wording.filled(text, wording.example()) == "小雨你好，我是林晓"

    @pytest.mark.parametrize("evil", ["{{ 7 | times: 7 }}", "{% raw %}{{ staff.name }}{% endraw %}", "<b>&"])
    def test_a_customer_who_is_called_like_a_template_stays_a_name(self, evil: str) -> None:
        fields = wording.example()
        fields["contact"]["name"] = evil
        assert wording.filled("你好 {{ contact.name }}", fields) == f"你好 {evil}"

    @pytest.mark.parametrize(
        "text",
        [
            "{% for i in (1..100000000) %}a{% endfor %}",
            "{% assign a = 'aaaaaaaaaa' %}" + "{% assign a = a | append: a %}" * 30 + "{{ a }}",
            "{% render 'x' %}",
            "{{ contact.__class__ }}",
            "{{ contact.name | nonsense }}",
            "{% if %}",
        ],
    )
    def test_what_asks_for_more_than_there_is_ends_at_once(self, text: str) -> None:
        with pytest.raises(ValueError, match=r".+"):
            wording.filled(text, wording.example())

    def test_is_cut_between_characters(self) -> None:
        assert wording.cut("好好", 5) == "好"
        assert wording.cut("abc", 3) == "abc"


class TestNaming:
    def test_a_state_is_ours_and_short(self) -> None:
        state = naming.state_of("way_01jdabcdefghjkmnpqrstvwxyz")
        assert naming.is_ours(state)
        assert len(state) <= 30
        assert not naming.is_ours("外联二维码1")

    def test_the_same_arrival_has_the_same_key(self) -> None:
        at = dt.datetime(2026, 3, 18, tzinfo=dt.UTC)
        assert naming.key_of("a", "b", "c", at) == naming.key_of("a", "b", "c", at)
        assert naming.key_of("a", "b", "c", at) != naming.key_of("a", "bc", "", at)

    @pytest.mark.parametrize(
        ("address", "city"),
        [
            ("上海市静安区南京西路 1699 号", "上海市"),
            ("浙江省杭州市西湖区文三路 1 号", "杭州市"),
            ("广西壮族自治区南宁市青秀区", "南宁市"),
            ("1 Nanjing Road", "华东"),
            (None, "华东"),
        ],
    )
    def test_the_city_of_an_address(self, address: str | None, city: str) -> None:
        assert naming.city_of(address, "华东") == city
