"""Best slots: 50 contents for 1,000,000 members with three slots each, by sets and by a loop over members.

Every content has five tiers of affinity, a quarter of them a set of those for whom it is meant, and some members used slots
before. The loop is what one writes without sets: for each member the contents in falling order of value until the slots are
full; it is run on a part of the members, found to give them the same value, and its time extrapolated. Interleaved rounds
on one thread, so that both sides suffer alike from whatever else runs. WELLSPRING_BENCH_SLOT_MEMBERS sets the size.
"""

import os
import time

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from bench.results import Result, median, result
from wellspring.engagement.rules.levels import Levels, raised
from wellspring.engagement.rules.slots import Content, Tier, best
from wellspring.kernel.sets.columns import from_column

_MEMBERS = int(os.environ.get("WELLSPRING_BENCH_SLOT_MEMBERS", "1000000"))
_CONTENTS, _TIERS, _SLOTS, _ROUNDS = 50, 5, 3, 5
# The loop's part: a few tenths of a second, far above what a clock can tell apart.
_PART = 20_000
_AT_LEAST = 50.0

_Worth = npt.NDArray[np.int64]


def run() -> list[Result]:
    """Medians of interleaved rounds, as members a second."""
    draw = np.random.default_rng(7)
    worth = _worth(draw)
    used = _used(draw)
    contents, levels = _contents(worth), _levels(used)
    part = worth[:, :_PART].T.tolist()
    room = (_SLOTS - used[:_PART]).tolist()
    sets, scarce, loops = [], [], []
    capped = [Content(each.id, each.tiers, total=_MEMBERS // 20 if place % 5 == 0 else None) for place, each in enumerate(contents)]
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        looped = _looped(part, room)
        loops.append(len(part) / (time.perf_counter() - started))
        started = time.perf_counter()
        chosen = best(contents, _SLOTS, salt="bench", used=levels)
        sets.append(_MEMBERS / (time.perf_counter() - started))
        started = time.perf_counter()
        best(capped, _SLOTS, salt="bench", used=levels)
        scarce.append(_MEMBERS / (time.perf_counter() - started))
        assert looped == _earned_by_part(chosen.given, worth)
    loop = {"baseline": f"a loop over members, on {len(part):,} of them, extrapolated", "baseline_value": median(loops)}
    return [
        result(
            f"slots: best {_SLOTS} of {_CONTENTS} contents, {_MEMBERS:,} members", median(sets), "members/s", **loop, at_least=_AT_LEAST
        ),
        result("slots: the same, every fifth content scarce", median(scarce), "members/s", **loop),
    ]


def _worth(draw: np.random.Generator) -> _Worth:
    """What each content is worth to each member: int64[contents, members], 0 where it is not meant for them."""
    tiers = np.sort(draw.integers(1, 10_000, (_CONTENTS, _TIERS)), axis=1)
    held = draw.choice(_TIERS, (_CONTENTS, _MEMBERS), p=[0.4, 0.25, 0.2, 0.1, 0.05])
    worth = np.take_along_axis(tiers, held, axis=1)
    worth[::4][draw.random((len(worth[::4]), _MEMBERS)) < 0.5] = 0
    return worth.astype(np.int64)


def _used(draw: np.random.Generator) -> _Worth:
    return draw.choice(3, _MEMBERS, p=[0.7, 0.2, 0.1]).astype(np.int64)


def _levels(used: _Worth) -> Levels:
    first = raised((), _where(used >= 1))
    return raised(first, _where(used >= 2))


def _contents(worth: _Worth) -> list[Content]:
    found = []
    for place, row in enumerate(worth):
        tiers = tuple(Tier(_where(row == value), value) for value in np.unique(row).tolist() if value > 0)
        found.append(Content(f"post-{place}", tiers, _where(row > 0) if place % 4 == 0 else None))
    return found


def _where(mask: npt.NDArray[np.bool_]) -> BitMap:
    return from_column(np.flatnonzero(mask).astype(np.uint32) + 1)


def _looped(part: list[list[int]], room: list[int]) -> int:
    total = 0
    for worth, left in zip(part, room, strict=True):
        ordered = sorted(range(len(worth)), key=worth.__getitem__, reverse=True)
        total += sum(worth[place] for place in ordered[:left])
    return total


def _earned_by_part(given: dict[str, BitMap], worth: _Worth) -> int:
    part = BitMap(range(1, worth[:, :_PART].shape[1] + 1))
    return sum(sum(worth[place, member - 1] for member in members & part) for place, members in enumerate(given.values()))
