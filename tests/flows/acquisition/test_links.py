"""Acquisition links against the simulator: who comes by one has its code and its welcome, with or without the channel; clicks."""

import pytest

from tests.support import codes
from tests.support.corps import Corp, corp
from tests.support.door import opened, told
from tests.support.organization import chain
from wecom_simulator.world import Person
from wellspring.acquisition.api import codes as api
from wellspring.acquisition.contracts.codes import Code, CodeKind, Draft, Plan, Shift, Variant
from wellspring.acquisition.service import clicking
from wellspring.activity import api as activity
from wellspring.channels import api as channels
from wellspring.channels.contracts import WelcomeState
from wellspring.kernel.auth import SYSTEM
from wellspring.people import api as people
from wellspring.people.contracts import Identity, IdentityKind
from wellspring.tags import api as tags

__all__ = ["corp"]


@pytest.fixture
def link(corp: Corp) -> Code:
    opened(corp)
    units = chain(corp.ws)
    staff = codes.employ(corp, units["s1"].id, "anna", "bo")
    plan = Plan((Shift((staff["anna"], staff["bo"])),))
    welcome = (Variant(text="{{ contact.name }}，您好"),)
    draft = Draft("朋友圈广告", CodeKind.LINK, corp.account_id, plan=plan, tags=(("渠道", "获客链接"),), welcome=welcome)
    made = api.add(corp.ws, by=SYSTEM, draft=draft)
    codes.settle(corp)
    # What is done regularly has been done: from here on only what an arrival asks for.
    corp.hear()
    return api.one(corp.ws, code_id=made.id)


def _come(corp: Corp, name: str, url: str) -> None:
    """Somebody opens the address on a phone, and the platform calls back."""
    corp.sim.world.people.setdefault(f"o{name}", Person(f"o{name}", name))
    assert corp.sim.act("open_link", link=url, person=f"o{name}")["outcome"] == "added"
    told(corp)
    corp.hear()


def _member(corp: Corp, name: str) -> int:
    return people.find(corp.ws, [Identity(IdentityKind.UNIONID, f"o{name}")])[0] or 0


def _bare(corp: Corp) -> str:
    [there] = corp.external.links.values()
    return str(there.url)


def test_by_the_published_address_they_have_the_code_and_are_welcomed(corp: Corp, link: Code) -> None:
    _come(corp, "wang", link.ways[0].url)
    assert api.one(corp.ws, code_id=link.id).added == 1
    [welcome] = channels.welcomes(corp.ws)
    assert welcome.state is WelcomeState.ACCEPTED
    [message] = [row for row in corp.external.received if row.kind == "welcome"]
    assert message.content["text"]["content"] == "wang，您好"


def test_by_the_bare_address_they_have_the_code_once_the_platform_lists_them(corp: Corp, link: Code) -> None:
    _come(corp, "wang", _bare(corp))
    assert api.one(corp.ws, code_id=link.id).added == 0
    corp.advance(seconds=30)
    corp.hear()
    assert api.one(corp.ws, code_id=link.id).added == 1
    number = _member(corp, "wang")
    assert [(one.group, one.name) for one in tags.of_member(corp.ws, member_no=number)] == [("渠道", "获客链接")]
    [event] = activity.timeline(corp.ws, member_no=number, kind="Code Joined").rows
    assert event.props["code_id"] == link.id
    # Listed again, nothing is told twice.
    corp.advance(hours=7)
    corp.hear()
    assert api.one(corp.ws, code_id=link.id).added == 1
    assert len(activity.timeline(corp.ws, member_no=number, kind="Code Joined").rows) == 1


def test_a_list_that_is_there_before_the_callback_serves_as_well(corp: Corp, link: Code) -> None:
    corp.sim.world.people["owang"] = Person("owang", "wang")
    corp.sim.act("open_link", link=_bare(corp), person="owang")
    channels.fetch_link_customers(corp.ws, entrance_id=link.ways[0].entrance_id)
    corp.hear()
    told(corp)
    corp.hear()
    assert api.one(corp.ws, code_id=link.id).added == 1


def test_who_left_meanwhile_is_lost_by_the_link_s_code(corp: Corp, link: Code) -> None:
    _come(corp, "wang", _bare(corp))
    [relation] = corp.external.contacts[corp.person("wang")].relations
    corp.advance(seconds=5)
    corp.sim.act("delete_staff", person="owang", userid=relation.userid)
    told(corp)
    corp.advance(seconds=30)
    corp.hear()
    code = api.one(corp.ws, code_id=link.id)
    assert (code.added, code.left) == (1, 1)
    [loss] = api.losses(corp.ws, by=SYSTEM).rows
    assert loss.code_name == "朋友圈广告"


def test_clicks_are_the_platform_s_by_day(corp: Corp, link: Code) -> None:
    _come(corp, "wang", link.ways[0].url)
    _come(corp, "li", _bare(corp))
    corp.sim.act("open_link", link=_bare(corp), person="oli")
    clicking.count_code(corp.ws, link)
    corp.advance(days=2)
    _come(corp, "zhao", link.ways[0].url)
    clicking.count_code(corp.ws, link)
    figures = api.figures_of(corp.ws, code_id=link.id)
    assert (figures.scans, figures.added) == (4, 3)
    assert [day.scans for day in figures.by_day][-3:] == [3, 0, 1]
