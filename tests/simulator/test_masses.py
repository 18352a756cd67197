"""Mass messages: tasks, confirming, caps, records."""

import pytest

from tests.support.contacts import code, customer, external, someone, told
from tests.support.simulator import Simulator


def _task(simulator: Simulator, **body: object) -> dict[str, object]:
    answer = simulator.post("externalcontact/add_msg_template", {"text": {"content": "上新"}, **body})
    assert code(answer) == 0, answer
    simulator.advance(2)
    return answer


def _statuses(simulator: Simulator, msgid: object, userid: str = "zhangwei") -> dict[str, int]:
    found = simulator.post("externalcontact/get_groupmsg_send_result", {"msgid": msgid, "userid": userid})
    assert code(found) == 0, found
    return {row["external_userid"]: row["status"] for row in found["send_list"]}


def test_nothing_is_sent_before_the_member_confirms(simulator: Simulator) -> None:
    _, one = customer(simulator)
    told(simulator)
    answer = simulator.post("externalcontact/add_msg_template", {"external_userid": [one, "wmNobody"], "text": {"content": "上新"}})
    assert answer["fail_list"] == ["wmNobody"]
    task = {"msgid": answer["msgid"]}
    assert code(simulator.post("externalcontact/get_groupmsg_task", task)) == 41063
    simulator.advance(2)
    assert simulator.post("externalcontact/get_groupmsg_task", task)["task_list"] == [{"userid": "zhangwei", "status": 0}]
    assert _statuses(simulator, answer["msgid"]) == {one: 0}
    assert simulator.act("confirm_task", userid="zhangwei", msgid=answer["msgid"])["sent"] == 1
    now = simulator.world.now()
    assert simulator.post("externalcontact/get_groupmsg_task", task)["task_list"] == [{"userid": "zhangwei", "status": 2, "send_time": now}]
    (row,) = simulator.post("externalcontact/get_groupmsg_send_result", {**task, "userid": "zhangwei"})["send_list"]
    assert row == {"external_userid": one, "userid": "zhangwei", "status": 1, "send_time": now}
    assert [one.kind for one in external(simulator).received] == ["mass"]
    assert told(simulator) == []


def test_the_member_who_last_chatted_sends(simulator: Simulator) -> None:
    unionid, one = customer(simulator, "zhangwei")
    simulator.act("add_by", userid="lina", person=unionid, half=False)
    simulator.act("reply", userid="lina", external_userid=one)
    task = _task(simulator, external_userid=[one])
    assert list(external(simulator).masses[str(task["msgid"])].deliveries) == ["lina"]
    named = _task(simulator, external_userid=[one], sender="zhangwei")
    assert list(external(simulator).masses[str(named["msgid"])].deliveries) == ["zhangwei"]


def test_whom_a_task_is_for(simulator: Simulator) -> None:
    ones = [customer(simulator)[1] for _ in range(3)]
    other = customer(simulator, "lina")[1]
    group = simulator.post("externalcontact/add_corp_tag", {"group_name": "g", "tag": [{"name": "a"}, {"name": "b"}]})["tag_group"]
    tag_a, tag_b = (tag["id"] for tag in sorted(group["tag"], key=lambda tag: tag["name"]))
    for one, tags in ((ones[0], [tag_a, tag_b]), (ones[1], [tag_a])):
        simulator.post("externalcontact/mark_tag", {"userid": "zhangwei", "external_userid": one, "add_tag": tags})
    simulator.post("externalcontact/mark_tag", {"userid": "lina", "external_userid": other, "add_tag": [tag_b]})

    def reached(**body: object) -> set[str]:
        task = external(simulator).masses[str(_task(simulator, **body)["msgid"])]
        return {target for delivery in task.deliveries.values() for target in delivery.targets}

    assert reached(sender="zhangwei") == set(ones)
    one_list = {"group_list": [{"tag_list": [tag_a, tag_b]}]}
    assert reached(tag_filter=one_list) == {ones[0], ones[1], other}
    two_lists = {"group_list": [{"tag_list": [tag_a]}, {"tag_list": [tag_b]}]}
    assert reached(tag_filter=two_lists) == {ones[0]}
    # Named customers win over tags.
    assert reached(external_userid=[ones[2]], tag_filter=two_lists) == {ones[2]}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"text": {"content": "x"}}, 40063),
        ({"sender": "lina"}, 44004),
        ({"sender": "lina", "text": {"content": "x"}}, 41048),
        ({"external_userid": ["wmNo"], "text": {"content": "x"}}, 40096),
        ({"external_userid": ["wm"] * 10_001, "text": {"content": "x"}}, 40058),
        ({"chat_type": "group", "text": {"content": "x"}}, 41009),
        ({"chat_type": "choir", "text": {"content": "x"}}, 40058),
        ({"sender": "nobody", "text": {"content": "x"}}, 60111),
        ({"tag_filter": {"group_list": [{"tag_list": ["etNo"]}]}, "text": {"content": "x"}}, 40068),
        ({"sender": "lina", "attachments": [{"msgtype": "video", "video": {"media_id": "no"}}]}, 40007),
    ],
)
def test_bad_tasks(simulator: Simulator, body: dict[str, object], expected: int) -> None:
    assert code(simulator.post("externalcontact/add_msg_template", body)) == expected


def test_who_is_no_friend_any_more_or_over_the_cap(simulator: Simulator) -> None:
    simulator.corp.settings.sends_per_day = 1
    gone, one = customer(simulator)
    _, two = customer(simulator)
    _, three = customer(simulator)
    first = _task(simulator, external_userid=[one, two, three])
    simulator.act("delete_staff", person=gone, userid="zhangwei")
    simulator.act("delete_customer", userid="zhangwei", external_userid=three)
    simulator.act("confirm_task", userid="zhangwei", msgid=first["msgid"])
    assert _statuses(simulator, first["msgid"]) == {one: 2, two: 1, three: 2}
    second = _task(simulator, external_userid=[one, two])
    # Who has deleted the member is told at once.
    assert second["fail_list"] == [one]
    simulator.act("confirm_task", userid="zhangwei", msgid=second["msgid"])
    assert _statuses(simulator, second["msgid"]) == {two: 3}
    simulator.advance(86_400)
    simulator.fresh_token()
    third = _task(simulator, external_userid=[two])
    simulator.act("confirm_task", userid="zhangwei", msgid=third["msgid"])
    assert _statuses(simulator, third["msgid"]) == {two: 1}


def test_the_month_has_as_many_messages_as_days(simulator: Simulator) -> None:
    _, one = customer(simulator)
    statuses = []
    for _ in range(32):
        task = _task(simulator, external_userid=[one])
        simulator.act("confirm_task", userid="zhangwei", msgid=task["msgid"])
        statuses += _statuses(simulator, task["msgid"]).values()
    # March has 31 days.
    assert statuses == [1] * 31 + [3]
    simulator.advance(14 * 86_400)
    simulator.fresh_token()
    task = _task(simulator, external_userid=[one])
    simulator.act("confirm_task", userid="zhangwei", msgid=task["msgid"])
    assert _statuses(simulator, task["msgid"]) == {one: 1}


def test_a_member_may_choose_where_the_task_allows_it(simulator: Simulator) -> None:
    for _ in range(10):
        customer(simulator)
    chosen = _task(simulator, sender="zhangwei", allow_select=True)
    assert simulator.act("confirm_task", userid="zhangwei", msgid=chosen["msgid"], share=0.3) == {
        "unsent": 7,
        "sent": 3,
        "not_friend": 0,
        "over_cap": 0,
    }
    strict = _task(simulator, sender="zhangwei")
    assert simulator.act("confirm_task", userid="zhangwei", msgid=strict["msgid"], share=0.3)["sent"] == 10
    again = simulator.http.post("/simulator/actions/confirm_task", json={"userid": "zhangwei", "msgid": strict["msgid"]})
    assert again.status_code == 400


def test_what_members_send_themselves_counts_in_the_same_cap(simulator: Simulator) -> None:
    simulator.corp.settings.sends_per_day = 1
    _, one = customer(simulator)
    own = simulator.act("send_own_mass", userid="zhangwei")["msgid"]
    assert _statuses(simulator, own) == {one: 1}
    task = _task(simulator, external_userid=[one])
    simulator.act("confirm_task", userid="zhangwei", msgid=task["msgid"])
    assert _statuses(simulator, task["msgid"]) == {one: 3}
    body = {"chat_type": "single", "start_time": simulator.world.now() - 60, "end_time": simulator.world.now()}

    def listed(filter_type: int) -> list[tuple[str, str]]:
        rows = simulator.post("externalcontact/get_groupmsg_list_v2", {**body, "filter_type": filter_type})["group_msg_list"]
        return [(row["msgid"], row.get("creator", "")) for row in rows]

    assert listed(0) == [(task["msgid"], "")]
    assert listed(1) == [(own, "zhangwei")]
    assert len(listed(2)) == 2


def test_groups_of_one_owner(simulator: Simulator) -> None:
    chat = simulator.act("create_group", owner="lina", name="群", people=[someone(simulator)])["chat_id"]
    other = simulator.act("create_group", owner="zhangwei", name="群")["chat_id"]
    task = _task(simulator, chat_type="group", sender="lina", chat_id_list=[chat, other])
    assert task["fail_list"] == [other]
    simulator.act("confirm_task", userid="lina", msgid=task["msgid"])
    (row,) = simulator.post("externalcontact/get_groupmsg_send_result", {"msgid": task["msgid"], "userid": "lina"})["send_list"]
    assert (row["chat_id"], row["status"]) == (chat, 1)
    assert external(simulator).received[-1].kind == "group"


def test_reminding_and_cancelling(simulator: Simulator) -> None:
    customer(simulator)
    task = {"msgid": _task(simulator, sender="zhangwei")["msgid"]}
    assert [code(simulator.post("externalcontact/remind_groupmsg_send", task)) for _ in range(4)] == [0, 0, 0, 41094]
    assert code(simulator.post("externalcontact/cancel_groupmsg_send", task)) == 0
    assert code(simulator.post("externalcontact/cancel_groupmsg_send", task)) == 41093
    assert code(simulator.post("externalcontact/remind_groupmsg_send", task)) == 41093
    confirmed = simulator.http.post("/simulator/actions/confirm_task", json={"userid": "zhangwei", **task})
    assert confirmed.status_code == 400
    assert code(simulator.post("externalcontact/cancel_groupmsg_send")) == 41046
    assert code(simulator.post("externalcontact/cancel_groupmsg_send", {"msgid": "no"})) == 41047


def test_records_are_listed_in_pages(simulator: Simulator) -> None:
    customer(simulator)
    made = [_task(simulator, sender="zhangwei")["msgid"] for _ in range(5)]
    now = simulator.world.now()
    body = {"chat_type": "single", "start_time": now - 100, "end_time": now, "limit": 2}
    seen: list[str] = []
    cursor = ""
    while True:
        page = simulator.post("externalcontact/get_groupmsg_list_v2", {**body, "cursor": cursor})
        seen += [row["msgid"] for row in page["group_msg_list"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert seen == made
    row = page["group_msg_list"][0]
    assert (row["create_type"], row["text"], "creator" in row) == (0, {"content": "上新"}, False)
    wide = {**body, "start_time": now - 32 * 86_400}
    assert code(simulator.post("externalcontact/get_groupmsg_list_v2", wide)) == 40058
