"""Intake over HTTP, durable before the answer, in batches of 100 over several connections.

Against the same server that only decodes and inserts, and against one that validates with pydantic and commits row by
row to SQLite. Bodies are made before the clock starts; every message has an id of its own; a tenth of the people is new.
"""

import contextlib
import os
import random
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import orjson

from bench import results

_BATCH = 100
# As many as share one insert: every insert costs the same 20 ms besides its rows.
_CONNECTIONS = 64
_ROUNDS = 5
# Requests of one round: some seconds for the fast ones, and not minutes for the slow one.
_REQUESTS = {"wellspring": 600, "bare": 600, "rowwise": 16}
_KINDS = ("Product Viewed", "Product Added", "Page Viewed", "App Opened", "Search Submitted")


def run() -> list[results.Result]:
    """Events a second of the three servers, medians of interleaved rounds."""
    rates: dict[str, list[float]] = {mode: [] for mode in _REQUESTS}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = {mode: stack.enter_context(_running(mode, folder / mode)) for mode in _REQUESTS}
        for number in range(-1, _ROUNDS):
            for mode, (port, authorization) in servers.items():
                count = _REQUESTS[mode] if number >= 0 else _REQUESTS[mode] // 4
                requests = [_request(authorization, f"{mode}{number}", place) for place in range(count)]
                seconds = _send(port, requests)
                # The first round warms up: caches, members, the first parts.
                if number >= 0:
                    rates[mode].append(count * _BATCH / seconds)
                    print(f"  {mode}: {rates[mode][-1]:,.0f} events/s", flush=True)
    medians = {mode: results.median(found) for mode, found in rates.items()}
    return [
        results.result(
            "ingest_vs_bare",
            medians["wellspring"],
            "events/s",
            baseline="decode and insert only",
            baseline_value=medians["bare"],
            at_least=0.5,
        ),
        results.result(
            "ingest_vs_rowwise",
            medians["wellspring"],
            "events/s",
            baseline="pydantic, SQLite row by row",
            baseline_value=medians["rowwise"],
            at_least=20,
        ),
    ]


@contextlib.contextmanager
def _running(mode: str, home: Path) -> Iterator[tuple[int, str]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {**os.environ, "PYTHONPATH": "src", "WELLSPRING_HOME": str(home)}
    command = [sys.executable, "-m", "bench._ingest_servers", mode, str(home), str(port)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert child.stdout is not None
        line = next(line for line in child.stdout if line.startswith("ready "))
        _await(port)
        yield port, line.removeprefix("ready ").strip()
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _await(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError("the server did not start")


def _request(authorization: str, prefix: str, place: int) -> bytes:
    rng = random.Random(f"{prefix}-{place}")
    now = time.strftime("%Y-%m-%dT%H:%M:%S.123Z", time.gmtime())
    messages = [_message(rng, f"{prefix}-{place}-{number}", now) for number in range(_BATCH)]
    body = orjson.dumps({"batch": messages, "sentAt": now})
    head = (
        "POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: {authorization}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _message(rng: random.Random, message_id: str, now: str) -> dict[str, object]:
    person = rng.randrange(20_000)
    who = {"userId": f"user-{person}"} if person % 2 else {"anonymousId": f"anon-{person:032x}"}
    return {
        "type": "track",
        "event": rng.choice(_KINDS),
        "messageId": f"msg-{message_id}",
        "timestamp": now,
        **who,
        "properties": {
            "product_id": f"SKU{rng.randrange(500)}",
            "price": rng.randrange(100_000) / 100,
            "category": "护肤",
            "quantity": rng.randrange(5),
            "url": "https://shop.example/p/1024",
            "coupon": "none",
        },
        "context": {"library": {"name": "analytics-python", "version": "2.3.4"}, "locale": "zh-CN"},
    }


def _send(port: int, requests: list[bytes]) -> float:
    """Sends every request over the connections, each waiting for its answer; gives the seconds."""
    selector = selectors.DefaultSelector()
    waiting = iter(requests)
    connections = []
    for _ in range(min(_CONNECTIONS, len(requests))):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connections.append(connection)
        selector.register(connection, selectors.EVENT_READ)
    begun = time.perf_counter()
    for connection in connections:
        connection.sendall(next(waiting))
    answered = 0
    parts: dict[socket.socket, bytes] = dict.fromkeys(connections, b"")
    while answered < len(requests):
        for key, _ in selector.select():
            connection = key.fileobj
            assert isinstance(connection, socket.socket)
            parts[connection] += connection.recv(65_536)
            if not _is_whole(parts[connection]):
                continue
            assert parts[connection].startswith(b"HTTP/1.1 200"), parts[connection][:300]
            parts[connection] = b""
            answered += 1
            following = next(waiting, None)
            if following is not None:
                connection.sendall(following)
    seconds = time.perf_counter() - begun
    for connection in connections:
        connection.close()
    return seconds


def _is_whole(answer: bytes) -> bool:
    head, end, body = answer.partition(b"\r\n\r\n")
    return bool(end) and len(body) >= int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
