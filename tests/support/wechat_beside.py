"""The simulator beside a server, connected, with two of its people known as staff of a store."""

import time
from collections.abc import Callable
from typing import Any

import httpx

STAFF = {"chenjing": "陈静", "huangli": "黄丽"}


def waited(ask: Callable[[], Any], seconds: float = 60) -> Any:
    """The first answer that is not empty."""
    deadline = time.monotonic() + seconds
    while not (found := ask()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.25)
    return found


def job_done(api: httpx.Client, asked: httpx.Response) -> None:
    """Waits for the job that an answer names."""
    job_id = asked.raise_for_status().json()["job_id"]
    waited(lambda: api.get(f"/api/jobs/{job_id}").json()["state"] == "done")


def connected(api: httpx.Client) -> httpx.Client:
    """A client of the simulator, once the server has its staff."""
    job_done(api, api.post("/api/channels/simulator"))
    if not api.get("/api/org/units", params={"q": "e2e-codes"}).json()["rows"]:
        body = {"code": "e2e-codes", "name": "活码门店", "kind": "store"}
        store = api.post("/api/org/units", json=body).raise_for_status().json()["id"]
        for userid, name in STAFF.items():
            body = {"code": userid, "name": name, "unit_id": store, "wecom_userid": userid}
            api.post("/api/org/staff", json=body).raise_for_status()
    [account] = api.get("/api/acquisition/codes/accounts").json()
    api.post(f"/api/channels/accounts/{account['id']}/sync").raise_for_status()
    known = f"/api/channels/accounts/{account['id']}/staff"
    waited(lambda: {one["userid"] for one in api.get(known).json()["rows"] if one["staff_id"]} >= set(STAFF))
    return httpx.Client(base_url=api.get("/api/channels/simulator").json()["address"], timeout=30)
