"""The member page and the members list over HTTP, against a bare primary-key read through the same web stack.

A million members and twenty million events are loaded into a folder of their own (kept between runs where
WELLSPRING_BENCH_HOME names one). Requests of each kind are interleaved one by one over one kept connection; every
round's p95 counts once, and the median of the rounds is told. Start-up, idle memory and bundle size come along.
"""

import gzip
import http.client
import os
import random
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.results import Result, median, percentile, result

MEMBERS = int(os.environ.get("WELLSPRING_BENCH_MEMBERS", "1000000"))
EVENTS = int(os.environ.get("WELLSPRING_BENCH_EVENTS", "20000000"))
ROUNDS, REQUESTS, WARM_UP = 5, 60, 20
_GOAL = 3.0
_IDLE_SECONDS = 5.0
_LISTS = {
    "newest first": "",
    "source": "?source=wecom",
    "store": "?home_unit_id=unit_{unit:026d}",
    "last seen": "?sort=-last_seen_at",
    "identified": "?identified=false",
    "buyers": "?has_orders=true",
    "user id": "?identity=user_id:u{number}",
    "deep page": "?cursor={cursor}",
}
Asker = Callable[[str], float]


def run() -> list[Result]:
    """Loads, serves, asks."""
    with _home() as home:
        if not (home / "loaded").exists():
            started = time.monotonic()
            subprocess.run([sys.executable, "-m", "bench.crowd", str(home), str(MEMBERS), str(EVENTS)], check=True)
            (home / "loaded").write_text(f"{time.monotonic() - started:.0f} s", encoding="utf-8")
            print(f"loaded {MEMBERS:,} members and {EVENTS:,} events in {time.monotonic() - started:.0f} s", flush=True)
        with _served(home) as (port, key):
            rows = _measured(port, key)
    return [*rows, *_start_up(), *_bundle()]


def _measured(port: int, key: str) -> list[Result]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(address: str) -> float:
        started = time.perf_counter()
        connection.request("GET", address, headers={"authorization": f"Bearer {key}"})
        answer = connection.getresponse()
        body = answer.read()
        elapsed = (time.perf_counter() - started) * 1000
        if answer.status != 200:
            raise RuntimeError(f"{address}: {answer.status} {body[:300]!r}")
        return elapsed

    randomly = random.Random(1)
    addresses = {"page": _page, **{f"list, {name}": _list(query) for name, query in _LISTS.items()}}
    for _ in range(WARM_UP):
        for address in (_bare, *addresses.values()):
            ask(address(randomly))
    rounds: dict[str, list[float]] = {name: [] for name in ("bare", *addresses)}
    for _ in range(ROUNDS):
        samples = _round(ask, addresses, randomly)
        for name, found in samples.items():
            rounds[name].append(percentile(found, 0.95))
    bare = median(rounds.pop("bare"))
    rows = []
    for name, found in rounds.items():
        baseline = "primary-key read, same web stack, p95"
        rows.append(result(f"console: member {name}, p95", median(found), "ms", baseline=baseline, baseline_value=bare, at_most=_GOAL))
    return rows


def _round(ask: Asker, addresses: dict[str, Callable[[random.Random], str]], randomly: random.Random) -> dict[str, list[float]]:
    samples: dict[str, list[float]] = {name: [] for name in ("bare", *addresses)}
    for _ in range(REQUESTS):
        for name, address in addresses.items():
            # The baseline runs between all of them, so whatever slows the machine slows it alike.
            samples["bare"].append(ask(_bare(randomly)))
            samples[name].append(ask(address(randomly)))
    return samples


def _bare(randomly: random.Random) -> str:
    return f"/bench/members/{randomly.randint(1, MEMBERS)}"


def _page(randomly: random.Random) -> str:
    return f"/api/members/mem_{randomly.randint(1, MEMBERS):026d}/page"


def _list(query: str) -> Callable[[random.Random], str]:
    def address(randomly: random.Random) -> str:
        cursor = _cursor(randomly.randint(1000, MEMBERS))
        return "/api/members" + query.format(unit=randomly.randint(1, 200), number=randomly.randint(1, MEMBERS), cursor=cursor)

    return address


def _cursor(number: int) -> str:
    from wellspring.kernel.pages import encode_cursor  # noqa: PLC0415 - the parent process stays small

    return encode_cursor([0, number])


def _start_up() -> list[Result]:
    """From the command to the first answer in an empty folder that was set up before, and what it then holds."""
    times, memory, busy = [], 0.0, 0.0
    with tempfile.TemporaryDirectory(prefix="wellspring-bench-") as folder:
        for _ in range(3):
            started = time.monotonic()
            with _running(_command("run"), Path(folder), started) as (elapsed, process):
                times.append(elapsed)
                # What a start leaves to be done is over then.
                time.sleep(5)
                before = _processor_seconds(process.pid)
                time.sleep(_IDLE_SECONDS)
                busy = (_processor_seconds(process.pid) - before) / _IDLE_SECONDS * 100
                memory = _resident(process.pid)
    return [
        result("console: cold start of `wellspring run`", median(times), "s"),
        result("console: idle memory (RSS)", memory, "MB"),
        result("console: idle processor time", busy, "% of a core"),
    ]


def _command(verb: str) -> list[str]:
    return [str(Path(sys.executable).with_name("wellspring")), verb]


@contextmanager
def _running(command: list[str], home: Path, started: float) -> Iterator[tuple[float, "subprocess.Popen[bytes]"]]:
    port = _free_port()
    environment = {**os.environ, "WELLSPRING_HOME": str(home)}
    process = subprocess.Popen([*command, "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield time.monotonic() - started, process
    finally:
        process.terminate()
        process.wait(30)


def _bundle() -> list[Result]:
    """What a browser fetches for the first page, packed, and everything there is."""
    folder = Path(__file__).parents[1] / "src/wellspring/console/static"
    files = [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []
    packed = {path: len(gzip.compress(path.read_bytes(), 6)) for path in files}
    index = (folder / "index.html").read_text(encoding="utf-8") if packed else ""
    first = sum(size for path, size in packed.items() if path.name in index)
    return [
        result("console: bundle of the first page, packed", first / 1024, "KB"),
        result("console: whole bundle, packed", sum(packed.values()) / 1024, "KB"),
    ]


@contextmanager
def _home() -> Iterator[Path]:
    kept = os.environ.get("WELLSPRING_BENCH_HOME")
    if kept:
        yield Path(kept)
        return
    folder = Path(tempfile.mkdtemp(prefix="wellspring-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def _served(home: Path) -> Iterator[tuple[int, str]]:
    port = _free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.served", str(home), str(port)], stdout=subprocess.PIPE, text=True)
    try:
        key = ""
        while not key.startswith("key "):
            key = (process.stdout.readline() if process.stdout else "") or _ended(process)
        _wait(port)
        yield port, key.removeprefix("key ").strip()
    finally:
        process.terminate()
        process.wait(30)


def _ended(process: "subprocess.Popen[str]") -> str:
    raise RuntimeError(f"the server ended with {process.wait()}")


def _wait(port: int) -> None:
    for _ in range(3000):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.02)
        finally:
            connection.close()
    raise RuntimeError("the server does not answer")


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1])
    return pages * resource.getpagesize() / 1024 / 1024


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
