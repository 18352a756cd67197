"""The clock, what happens later, the world in a file, and what the control API changes."""

import pickle
import subprocess
import sys
import time
from argparse import Namespace
from pathlib import Path

import httpx
import pytest

from tests.support.server import free_port
from tests.support.simulator import START, Simulator, simulating
from wecom_simulator import snapshot
from wecom_simulator.__main__ import _world as kept_or_new
from wecom_simulator.clock import DAY, Clock, midnight, month_start, parse, week_start, written
from wecom_simulator.corp import CorpSettings
from wecom_simulator.events import Event
from wecom_simulator.faults import Faults
from wecom_simulator.outbox import Receiver
from wecom_simulator.registry import TIMERS
from wecom_simulator.world import World, receiver_key


def test_days_weeks_and_months_are_china_s() -> None:
    at = parse("2026-03-18T00:30:00+08:00")
    assert written(midnight(at)) == "2026-03-18T00:00:00+08:00"
    assert written(week_start(at)) == "2026-03-16T00:00:00+08:00"
    assert written(month_start(at)) == "2026-03-01T00:00:00+08:00"
    assert midnight(at - 3_600) == midnight(at) - DAY
    assert parse("2026-03-18T00:30:00") == at


def test_a_virtual_clock_runs_as_fast_as_it_is_told() -> None:
    clock = Clock(start=1_000.0)
    assert (clock.now(), clock.virtual) == (1_000, True)
    clock.run(1_000_000.0)
    time.sleep(0.001)
    assert clock.now() > 1_000
    with pytest.raises(ValueError, match="cannot be moved"):
        Clock().set(0)


def test_what_is_due_happens_in_order_and_at_its_instant(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(Clock(start=100.0))
    seen: list[tuple[int, str]] = []

    def ring(world: World, name: str) -> None:
        seen.append((world.now(), name))
        if name == "first":
            world.later(world.now() + 5, "test.ring", name="third")

    monkeypatch.setitem(TIMERS, "test.ring", ring)
    world.later(110, "test.ring", name="second")
    world.later(105, "test.ring", name="first")
    world.later(900, "test.ring", name="never")
    world.advance(200)
    assert seen == [(105, "first"), (110, "second"), (110, "third")]
    assert world.now() == 200


def test_a_restart_goes_on(tmp_path: Path) -> None:
    with simulating() as first:
        token = first.fresh_token()
        person = first.world.new_person("小明", phone="13800000000")
        first.world.receivers[receiver_key(first.corp, first.app)] = Receiver("http://127.0.0.1:1/", "t", "k" * 43, first.corp.corpid)
        first.world.part(Faults).shares["busy"] = 0.5
    with first.world.lock:
        first.world.emit(Event("change_external_contact", "add_external_contact", {"UserID": "lina"}))
    snapshot.save(first.world, tmp_path / "state")
    again = snapshot.load(tmp_path / "state")
    assert again.people == {person.unionid: person}
    assert again.now() == parse(START)
    assert [one.title for one in again.outbox.waiting] == ["change_external_contact/add_external_contact"]
    again.part(Faults).shares.clear()
    again.receivers.clear()
    with simulating(again) as second:
        second.token = token
        assert second.get("user/get", userid="lina")["name"] == "李娜"
        assert again.identifier("x") != first.world.corp.corpid


def test_an_older_state_is_gone_on_with(tmp_path: Path) -> None:
    world = World(Clock(start=0.0))
    world.part(Faults).delay_seconds = 9.0
    del world.part(Faults).slow_seconds
    del world.corp.limits.wrong_secrets
    snapshot.save(world, tmp_path / "state")
    again = snapshot.load(tmp_path / "state")
    assert (again.part(Faults).slow_seconds, again.part(Faults).delay_seconds) == (1.0, 9.0)
    assert again.corp.limits.wrong_secrets == 2_000


def test_a_state_from_elsewhere_runs_nothing(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path, ("/tmp",)

    (tmp_path / "state").write_bytes(pickle.dumps(Evil()))
    with pytest.raises(pickle.UnpicklingError):
        snapshot.load(tmp_path / "state")


def test_the_same_seed_gives_the_same_world() -> None:
    first, second = World(Clock(start=0.0), seed=4), World(Clock(start=0.0), seed=4)
    assert first.corp == second.corp
    assert [first.identifier("wm") for _ in range(3)] == [second.identifier("wm") for _ in range(3)]
    assert World(seed=5).corp.corpid != first.corp.corpid


def test_control_moves_the_clock(simulator: Simulator) -> None:
    told = simulator.http.post("/simulator/clock", json={"now": "2026-03-19T08:00:00+08:00"}).json()
    assert told == {"now": parse("2026-03-19T08:00:00+08:00"), "text": "2026-03-19T08:00:00+08:00", "virtual": True, "speed": 0.0}
    assert simulator.http.post("/simulator/clock", json={"advance": "soon"}).status_code == 400
    assert simulator.http.post("/simulator/clock", json={"speed": 60}).json()["speed"] == 60.0


def test_control_changes_settings_by_name(simulator: Simulator) -> None:
    told = simulator.http.post("/simulator/corp", json={"settings": {"sends_per_day": 1}, "limits": {"per_minute": 60}}).json()
    assert (told["settings"]["sends_per_day"], told["limits"]["per_minute"]) == (1, 60)
    assert simulator.http.post("/simulator/corp", json={"settings": {"nonsense": 1}}).status_code == 400
    assert simulator.http.post("/simulator/corp", json={"settings": {"sends_per_day": "many"}}).status_code == 400
    assert simulator.corp.settings == CorpSettings(sends_per_day=1)


def test_control_makes_apps_and_people(simulator: Simulator) -> None:
    made = simulator.http.post("/simulator/apps", json={"name": "第二个", "permissions": ["message"], "departments": [2]}).json()
    assert (made["agent_id"], made["permissions"], made["callback"]) == (1_000_003, ["message"], None)
    assert simulator.http.post("/simulator/apps", json={"permissions": ["all"]}).status_code == 400
    person = simulator.http.post("/simulator/people", json={"nickname": "小红", "gender": 2}).json()
    assert simulator.http.get("/simulator/people", params={"like": "小"}).json() == [person]
    assert simulator.http.post("/simulator/people", json={"name": "x"}).status_code == 400


def test_actions_are_listed_and_checked(simulator: Simulator) -> None:
    listed = {one["name"]: one for one in simulator.http.get("/simulator/actions").json()}
    assert listed["authorise_member"]["required"] == ["userid"]
    assert simulator.http.post("/simulator/actions/nothing", json={}).status_code == 404
    assert simulator.http.post("/simulator/actions/authorise_member", json={}).status_code == 400
    assert simulator.http.post("/simulator/actions/authorise_member", json={"userid": "nobody"}).status_code == 400
    assert simulator.http.post("/simulator/actions/authorise_member", json={"userid": "lina"}).json()["code"]


def test_a_page_of_another_site_cannot_ask(simulator: Simulator) -> None:
    own = simulator.http.post("/simulator/clock", json={}, headers={"origin": simulator.url})
    assert own.status_code == 200
    for path in ("/simulator/callbacks", "/simulator/actions/bulk_people"):
        assert simulator.http.post(path, json={"count": 1}, headers={"origin": "https://evil.example"}).status_code == 403


def test_the_command_line_serves_and_keeps_its_world(tmp_path: Path) -> None:
    port, state = free_port(), tmp_path / "state"
    url = f"http://127.0.0.1:{port}"
    line = [
        sys.executable,
        "-m",
        "wecom_simulator",
        "serve",
        "--port",
        str(port),
        "--state",
        str(state),
        "--seed",
        "9",
        "--clock",
        "virtual",
    ]
    started = subprocess.Popen([*line, "--start", START], stdout=subprocess.PIPE, text=True)
    try:
        until_up(url)
        corpid = httpx.get(f"{url}/simulator/corp", trust_env=False, timeout=60).json()["corpid"]
        httpx.post(f"{url}/simulator/people", json={"nickname": "小明"}, trust_env=False, timeout=60)
        httpx.post(f"{url}/simulator/clock", json={"advance": 60}, trust_env=False, timeout=60)
    finally:
        started.terminate()
        printed, _ = started.communicate(timeout=60)
    assert f"corpid={corpid}" in printed
    again = kept_or_new(Namespace(state=state, clock="virtual", start=START, seed=1))
    assert (again.corp.corpid, len(again.people), again.now()) == (corpid, 1, parse(START) + 60)
    fresh = kept_or_new(Namespace(state=tmp_path / "none", clock="virtual", start=START, seed=9))
    assert (fresh.corp.corpid, len(fresh.people), fresh.now()) == (corpid, 0, parse(START))


def until_up(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/simulator/health", trust_env=False, timeout=60).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise TimeoutError(url)
