"""The welcome: the right variant, filled in, without the network; and through a real callback within its window."""

import time

import httpx
import pytest

from tests.support import codes
from tests.support.corps import Corp, corp
from tests.support.organization import chain
from tests.support.workspaces import recorded
from wellspring.acquisition.api import codes as api
from wellspring.acquisition.contracts.codes import Code, CodeKind, Draft, Newness, Part, PartKind, Plan, Shift, Variant
from wellspring.acquisition.errors.codes import PictureUnusable
from wellspring.acquisition.service import greeting, slots
from wellspring.kernel.auth import SYSTEM

__all__ = ["corp"]

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fea7356a2b0000000049454e44ae426082"
)
LINK = Part(PartKind.LINK, title="会员商城", url="https://example.com/mall", description="首单 8 折")


@pytest.fixture
def staff(corp: Corp) -> dict[str, str]:
    return codes.employ(corp, chain(corp.ws)["s1"].id, "anna", "bo")


def code_of(corp: Corp, staff: dict[str, str], *variants: Variant) -> Code:
    return codes.channel_code(corp, Shift(tuple(staff.values())), welcome=variants)


class TestVariants:
    def test_are_chosen_by_hour_and_by_who_comes(self, corp: Corp, staff: dict[str, str]) -> None:
        night = Variant("夜里好", start="22:00", end="08:00")
        code = code_of(corp, staff, night, Variant("又见面了", newness=Newness.RETURNING), Variant("你好"))
        state = code.ways[0].state
        said = [greeting.greet(corp.ws, codes.arrived(corp, "anna", state, is_returning=again)) for again in (False, True)]
        assert [one.text for one in said if one] == ["你好", "又见面了"]
        corp.advance(hours=11)
        late = greeting.greet(corp.ws, codes.arrived(corp, "anna", state, is_returning=True))
        assert late is not None
        assert late.text == "夜里好"

    def test_name_the_contact_the_staff_and_the_store(self, corp: Corp, staff: dict[str, str]) -> None:
        text = "{{ contact.name }}，我是{{ store.name }}的{{ staff.name }}（{{ staff.title }}），来自{{ code.name }}"
        code = code_of(corp, staff, Variant(text))
        found = greeting.greet(corp.ws, codes.arrived(corp, "bo", code.ways[0].state, name="{{ staff.name }}"))
        assert found is not None
        assert found.text == "{{ staff.name }}，我是s1 号的Bo（顾问），来自包裹卡"

    def test_a_stranger_among_the_staff_leaves_a_blank(self, corp: Corp, staff: dict[str, str]) -> None:
        code = code_of(corp, staff, Variant("我是{{ staff.name | default: '顾问' }}"))
        found = greeting.greet(corp.ws, codes.arrived(corp, "unheard", code.ways[0].state))
        assert found is not None
        assert found.text == "我是顾问"

    def test_other_states_and_archived_codes_say_nothing(self, corp: Corp, staff: dict[str, str]) -> None:
        code = code_of(corp, staff, Variant("你好"))
        assert greeting.greet(corp.ws, codes.arrived(corp, "anna", "someone-else")) is None
        assert greeting.greet(corp.ws, codes.arrived(corp, "anna", "")) is None
        api.archive(corp.ws, by=SYSTEM, code_id=code.id)
        assert greeting.greet(corp.ws, codes.arrived(corp, "anna", code.ways[0].state)) is None


class TestParts:
    def test_a_link_and_an_image_are_attached_as_the_platform_takes_them(self, corp: Corp, staff: dict[str, str]) -> None:
        file_id = api.add_picture(corp.ws, by=SYSTEM, name="a.png", content=PNG)
        code = code_of(corp, staff, Variant("你好", (LINK, Part(PartKind.IMAGE, file_id=file_id))))
        found = greeting.greet(corp.ws, codes.arrived(corp, "anna", code.ways[0].state))
        assert found is not None
        link, image = found.attachments
        assert link == {"msgtype": "link", "link": {"title": "会员商城", "url": "https://example.com/mall", "desc": "首单 8 折"}}
        assert image["msgtype"] == "image"
        assert image["image"]["pic_url"].startswith("http")

    def test_the_picture_of_a_mini_program_is_uploaded_again_before_it_is_forgotten(self, corp: Corp, staff: dict[str, str]) -> None:
        file_id = api.add_picture(corp.ws, by=SYSTEM, name="a.png", content=PNG)
        mini = Part(PartKind.MINIPROGRAM, title="会员中心", appid="wx1", page="/a", file_id=file_id)
        code = code_of(corp, staff, Variant("你好", (mini,)))
        seen = []
        for _ in range(2):
            found = greeting.greet(corp.ws, codes.arrived(corp, "anna", code.ways[0].state))
            assert found is not None
            seen.append(found.attachments[0]["miniprogram"]["pic_media_id"])
            corp.advance(days=2, hours=20)
        assert seen[0] != seen[1]

    def test_a_coupon_is_a_place_that_somebody_fills(self, corp: Corp, staff: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(slots, "_filled_by", [])
        code = code_of(corp, staff, Variant("送你一张券", (Part(PartKind.COUPON, offer_id="off_1"),)))
        empty = greeting.greet(corp.ws, codes.arrived(corp, "anna", code.ways[0].state))
        assert empty is not None
        assert (empty.text, list(empty.attachments), api.coupons(corp.ws)) == ("送你一张券", [], [])
        api.register_coupons(
            lambda _ws, offer, number: Part(PartKind.LINK, title=f"{offer}-{number}", url="https://e.cn"), lambda _ws: [("off_1", "8 折")]
        )
        filled = greeting.greet(corp.ws, codes.arrived(corp, "anna", code.ways[0].state, member_no=7))
        assert filled is not None
        assert filled.attachments[0]["link"]["title"] == "off_1-7"
        assert api.coupons(corp.ws) == [("off_1", "8 折")]

    @pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg>", b"\x89PNG"])
    def test_only_pictures_are_kept(self, corp: Corp, content: bytes) -> None:
        with pytest.raises(PictureUnusable):
            api.add_picture(corp.ws, by=SYSTEM, name="a.png", content=content)


class TestSpeed:
    def test_a_welcome_needs_no_network_and_few_reads(self, corp: Corp, staff: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
        code = code_of(corp, staff, Variant("{{ contact.name }}你好，我是{{ staff.name }}", (LINK,)))
        arrived = codes.arrived(corp, "anna", code.ways[0].state)
        greeting.greet(corp.ws, arrived)

        def forbidden(*_: object, **__: object) -> None:
            raise AssertionError("the network was asked")

        monkeypatch.setattr(httpx.Client, "send", forbidden)
        with recorded(corp.ws) as statements:
            began = time.monotonic()
            for _ in range(50):
                assert greeting.greet(corp.ws, arrived) is not None
            took = (time.monotonic() - began) / 50
        assert len(statements) / 50 <= 8
        # A thousandth of the window, many times what it takes on an idle machine.
        assert took < 0.2


def test_preview_fills_an_example_in(corp: Corp) -> None:
    assert api.preview(corp.ws, variant=Variant("{{ contact.name }}你好")) == "小雨你好"


def test_drafts_without_a_welcome_are_codes_too(corp: Corp, staff: dict[str, str]) -> None:
    draft = Draft("静默", CodeKind.CHANNEL, corp.account_id, plan=Plan((Shift((staff["anna"],)),)))
    code = api.add(corp.ws, by=SYSTEM, draft=draft)
    codes.settle(corp)
    assert greeting.greet(corp.ws, codes.arrived(corp, "anna", code.ways[0].state)) is None
