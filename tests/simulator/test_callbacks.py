"""Callbacks are verified, sealed, tried three times, and spoiled where somebody asks for it."""

import time
from collections.abc import Iterator

import pytest

from tests.support.callback_address import AES_KEY, TOKEN, Address, listening
from tests.support.simulator import Simulator
from wecom_simulator.callbacks import Delivering
from wecom_simulator.events import Event
from wecom_simulator.faults import Faults, Order


@pytest.fixture
def address(simulator: Simulator) -> Iterator[Address]:
    with listening(simulator.corp.corpid) as found:
        connect(simulator, found)
        yield found


def connect(simulator: Simulator, address: Address, **more: object) -> int:
    body = {"url": address.url, "token": TOKEN, "aes_key": AES_KEY, **more}
    return simulator.http.post("/simulator/callbacks", json=body).status_code


def happen(simulator: Simulator, change: str, **fields: str) -> None:
    with simulator.world.lock:
        simulator.world.emit(Event("change_external_contact", change, {"UserID": "lina", **fields}))


def test_a_callback_arrives_as_the_page_says(simulator: Simulator, address: Address) -> None:
    happen(simulator, "del_follow_user", ExternalUserID="wm1")
    simulator.settle()
    assert address.received == [
        {
            "ToUserName": simulator.corp.corpid,
            "FromUserName": "sys",
            "CreateTime": str(simulator.world.now()),
            "MsgType": "event",
            "Event": "change_external_contact",
            "ChangeType": "del_follow_user",
            "UserID": "lina",
            "ExternalUserID": "wm1",
        }
    ]
    (row,) = simulator.http.get("/simulator/callbacks").json()["rows"]
    assert (row["state"], row["title"], len(row["attempts"])) == ("delivered", "change_external_contact/del_follow_user", 1)


def test_an_address_that_does_not_prove_itself_is_refused(simulator: Simulator) -> None:
    with listening(simulator.corp.corpid) as address:
        address.echo_suffix = b"\n"
        assert connect(simulator, address) == 400
        assert connect(simulator, address, verify=False) == 200
        address.echo_suffix = b""
        assert connect(simulator, address) == 200
        assert connect(simulator, Address("http://127.0.0.1:1/", address.crypt)) == 400


def test_three_tries_then_no_more(simulator: Simulator, address: Address) -> None:
    simulator.world.part(Delivering).pause_seconds = 0.02
    address.answers.extend([500, 404])
    happen(simulator, "add_external_contact")
    simulator.settle()
    assert len(address.received) == 3
    address.answers.extend([500, 500, 500])
    happen(simulator, "add_external_contact")
    simulator.settle()
    assert len(address.received) == 6
    rows = simulator.http.get("/simulator/callbacks").json()["rows"]
    assert [row["state"] for row in rows] == ["failed", "delivered"]
    assert [try_["status"] for try_ in rows[1]["attempts"]] == [500, 404, 200]


def test_who_answers_too_late_is_asked_again(simulator: Simulator, address: Address) -> None:
    patience = simulator.world.part(Delivering)
    patience.timeout_seconds, patience.pause_seconds = 0.2, 0.02
    address.answers.append(-1.0)
    happen(simulator, "add_external_contact")
    simulator.settle()
    assert len(address.received) == 2


def test_the_app_that_made_the_change_hears_nothing(simulator: Simulator, address: Address) -> None:
    simulator.http.post("/simulator/apps", json={"name": "另一个应用"})
    with simulator.world.lock:
        simulator.world.emit(Event("change_external_tag", "create", {"Id": "et1"}), by=simulator.app)
    simulator.settle()
    assert address.received == []
    assert simulator.world.outbox.counts == {"nobody": 1}


def test_copies_losses_and_overtaking(simulator: Simulator, address: Address) -> None:
    faults = simulator.world.part(Faults)
    faults.orders += [Order("lose", "lost_one"), Order("duplicate", "twice"), Order("reorder", "first")]
    for change in ("lost_one", "twice", "first", "second"):
        happen(simulator, change)
    simulator.settle()
    came = address.changes()
    assert sorted(came) == ["first", "second", "twice", "twice"]
    assert came.index("second") < came.index("first")
    assert simulator.world.outbox.counts == {"lost": 1, "delivered": 4}


def test_a_delay_is_as_long_as_it_is_set(simulator: Simulator, address: Address) -> None:
    simulator.http.post("/simulator/faults", json={"orders": [{"kind": "delay"}], "delay_seconds": 0.5})
    begun = time.monotonic()
    happen(simulator, "late")
    simulator.settle()
    assert 0.1 <= time.monotonic() - begun < 3


def test_shares_repeat_with_the_seed(simulator: Simulator) -> None:
    faults = simulator.world.part(Faults)
    faults.shares = {"lose": 0.3, "duplicate": 0.3}
    faults.random.seed(5)
    first = [faults.draw_callback("x") for _ in range(50)]
    faults.random.seed(5)
    assert [faults.draw_callback("x") for _ in range(50)] == first
    assert {"lose"} in first
    assert {"duplicate"} in first


def test_a_callback_is_posted_again_on_request(simulator: Simulator, address: Address) -> None:
    happen(simulator, "add_external_contact")
    simulator.settle()
    (row,) = simulator.http.get("/simulator/callbacks").json()["rows"]
    simulator.http.post("/simulator/callbacks/resend", json={"number": row["number"]}).raise_for_status()
    assert simulator.http.post("/simulator/callbacks/wait", json={}).json() == {"done": True}
    assert address.changes() == ["add_external_contact"] * 2


def test_an_address_may_want_json(simulator: Simulator, address: Address) -> None:
    assert connect(simulator, address, packing="json") == 200
    simulator.world.emit(Event("change_external_chat", "update", {"ChatId": "wr1", "MemChangeCnt": 2, "MemChangeList": ["a", "b"]}))
    simulator.settle()
    [received] = address.received
    assert received == {
        "ToUserName": simulator.corp.corpid,
        "FromUserName": "sys",
        "CreateTime": simulator.world.now(),
        "MsgType": "event",
        "Event": "change_external_chat",
        "ChangeType": "update",
        "ChatId": "wr1",
        "MemChangeCnt": 2,
        "MemChangeList": {"Item": ["a", "b"]},
    }
    assert connect(simulator, address, packing="yaml") == 400
