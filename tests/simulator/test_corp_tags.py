"""The tag library and tags of customers."""

import pytest

from tests.support.contacts import code, customer, external, names, told
from tests.support.simulator import Simulator


@pytest.fixture
def group(simulator: Simulator) -> dict[str, object]:
    body = {"group_name": "等级", "order": 5, "tag": [{"name": "金", "order": 1}, {"name": "银", "order": 9}]}
    found: dict[str, object] = simulator.post("externalcontact/add_corp_tag", body)["tag_group"]
    return found


def _tags(group: dict[str, object]) -> dict[str, str]:
    return {tag["name"]: tag["id"] for tag in group["tag"]}  # type: ignore[attr-defined]


def test_a_group_with_its_tags(simulator: Simulator, group: dict[str, object]) -> None:
    assert group.keys() == {"group_id", "group_name", "create_time", "order", "tag"}
    # The larger order comes first.
    assert [tag["name"] for tag in group["tag"]] == ["银", "金"]  # type: ignore[attr-defined]
    assert simulator.post("externalcontact/get_corp_tag_list")["tag_group"] == [group]
    # The app hears nothing of its own calls.
    assert told(simulator) == []


def test_tags_are_added_to_the_group_of_that_name(simulator: Simulator, group: dict[str, object]) -> None:
    again = simulator.post("externalcontact/add_corp_tag", {"group_name": "等级", "tag": [{"name": "铜"}, {"name": "铜"}, {"name": "金"}]})
    assert again["tag_group"]["group_id"] == group["group_id"]
    assert [tag["name"] for tag in again["tag_group"]["tag"]] == ["金", "铜"]
    assert again["tag_group"]["tag"][0]["id"] == _tags(group)["金"]
    by_id = simulator.post("externalcontact/add_corp_tag", {"group_id": group["group_id"], "group_name": "别的", "tag": [{"name": "铁"}]})
    assert by_id["tag_group"]["group_name"] == "等级"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"group_name": "空"}, 41017),
        ({"tag": [{"name": "a"}]}, 40068),
        ({"group_id": "etNo", "tag": [{"name": "a"}]}, 40068),
        ({"group_name": "长" * 31, "tag": [{"name": "a"}]}, 40072),
        ({"group_name": "g", "tag": [{"name": "长" * 31}]}, 40072),
        ({"group_name": "g", "tag": [{"name": ""}]}, 40072),
        ({"group_name": "g", "tag": [{"name": "a", "order": -1}]}, 40058),
    ],
)
def test_bad_tags(simulator: Simulator, body: dict[str, object], expected: int) -> None:
    assert code(simulator.post("externalcontact/add_corp_tag", body)) == expected


def test_the_corps_tags_are_limited(simulator: Simulator) -> None:
    simulator.corp.settings.tags_max = 2
    body = {"group_name": "g", "tag": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}
    assert code(simulator.post("externalcontact/add_corp_tag", body)) == 40126
    assert external(simulator).tags == {}


def test_editing(simulator: Simulator, group: dict[str, object]) -> None:
    tags = _tags(group)
    assert code(simulator.post("externalcontact/edit_corp_tag", {"id": tags["金"], "name": "白金"})) == 0
    assert code(simulator.post("externalcontact/edit_corp_tag", {"id": tags["银"], "name": "白金"})) == 40071
    assert code(simulator.post("externalcontact/edit_corp_tag", {"id": group["group_id"], "name": "会员", "order": 1})) == 0
    assert code(simulator.post("externalcontact/edit_corp_tag", {"id": "etNo", "name": "x"})) == 40068
    assert code(simulator.post("externalcontact/edit_corp_tag", {"id": tags["金"], "name": "长" * 31})) == 40072
    by_hand = simulator.act("add_tag", group="人工", name="甲")
    assert code(simulator.post("externalcontact/edit_corp_tag", {"id": by_hand["tag_id"], "name": "乙"})) == 60011
    (found,) = simulator.post("externalcontact/get_corp_tag_list", {"group_id": [group["group_id"]]})["tag_group"]
    assert (found["group_name"], sorted(tag["name"] for tag in found["tag"])) == ("会员", ["白金", "银"])


def test_deleted_tags_leave_their_customers(simulator: Simulator, group: dict[str, object]) -> None:
    tags = _tags(group)
    _, one = customer(simulator)
    pair = {"userid": "zhangwei", "external_userid": one}
    simulator.post("externalcontact/mark_tag", {**pair, "add_tag": [tags["金"], tags["银"]]})
    assert code(simulator.post("externalcontact/del_corp_tag", {"tag_id": [tags["金"]]})) == 0
    assert external(simulator).contacts[one].relations[0].tags == (tags["银"],)
    (found,) = simulator.post("externalcontact/get_corp_tag_list", {"tag_id": [tags["金"]]})["tag_group"]
    assert found["tag"][0]["deleted"] is True
    # The group goes with its last tag.
    simulator.post("externalcontact/del_corp_tag", {"tag_id": [tags["银"]]})
    assert simulator.post("externalcontact/get_corp_tag_list")["tag_group"] == []
    assert code(simulator.post("externalcontact/del_corp_tag")) == 40068
    assert code(simulator.post("externalcontact/del_corp_tag", {"tag_id": [tags["银"]]})) == 40068


def test_marking(simulator: Simulator, group: dict[str, object]) -> None:
    tags = _tags(group)
    _, one = customer(simulator)
    told(simulator)
    pair = {"userid": "zhangwei", "external_userid": one}
    assert code(simulator.post("externalcontact/mark_tag", {**pair, "add_tag": [tags["金"]]})) == 0
    assert code(simulator.post("externalcontact/mark_tag", {**pair, "add_tag": [tags["金"], tags["银"]], "remove_tag": []})) == 0
    shown = simulator.get("externalcontact/get", external_userid=one)["follow_user"][0]["tags"]
    assert shown[0] == {"group_name": "等级", "tag_name": "金", "tag_id": tags["金"], "type": 1}
    assert code(simulator.post("externalcontact/mark_tag", {**pair, "remove_tag": [tags["金"]]})) == 0
    assert code(simulator.post("externalcontact/mark_tag", pair)) == 41017
    assert code(simulator.post("externalcontact/mark_tag", {**pair, "add_tag": ["etNo"]})) == 40068
    assert code(simulator.post("externalcontact/mark_tag", {**pair, "userid": "lina", "add_tag": [tags["金"]]})) == 84061
    assert told(simulator) == []
    simulator.act("edit_tags", **pair, put=[tags["金"]])
    simulator.act("edit_tags", **pair, put=[tags["金"]])
    assert names(simulator) == ["edit_external_contact"]


def test_personal_tags_have_no_ids(simulator: Simulator) -> None:
    _, one = customer(simulator)
    told(simulator)
    simulator.act("edit_own_tags", userid="zhangwei", external_userid=one, names=["爱聊天"])
    assert names(simulator) == ["edit_external_contact"]
    shown = simulator.get("externalcontact/get", external_userid=one)["follow_user"][0]["tags"]
    assert shown == [{"group_name": "", "tag_name": "爱聊天", "type": 2}]
    row = simulator.post("externalcontact/batch/get_by_user", {"userid_list": ["zhangwei"]})["external_contact_list"][0]
    assert row["follow_info"]["tag_id"] == []


def test_what_the_administrator_changes_is_told(simulator: Simulator) -> None:
    made = simulator.act("add_tag", group="来源", name="门店")
    simulator.act("add_tag", group="来源", name="直播")
    simulator.act("rename_tag", id=made["tag_id"], name="线下门店")
    simulator.act("shuffle_tags", group_id=made["group_id"])
    assert [(row["ChangeType"], row.get("TagType", "")) for row in told(simulator)] == [
        ("create", "tag_group"),
        ("create", "tag"),
        ("create", "tag"),
        ("update", "tag"),
        ("shuffle", ""),
    ]
    # A group with its tags is told once.
    simulator.act("delete_tag", id=made["group_id"])
    assert [(row["ChangeType"], row["TagType"], row["Id"]) for row in told(simulator)] == [("delete", "tag_group", made["group_id"])]


def test_tags_of_a_rule_group_are_apart(simulator: Simulator, group: dict[str, object]) -> None:
    body = {"strategy_id": 1, "group_name": "规则", "tag": [{"name": "甲"}]}
    made = simulator.post("externalcontact/add_strategy_tag", body)["tag_group"]
    assert made["strategy_id"] == 1
    assert simulator.post("externalcontact/get_corp_tag_list")["tag_group"] == [group]
    assert simulator.post("externalcontact/get_strategy_tag_list", {"strategy_id": 1})["tag_group"] == [made]
    tag = made["tag"][0]["id"]
    assert code(simulator.post("externalcontact/edit_corp_tag", {"id": tag, "name": "乙"})) == 40068
    assert code(simulator.post("externalcontact/edit_strategy_tag", {"id": tag, "name": "乙"})) == 0
    assert code(simulator.post("externalcontact/del_strategy_tag", {"tag_id": [tag]})) == 0
