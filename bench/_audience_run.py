"""One part of the measurement in a process of its own: `python -m bench._audience_run HOME MEMBERS EVENTS PART`.

The engine's memory and caches are then of that part alone. Results come out as one line of JSON.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench import _audience_leaves as leaves
from bench import _audience_ticks as ticks
from bench._audience_crowd import fill, opened
from bench._audience_explain import explained
from bench.results import Result, median, result
from wellspring.audiences.service import ticking
from wellspring.kernel.workspace import Workspace

LIVE, ARRIVING, ROUNDS = 200, 10_000, 5
AUDIENCES, EVENTS = (25, 50, 100, 200), (1_000, 3_000, 10_000, 30_000)
FEW, SOME = 50, 3_000


def load(ws: Workspace, members: int, events: int) -> list[Result]:
    """Fills the workspace."""
    begun = time.monotonic()
    fill(ws, members, events)
    return [result("audiences: loading the brand", time.monotonic() - begun, "s")]


def single(ws: Workspace, _members: int, _events: int) -> list[Result]:
    """Leaves, the cached preview and an explanation."""
    return leaves.cached_preview(ws) + leaves.against_typed(ws) + explained(ws)


def postgres(ws: Workspace, _members: int, _events: int) -> list[Result]:
    """Ten definitions against PostgreSQL."""
    return leaves.against_postgres(ws)


def beating(ws: Workspace, members: int, _events: int) -> list[Result]:
    """Ticks of two hundred audiences against computing every leaf once, in turn; drift afterwards; then the grid."""
    wanted = ticks.distinct(LIVE)
    ticks.keep(ws, LIVE)
    print(f"  the first tick builds {len(wanted)} leaves: {ticks.timed(lambda: ticking.tick(ws)) / 1000:.1f} s", flush=True)
    ticks.beats(ws, members, ARRIVING, 2, salt=_salt())
    beats, anew, held = [], [], []
    for _ in range(ROUNDS):
        beats += ticks.beats(ws, members, ARRIVING, 1, salt=_salt())
        anew.append(ticks.recomputed(ws, wanted))
        held.append(ticks.recomputed(ws, wanted, is_held=True))
        print(f"  tick {beats[-1]:.0f} ms, every leaf anew {anew[-1]:.0f} ms, with rows held {held[-1]:.0f} ms", flush=True)
    rows = [
        result(
            "audiences: every distinct leaf anew",
            median(anew),
            "ms",
            baseline=f"a tick, {LIVE} audiences, {ARRIVING:,} new events",
            baseline_value=median(beats),
            at_least=20,
        ),
        result(
            "audiences: every distinct leaf anew, rows held", median(held), "ms", baseline="the same tick", baseline_value=median(beats)
        ),
        result("audiences: drift after the ticks", ticks.drift(ws), "members", at_most=0),
        result("audiences: peak memory of ticking and recomputing", _peak(), "MB"),
    ]
    rows += [_point(ws, members, LIVE, many) for many in EVENTS]
    for count in sorted(AUDIENCES, reverse=True):
        ticks.shrink(ws, count)
        rows.append(_point(ws, members, count, SOME))
    return rows


def grid(ws: Workspace, members: int, _events: int) -> list[Result]:
    """Ticks of many and of few audiences at one size."""
    ticks.keep(ws, LIVE)
    ticking.tick(ws)
    ticks.beats(ws, members, SOME, 1, salt=_salt())
    rows = [_point(ws, members, LIVE, SOME)]
    ticks.shrink(ws, FEW)
    return [*rows, _point(ws, members, FEW, SOME)]


def memory(ws: Workspace, members: int, _events: int) -> list[Result]:
    """What a process holds that keeps two hundred audiences up."""
    ticks.keep(ws, LIVE)
    first = ticks.timed(lambda: ticking.tick(ws))
    beats = ticks.beats(ws, members, ARRIVING, 3, salt=_salt())
    size = f"{members / 1e6:g} million members, {LIVE} audiences"
    return [
        result(f"audiences: peak memory, {size}", _peak(), "MB", at_most=4096),
        result(f"audiences: tick, {size}, {ARRIVING:,} new events", median(beats), "ms"),
        result(f"audiences: first tick, {size}", first, "ms"),
    ]


def _point(ws: Workspace, members: int, count: int, many: int) -> Result:
    ticks.beats(ws, members, many, 1, salt=_salt())
    found = median(ticks.beats(ws, members, many, 3, salt=_salt()))
    print(f"  {members:,} members, {count} audiences, {many:,} events: {found:.0f} ms", flush=True)
    return result(point(members, count, many), found, "ms")


def point(members: int, count: int, many: int) -> str:
    """The name of a measured tick."""
    return f"audiences: tick at {members:,} members, {count} audiences, {many:,} events"


def _salt() -> int:
    # A thousand a second: no two bursts of arrivals of a kept data set repeat message ids.
    return time.time_ns() // 1_000_000 % 10_000_000


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


PARTS: dict[str, Callable[[Workspace, int, int], list[Result]]] = {
    part.__name__: part for part in (load, single, postgres, beating, grid, memory)
}


def main(home: str, members: str, events: str, part: str) -> None:
    """Runs one part and prints what it found."""
    with opened(Path(home)) as ws:
        found = PARTS[part](ws, int(members), int(events))
    print("results " + json.dumps(found, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
