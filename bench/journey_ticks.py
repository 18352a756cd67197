"""A tick of running journeys with new events: the figure at 2,000,000 members and 100 journeys, and how it grows.

Every journey has a fifth of the members waiting for one of five events, or for a day that does not come; between two ticks
members have done those things, spread over everybody. The crossed share is what is left of the growth when the members'
own and the journeys' own are taken away: (large, many) - (large, few) - (small, many) + (small, few), against the largest.
WELLSPRING_BENCH_JOURNEY_TICK_MEMBERS and _EVENTS set the sizes.
"""

import datetime as dt
import itertools
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from bench import crowd
from bench.results import Result, median, result
from wellspring.activity import api as activity
from wellspring.activity.contracts import Happening
from wellspring.app import wiring
from wellspring.engagement.contracts.journeys import JourneyKind
from wellspring.engagement.service import journey_ticking, journeying
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.sets.columns import from_column
from wellspring.kernel.settings import ProcessSettings
from wellspring.kernel.workspace import Installation, Workspace

_MEMBERS = int(os.environ.get("WELLSPRING_BENCH_JOURNEY_TICK_MEMBERS", "2000000"))
_EVENTS = int(os.environ.get("WELLSPRING_BENCH_JOURNEY_TICK_EVENTS", "10000"))
_JOURNEYS, _ROUNDS, _KINDS = 100, 5, 5
_NOW = dt.datetime(2026, 11, 10, 2, tzinfo=dt.UTC)
_CROSSED_AT_MOST = 0.2


def run() -> list[Result]:
    """Medians of five ticks in each corner, in milliseconds."""
    found: dict[tuple[int, int], float] = {}
    for members, journeys in itertools.product((_MEMBERS // 4, _MEMBERS), (_JOURNEYS // 4, _JOURNEYS)):
        found[members, journeys] = _corner(members, journeys)
        print(f"  {members:,} members, {journeys} journeys: {found[members, journeys]:.0f} ms", flush=True)
    few, many = _MEMBERS // 4, _MEMBERS
    largest = found[many, _JOURNEYS]
    crossed = (largest - found[many, _JOURNEYS // 4] - found[few, _JOURNEYS] + found[few, _JOURNEYS // 4]) / largest
    name = f"journeys: a tick of {_JOURNEYS} with {_EVENTS:,} new events, {_MEMBERS:,} members"
    return [
        result(name, largest, "ms", baseline=f"a quarter of the members ({few:,})", baseline_value=found[few, _JOURNEYS]),
        result("journeys: the same with a quarter of the journeys", found[many, _JOURNEYS // 4], "ms"),
        result("journeys: crossed share of the growth", max(crossed, 0.0), "", at_most=_CROSSED_AT_MOST),
    ]


def _corner(members: int, journeys: int) -> float:
    with tempfile.TemporaryDirectory() as home:
        wiring.register()
        clock = VirtualClock(_NOW)
        installation = Installation(ProcessSettings(home=Path(home)), clock=clock, log_tables=wiring.log_tables())
        ws = installation.create("bench")
        crowd.people(ws, members)
        draw = np.random.default_rng(7)
        for number in range(journeys):
            _begin(ws, number, members, draw)
        journey_ticking.tick(ws)
        times = []
        for turn in range(_ROUNDS):
            clock.move_to(clock.now() + dt.timedelta(minutes=1))
            _happen(ws, turn, members, draw)
            started = time.perf_counter()
            journey_ticking.tick(ws)
            times.append((time.perf_counter() - started) * 1000)
        installation.close()
    return median(times)


def _begin(ws: Workspace, number: int, members: int, draw: np.random.Generator) -> None:
    made = journeying.create(
        ws, by=SYSTEM, name=f"bench {number}", kind=JourneyKind.JOURNEY, description="", draft=_graph(number), sop=None
    )
    journeying.publish(ws, by=SYSTEM, journey_id=made.id, plan={}, note="")
    inside = from_column(np.flatnonzero(draw.random(members) < 0.2).astype(np.uint32) + 1)
    with ws.sql.write() as tx:
        journeying.put_in(ws, tx, made.id, inside)


def _graph(number: int) -> dict[str, Any]:
    return {
        "entry": {"trigger": {"kind": "api"}, "reentry": "never"},
        "start": "wait",
        "nodes": {
            "wait": {
                "kind": "wait",
                "mode": "event",
                "event": f"Seen {number % _KINDS}",
                "timeout": "30d",
                "then": "rest",
                "timeout_next": "rest",
            },
            "rest": {"kind": "wait", "mode": "duration", "for": "30d", "next": "end"},
            "end": {"kind": "exit"},
        },
    }


def _happen(ws: Workspace, turn: int, members: int, draw: np.random.Generator) -> None:
    who = draw.integers(1, members + 1, _EVENTS)
    at = ws.clock.now()
    told = [Happening(f"Seen {place % _KINDS}", int(number), at, f"m{turn}-{place}", {}) for place, number in enumerate(who)]
    for first in range(0, len(told), 1_000):
        activity.record(ws, told[first : first + 1_000], source="bench")
