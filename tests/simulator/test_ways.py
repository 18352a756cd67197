"""Contact ways, and the welcome message within its window."""

import pytest

from tests.support.contacts import code, customer, external, medium, names, someone, told
from tests.support.simulator import Simulator
from wecom_simulator import actions


def _way(simulator: Simulator, **more: object) -> dict[str, str]:
    body = {"type": 2, "scene": 2, "user": ["zhangwei", "lina"], "state": "card-1", **more}
    answer = simulator.post("externalcontact/add_contact_way", body)
    assert code(answer) == 0, answer
    return {"config_id": answer["config_id"], "qr_code": answer.get("qr_code", "")}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"scene": 2, "user": ["lina"]}, 41037),
        ({"type": 3, "scene": 2, "user": ["lina"]}, 41039),
        ({"type": 1, "user": ["lina"]}, 41038),
        ({"type": 1, "scene": 9, "user": ["lina"]}, 41040),
        ({"type": 1, "scene": 1, "style": 9, "user": ["lina"]}, 41042),
        ({"type": 1, "scene": 2, "user": ["lina", "liuyang"]}, 40058),
        ({"type": 1, "scene": 2, "user": ["nobody"]}, 60111),
        ({"type": 2, "scene": 2}, 40063),
        ({"type": 2, "scene": 2, "party": [99]}, 60123),
        ({"type": 1, "scene": 2, "user": ["lina"], "state": "长" * 31}, 40058),
        ({"type": 1, "scene": 2, "user": ["lina"], "is_temp": True}, 48002),
        ({"type": 1, "scene": 2, "user": ["huangli"]}, 41054),
    ],
)
def test_bad_ways(simulator: Simulator, body: dict[str, object], expected: int) -> None:
    simulator.corp.staff["huangli"].is_real_name = False
    assert code(simulator.post("externalcontact/add_contact_way", body)) == expected


def test_too_many_members_or_ways(simulator: Simulator) -> None:
    actions.bulk_people(simulator.world, 101, 101)
    assert code(simulator.post("externalcontact/add_contact_way", {"type": 2, "scene": 2, "party": [1]})) == 41041
    simulator.corp.settings.ways_max = 1
    _way(simulator)
    assert code(simulator.post("externalcontact/add_contact_way", {"type": 1, "scene": 2, "user": ["lina"]})) == 41045


def test_a_way_is_kept_changed_and_deleted(simulator: Simulator) -> None:
    made = _way(simulator, remark="包裹卡")
    found = simulator.post("externalcontact/get_contact_way", made)["contact_way"]
    assert (found["type"], found["scene"], found["remark"], found["state"], found["skip_verify"]) == (2, 2, "包裹卡", "card-1", True)
    assert (found["user"], found["party"], found["qr_code"]) == (["zhangwei", "lina"], [], made["qr_code"])
    assert simulator.post("externalcontact/list_contact_way")["contact_way"] == [{"config_id": made["config_id"]}]
    assert code(simulator.post("externalcontact/update_contact_way", {"config_id": made["config_id"], "user": ["liuyang"]})) == 0
    found = simulator.post("externalcontact/get_contact_way", made)["contact_way"]
    # Remark and users are overwritten, the rest stays.
    assert (found["user"], found["remark"], found["state"]) == (["liuyang"], "", "card-1")
    assert code(simulator.post("externalcontact/del_contact_way", made)) == 0
    assert code(simulator.post("externalcontact/get_contact_way", made)) == 41044
    assert code(simulator.post("externalcontact/get_contact_way")) == 41043
    assert simulator.act("scan", way=made["config_id"], person=someone(simulator))["outcome"] == "unknown"


def test_members_take_turns_and_the_state_comes_back(simulator: Simulator) -> None:
    made = _way(simulator)
    who = [simulator.act("scan", way=made["qr_code"], person=someone(simulator)) for _ in range(4)]
    assert [one["userid"] for one in who] == ["zhangwei", "lina", "zhangwei", "lina"]
    events = told(simulator)
    assert {row["State"] for row in events} == {"card-1"}
    follow = simulator.get("externalcontact/get", external_userid=who[0]["external_userid"])["follow_user"][0]
    assert (follow["state"], follow["add_way"]) == ("card-1", 1)
    simulator.corp.staff["lina"].customers_max = 2
    rest = [simulator.act("scan", way=made["qr_code"], person=someone(simulator))["userid"] for _ in range(2)]
    assert rest == ["zhangwei", "zhangwei"]


def test_an_exclusive_way_leads_to_the_member_one_has(simulator: Simulator) -> None:
    made = _way(simulator, is_exclusive=True)
    unionid, _ = customer(simulator, "liuyang")
    assert simulator.act("scan", way=made["qr_code"], person=unionid) | {"external_userid": ""} == {
        "outcome": "already",
        "userid": "liuyang",
        "external_userid": "",
    }


def _welcomed(simulator: Simulator) -> str:
    told(simulator)
    customer(simulator)
    return told(simulator)[-1]["WelcomeCode"]


def test_a_welcome_is_sent_once(simulator: Simulator) -> None:
    welcome = _welcomed(simulator)
    body = {
        "welcome_code": welcome,
        "text": {"content": "欢迎"},
        "attachments": [
            {"msgtype": "image", "image": {"media_id": medium(simulator)}},
            {"msgtype": "link", "link": {"title": "优惠券", "url": "https://example.com/c"}},
            {"msgtype": "miniprogram", "miniprogram": {"title": "商城", "pic_media_id": medium(simulator), "appid": "wx1", "page": "/i"}},
        ],
    }
    assert code(simulator.post("externalcontact/send_welcome_msg", body)) == 0
    assert code(simulator.post("externalcontact/send_welcome_msg", body)) == 41051
    (received,) = external(simulator).received
    assert (received.kind, len(received.content["attachments"])) == ("welcome", 3)


@pytest.mark.parametrize(("seconds", "expected"), [(20, 0), (21, 41050)])
def test_the_window_is_twenty_seconds(simulator: Simulator, seconds: int, expected: int) -> None:
    welcome = _welcomed(simulator)
    simulator.advance(seconds)
    assert code(simulator.post("externalcontact/send_welcome_msg", {"welcome_code": welcome, "text": {"content": "欢迎"}})) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, 44004),
        ({"text": {"content": "长" * 1334}}, 40058),
        ({"attachments": [{"msgtype": "image", "image": {"media_id": "gone"}}]}, 40007),
        ({"attachments": [{"msgtype": "poem"}]}, 41065),
        ({"attachments": [{"msgtype": "link", "link": {"title": "t", "url": "https://e.com"}}] * 10}, 41064),
        ({"attachments": [{"msgtype": "link", "link": {"title": "长" * 43, "url": "https://e.com"}}]}, 40058),
    ],
)
def test_bad_welcomes_use_nothing_up(simulator: Simulator, body: dict[str, object], expected: int) -> None:
    welcome = _welcomed(simulator)
    assert code(simulator.post("externalcontact/send_welcome_msg", {"welcome_code": welcome, **body})) == expected
    assert code(simulator.post("externalcontact/send_welcome_msg", {"welcome_code": welcome, "text": {"content": "好"}})) == 0


def test_codes_that_are_none(simulator: Simulator) -> None:
    assert code(simulator.post("externalcontact/send_welcome_msg", {"text": {"content": "x"}})) == 41049
    assert code(simulator.post("externalcontact/send_welcome_msg", {"welcome_code": "no", "text": {"content": "x"}})) == 41050


def test_no_welcome_once_they_chat_or_the_console_has_its_own(simulator: Simulator) -> None:
    unionid, _ = customer(simulator)
    welcome = told(simulator)[-1]["WelcomeCode"]
    simulator.act("say", person=unionid, userid="zhangwei")
    assert code(simulator.post("externalcontact/send_welcome_msg", {"welcome_code": welcome, "text": {"content": "x"}})) == 41051
    simulator.corp.settings.has_admin_welcome = True
    customer(simulator)
    assert "WelcomeCode" not in told(simulator)[-1]


def test_who_agrees_to_the_archive_may_be_welcomed_then(simulator: Simulator) -> None:
    unionid, one = customer(simulator)
    told(simulator)
    simulator.act("agree_to_archive", person=unionid, userid="zhangwei")
    (event,) = told(simulator)
    assert (event["ChangeType"], event["ExternalUserID"]) == ("msg_audit_approved", one)
    body = {"welcome_code": event["WelcomeCode"], "text": {"content": "欢迎"}}
    assert code(simulator.post("externalcontact/send_welcome_msg", body)) == 0
    simulator.act("agree_to_archive", person=unionid, userid="zhangwei")
    assert "WelcomeCode" not in told(simulator)[0]


def test_templates_for_groups(simulator: Simulator) -> None:
    body = {"text": {"content": "%NICKNAME% 欢迎"}, "link": {"title": "t", "url": "https://e.com"}, "notify": 1}
    made = simulator.post("externalcontact/group_welcome_template/add", body)["template_id"]
    shown = simulator.post("externalcontact/group_welcome_template/get", {"template_id": made})
    assert (shown["text"]["content"], shown["link"]["title"]) == ("%NICKNAME% 欢迎", "t")
    edit = {"template_id": made, "text": {"content": "新"}}
    assert code(simulator.post("externalcontact/group_welcome_template/edit", edit)) == 0
    simulator.corp.settings.group_templates_max = 1
    assert code(simulator.post("externalcontact/group_welcome_template/add", body)) == 41055
    external(simulator).group_templates[made].agent = "other"
    assert code(simulator.post("externalcontact/group_welcome_template/del", {"template_id": made})) == 41058
    assert code(simulator.post("externalcontact/group_welcome_template/get", {"template_id": "no"})) == 60136
    assert names(simulator) == []
