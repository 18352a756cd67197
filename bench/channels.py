"""Callbacks, a first sync, and the welcome while it runs: against the platform as the simulator plays it.

Callbacks come over HTTP, signed and sealed, durable before the answer, against the same web stack that reads the body
and answers. The sync's share is of the calls that the platform takes; the welcome's of its window of 20 s.
Sizes: WELLSPRING_BENCH_CALLBACKS, _CONTACTS, _CALLS_PER_MINUTE, _ARRIVALS.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson

from bench import results
from bench._channels_callbacks import callbacks_of, rate_of

_CALLBACKS = int(os.environ.get("WELLSPRING_BENCH_CALLBACKS", "3000"))
_CONTACTS = int(os.environ.get("WELLSPRING_BENCH_CONTACTS", "60000"))
# So that the default sizes take a minute: the platform's own 10,000 a minute are 16,667 contacts a second.
_CALLS_PER_MINUTE = int(os.environ.get("WELLSPRING_BENCH_CALLS_PER_MINUTE", "600"))
_ARRIVALS = int(os.environ.get("WELLSPRING_BENCH_ARRIVALS", "60"))
_ROUNDS = 3
_WINDOW_SECONDS = 20.0


def run() -> list[results.Result]:
    """Callbacks a second of both servers (medians of interleaved rounds), the sync's share, and the welcome's p99."""
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        simulator = stack.enter_context(_running("simulator", home / "simulator"))
        product = stack.enter_context(_running("wellspring", home / "wellspring", simulator["url"], str(_CALLS_PER_MINUTE)))
        bare = stack.enter_context(_running("bare", home / "bare"))
        rates: dict[str, list[float]] = {"wellspring": [], "bare": []}
        for number in range(-1, _ROUNDS):
            for name, server in (("wellspring", product), ("bare", bare)):
                count = _CALLBACKS if number >= 0 else _CALLBACKS // 10
                # Of a kind that nobody reads: what is measured is the door.
                rate = rate_of(server["port"], callbacks_of(product, count, change=f"bench_{name}_{number}"))
                if number >= 0:
                    rates[name].append(rate)
                    print(f"  {name}: {rate:,.0f} callbacks/s", flush=True)
        share, slowest = _sync(simulator, product)
    medians = {name: results.median(found) for name, found in rates.items()}
    return [
        results.result(
            "callbacks_vs_bare",
            medians["wellspring"],
            "callbacks/s",
            baseline="the web stack alone",
            baseline_value=medians["bare"],
            at_least=0.4,
        ),
        results.result("sync_share_of_limit", share, "of the platform's limit", at_least=0.95),
        results.result("welcome_p99_during_sync", slowest / _WINDOW_SECONDS, "of the window", at_most=0.1),
    ]


def _sync(simulator: dict[str, Any], product: dict[str, Any]) -> tuple[float, float]:
    """The share of the calls that the limit would have taken, and the 99th percentile from callback to answer in seconds."""
    with httpx.Client(base_url=simulator["url"], trust_env=False, timeout=300) as world, _console(product) as console:
        world.post("/simulator/actions/bulk_people", json={"count": _CONTACTS, "staff": 200}).raise_for_status()
        world.post("/simulator/callbacks", json=product["callbacks"]).raise_for_status()
        way = console.post("/bench/way").raise_for_status().json()["config_id"]
        syncs = f"/api/channels/accounts/{product['account_id']}/syncs"
        console.post(syncs.removesuffix("s")).raise_for_status()
        began, arrived, finished = None, 0, None
        while finished is None:
            found = next(one for one in console.get(syncs).json()["rows"] if one["kind"] == "full")
            if began is None and found["contacts"]:
                began = (time.monotonic(), found["contacts"])
            if began is not None and arrived < _ARRIVALS:
                world.post("/simulator/people", json={"unionid": f"oBench{arrived}", "nickname": f"客{arrived}"}).raise_for_status()
                world.post("/simulator/actions/scan", json={"way": way, "person": f"oBench{arrived}"}).raise_for_status()
                arrived += 1
            if found["contacts"] >= _CONTACTS or found["state"] in {"done", "failed"}:
                finished = (time.monotonic(), found["contacts"])
            time.sleep(0.1)
        assert began is not None
        seconds, contacts = finished[0] - began[0], finished[1] - began[1]
        print(f"  sync: {contacts:,} contacts in {seconds:.1f} s", flush=True)
        share = contacts / 100 / seconds * 60 / _CALLS_PER_MINUTE
        time.sleep(3)
        rows = console.get("/api/channels/welcomes?limit=200").json()["rows"]
        latencies = [row["latency_millis"] / 1000 for row in rows if row["state"] == "accepted"]
        print(f"  welcomes: {len(latencies)} of {arrived}, p50 {results.percentile(latencies, 0.5):.2f} s", flush=True)
        assert len(latencies) >= arrived * 0.99, [row["state"] for row in rows]
    return share, results.percentile(latencies, 0.99)


def _console(product: dict[str, Any]) -> httpx.Client:
    headers = {"authorization": f"Bearer wsl_main_{product['token']}"}
    return httpx.Client(base_url=product["url"], headers=headers, trust_env=False, timeout=60)


@contextlib.contextmanager
def _running(mode: str, home: Path, *arguments: str) -> Iterator[dict[str, Any]]:
    environment = {**os.environ, "PYTHONPATH": "src", "WELLSPRING_HOME": str(home), "WELLSPRING_LOOPBACK_CHANNELS": "1"}
    command = [sys.executable, "-m", "bench._channels_servers", mode, str(home), *arguments]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert child.stdout is not None
        line = next(line for line in child.stdout if line.startswith("ready "))
        told: dict[str, Any] = orjson.loads(line.removeprefix("ready "))
        _await(told["url"])
        yield told
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(60)


def _await(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.HTTPError):
            httpx.get(f"{url}/health", trust_env=False)
            return
        time.sleep(0.1)
    raise TimeoutError(url)
