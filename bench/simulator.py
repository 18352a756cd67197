"""The simulator of WeCom as a server: list and get calls it answers in a second, and what its contacts take.

A process of its own with `WELLSPRING_BENCH_CONTACTS` contacts (100,000 unless said otherwise), and eight connections that keep
one call under way each. What it answers bounds every measurement of the connector.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import httpx
import orjson

from bench.results import Result, result

_CONTACTS = int(os.environ.get("WELLSPRING_BENCH_CONTACTS", "100000"))
_CONNECTIONS = 8
_SECONDS = 3.0
_GOAL = {"baseline": "a thousand calls a second", "baseline_value": 1_000.0, "at_least": 1.0}

Request = Callable[[int], bytes]


def run() -> list[Result]:
    """One server, three kinds of calls."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    line = [sys.executable, "-m", "wecom_simulator", "serve", "--port", str(port), "--with-parent"]
    server = subprocess.Popen(line, stdout=subprocess.DEVNULL)
    try:
        return _measured(port, server.pid)
    finally:
        server.terminate()
        server.wait(30)


def _measured(port: int, pid: int) -> list[Result]:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=300) as client:
        _wait(client)
        started = time.perf_counter()
        client.post("/simulator/actions/bulk_people", json={"count": _CONTACTS, "staff": 100}).raise_for_status()
        made = _CONTACTS / (time.perf_counter() - started)
        open_gate = {"limits": {"per_minute": 0, "per_hour": 0, "ip_per_minute": 0, "ip_per_hour": 0}}
        corp = client.post("/simulator/corp", json=open_gate).json()
        asked = {"corpid": corp["corpid"], "corpsecret": corp["apps"][0]["secret"]}
        token = client.get("/cgi-bin/gettoken", params=asked).json()["access_token"]
        staff = [one["userid"] for one in corp["staff"] if one["userid"].startswith("guide")]
        known = client.get("/cgi-bin/externalcontact/list", params={"access_token": token, "userid": staff[0]}).json()["external_userid"]
    base = f"/cgi-bin/externalcontact/{{}}?access_token={token}"
    calls: dict[str, Request] = {
        "externalcontact/get": lambda turn: _get(base.format("get") + f"&external_userid={known[turn % len(known)]}"),
        "groupchat/list": lambda _: _post(base.format("groupchat/list"), {"limit": 100}),
        "batch/get_by_user, 100 contacts each": lambda turn: _post(
            base.format("batch/get_by_user"), {"userid_list": [staff[turn % len(staff)]], "limit": 100}
        ),
    }
    rows = [result(f"simulator: {name}", _per_second(port, call), "calls/s", **_GOAL) for name, call in calls.items()]
    rows.append(result("simulator: contacts made", made, "contacts/s"))
    rows.append(result(f"simulator: memory with {_CONTACTS:,} contacts", _resident(pid), "MB"))
    return rows


def _per_second(port: int, request: Request) -> float:
    counts = [0] * _CONNECTIONS
    started = time.perf_counter()

    def ask(place: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as connection, connection.makefile("rb") as answers:
            while time.perf_counter() - started < _SECONDS:
                connection.sendall(request(place + counts[place] * _CONNECTIONS))
                size = 0
                while (head := answers.readline()) not in {b"\r\n", b""}:
                    if head.lower().startswith(b"content-length:"):
                        size = int(head.split(b":")[1])
                if b'"errcode":0' not in answers.read(size):
                    raise RuntimeError("the simulator refused a call")
                counts[place] += 1

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(_CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - started)


def _get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: simulator\r\n\r\n".encode()


def _post(path: str, body: dict[str, object]) -> bytes:
    raw = orjson.dumps(body)
    return f"POST {path} HTTP/1.1\r\nHost: simulator\r\nContent-Length: {len(raw)}\r\n\r\n".encode() + raw


def _wait(client: httpx.Client) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if client.get("/simulator/health").is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise RuntimeError("the simulator did not start")


def _resident(pid: int) -> float:
    done = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(done.stdout) / 1024
