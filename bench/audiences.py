"""The audience engine on a brand of two million members and twenty million events.

Leaves against the same SQL typed by hand, cached previews against bare set operations, ten definitions against PostgreSQL
15, ticks of two hundred live audiences against computing every leaf once, and how a tick grows. Every part runs in a
process of its own. WELLSPRING_BENCH_MEMBERS and WELLSPRING_BENCH_EVENTS set the size, WELLSPRING_BENCH_HOME keeps the
data between runs, WELLSPRING_BENCH_PARTS=single,beating runs some parts only. SIZE=large measures memory alone, at 20
million members and 100 million events.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench import _audience_figure as figure
from bench._audience_run import AUDIENCES, EVENTS, FEW, LIVE, SOME, point
from bench.results import Result, result

IS_LARGE = os.environ.get("SIZE") == "large"
MEMBERS = int(os.environ.get("WELLSPRING_BENCH_MEMBERS", "20000000" if IS_LARGE else "2000000"))
EVENTS_TOTAL = int(os.environ.get("WELLSPRING_BENCH_EVENTS", "100000000" if IS_LARGE else "20000000"))
_ROOT = Path(__file__).resolve().parents[1]
_FIGURE = _ROOT / "docs/figures/tick-time.svg"
# The same brand at these shares of its size, for the chart.
_SHARES = (8, 4, 2)
_CROSSED_MAX = 0.2


def run() -> list[Result]:
    """Loads, and runs part by part; a part that fails is told and the others still run."""
    asked = os.environ.get("WELLSPRING_BENCH_PARTS", "memory" if IS_LARGE else "single,postgres,beating,grid").split(",")
    print(f"  {MEMBERS:,} members, {EVENTS_TOTAL:,} events, load {os.getloadavg()[0]:.1f}", flush=True)
    rows: list[Result] = []
    with _home() as home:
        _loaded(home, MEMBERS, EVENTS_TOTAL)
        for part in asked:
            if part != "grid":
                rows += _part(home, MEMBERS, EVENTS_TOTAL, part)
        if "grid" in asked:
            rows += _smaller(home)
    if {"beating", "grid"} <= set(asked):
        rows += _drawn(rows)
    return rows


def _smaller(home: Path) -> list[Result]:
    rows = []
    for share in _SHARES:
        members, events = MEMBERS // share, EVENTS_TOTAL // share
        smaller = home / f"share-{share}"
        _loaded(smaller, members, events)
        rows += _part(smaller, members, events, "grid")
        if "WELLSPRING_BENCH_HOME" not in os.environ:
            shutil.rmtree(smaller)
    return rows


def _drawn(rows: Sequence[Result]) -> list[Result]:
    """The chart, and how much of a tick grows with members and audiences together."""
    took = {row["name"]: row["value"] for row in rows}

    def at(members: int, count: int, many: int) -> float:
        return float(took[point(members, count, many)])

    sizes = [MEMBERS // share for share in (*_SHARES, 1)]
    if any(point(size, count, SOME) not in took for size in sizes for count in (FEW, LIVE)):
        return []
    by_members = [(f"{count} audiences", [(size, at(size, count, SOME)) for size in sizes]) for count in (LIVE, FEW)]
    by_audiences = [(f"{MEMBERS / 1e6:g} M members", [(count, at(MEMBERS, count, SOME)) for count in AUDIENCES])]
    by_events = [(f"{MEMBERS / 1e6:g} M members", [(many, at(MEMBERS, LIVE, many)) for many in EVENTS])]
    charts = [
        (f"members ({SOME:,} new events)", by_members),
        (f"audiences ({SOME:,} new events)", by_audiences),
        (f"new events ({LIVE} audiences)", by_events),
    ]
    figure.write(_FIGURE, f"Time of a tick, {MEMBERS:,} members and {EVENTS_TOTAL:,} events", charts)
    grown = {count: at(MEMBERS, count, SOME) - at(sizes[0], count, SOME) for count in (FEW, LIVE)}
    crossed = (grown[LIVE] - grown[FEW]) / at(MEMBERS, LIVE, SOME)
    return [result("audiences: share of a tick that grows with members x audiences", crossed, "", at_most=_CROSSED_MAX)]


def _loaded(home: Path, members: int, events: int) -> None:
    mark = home / "audiences-loaded"
    if mark.exists():
        if mark.read_text(encoding="utf-8") != f"{members} {events}":
            raise RuntimeError(f"{home} holds {mark.read_text(encoding='utf-8')} members and events, not {members} {events}")
        return
    home.mkdir(parents=True, exist_ok=True)
    if not _part(home, members, events, "load", is_needed=True):
        raise RuntimeError("the brand could not be loaded")
    mark.write_text(f"{members} {events}", encoding="utf-8")


def _part(home: Path, members: int, events: int, part: str, *, is_needed: bool = False) -> list[Result]:
    begun = time.monotonic()
    print(f"  {part} at {members:,} members", flush=True)
    command = [sys.executable, "-m", "bench._audience_run", str(home), str(members), str(events), part]
    found: list[Result] = []
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            if line.startswith("results "):
                found = json.loads(line.removeprefix("results "))
            else:
                print(line, end="", flush=True)
    print(f"  {part}: {time.monotonic() - begun:.0f} s, load {os.getloadavg()[0]:.1f}", flush=True)
    if process.returncode and is_needed:
        return []
    return found if not process.returncode else [*found, result(f"audiences: part {part} failed", 1, "", at_most=0)]


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
