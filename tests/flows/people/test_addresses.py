"""The addresses of people: shapes, statuses, and that nothing internal can be assigned."""

from collections.abc import Iterator

import fastapi
import pytest
from fastapi.testclient import TestClient

from tests.support.people import OPERATOR, member_id, who
from wellspring.kernel.web import Call, install_problems
from wellspring.kernel.workspace import Workspace
from wellspring.people import http, jobs


@pytest.fixture
def client(ws: Workspace) -> Iterator[TestClient]:
    jobs.register()
    app = fastapi.FastAPI()
    app.state.authenticate = lambda _: Call(ws, OPERATOR)
    install_problems(app)
    app.include_router(http.router)
    with TestClient(app) as made:
        yield made


def test_a_member_from_making_to_erasure(ws: Workspace, client: TestClient) -> None:
    body = {"identities": [{"kind": "user_id", "value": "u1"}], "attributes": {"phone": "13800000001", "city": "上海"}}
    made = client.post("/api/members", json=body)
    assert made.status_code == 201
    here = f"/api/members/{made.json()['id']}"
    assert client.post("/api/members", json=body).json()["code"] == "people.identity_taken"
    assert client.patch(here, json={"attributes": {"city": "北京"}, "home_unit_id": None}).json() == made.json()
    assert [row["value"] for row in client.get(f"{here}/attributes").json()["rows"]] == ["北京"]
    history = client.get(f"{here}/attributes/city/history").json()["rows"]
    assert {row["value"] for row in history} == {"上海", "北京"}
    said = {"purpose": "marketing", "channel": "sms", "state": "subscribed", "address": "138 0000 0001", "version": "v1"}
    (consent,) = client.put(f"{here}/consents", json=said).json()["rows"]
    assert (consent["state"], consent["address"]) == ("subscribed", "138****0001")
    assert client.post(f"{here}/consents/confirm", json={"purpose": "marketing", "channel": "sms"}).status_code == 409
    assert client.post(f"{here}/reveal", json={"fields": ["phone"]}).json()["phone"] == "+8613800000001"
    assert client.post(f"{here}/export").status_code == 202
    receipt = client.request("DELETE", here, json={"reason": "本人要求"})
    assert (receipt.status_code, receipt.json()["member_nos"]) == (202, [1])
    assert client.get(f"/api/erasures/{receipt.json()['id']}").json()["state"] == "running"
    assert client.request("DELETE", here).json()["code"] == "people.not_active"
    lifted = client.post("/api/suppressions/lift", json={"kind": "user_id", "value": "u1", "reason": "回来了"})
    assert lifted.json() == {"was_suppressed": True}


def test_merges_and_conflicts(ws: Workspace, client: TestClient) -> None:
    one, other = who(ws, "user_id:u1", "phone:13800000001"), who(ws, "user_id:u2", "phone:13800000001")
    page = client.get("/api/conflicts", params={"state": "open"}).json()
    assert page["total"] == 1
    conflict = page["rows"][0]
    evidence = client.get(f"/api/conflicts/{conflict['id']}").json()
    assert (evidence["holder"]["member"]["member_no"], evidence["claimant"]["member"]["member_no"]) == (one, other)
    decided = client.post(f"/api/conflicts/{conflict['id']}/decide", json={"decision": "keep_apart", "reason": "母女"})
    assert decided.json()["decision"] == "keep_apart"
    ids = [member_id(ws, one), member_id(ws, other)]
    merge = client.post("/api/members/merge", json={"ids": ids, "survivor_id": ids[1], "reason": "其实是一个人"}).json()["merge"]
    assert (merge["survivor_no"], merge["loser_no"]) == (other, one)
    assert client.post("/api/members/merge", json={"ids": ids}).json() == {"merge": None}
    assert client.post(f"/api/merges/{merge['id']}/undo").json()["undone_by"] == OPERATOR.id
    assert len(client.get(f"/api/members/{ids[0]}/merges").json()["rows"]) == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/members", {"identities": [{"kind": "user_id", "value": "null"}]}, 422),
        ("POST", "/api/members", {"identities": [{"kind": "user_id", "value": "u1"}], "member_no": 7}, 422),
        ("POST", "/api/members", {"identities": [{"kind": "user_id", "value": "u1"}], "attributes": {"": 1}}, 422),
        ("POST", "/api/members", {"identities": [{"kind": "user_id", "value": "u1"}], "attributes": {"a": {"b": {"c": {"d": {}}}}}}, 422),
        ("PATCH", "/api/members/mem_none", {"state": "erased"}, 422),
        ("PATCH", "/api/members/mem_none", {"attributes": {}}, 404),
        ("GET", "/api/members/mem_none/attributes?at=0001-01-01T00:00:00%2B14:00", None, 422),
        ("GET", "/api/members/mem_none/merges", None, 404),
        ("POST", "/api/members/merge", {"ids": ["mem_none", "mem_none"]}, 422),
        ("POST", "/api/members/merge", {"ids": ["mem_none", "mem_other"]}, 404),
        ("POST", "/api/merges/mrg_none/undo", {}, 404),
        ("GET", "/api/conflicts/cfl_none", None, 404),
        ("GET", "/api/conflicts?cursor=x", None, 422),
        ("POST", "/api/conflicts/cfl_none/decide", {"decision": "forget"}, 422),
        ("GET", "/api/erasures/ers_none", None, 404),
        ("PUT", "/api/members/mem_none/consents", {"purpose": "p", "channel": "letter", "state": "subscribed", "address": "x"}, 422),
        ("POST", "/api/members/mem_none/reveal", {"fields": ["password"]}, 422),
    ],
)
def test_what_cannot_be_done_is_a_problem_with_a_code(client: TestClient, method: str, path: str, body: object, status: int) -> None:
    answer = client.request(method, path, json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["detail_zh"]
    assert answer.json()["code"]
