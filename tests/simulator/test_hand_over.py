"""Customers handed on, in service and after leaving."""

import pytest

from tests.support.contacts import code, customer, external, told
from tests.support.simulator import Simulator

DAY = 86_400


def _start(simulator: Simulator, ones: list[str], path: str = "transfer_customer", **more: str) -> list[int]:
    body = {"handover_userid": "zhangwei", "takeover_userid": "lina", "external_userid": ones, **more}
    answer = simulator.post(f"externalcontact/{path}", body)
    assert code(answer) == 0, answer
    return [row["errcode"] for row in answer["customer"]]


def _status(simulator: Simulator, one: str, path: str = "transfer_result") -> int:
    simulator.fresh_token()
    found = simulator.post(f"externalcontact/{path}", {"handover_userid": "zhangwei", "takeover_userid": "lina"})
    return next((int(row["status"]) for row in found["customer"] if row["external_userid"] == one), 5)


def test_after_a_day_without_refusal_it_is_done(simulator: Simulator) -> None:
    _, one = customer(simulator)
    tag = simulator.act("add_tag", group="g", name="a")["tag_id"]
    simulator.act("edit_tags", userid="zhangwei", external_userid=one, put=[tag])
    assert _start(simulator, [one], transfer_success_msg="您好") == [0]
    told(simulator)
    simulator.advance(DAY - 1)
    assert (_status(simulator, one), told(simulator)) == (2, [])
    simulator.advance(1)
    assert _status(simulator, one) == 1
    gone, come = told(simulator)
    assert (gone["ChangeType"], gone["Source"], gone["UserID"]) == ("del_external_contact", "DELETE_BY_TRANSFER", "zhangwei")
    assert (come["ChangeType"], come["UserID"], "WelcomeCode" in come) == ("add_external_contact", "lina", False)
    (follow,) = simulator.get("externalcontact/get", external_userid=one)["follow_user"]
    assert (follow["userid"], follow["add_way"], follow["tags"][0]["tag_id"]) == ("lina", 202, tag)


def test_a_customer_may_refuse(simulator: Simulator) -> None:
    unionid, one = customer(simulator)
    _start(simulator, [one])
    told(simulator)
    simulator.act("refuse_transfer", person=unionid)
    (event,) = told(simulator)
    assert event == {
        "Event": "change_external_contact",
        "ChangeType": "transfer_fail",
        "FailReason": "customer_refused",
        "UserID": "lina",
        "ExternalUserID": one,
    }
    simulator.advance(2 * DAY)
    assert _status(simulator, one) == 3
    assert simulator.get("externalcontact/list", userid="zhangwei")["external_userid"] == [one]


def test_the_taker_is_full_in_the_end(simulator: Simulator) -> None:
    _, one = customer(simulator)
    _start(simulator, [one])
    simulator.corp.staff["lina"].customers_max = 1
    customer(simulator, "lina")
    told(simulator)
    simulator.advance(DAY)
    assert (_status(simulator, one), [row["FailReason"] for row in told(simulator)]) == (4, ["customer_limit_exceed"])
    _, two = customer(simulator)
    assert _start(simulator, [two]) == [40099]


def test_what_keeps_a_customer_from_being_handed_on(simulator: Simulator) -> None:
    _, one = customer(simulator)
    lost, two = customer(simulator)
    simulator.act("delete_staff", person=lost, userid="zhangwei")
    _, others = customer(simulator, "liuyang")
    assert _start(simulator, [one, one, two, others, "wmNo"]) == [0, 40129, 40131, 40131, 40096]


def test_twice_in_a_quarter(simulator: Simulator) -> None:
    unionid, one = customer(simulator)
    for _ in range(2):
        assert _start(simulator, [one]) == [0]
        simulator.act("refuse_transfer", person=unionid)
    assert _start(simulator, [one]) == [40128]
    simulator.advance(90 * DAY)
    simulator.fresh_token()
    assert _start(simulator, [one]) == [0]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"takeover_userid": "zhangwei"}, 40130),
        ({"takeover_userid": "nobody"}, 60111),
        ({"takeover_userid": "chenjing"}, 41054),
        ({"takeover_userid": "yangmin"}, 40098),
        ({"external_userid": []}, 41035),
        ({"external_userid": ["wm"] * 101}, 40058),
        ({"transfer_success_msg": "长" * 201}, 40058),
        ({"handover_userid": ""}, 41009),
    ],
)
def test_bad_hand_overs(simulator: Simulator, body: dict[str, object], expected: int) -> None:
    simulator.corp.staff["chenjing"].status = 4
    simulator.corp.staff["yangmin"].is_real_name = False
    good = {"handover_userid": "zhangwei", "takeover_userid": "lina", "external_userid": ["wm"]}
    assert code(simulator.post("externalcontact/transfer_customer", {**good, **body})) == expected


def test_customers_of_a_member_who_left(simulator: Simulator) -> None:
    _, one = customer(simulator)
    _, two = customer(simulator)
    body = {"handover_userid": "zhangwei", "takeover_userid": "lina", "external_userid": [one]}
    assert code(simulator.post("externalcontact/resigned/transfer_customer", body)) == 40097
    told(simulator)
    assert simulator.act("staff_leaves", userid="zhangwei") == {"customers": 2}
    assert told(simulator) == [{"Event": "change_contact", "ChangeType": "delete_user", "UserID": "zhangwei"}]
    found = simulator.post("externalcontact/get_unassigned_list", {"page_size": 1})
    (row,) = found["info"]
    assert row == {"handover_userid": "zhangwei", "external_userid": one, "dimission_time": simulator.world.now()}
    assert not found["is_last"]
    rest = simulator.post("externalcontact/get_unassigned_list", {"page_size": 1, "cursor": found["next_cursor"]})
    assert ([row["external_userid"] for row in rest["info"]], rest["is_last"]) == ([two], True)
    assert _start(simulator, [one], "resigned/transfer_customer") == [0]
    assert [row["external_userid"] for row in simulator.post("externalcontact/get_unassigned_list")["info"]] == [two]
    simulator.advance(DAY)
    assert (_status(simulator, one, "resigned/transfer_result"), _status(simulator, one)) == (1, 5)
    assert simulator.get("externalcontact/list", userid="lina")["external_userid"] == [one]


def test_who_refuses_waits_for_somebody_else(simulator: Simulator) -> None:
    unionid, one = customer(simulator)
    simulator.act("staff_leaves", userid="zhangwei")
    _start(simulator, [one], "resigned/transfer_customer")
    assert simulator.post("externalcontact/get_unassigned_list")["info"] == []
    simulator.act("refuse_transfer", person=unionid)
    assert [row["external_userid"] for row in simulator.post("externalcontact/get_unassigned_list")["info"]] == [one]
    body = {"handover_userid": "zhangwei", "takeover_userid": "liuyang", "external_userid": [one]}
    assert simulator.post("externalcontact/resigned/transfer_customer", body)["customer"] == [{"external_userid": one, "errcode": 0}]


def test_the_wechat_ticket_of_who_left_long_unused(simulator: Simulator) -> None:
    _, one = customer(simulator)
    simulator.corp.staff["zhangwei"].wechat_login_at = simulator.world.now() - 366 * DAY
    simulator.act("staff_leaves", userid="zhangwei")
    body = {"handover_userid": "zhangwei", "takeover_userid": "lina", "external_userid": [one]}
    assert code(simulator.post("externalcontact/resigned/transfer_customer", body)) == 40205


def test_a_customer_who_goes_while_waiting(simulator: Simulator) -> None:
    unionid, one = customer(simulator)
    _start(simulator, [one])
    simulator.act("delete_staff", person=unionid, userid="zhangwei")
    told(simulator)
    simulator.advance(DAY)
    assert (_status(simulator, one), told(simulator), external(simulator).moving) == (5, [], {})
