"""Planning and reserving 1,000,000 recipients over 5,000 guides in the stores: one transaction, beside bare set operations.

Everything that `bench.planning` decides in memory, and with it: rules and thirty days of touches read, the holdout drawn,
caps charged, an intent per guide and day written, committed with fsync. The goal is that of `bench.planning`: the decision
alone. Channels and content are stood in for by ready columns; what they cost is theirs. WELLSPRING_BENCH_PLAN_MEMBERS sets
the size.
"""

import datetime as dt
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from bench import crowd, planning
from bench.results import Result, median, result
from wellspring.app import wiring
from wellspring.channels.api import sends
from wellspring.channels.contracts.sends import Channel
from wellspring.engagement.contracts.proof import Design
from wellspring.engagement.contracts.rules import CapRule, RuleDraft, RuleKind, SpanRule
from wellspring.engagement.contracts.touches import Origin, OriginKind
from wellspring.engagement.repo import counters
from wellspring.engagement.rules.caps import Cap, Counters, Touching
from wellspring.engagement.rules.zones import Zones
from wellspring.engagement.service import carrying, exposing, ruling, touching
from wellspring.engagement.service.touching import Ask
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.sets.columns import Column, from_column, to_column
from wellspring.kernel.settings import ProcessSettings
from wellspring.kernel.workspace import Installation, Workspace

_ROUNDS = 5


def run() -> list[Result]:
    """Medians of interleaved rounds, in seconds."""
    with tempfile.TemporaryDirectory() as home:
        wiring.register()
        # Ten in the morning, whenever it is measured: at night nobody would be planned.
        installation = Installation(ProcessSettings(home=Path(home)), clock=VirtualClock(planning.NOW), log_tables=wiring.log_tables())
        ws = installation.create("bench")
        crowd.people(ws, planning.MEMBERS)
        draw = np.random.default_rng(7)
        carrying.use(_Ready(draw))  # type: ignore[arg-type]
        _rules(ws)
        _past(ws, draw)
        bare = planning.bare_planner()
        times: dict[str, list[float]] = {"bare": [], "whole": [], "preview": []}
        for number in range(_ROUNDS):
            started = time.perf_counter()
            bare()
            times["bare"].append(time.perf_counter() - started)
            for name, seconds in _round(ws, number).items():
                times[name].append(seconds)
        installation.close()
    beside = {"baseline": "bare set operations from ready sets, split by guide", "baseline_value": median(times["bare"])}
    name = f"reserving: {planning.MEMBERS:,} recipients, one transaction"
    return [
        result(name, median(times["whole"]), "s", **beside),
        result("reserving: the same looked at before", median(times["preview"]), "s", **beside),
    ]


def _round(ws: Workspace, number: int) -> dict[str, float]:
    everybody = from_column(np.arange(1, planning.MEMBERS + 1, dtype=np.uint32))
    origin = Origin(OriginKind.CAMPAIGN, f"cmp_{number}", 1)
    ask = Ask(origin, f"bench:{number}", "cnt_bench", Channel.WECOM, "acc_bench", tags=frozenset({"sale"}))
    started = time.perf_counter()
    with ws.sql.read() as tx:
        touching.preview(ws, tx, ask, everybody, ws.clock.now())
    seen = time.perf_counter() - started
    with ws.sql.write() as tx:
        design = Design(control_basis_points=500)
        exposing.declare(ws, tx, origin_kind="campaign", origin_id=origin.id, name="bench", design=design, by=SYSTEM, at=ws.clock.now())
    started = time.perf_counter()
    with ws.sql.write() as tx:
        asked = touching.ask(ws, tx, ask, everybody, ws.clock.now())
    whole = time.perf_counter() - started
    with ws.sql.write() as tx:
        touching.withdraw(ws, tx, origin=origin)
    assert asked.planned
    return {"preview": seen, "whole": whole}


def _rules(ws: Workspace) -> None:
    drafts = [RuleDraft(RuleKind.CAP, f"频控 {place}", cap=_cap(cap)) for place, cap in enumerate(planning.CAPS)]
    drafts.append(RuleDraft(RuleKind.QUIET, "勿扰", spans=(SpanRule(21 * 60, 8 * 60),), zones=()))
    for draft in drafts:
        ruling.add(ws, by=SYSTEM, draft=draft)


def _cap(cap: Cap) -> CapRule:
    return CapRule(cap.scope.kind.value, cap.scope.name, cap.times, cap.window.is_calendar, cap.window.length)


def _past(ws: Workspace, draw: np.random.Generator) -> None:
    """Thirty days of touches, a tenth of everybody each day."""
    zones = Zones((), planning.ZONE)
    with ws.sql.write() as tx:
        for day in range(30):
            at = ws.clock.now() - dt.timedelta(days=29 - day, hours=1)
            kind = (Touching("wecom", "news"), Touching("sms", "news"), Touching("wecom", "old", frozenset({"sale"})))[day % 3]
            members = from_column(np.flatnonzero(draw.random(planning.MEMBERS) < 0.1).astype(np.uint32) + 1)
            counters.charge(tx, Counters().reserve(kind, members, at, zones))


class _Ready:
    """Channels and content with everything at hand."""

    def __init__(self, draw: np.random.Generator) -> None:
        self._numbers = np.arange(1, planning.MEMBERS + 1, dtype=np.uint32)
        self._agreed = from_column(self._numbers[draw.random(planning.MEMBERS) < 0.9])
        self._reached = from_column(self._numbers[draw.random(planning.MEMBERS) < 0.95])
        owners = draw.integers(0, planning.GUIDES, planning.MEMBERS)
        self._guides = [f"guide{number}" for number in owners]
        self._texts = [f"wm{number:030}" for number in self._numbers]

    def capabilities(self, ws: Workspace) -> Mapping[Channel, Any]:
        return sends.capabilities(ws)

    def reachable(self, _ws: Workspace, **_named: object) -> BitMap:
        return self._reached

    def consenting(self, _ws: Workspace, **_named: object) -> BitMap:
        return self._agreed

    def addresses(self, _ws: Workspace, *, member_nos: BitMap, **_named: object) -> tuple[Column, Sequence[str]]:
        found = to_column(member_nos)
        return found, [self._texts[number - 1] for number in found.tolist()]

    def relations(
        self, _ws: Workspace, *, member_nos: BitMap, **_named: object
    ) -> tuple[Column, Sequence[str], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        found = to_column(member_nos)
        guides = [self._guides[number - 1] for number in found.tolist()]
        return found, guides, np.zeros(len(found), dtype=np.int64), np.ones(len(found), dtype=np.bool_)
