"""Audiences and their neighbours: tags that follow and are named, people who leave."""

import pytest
from pyroaring import BitMap

from tests.support import activity as acting
from tests.support import tags as carrying
from wellspring.audiences import api, jobs
from wellspring.audiences.contracts import Shown
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.service import registry as erasing
from wellspring.tags import api as tags
from wellspring.tags.errors import TagInUse


@pytest.fixture
def shop(workspace: Workspace) -> Workspace:
    """Three people, of whom the first two bought."""
    jobs.register()
    acting.ingest(workspace, *(acting.identify(f"u{number}", {"city": "上海"}) for number in (1, 2, 3)))
    acting.ingest(workspace, *(acting.track("Order Completed", userId=f"u{number}") for number in (1, 2)))
    return workspace


def buyers(ws: Workspace) -> Shown:
    return api.create(ws, by=SYSTEM, name="买过", definition={"did": "Order Completed"})[0]


class TestTags:
    def test_a_tag_follows_from_the_first_moment_and_with_every_version(self, shop: Workspace) -> None:
        audience_id = buyers(shop).audience.id
        tag_id = carrying.tag(shop, "阶段/买过")
        assert tags.audience_named(shop, audience_id=audience_id) == "买过"
        tags.bind(shop, by=SYSTEM, tag_id=tag_id, audience_id=audience_id)
        assert tags.members(shop, tag_id=tag_id) == BitMap([1, 2])
        acting.ingest(shop, acting.track("Order Completed", userId="u3"))
        api.refresh(shop, by=SYSTEM, audience_id=audience_id)
        assert tags.members(shop, tag_id=tag_id) == BitMap([1, 2, 3])

    def test_s18_a_tag_that_a_definition_names_stays(self, shop: Workspace) -> None:
        one, other = carrying.tag(shop, "渠道/包裹卡"), carrying.tag(shop, "渠道/门店")
        api.create(shop, by=SYSTEM, name="包裹卡", definition={"tag": "渠道/包裹卡"})
        with pytest.raises(TagInUse):
            tags.delete_tag(shop, by=SYSTEM, tag_id=one)
        tags.delete_tag(shop, by=SYSTEM, tag_id=other)


class TestLeaving:
    def test_s15_the_erased_are_in_no_set(self, shop: Workspace) -> None:
        audience = buyers(shop).audience
        brought = api.bring(shop, by=SYSTEM, name="名单", member_nos=[1, 3]).audience
        ids = {number: member.id for number, member in people.members_of(shop, by=SYSTEM, member_nos=[1, 2, 3]).items()}
        api.choose(shop, by=SYSTEM, audience_id=audience.id, put=[ids[3]], lift=[ids[2]])
        assert set(api.members(shop, by=SYSTEM, audience_id=audience.id)) == {1, 3}
        told = erasing.parts()["audiences"](shop, [1])
        assert [(one["audience"], one["is_member"]) for one in told] == [("买过", True), ("名单", True)]
        people.erase(shop, by=SYSTEM, member_id=ids[1], reason="asked for it")
        people.erase(shop, by=SYSTEM, member_id=ids[2], reason="asked for it")
        assert set(api.members(shop, by=SYSTEM, audience_id=audience.id)) == {3}
        assert erasing.erasers()["audiences"](shop, [1, 2]) == 3
        assert erasing.erasers()["audiences"](shop, [1, 2]) == 0
        for one, count in ((audience, 1), (brought, 1)):
            assert api.one(shop, by=SYSTEM, audience_id=one.id).count == count
        assert api.refresh(shop, by=SYSTEM, audience_id=audience.id).count == 1
        assert api.preview(shop, by=SYSTEM, definition={"all": []}).count == 1
