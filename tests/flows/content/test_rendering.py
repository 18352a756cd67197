"""Bodies for members: variables, what stands in for them, links that name their reader, versions, posters, articles."""

import io

import pytest
from PIL import Image

from tests.support import content as made
from tests.support.content import approved, draft, edited, link, member, passed, written
from wellspring.content import api as content
from wellspring.content import errors
from wellspring.content.contracts import Article, Block, Material, MaterialKind, PartKind, Poster, Rendered
from wellspring.content.service import tracking
from wellspring.content.settings import ContentSettings
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace


def rendered(ws: Workspace, material: Material, *numbers: int, **more: object) -> list[Rendered]:
    return content.render(ws, **{"content_id": material.id, "member_nos": numbers, "context": {}, **more})  # type: ignore[arg-type]


def text_of(one: Rendered) -> str:
    assert one.body is not None, one.problem
    return one.body.text


def approved_at_once(ws: Workspace, text: str) -> Material:
    material = written(ws, draft(text))
    return content.submit(ws, by=SYSTEM, content_id=material.id, revision=material.revision)


class TestVariables:
    def test_each_member_gets_their_own(self, workspace: Workspace) -> None:
        first, second = member(workspace, "u1", name="王小雨", 肤质="干性"), member(workspace, "u2", name="李晴", 肤质="油性")
        text = "{{ member.name }}，{{ member.attributes.肤质 }}肌适合这款。{{ staff.name }}@{{ brand.name }}"
        found = rendered(workspace, approved(workspace, draft(text)), first, second, context={"staff": {"name": "林晓"}})
        assert [text_of(one) for one in found] == ["王小雨，干性肌适合这款。林晓@我的品牌", "李晴，油性肌适合这款。林晓@我的品牌"]
        assert [one.member_no for one in found] == [first, second]

    def test_d09_a_missing_variable_is_a_problem_of_that_member_alone(self, workspace: Workspace) -> None:
        known, unknown = member(workspace, "u1", name="王小雨"), member(workspace, "u2")
        found = rendered(workspace, approved(workspace, draft("{{ member.name }}你好")), known, unknown)
        assert text_of(found[0]) == "王小雨你好"
        assert (found[1].body, found[1].problem) == (None, "content.variable_missing: member.name")

    def test_what_nobody_brought_is_named_by_its_path(self, workspace: Workspace) -> None:
        one = member(workspace, "u1", 肤质="干性")
        for text, path in (("{{ staff.name }}", "staff.name"), ("{{ member.attributes.年龄段 }}", "member.attributes.年龄段")):
            workspace.settings.put(ContentSettings(needs_approval=False))
            member(workspace, f"u{path}", 年龄段="90后")
            found = rendered(workspace, approved_at_once(workspace, text), one)
            assert found[0].problem == f"content.variable_missing: {path}"

    def test_a_fallback_stands_in(self, workspace: Workspace) -> None:
        unknown = member(workspace, "u2")
        by_draft = approved(workspace, draft("{{ member.name }}你好", fallbacks={"member.name": "朋友", "staff.name": "x"}))
        assert text_of(rendered(workspace, by_draft, unknown)[0]) == "朋友你好"
        assert content.version(workspace, content_id=by_draft.id).draft.fallbacks == {"member.name": "朋友"}
        inside = approved(workspace, draft("{{ member.name | default: '亲' }}{% if staff.title %}!{% endif %}你好"))
        assert text_of(rendered(workspace, inside, unknown)[0]) == "亲你好"

    def test_what_was_bought_counts(self, workspace: Workspace) -> None:
        nobody = member(workspace, "u1")
        text = (
            "{{ member.orders }} 单 {{ member.revenue }} 元 {{ member.last_order_on | default: '未买过' }} {{ today.date | day: 'M月D日' }}"
        )
        assert text_of(rendered(workspace, approved(workspace, draft(text)), nobody)[0]) == "0 单 0.00 元 未买过 3月18日"

    def test_a_keyed_journey_brings_its_order(self, workspace: Workspace) -> None:
        buyer = member(workspace, "u1")
        material = approved(workspace, draft("订单 {{ order.no }}：{{ order.product }}"))
        found = rendered(workspace, material, buyer, own={buyer: {"order": {"no": "A1", "product": "面霜"}}})
        assert text_of(found[0]) == "订单 A1：面霜"

    def test_a_customer_who_is_called_like_a_template_stays_a_name(self, workspace: Workspace) -> None:
        evil = member(workspace, "u1", name="{{ staff.name }}\ue0001\ue001")
        found = rendered(workspace, approved(workspace, draft("{{ member.name }} https://a.example/")), evil)
        assert text_of(found[0]).startswith("{{ staff.name }}1")


class TestLinks:
    def test_every_link_names_its_reader_and_origin(self, workspace: Workspace) -> None:
        first, second = member(workspace, "u1"), member(workspace, "u2")
        material = approved(workspace, draft("看这里：https://shop.example.com/p/1。", parts=(link(),)), kind=MaterialKind.LINK)
        found = rendered(workspace, material, first, second, origin="campaign:cmp_1")
        addresses = [text_of(one).removeprefix("看这里：").removesuffix("。") for one in found]
        assert all(one.startswith("http://127.0.0.1:8800/t/") for one in addresses)
        followed = [tracking.followed_by(workspace, one.rpartition(".")[2]) for one in addresses]
        assert [one.member_no for one in followed] == [first, second]
        assert followed[0].link_id == followed[1].link_id
        assert followed[0].origin_id == tracking.origin_number(workspace, "campaign:cmp_1")
        assert found[0].body is not None
        assert found[0].body.attachments[0].url == addresses[0]

    def test_what_the_sender_fills_in_is_part_of_the_link(self, workspace: Workspace) -> None:
        one = member(workspace, "u1")
        material = approved(workspace, draft("https://a.example/{{ campaign.name }}"))
        tracked = [rendered(workspace, material, one, context={"campaign": {"name": name}})[0] for name in ("a", "b", "a")]
        links = [tracking.followed_by(workspace, text_of(each).rpartition(".")[2]).link_id for each in tracked]
        assert links[0] == links[2] != links[1]

    def test_one_body_for_many_names_nobody(self, workspace: Workspace) -> None:
        first, second = member(workspace, "u1"), member(workspace, "u2")
        material = approved(workspace, draft("https://a.example/"))
        found = rendered(workspace, material, first, second, is_shared=True, origin="campaign:1")
        assert found[0].body == found[1].body
        followed = tracking.followed_by(workspace, text_of(found[0]).rpartition(".")[2])
        assert (followed.member_no, followed.origin_id) == (0, tracking.origin_number(workspace, "campaign:1"))

    def test_a_text_that_names_its_member_has_a_link_that_does_too(self, workspace: Workspace) -> None:
        one = member(workspace, "u1", name="王小雨")
        found = rendered(workspace, approved(workspace, draft("{{ member.name }} https://a.example/")), one, is_shared=True)
        assert tracking.followed_by(workspace, text_of(found[0]).rpartition(".")[2]).member_no == one

    @pytest.mark.parametrize("token", ["", "x", "AAAA", "AAAAAAAAAAAAAAAAAAAA", "é"])
    def test_nobody_makes_one(self, workspace: Workspace, token: str) -> None:
        with pytest.raises(errors.LinkUnknown):
            tracking.followed_by(workspace, token)

    def test_nobody_changes_one(self, workspace: Workspace) -> None:
        material = approved(workspace, draft("https://a.example/"))
        token = text_of(rendered(workspace, material, member(workspace, "u1"))[0]).rpartition(".")[2]
        for place in range(len(token)):
            other = "A" if token[place] != "A" else "B"
            with pytest.raises(errors.LinkUnknown):
                tracking.followed_by(workspace, token[:place] + other + token[place + 1 :])


class TestVersions:
    def test_v06_what_is_approved_at_the_time_of_sending_is_sent(self, workspace: Workspace) -> None:
        one = member(workspace, "u1")
        material = approved(workspace, draft("一"))
        newer = edited(workspace, material, draft("二"))
        assert (newer.version, newer.latest) == (1, 2)
        assert text_of(rendered(workspace, material, one)[0]) == "一"
        passed(workspace, newer)
        assert text_of(rendered(workspace, material, one)[0]) == "二"
        assert text_of(rendered(workspace, material, one, version=1)[0]) == "一"

    def test_what_is_out_of_use_is_not_sent(self, workspace: Workspace) -> None:
        material = approved(workspace, draft("一"))
        content.retire(workspace, by=SYSTEM, content_id=material.id)
        with pytest.raises(errors.Retired):
            rendered(workspace, material, 1)

    def test_without_a_font_a_poster_is_a_problem_of_its_own(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        poster = Poster(200, 200, blocks=(Block("text", 0, 0, 900, text="好"),))
        material = approved(workspace, draft(poster=poster), kind=MaterialKind.POSTER)
        monkeypatch.setattr("wellspring.content.service.drawing.picture_font", lambda *_, **__: None)
        assert rendered(workspace, material, member(workspace, "u1"))[0].problem == "content.font_missing"

    def test_what_nobody_approved_is_not_sent(self, workspace: Workspace) -> None:
        material = written(workspace, draft("一"))
        with pytest.raises(errors.NotApproved):
            rendered(workspace, material, 1)
        with pytest.raises(errors.VersionUnknown):
            rendered(workspace, material, 1, version=7)
        with pytest.raises(errors.MaterialUnknown):
            content.render(workspace, content_id="cnt_x", member_nos=[1], context={})
        assert content.find(workspace, "cnt_x") is None


class TestPosters:
    def test_a_poster_is_drawn_once_for_the_same_words(self, workspace: Workspace) -> None:
        blocks = (
            Block("text", 80, 100, 840, text="{{ store.name }} 周年庆 thank you very much indeed", size=72, is_bold=True, is_centred=True),
            Block("code", 350, 900, 300, url="https://shop.example.com/anniversary"),
        )
        material = approved(workspace, draft(poster=Poster(600, 900, "#fff4e6", blocks=blocks)), kind=MaterialKind.POSTER)
        found = rendered(workspace, material, member(workspace, "u1"), member(workspace, "u2"), context={"store": {"name": "静安寺店"}})
        parts = [one.body.attachments for one in found if one.body is not None]
        assert parts[0] == parts[1]
        assert parts[0][0].kind is PartKind.IMAGE
        picture = Image.open(io.BytesIO(b"".join(workspace.files.read(parts[0][0].file_id))))
        assert picture.size == (600, 900)
        assert len(picture.getcolors(100_000) or []) > 2
        elsewhere = rendered(workspace, material, member(workspace, "u3"), context={"store": {"name": "徐汇店"}})[0]
        assert elsewhere.body is not None
        assert elsewhere.body.attachments != parts[0]


class TestArticles:
    def test_an_article_is_a_link_to_it(self, workspace: Workspace) -> None:
        article = Article("干皮过冬指南", "三步就够", text="# 第一步\n\n- 温水\n- **氨基酸**洁面")
        material = approved(workspace, draft("给你一篇", article=article), kind=MaterialKind.ARTICLE)
        found = rendered(workspace, material, member(workspace, "u1"))[0]
        assert found.body is not None
        part = found.body.attachments[0]
        assert (part.kind, part.title, part.text) == (PartKind.LINK, "干皮过冬指南", "三步就够")
        assert tracking.followed_by(workspace, part.url.rpartition(".")[2]).member_no
        assert made.draft().article is None
