"""Heartbeats over a filled workspace: timed against computing every distinct leaf once, and checked to have kept up."""

import datetime as dt
import time
from collections.abc import Callable, Sequence

from bench import _audience_definitions as definitions
from bench._audience_crowd import arrive
from wellspring.audiences import repo
from wellspring.audiences.contracts import Refresh, State
from wellspring.audiences.rules import read, tree, write
from wellspring.audiences.service import defining, leaves, ticking
from wellspring.audiences.service.asking import Asking, Instant, now_of
from wellspring.audiences.service.computing import References
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Workspace

BEAT = dt.timedelta(seconds=5)


def keep(ws: Workspace, count: int) -> None:
    """So many live audiences and no other; the next tick computes them."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        for one in repo.listing(tx):
            repo.delete(tx, one.id)
        for place, definition in enumerate(definitions.live(count)):
            node = read.read(definition)
            row = {
                "id": f"aud_{place:026d}",
                "name": f"人群 {place}",
                "description": "",
                "definition": write.write(node),
                "definition_hash": defining.hash_of(node),
                "refresh": Refresh.LIVE.value,
                "state": State.READY.value,
                "version": 0,
                "members": 0,
                "created_by": "bench",
                "created_at": now,
                "changed_at": now,
                "watermark": 0,
                "drift": 0,
            }
            repo.insert(tx, row)
    ticking.forget(ws)


def shrink(ws: Workspace, count: int) -> None:
    """The first so many of them go on, the others are deleted."""
    with ws.sql.write() as tx:
        for one in repo.listing(tx):
            if int(one.id.removeprefix("aud_")) >= count:
                repo.delete(tx, one.id)


def pass_beat(ws: Workspace) -> None:
    """Five seconds."""
    assert isinstance(ws.clock, VirtualClock)
    ws.clock.move_to(ws.clock.now() + BEAT)


def timed(work: Callable[[], object]) -> float:
    """How long it takes, in milliseconds."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def beats(ws: Workspace, members: int, events: int, rounds: int, *, salt: int) -> list[float]:
    """Milliseconds of so many ticks, each after the arrival of so many events."""
    found = []
    for place in range(rounds):
        pass_beat(ws)
        arrive(ws, members, events, salt=salt + place)
        found.append(timed(lambda: ticking.tick(ws)))
    return found


def distinct(count: int) -> list[tree.Leaf]:
    """The distinct leaves of so many audiences."""
    found: dict[bytes, tree.Leaf] = {}
    for definition in definitions.live(count):
        for _path, leaf in tree.leaves(read.read(definition)):
            plain = leaves.touches(leaf) if isinstance(leaf, tree.Touched) else leaf
            found[write.canonical(plain)] = plain
    return list(found.values())


def recomputed(ws: Workspace, wanted: Sequence[tree.Leaf], *, is_held: bool = False) -> float:
    """Milliseconds of computing each leaf once: from the stores, or with the rows that the ticks hold in memory anyway."""
    asking = Asking(ws, Instant(now_of(ws)))
    asking = asking if is_held else asking.of_log()
    references = References(asking, is_cached=False)

    def work() -> None:
        for leaf in wanted:
            _ = leaves.members(leaf, asking, references) & asking.universe

    return timed(work)


def drift(ws: Workspace) -> int:
    """Members by which what was kept up differs from a computation anew."""
    ticking.tick(ws, reconciles=True)
    with ws.sql.read() as tx:
        return sum(one.drift for one in repo.listing(tx))
