"""The source tag of a code stands on the customer at the platform as soon as the arrival has been worked, on both sides."""

import pytest

from tests.support import codes
from tests.support.corps import Corp, corp
from tests.support.door import opened, told
from tests.support.organization import chain
from wecom_simulator.world import Person
from wellspring.acquisition.contracts.codes import Code, Shift
from wellspring.channels import api as channels
from wellspring.channels.settings import ChannelsSettings
from wellspring.kernel.auth import SYSTEM
from wellspring.people import api as people
from wellspring.people.contracts import Identity, IdentityKind
from wellspring.tags import api as tags

__all__ = ["corp"]


@pytest.fixture
def staff(corp: Corp) -> dict[str, str]:
    opened(corp)
    return codes.employ(corp, chain(corp.ws)["s1"].id, "anna")


def _code(corp: Corp, staff: dict[str, str]) -> Code:
    code = codes.channel_code(corp, Shift((staff["anna"],)), tags=(("渠道来源", "包裹卡"),))
    corp.hear()
    return code


def _come(corp: Corp, code: Code, name: str) -> None:
    corp.sim.world.people.setdefault(f"o{name}", Person(f"o{name}", name))
    assert corp.sim.act("scan", way=code.ways[0].url, person=f"o{name}")["outcome"] == "added"
    told(corp)
    corp.hear()


def _there(corp: Corp, name: str) -> list[str]:
    """Names of the corp tags on somebody's relation, as the platform has them."""
    [relation] = corp.external.contacts[corp.person(name)].relations
    return [corp.external.tags[tag].name for tag in relation.tags]


def test_it_is_there_at_once_and_here(corp: Corp, staff: dict[str, str]) -> None:
    code = _code(corp, staff)
    now = corp.ws.clock.now()
    _come(corp, code, "wang")
    assert _there(corp, "wang") == ["包裹卡"]
    assert corp.ws.clock.now() == now
    [number] = people.find(corp.ws, [Identity(IdentityKind.UNIONID, "owang")])
    assert [(one.group, one.name) for one in tags.of_member(corp.ws, member_no=number or 0)] == [("渠道来源", "包裹卡")]
    [group] = channels.tag_groups(corp.ws, account_id=corp.account_id)
    assert (group.name, group.is_linked) == ("渠道来源", True)


def test_a_corp_tag_of_the_same_name_is_taken(corp: Corp, staff: dict[str, str]) -> None:
    corp.sim.act("add_tag", group="渠道来源", name="包裹卡")
    _come(corp, _code(corp, staff), "wang")
    assert [tag.name for tag in corp.external.tags.values()] == ["包裹卡"]
    assert _there(corp, "wang") == ["包裹卡"]


def test_what_a_person_keeps_apart_stays_so(corp: Corp, staff: dict[str, str]) -> None:
    corp.sim.act("add_tag", group="渠道来源", name="海报")
    channels.sync_tags(corp.ws, by=SYSTEM, account_id=corp.account_id)
    corp.hear()
    [group] = channels.tag_groups(corp.ws, account_id=corp.account_id)
    channels.change_tag_group(corp.ws, by=SYSTEM, group_id=group.group_id, is_linked=False)
    _come(corp, _code(corp, staff), "wang")
    assert _there(corp, "wang") == []


def test_where_tags_are_not_linked_none_is_made(corp: Corp, staff: dict[str, str]) -> None:
    corp.ws.settings.put(ChannelsSettings(links_tags=False))
    _come(corp, _code(corp, staff), "wang")
    assert not corp.external.tags


def test_a_refused_call_is_made_again_later(corp: Corp, staff: dict[str, str]) -> None:
    corp.spoil("rate", "add_corp_tag")
    code = _code(corp, staff)
    assert not corp.external.tags
    corp.advance(minutes=10)
    _come(corp, code, "wang")
    assert _there(corp, "wang") == ["包裹卡"]
