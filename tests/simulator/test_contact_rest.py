"""Behaviour of members, albums, intercept rules, strategies; a million customers."""

import resource
import time

import pytest

from tests.support.contacts import code, customer, external, medium
from tests.support.simulator import Simulator
from wecom_simulator import actions

DAY = 86_400


def test_behaviour_is_added_up_by_day(simulator: Simulator) -> None:
    unionid, one = customer(simulator)
    gone, two = customer(simulator)
    third, _ = customer(simulator, "lina")
    simulator.act("say", person=unionid, userid="zhangwei")
    simulator.act("say", person=third, userid="lina")
    simulator.advance(300)
    simulator.act("reply", userid="zhangwei", external_userid=one)
    simulator.act("reply", userid="zhangwei", external_userid=two)
    simulator.act("delete_staff", person=gone, userid="zhangwei")
    today = simulator.world.now() // DAY * DAY - 8 * 3600
    body = {"userid": ["zhangwei", "lina"], "start_time": today - DAY, "end_time": simulator.world.now()}
    empty, row = simulator.post("externalcontact/get_user_behavior_data", body)["behavior_data"]
    assert row == {
        "stat_time": today,
        "chat_cnt": 2,
        "message_cnt": 2,
        "reply_percentage": 50.0,
        "avg_reply_time": 5,
        "negative_feedback_cnt": 1,
        "new_apply_cnt": 3,
        "new_contact_cnt": 3,
    }
    assert empty.keys() == row.keys() - {"reply_percentage", "avg_reply_time"}
    by_department = {**body, "userid": [], "partyid": [2]}
    assert simulator.post("externalcontact/get_user_behavior_data", by_department)["behavior_data"][1]["new_contact_cnt"] == 3


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, 40063),
        ({"userid": ["lina"]}, 600018),
        ({"userid": ["lina"], "start_time": 1_773_806_400_000, "end_time": 1_773_806_400_000}, 600018),
        ({"userid": ["lina"], "start_time": 1_773_806_400 - 31 * DAY, "end_time": 1_773_806_400}, 600018),
        ({"userid": ["lina"], "start_time": 1_773_806_400 - 200 * DAY, "end_time": 1_773_806_400 - 190 * DAY}, 600018),
        ({"userid": ["nobody"], "start_time": 1_773_806_400, "end_time": 1_773_806_400}, 60111),
    ],
)
def test_bad_times(simulator: Simulator, body: dict[str, object], expected: int) -> None:
    answer = simulator.post("externalcontact/get_user_behavior_data", body)
    assert (code(answer), answer["behavior_data"]) == (expected, [])


def test_albums(simulator: Simulator) -> None:
    image = {"type": "image", "image": {"media_id": medium(simulator, "image", 2)}}
    good = {"description": "婴儿湿巾", "price": 3900, "product_sn": "SN1", "attachments": [image]}
    made = simulator.post("externalcontact/add_product_album", good)["product_id"]
    shown = simulator.post("externalcontact/get_product_album", {"product_id": made})["product"]
    assert shown == {"product_id": made, **good, "create_time": simulator.world.now()}
    assert len(simulator.post("externalcontact/get_product_album_list")["product_list"]) == 1
    assert code(simulator.post("externalcontact/update_product_album", {"product_id": made, "price": 100})) == 0
    assert simulator.post("externalcontact/get_product_album", {"product_id": made})["product"]["price"] == 100
    bad = [
        ({"description": ""}, 41087),
        ({"description": "长" * 301}, 41073),
        ({"price": 5_000_001}, 41086),
        ({"product_sn": "有"}, 41085),
        ({"attachments": []}, 41088),
        ({"attachments": [{"image": {"media_id": medium(simulator)}}]}, 40007),
    ]
    assert [code(simulator.post("externalcontact/add_product_album", {**good, **one})) for one, _ in bad] == [want for _, want in bad]
    assert code(simulator.post("externalcontact/delete_product_album", {"product_id": made})) == 0
    assert code(simulator.post("externalcontact/get_product_album", {"product_id": made})) == 41075


def test_intercept_rules(simulator: Simulator) -> None:
    good = {
        "rule_name": "词",
        "word_list": ["返现"],
        "intercept_type": 1,
        "applicable_range": {"user_list": ["lina"]},
        "semantics_list": [1],
    }
    made = simulator.post("externalcontact/add_intercept_rule", good)["rule_id"]
    assert simulator.get("externalcontact/get_intercept_rule_list")["rule_list"][0]["rule_id"] == made
    change = {"rule_id": made, "add_applicable_range": {"user_list": ["zhangwei"]}, "remove_applicable_range": {"user_list": ["lina"]}}
    assert code(simulator.post("externalcontact/update_intercept_rule", change)) == 0
    shown = simulator.post("externalcontact/get_intercept_rule", {"rule_id": made})["rule"]
    assert shown["applicable_range"] == {"user_list": ["zhangwei"], "department_list": []}
    assert shown["extra_rule"] == {"semantics_list": [1]}
    bad = [
        ({}, 41077),
        ({"rule_name": "二", "word_list": []}, 41068),
        ({"rule_name": "二", "word_list": ["长" * 33]}, 41083),
        ({"rule_name": "二", "semantics_list": [4]}, 41084),
        ({"rule_name": "二", "applicable_range": {}}, 41076),
    ]
    assert [code(simulator.post("externalcontact/add_intercept_rule", {**good, **one})) for one, _ in bad] == [want for _, want in bad]
    assert code(simulator.post("externalcontact/del_intercept_rule", {"rule_id": made})) == 0
    assert code(simulator.post("externalcontact/get_intercept_rule", {"rule_id": made})) == 41070


@pytest.mark.parametrize("kind", ["customer_strategy", "moment_strategy"])
def test_strategies(simulator: Simulator, kind: str) -> None:
    body = {"strategy_name": "华东", "admin_list": ["lina"], "privilege": {"send_moment": False}, "range": [{"type": 1, "userid": "lina"}]}
    made = simulator.post(f"externalcontact/{kind}/create", body)["strategy_id"]
    assert simulator.post(f"externalcontact/{kind}/list")["strategy"] == [{"strategy_id": made}]
    change = {"strategy_id": made, "strategy_name": "华南", "range_add": [{"type": 2, "partyid": 3}], "range_del": body["range"]}
    assert code(simulator.post(f"externalcontact/{kind}/edit", change)) == 0
    shown = simulator.post(f"externalcontact/{kind}/get", {"strategy_id": made})["strategy"]
    assert (shown["strategy_name"], shown["admin_list"], shown["parent_id"]) == ("华南", ["lina"], 0)
    assert simulator.post(f"externalcontact/{kind}/get_range", {"strategy_id": made})["range"] == [{"type": 2, "partyid": 3}]
    assert code(simulator.post(f"externalcontact/{kind}/del", {"strategy_id": made})) == 0
    assert code(simulator.post(f"externalcontact/{kind}/get", {"strategy_id": made})) == 60136


def test_subscribing_of_schools(simulator: Simulator) -> None:
    assert simulator.get("externalcontact/get_subscribe_mode")["subscribe_mode"] == 1
    assert code(simulator.post("externalcontact/set_subscribe_mode", {"subscribe_mode": 2})) == 0
    assert simulator.get("externalcontact/get_subscribe_mode")["subscribe_mode"] == 2
    assert simulator.get("externalcontact/get_subscribe_qr_code").keys() >= {"qrcode_big", "qrcode_middle", "qrcode_thumb"}


def test_many_customers_are_small_and_made_in_seconds(simulator: Simulator) -> None:
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    actions.bulk_people(simulator.world, 100_000, 10)
    seconds = time.perf_counter() - started
    each = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / 100_000
    print(f"100,000 customers: {seconds:.2f} s, {each:.0f} bytes each")
    assert seconds < 10
    assert each < 1_500
    assert len(simulator.get("externalcontact/list", userid="guide00001")["external_userid"]) == 10_000
    assert len(external(simulator).contacts) == 100_000
