"""Links as they are opened: people and machines, once a minute, into the log, the radar, and what was bought after."""

import datetime as dt

import pytest
from pyroaring import BitMap

from tests.support.content import approved, draft, link, member
from wellspring.activity import api as activity
from wellspring.activity.contracts import Buyer, Order, OrderLine, OrderState
from wellspring.content import api as content
from wellspring.content import errors
from wellspring.content.contracts import (
    ARTICLE_READ,
    LINK_OPENED,
    Article,
    Dimension,
    Material,
    MaterialKind,
    PersonaDraft,
    PersonaKind,
    Tag,
    Used,
)
from wellspring.content.service import opening, tracking
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

URL = "https://shop.example.com/p/1"


def token_for(ws: Workspace, material: Material, number: int, origin: str = "campaign:cmp_1") -> str:
    found = content.render(ws, content_id=material.id, member_nos=[number], context={}, origin=origin)[0]
    assert found.body is not None
    address = found.body.attachments[0].url if found.body.attachments else found.body.text
    return address.rpartition(".")[2]


def linked(ws: Workspace, name: str = "新品", **more: object) -> Material:
    return approved(ws, draft("看看", parts=(link(URL),)), kind=MaterialKind.LINK, name=name, **more)


class TestOpenLink:
    def test_leads_on_and_tells_who(self, workspace: Workspace) -> None:
        one = member(workspace, "u1")
        material = linked(workspace)
        opened = content.open_link(workspace, token=token_for(workspace, material, one), is_machine=False)
        assert opened.url == URL
        assert opening.step(workspace) == 1
        event = activity.timeline(workspace, member_no=one, kind=LINK_OPENED).rows[0]
        assert dict(event.props) == {
            "content_id": material.id,
            "content": "新品",
            "version": 1,
            "url": URL,
            "origin": "campaign:cmp_1",
        }
        assert content.material(workspace, content_id=material.id).opens == 1
        assert opening.step(workspace) == 0

    def test_d12_machines_are_led_on_and_counted_apart(self, workspace: Workspace) -> None:
        material, one = linked(workspace), member(workspace, "u1")
        assert content.open_link(workspace, token=token_for(workspace, material, one), is_machine=True).url == URL
        assert opening.step(workspace) == 0
        assert content.material(workspace, content_id=material.id).opens == 0

    def test_once_a_minute(self, workspace: Workspace, clock: VirtualClock) -> None:
        material, one = linked(workspace), member(workspace, "u1")
        token = token_for(workspace, material, one)
        for seconds in (0, 5, 5, 120):
            clock.move_to(clock.now() + dt.timedelta(seconds=seconds))
            content.open_link(workspace, token=token, is_machine=False)
            opening.step(workspace)
        assert len(activity.timeline(workspace, member_no=one, kind=LINK_OPENED).rows) == 2

    def test_n01_after_a_merge_the_survivor_opened_it(self, workspace: Workspace) -> None:
        material, loser, survivor = linked(workspace), member(workspace, "u1"), member(workspace, "u2")
        token = token_for(workspace, material, loser)
        ids = [people.members_of(workspace, by=SYSTEM, member_nos=[each])[each].id for each in (loser, survivor)]
        people.merge(workspace, by=SYSTEM, ids=ids, survivor_id=ids[1])
        content.open_link(workspace, token=token, is_machine=False)
        opening.step(workspace)
        assert [row.member_no for row in activity.timeline(workspace, member_no=survivor, kind=LINK_OPENED).rows] == [survivor]

    def test_p04_of_an_erased_member_nothing_is_kept(self, workspace: Workspace) -> None:
        material, one = linked(workspace), member(workspace, "u1")
        token = token_for(workspace, material, one)
        people.erase(workspace, by=SYSTEM, member_id=people.members_of(workspace, by=SYSTEM, member_nos=[one])[one].id)
        assert content.open_link(workspace, token=token, is_machine=False).url == URL
        opening.step(workspace)
        assert activity.event_kinds(workspace) == []

    def test_a_crash_before_the_rows_go_tells_nothing_twice(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        material, one = linked(workspace), member(workspace, "u1")
        content.open_link(workspace, token=token_for(workspace, material, one), is_machine=False)

        def die(name: str) -> None:
            raise RuntimeError(name)

        with monkeypatch.context() as dying:
            dying.setattr(opening.failpoints, "hit", die)
            with pytest.raises(RuntimeError):
                opening.step(workspace)
        assert opening.step(workspace) == 1
        assert len(activity.timeline(workspace, member_no=one, kind=LINK_OPENED).rows) == 1


class TestArticles:
    def test_is_shown_and_read(self, workspace: Workspace, clock: VirtualClock) -> None:
        picture = content.add_file(workspace, by=SYSTEM, name="a.png", content=PNG)
        article = Article("指南", "三步", picture.id, f"# 一\n\n**好** <b>坏</b>\n\n![图]({picture.id})")
        material, one = approved(workspace, draft(article=article), kind=MaterialKind.ARTICLE), member(workspace, "u1")
        token = token_for(workspace, material, one)
        opened = content.open_link(workspace, token=token, is_machine=False)
        assert opened.article == article
        assert "<strong>好</strong> &lt;b&gt;坏" in opened.html
        assert f'src="/t/{workspace.slug}.{token}/picture/{picture.id}"' in opened.html
        assert content.article_picture(workspace, token=token, file_id=picture.id) == "image/png"
        with pytest.raises(errors.FileMissing):
            content.article_picture(workspace, token=token, file_id="file_other")
        for seconds, percent in ((5, 40), (42, 90), (30, 60)):
            content.read_on(workspace, token=token, seconds=seconds, percent=percent)
        assert opening.step(workspace) == 1
        clock.move_to(clock.now() + dt.timedelta(minutes=11))
        assert opening.step(workspace) == 1
        read = activity.timeline(workspace, member_no=one, kind=ARTICLE_READ).rows
        assert [(row.props["seconds"], row.props["percent"]) for row in read] == [(42, 90)]

    def test_a_link_elsewhere_is_no_article(self, workspace: Workspace) -> None:
        token = token_for(workspace, linked(workspace), member(workspace, "u1"))
        with pytest.raises(errors.LinkUnknown):
            content.read_on(workspace, token=token, seconds=1, percent=1)
        with pytest.raises(errors.LinkUnknown):
            content.article_picture(workspace, token=token, file_id="file_x")


class TestRadar:
    def test_who_opened_what(self, workspace: Workspace) -> None:
        material, first, second = linked(workspace), member(workspace, "u1", name="王小雨"), member(workspace, "u2")
        for number in (first, second, first):
            content.open_link(workspace, token=token_for(workspace, material, number, f"campaign:{number}"), is_machine=False)
            opening.step(workspace)
        found = content.radar(workspace, by=SYSTEM, limit=2)
        assert [(one.member_no, one.content_name, one.url, one.origin) for one in found.rows] == [
            (second, "新品", URL, f"campaign:{second}"),
            (first, "新品", URL, f"campaign:{first}"),
        ]
        assert found.rows[1].member_name == "王**"
        mine = people.members_of(workspace, by=SYSTEM, member_nos=[second])[second].id
        assert [one.member_no for one in content.radar(workspace, by=SYSTEM, member_id=mine).rows] == [second]
        assert content.radar(workspace, by=SYSTEM, content_id="cnt_none").rows == []


class TestEffects:
    def test_opened_and_bought_count_once(self, workspace: Workspace, clock: VirtualClock) -> None:
        persona = content.add_persona(workspace, by=SYSTEM, draft=PersonaDraft(PersonaKind.EXPERT, "成分党小林"))
        tag = Tag(Dimension.PAIN, "干燥")
        material, other = linked(workspace, persona_id=persona.id, tags=[tag]), linked(workspace, "老款")
        buyer, reader, third = (member(workspace, name) for name in ("u1", "u2", "u3"))
        sent = clock.now()
        with workspace.sql.write() as tx:
            uses = [
                Used(material.id, 1, BitMap([buyer, reader]), sent, "wecom", "campaign:1"),
                Used(material.id, 1, BitMap([buyer]), sent + dt.timedelta(hours=2), "wecom", "campaign:2"),
                Used(other.id, 1, BitMap([third]), sent, "sms", "campaign:1"),
            ]
            content.used(workspace, tx, uses)
        clock.move_to(sent + dt.timedelta(hours=3))
        for number in (buyer, reader):
            content.open_link(workspace, token=token_for(workspace, material, number), is_machine=False)
        opening.step(workspace)
        bought(workspace, "A1", "u1", sent + dt.timedelta(days=2), 19_900)
        bought(workspace, "A2", "u2", sent + dt.timedelta(days=9), 5_000)
        clock.move_to(sent + dt.timedelta(days=10))
        asked = {"since": sent - dt.timedelta(days=1), "until": sent + dt.timedelta(days=1)}
        by_persona = content.effects(workspace, by=SYSTEM, key="persona", **asked)
        mine = by_persona[0]
        assert (mine.name, mine.sends, mine.members, mine.openers, mine.opens) == ("成分党小林", 3, 2, 2, 2)
        assert (mine.buyers, mine.revenue_minor) == (1, 19_900)
        assert by_persona[1].members == 1
        assert [(one.key, one.sends) for one in content.effects(workspace, by=SYSTEM, key="hour", **asked)] == [("12", 3), ("14", 1)]
        assert [one.key for one in content.effects(workspace, by=SYSTEM, key="topic", **asked)] == ["pain:干燥"]
        assert {one.name for one in content.effects(workspace, by=SYSTEM, key="material", **asked)} == {"新品", "老款"}
        found = content.material(workspace, content_id=material.id)
        assert (found.uses, found.members, found.opens) == (3, 2, 2)

    def test_by_audience(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        material, one, two = linked(workspace), member(workspace, "u1"), member(workspace, "u2")
        known = [(lambda _ws, _id: "老客", lambda _ws, _id: BitMap([two]))]
        monkeypatch.setattr("wellspring.content.service.registry._audiences", known)
        now = workspace.clock.now()
        with workspace.sql.write() as tx:
            content.used(workspace, tx, [Used(material.id, 1, BitMap([one, two]), now)])
        since, until = now - dt.timedelta(days=1), now + dt.timedelta(days=1)
        found = content.effects(workspace, by=SYSTEM, since=since, until=until, key="audience", audience_ids=["aud_1"])
        assert [(each.name, each.members) for each in found] == [("老客", 1)]

    def test_a_script_that_is_copied_is_used(self, workspace: Workspace) -> None:
        persona = content.add_persona(workspace, by=SYSTEM, draft=PersonaDraft(PersonaKind.BRAND, "官方", mix=(("换季", 60), ("促销", 40))))
        material = approved(workspace, draft("在吗"), persona_id=persona.id, tags=[Tag(Dimension.SCENE, "换季")])
        assert content.use_script(workspace, by=SYSTEM, content_id=material.id) == ("在吗", ())
        assert content.material(workspace, content_id=material.id).uses == 1
        assert [(one.topic, one.wanted, one.uses) for one in content.shares(workspace, persona_id=persona.id)] == [
            ("换季", 60, 1),
            ("促销", 40, 0),
        ]


def test_addresses_of_another_workspace_lead_nowhere(workspace: Workspace) -> None:
    body = tracking.links.packed(1, 0, 1)
    foreign = tracking.links.token(body, bytes(16))
    with pytest.raises(errors.LinkUnknown):
        content.open_link(workspace, token=foreign, is_machine=False)


def bought(ws: Workspace, order_no: str, user_id: str, at: dt.datetime, paid_minor: int) -> None:
    order = Order(
        "shop",
        order_no,
        OrderState.COMPLETED,
        at,
        paid_minor,
        paid_minor,
        paid_at=at,
        buyer=[Buyer("user_id", user_id)],
        lines=[OrderLine("S1", "面霜", total_minor=paid_minor)],
    )
    now = ws.clock.now()
    assert isinstance(ws.clock, VirtualClock)
    ws.clock.move_to(max(now, at))
    activity.write_orders(ws, by=SYSTEM, orders=[order])


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
