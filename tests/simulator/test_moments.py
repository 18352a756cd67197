"""Moments: the job, who publishes, who sees, what comes back."""

import pytest

from tests.support.contacts import code, customer, external, medium
from tests.support.simulator import Simulator


def _moment(simulator: Simulator, **body: object) -> tuple[str, dict[str, object]]:
    answer = simulator.post("externalcontact/add_moment_task", {"text": {"content": "今日上新"}, **body})
    assert code(answer) == 0, answer
    simulator.advance(2)
    done = simulator.get("externalcontact/get_moment_task_result", jobid=answer["jobid"])
    assert (done["status"], done["type"]) == (3, "add_moment_task")
    return done["result"]["moment_id"], done["result"]


def _seen(simulator: Simulator, moment_id: str, userid: str = "zhangwei") -> list[str]:
    found = simulator.post("externalcontact/get_moment_send_result", {"moment_id": moment_id, "userid": userid})
    assert code(found) == 0, found
    return [row["external_userid"] for row in found["customer_list"]]


def test_a_job_moves_with_the_clock(simulator: Simulator) -> None:
    job = simulator.post("externalcontact/add_moment_task", {"text": {"content": "x"}})["jobid"]
    states = []
    for _ in range(3):
        found = simulator.get("externalcontact/get_moment_task_result", jobid=job)
        states.append((found["status"], "result" in found))
        simulator.advance(1)
    assert states == [(1, False), (2, False), (3, True)]
    simulator.advance(86_400)
    simulator.fresh_token()
    assert code(simulator.get("externalcontact/get_moment_task_result", jobid=job)) == 40058


def test_members_publish_and_customers_see(simulator: Simulator) -> None:
    unionid, one = customer(simulator)
    moment_id, _ = _moment(simulator, visible_range={"sender_list": {"user_list": ["zhangwei"]}})
    pair = {"moment_id": moment_id, "userid": "zhangwei"}
    assert simulator.post("externalcontact/get_moment_task", pair)["task_list"] == [{"userid": "zhangwei", "publish_status": 0}]
    assert code(simulator.post("externalcontact/get_moment_send_result", pair)) == 41062
    assert code(simulator.post("externalcontact/get_moment_send_result", {**pair, "userid": "lina"})) == 41061
    assert simulator.post("externalcontact/get_moment_customer_list", pair)["customer_list"] == [
        {"userid": "zhangwei", "external_userid": one}
    ]
    simulator.act("publish_moment", **pair)
    assert _seen(simulator, moment_id) == [one]
    simulator.act("like_moment", person=unionid, **pair)
    simulator.act("comment_moment", person=unionid, **pair)
    found = simulator.post("externalcontact/get_moment_comments", pair)
    entry = {"external_userid": one, "create_time": simulator.world.now()}
    assert (found["comment_list"], found["like_list"]) == ([entry], [entry])


def test_the_range_and_what_of_it_is_not_valid(simulator: Simulator) -> None:
    _, one = customer(simulator, "zhangwei")
    customer(simulator, "lina")
    group = simulator.post("externalcontact/add_corp_tag", {"group_name": "g", "tag": [{"name": "a"}]})["tag_group"]
    tag = group["tag"][0]["id"]
    simulator.post("externalcontact/mark_tag", {"userid": "zhangwei", "external_userid": one, "add_tag": [tag]})
    tags_only, result = _moment(simulator, visible_range={"external_contact_list": {"tag_list": [tag, "etNo"]}})
    assert result["invalid_external_contact_list"] == {"tag_list": ["etNo"]}
    found = simulator.post("externalcontact/get_moment_task", {"moment_id": tags_only})["task_list"]
    assert [row["userid"] for row in found] == ["zhangwei"]
    reach = {"sender_list": {"user_list": ["lina", "nobody"], "department_list": [3, 99]}, "external_contact_list": {"tag_list": [tag]}}
    both, result = _moment(simulator, visible_range=reach)
    assert result["invalid_sender_list"] == {"user_list": ["nobody"], "department_list": [99]}
    simulator.act("publish_moment", userid="lina", moment_id=both)
    assert _seen(simulator, both, "lina") == []
    everyone, _ = _moment(simulator)
    assert len(simulator.post("externalcontact/get_moment_task", {"moment_id": everyone})["task_list"]) == len(simulator.corp.staff)


def test_a_customer_sees_four_of_the_corp_in_a_month(simulator: Simulator) -> None:
    _, one = customer(simulator)
    seen = []
    for _ in range(5):
        moment_id, _ = _moment(simulator)
        simulator.act("publish_moment", userid="zhangwei", moment_id=moment_id)
        seen.append(_seen(simulator, moment_id))
    assert seen == [[one]] * 4 + [[]]
    own = [simulator.act("post_moment", userid="zhangwei")["moment_id"] for _ in range(4)]
    assert [_seen(simulator, moment_id) for moment_id in own] == [[one]] * 3 + [[]]
    assert code(simulator.post("externalcontact/get_moment_task", {"moment_id": own[0]})) == 41067


def test_cancelling_stops_what_is_not_published(simulator: Simulator) -> None:
    moment_id, _ = _moment(simulator)
    assert code(simulator.post("externalcontact/cancel_moment_task", {"moment_id": moment_id})) == 0
    refused = simulator.http.post("/simulator/actions/publish_moment", json={"userid": "lina", "moment_id": moment_id})
    assert refused.status_code == 400


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, 41089),
        ({"text": {"content": "长" * 2001}}, 45002),
        ({"attachments": [{"msgtype": "file", "file": {"media_id": "x"}}]}, 41065),
        ({"attachments": [{"msgtype": "image", "image": {"media_id": "x"}}, {"msgtype": "link", "link": {}}]}, 41065),
        ({"attachments": [{"msgtype": "image", "image": {"media_id": "x"}}] * 10}, 41064),
        ({"attachments": [{"msgtype": "video", "video": {"media_id": "x"}}] * 2}, 41064),
        ({"attachments": [{"msgtype": "image", "image": {"media_id": "chat"}}]}, 40007),
    ],
)
def test_bad_moments(simulator: Simulator, body: dict[str, object], expected: int) -> None:
    assert code(simulator.post("externalcontact/add_moment_task", body)) == expected


def test_media_of_messages_are_not_for_moments(simulator: Simulator) -> None:
    for kind, expected in ((0, 40007), (1, 0)):
        body = {"attachments": [{"msgtype": "image", "image": {"media_id": medium(simulator, "image", kind)}}]}
        assert code(simulator.post("externalcontact/add_moment_task", body)) == expected


def test_records(simulator: Simulator) -> None:
    image = {"msgtype": "image", "image": {"media_id": medium(simulator, "image", 1)}}
    moment_id, _ = _moment(simulator, attachments=[image])
    now = simulator.world.now()
    found = simulator.post("externalcontact/get_moment_list", {"start_time": now - 60, "end_time": now})["moment_list"]
    assert [(row["moment_id"], row["create_type"], row["visible_type"], row["image"]) for row in found] == [
        (moment_id, 0, 1, [image["image"]])
    ]
    assert code(simulator.post("externalcontact/get_moment_list", {"start_time": now - 31 * 86_400, "end_time": now})) == 40058
    assert code(simulator.post("externalcontact/get_moment_task")) == 41059
    assert code(simulator.post("externalcontact/get_moment_task", {"moment_id": "no"})) == 41060
    simulator.post("externalcontact/add_moment_task", {"text": {"content": "x"}})
    newest = [*external(simulator).moments][-1]
    assert code(simulator.post("externalcontact/get_moment_task", {"moment_id": newest})) == 41079
