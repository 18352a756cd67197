"""Definitions as they are kept: references in order, edits that come out as a fresh one would, names that go."""

import pytest

from tests.support import activity as acting
from tests.support import tags as carrying
from wellspring.audiences import api, jobs
from wellspring.audiences.errors import AudienceInUse, DefinitionInvalid
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.tags import api as tags

BOUGHT = {"did": "Order Completed"}


@pytest.fixture
def shop(workspace: Workspace) -> Workspace:
    """Four people: the first two bought, the second and third live in Shanghai."""
    jobs.register()
    acting.ingest(workspace, *(acting.identify(f"u{number}", {"city": "上海"} if number in {2, 3} else {}) for number in range(1, 5)))
    acting.ingest(workspace, *(acting.track("Order Completed", userId=f"u{number}") for number in (1, 2)))
    return workspace


def made(ws: Workspace, name: str, definition: object) -> str:
    return api.create(ws, by=SYSTEM, name=name, definition=definition)[0].audience.id


def members(ws: Workspace, audience_id: str) -> set[int]:
    return set(api.members(ws, by=SYSTEM, audience_id=audience_id))


class TestReferences:
    def test_s05_of_one_another_in_order_and_never_in_a_circle(self, shop: Workspace) -> None:
        first = made(shop, "买过", BOUGHT)
        second = made(shop, "买过且在上海", {"all": [{"audience": "买过"}, {"attribute": "city", "is": "上海"}]})
        third = made(shop, "其余", {"not": {"audience": second}})
        assert [members(shop, one) for one in (first, second, third)] == [{1, 2}, {2}, {1, 3, 4}]
        with pytest.raises(DefinitionInvalid) as refused:
            api.change(shop, by=SYSTEM, audience_id=first, definition={"audience": third})
        assert "买过 → 其余 → 买过且在上海 → 买过" in refused.value.faults[0].zh
        acting.ingest(shop, acting.track("Order Completed", userId="u3"))
        api.refresh(shop, by=SYSTEM, audience_id=third)
        assert members(shop, third) == {1, 4}
        with pytest.raises(AudienceInUse):
            api.delete(shop, by=SYSTEM, audience_id=first)


class TestEditing:
    def test_s08_comes_out_as_a_fresh_one_would(self, shop: Workspace) -> None:
        edited = made(shop, "甲", BOUGHT)
        for number, definition in enumerate(({"not": BOUGHT}, {"attribute": "city", "missing": True}, {"any": []}, BOUGHT)):
            shown, _ = api.change(shop, by=SYSTEM, audience_id=edited, definition=definition)
            fresh = made(shop, f"乙{number}", definition)
            assert members(shop, edited) == members(shop, fresh)
            assert shown.audience.definition_hash == api.one(shop, by=SYSTEM, audience_id=fresh).audience.definition_hash
        versions = api.history(shop, by=SYSTEM, audience_id=edited).rows
        standing: set[int] = set()
        for version in reversed(versions):
            entered, left = (
                {
                    line.member.member_no
                    for line in api.changed_page(shop, by=SYSTEM, audience_id=edited, version=version.version, entered=side).rows
                }
                for side in (True, False)
            )
            standing = (standing | entered) - left
            assert len(standing) == version.members
        assert standing == members(shop, edited)


class TestNames:
    @pytest.mark.parametrize(
        "definition",
        [
            {"tag": "无/此"},
            {"tag_group": "无", "any": True},
            {"audience": "无"},
            {"trait": "none.such", "is": 1},
            {"served_by": {"store": "无"}},
        ],
    )
    def test_s18_nobody_knows_are_refused_with_their_place(self, shop: Workspace, definition: dict[str, object]) -> None:
        with pytest.raises(DefinitionInvalid) as refused:
            api.preview(shop, by=SYSTEM, definition={"all": [BOUGHT, definition]})
        assert [fault.path for fault in refused.value.faults] == ["$.all[1]"]

    def test_s04_who_carries_the_excluded_tag_is_out_whatever_else_they_carry(self, shop: Workspace) -> None:
        for number, tag in ((1, "渠道/门店"), (1, "渠道/包裹卡"), (2, "渠道/门店")):
            carrying.tag(shop, tag)
            tags.put(shop, by=SYSTEM, member_nos=[number], group="渠道", tag=tag.partition("/")[2])
        definition = {"all": [{"tag": "渠道/门店"}, {"not": {"tag": "渠道/包裹卡"}}]}
        assert [line.member.member_no for line in api.preview(shop, by=SYSTEM, definition=definition).sample] == [2]
