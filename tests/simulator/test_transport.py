"""Tokens, the order of checks, the envelope of answers, limits of calls, and what faults make of them."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import orjson
import pytest

from tests.support.simulator import Simulator
from wecom_simulator.faults import Faults, Order

# The connection may take its time; it is the answer that nobody waits for.
_IMPATIENT = httpx.Timeout(60, read=0.5)


def fault(simulator: Simulator, kind: str, *, times: int = 1, seconds: float = 0.0) -> None:
    simulator.world.part(Faults).orders.append(Order(kind, "user/get", times=times, seconds=seconds))


def test_a_token_is_the_same_until_it_expires(simulator: Simulator) -> None:
    first = simulator.fresh_token()
    simulator.advance(7_199)
    assert simulator.fresh_token() == first
    simulator.advance(1)
    assert simulator.get("getcallbackip")["errcode"] == 42001
    assert simulator.fresh_token() != first
    assert simulator.get("getcallbackip")["ip_list"]


def test_refusals_of_gettoken(simulator: Simulator) -> None:
    corpid, secret = simulator.corp.corpid, simulator.app.secret
    asked = [{}, {"corpid": corpid}, {"corpsecret": secret}, {"corpid": "ww0", "corpsecret": secret}, {"corpid": corpid, "corpsecret": "x"}]
    codes = [simulator.http.get("/cgi-bin/gettoken", params=one).json()["errcode"] for one in asked]
    assert codes == [41004, 41004, 41002, 40013, 40001]
    told = simulator.http.get("/cgi-bin/gettoken", params={"corpid": corpid, "corpsecret": secret}).json()
    assert (told["errcode"], told["errmsg"], told["expires_in"]) == (0, "ok", 7200)
    assert len(told["access_token"]) <= 512


def test_who_guesses_secrets_is_refused_for_an_hour(simulator: Simulator) -> None:
    simulator.corp.limits.wrong_secrets, simulator.corp.limits.clock = 2, "virtual"
    asked = {"corpid": simulator.corp.corpid, "corpsecret": "guess"}
    codes = [simulator.http.get("/cgi-bin/gettoken", params=asked).json()["errcode"] for _ in range(4)]
    assert codes == [40001, 40001, 45009, 45009]
    asked["corpsecret"] = simulator.app.secret
    assert simulator.http.get("/cgi-bin/gettoken", params=asked).json()["errcode"] == 45009
    assert simulator.http.get("/cgi-bin/gettoken", params=asked, headers={"x-simulated-ip": "8.8.8.8"}).json()["errcode"] == 0
    simulator.advance(3_600)
    assert simulator.http.get("/cgi-bin/gettoken", params=asked).json()["errcode"] == 0


def test_the_secret_of_the_contact_sync_reads_ids_alone(simulator: Simulator) -> None:
    sync = next(app for app in simulator.corp.apps.values() if app.agent_id == 0)
    asked = {"corpid": simulator.corp.corpid, "corpsecret": sync.secret}
    simulator.token = simulator.http.get("/cgi-bin/gettoken", params=asked).json()["access_token"]
    assert len(simulator.post("user/list_id")["dept_user"]) == 8
    assert len(simulator.get("department/simplelist")["department_id"]) == 4
    assert simulator.get("user/get", userid="lina")["errcode"] == 48009
    assert simulator.get("externalcontact/get_follow_user_list")["errcode"] == 48002


def test_a_token_is_checked_first_and_defaults_stay(simulator: Simulator) -> None:
    answer = simulator.http.get("/cgi-bin/user/get").json()
    assert answer["errcode"] == 41001
    assert (answer["department"], answer["order"], answer["is_leader_in_dept"], answer["direct_leader"]) == ([], [], [], [])
    assert "hint: [" in answer["errmsg"]
    assert "more info at https://open.work.weixin.qq.com/devtool/query?e=41001" in answer["errmsg"]
    bearer = {"authorization": f"Bearer {simulator.fresh_token()}"}
    assert simulator.http.get("/cgi-bin/user/get", headers=bearer).json()["errcode"] == 41001
    assert simulator.http.get("/cgi-bin/user/get?access_token=x").json()["errcode"] == 40014
    gone = simulator.http.get("/cgi-bin/nothing")
    assert (gone.status_code, gone.content) == (404, b"")


def test_address_then_permission_then_rate_then_json(simulator: Simulator) -> None:
    app, limits = simulator.app, simulator.corp.limits
    limits.per_minute, limits.clock = 1, "virtual"
    app.trusted_ips, app.permissions = ("9.9.9.9",), frozenset()
    path = f"/cgi-bin/user/getuserid?access_token={simulator.fresh_token()}"

    def code() -> int:
        return int(simulator.http.post(path, content=b"{broken").json()["errcode"])

    assert code() == 60020
    app.trusted_ips = ()
    assert code() == 48002
    app.permissions = frozenset({"directory"})
    assert code() == 40058
    assert code() == 45009


def test_json_and_method_of_a_call(simulator: Simulator) -> None:
    path = f"/cgi-bin/user/getuserid?access_token={simulator.fresh_token()}"
    told = simulator.http.post(path, content=b"nothing").json()
    assert (told["errcode"], "Warning: wrong json format." in told["errmsg"]) == (40058, True)
    assert simulator.http.get(path).json()["errcode"] == 40058
    assert simulator.http.post(path, content=b'{"mobile": 5, "a": "\\u4f60"}').json()["errcode"] == 46004
    assert simulator.http.post(path, content=b'{"mobile": ["x"]}').json()["errcode"] == 40058


def test_a_minute_that_is_full_blocks_for_sixty_seconds(simulator: Simulator) -> None:
    limits = simulator.corp.limits
    limits.per_minute, limits.clock = 5, "virtual"
    codes = [simulator.get("user/get", userid="lina")["errcode"] for _ in range(7)]
    assert codes == [0, 0, 0, 0, 0, 45009, 45009]
    assert simulator.get("department/list")["errcode"] == 0
    simulator.advance(59)
    assert simulator.get("user/get", userid="lina")["errcode"] == 45009
    simulator.advance(1)
    assert simulator.get("user/get", userid="lina")["errcode"] == 0


def test_an_hour_and_an_address_have_limits_too(simulator: Simulator) -> None:
    limits = simulator.corp.limits
    limits.clock, limits.per_minute, limits.per_hour = "virtual", 0, 3
    assert [simulator.get("user/get", userid="lina")["errcode"] for _ in range(4)][-1] == 45009
    simulator.advance(3_599)
    assert simulator.get("user/get", userid="lina")["errcode"] == 45009
    limits.per_hour, limits.ip_per_minute = 0, 1
    simulator.advance(3_600)
    simulator.fresh_token()
    assert [simulator.get("department/list")["errcode"] for _ in range(2)] == [0, 45009]


def test_faults_that_refuse(simulator: Simulator) -> None:
    simulator.fresh_token()
    for kind, code in (("busy", -1), ("rate", 45009), ("concurrent", 45033), ("token", 40014)):
        fault(simulator, kind, times=2)
        codes = [simulator.get("user/get", userid="lina")["errcode"] for _ in range(3)]
        assert codes == [code, code, 0], kind


def test_faults_that_spoil_the_answer(simulator: Simulator) -> None:
    path = f"/cgi-bin/user/get?userid=lina&access_token={simulator.fresh_token()}"
    fault(simulator, "page")
    page = simulator.http.get(path)
    assert (page.status_code, page.headers["content-type"]) == (502, "text/html")
    fault(simulator, "cut")
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(simulator.http.get(path).content)
    fault(simulator, "extra")
    assert simulator.http.get(path).json().keys() > {"userid", "new_field_of_tomorrow"}
    fault(simulator, "slow", seconds=0.3)
    begun = time.monotonic()
    assert simulator.http.get(path).json()["errcode"] == 0
    assert time.monotonic() - begun > 0.29


def test_a_call_that_is_done_without_anybody_hearing_of_it(simulator: Simulator) -> None:
    fault(simulator, "timeout", seconds=5)
    simulator.world.part(Faults).orders[0].path = "tag/create"
    with pytest.raises(httpx.ReadTimeout):
        simulator.http.post(f"/cgi-bin/tag/create?access_token={simulator.fresh_token()}", json={"tagname": "店长"}, timeout=_IMPATIENT)
    assert [one["tagname"] for one in simulator.get("tag/list")["taglist"]] == ["店长"]


def test_too_many_at_once(simulator: Simulator) -> None:
    simulator.corp.limits.concurrent = 2
    path = f"{simulator.url}/cgi-bin/user/get?userid=lina&access_token={simulator.fresh_token()}"
    fault(simulator, "slow", times=4, seconds=1)

    def code(_: int) -> int:
        return int(httpx.get(path, trust_env=False, verify=False).json()["errcode"])

    with ThreadPoolExecutor(4) as callers:
        assert 45033 in list(callers.map(code, range(4)))
    assert simulator.get("user/get", userid="lina")["errcode"] == 0


def test_numbers_that_come_as_texts(simulator: Simulator) -> None:
    simulator.world.part(Faults).shares["types"] = 1.0
    files = {"media": ("a.txt", b"some text", "text/plain")}
    path = f"/cgi-bin/media/upload?type=file&access_token={simulator.fresh_token()}"
    assert isinstance(simulator.http.post(path, files=files).json()["created_at"], int)


def test_shares_of_faults_are_drawn_from_the_seed(simulator: Simulator) -> None:
    simulator.fresh_token()
    simulator.http.post("/simulator/faults", json={"shares": {"busy": 0.2}, "seed": 3}).raise_for_status()
    first = [simulator.get("user/get", userid="lina")["errcode"] for _ in range(40)]
    simulator.http.post("/simulator/faults", json={"seed": 3}).raise_for_status()
    assert [simulator.get("user/get", userid="lina")["errcode"] for _ in range(40)] == first
    assert 1 < first.count(-1) < 20
    assert simulator.http.post("/simulator/faults", json={"shares": {"nonsense": 1}}).status_code == 400
    assert simulator.http.post("/simulator/faults", json={"clear": True}).json()["shares"] == {}
