"""Noting which properties events come with, without slowing their intake.

Every message's shape (kind, names, types) is counted; what is new about shapes is written to the
catalogue every few seconds within a transaction that is open anyway. Samples come from cleaned properties, so
they hold no personal value.
"""

import dataclasses
import datetime as dt
import functools
import threading
import weakref
from collections.abc import Iterable
from typing import Any

from wellspring.activity.repo import catalogue
from wellspring.activity.rules.shapes import Shape, Shapes, flat_types, sample_of
from wellspring.kernel.clock import from_millis
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

# A shape, when, and what the properties were.
Sight = tuple[Shape, int, dict[str, Any]]
# A sender whose every event has names of its own would fill memory: beyond this, shapes are not counted until the next writing.
_SHAPES_MAX = 20_000


@dataclasses.dataclass
class Tally:
    """How often a shape was seen since the last writing, and one example of it."""

    count: int
    first_at: int
    last_at: int
    example: dict[str, Any]


class Noted:
    """What this process has seen and not yet written."""

    def __init__(self) -> None:
        self._tallies: dict[Shape, Tally] = {}
        self._lock = threading.Lock()

    def note(self, sights: Iterable[Sight]) -> None:
        """Counts the shapes of accepted events."""
        with self._lock:
            tallies = self._tallies
            for shape, at, properties in sights:
                tally = tallies.get(shape)
                if tally is None:
                    if len(tallies) < _SHAPES_MAX:
                        tallies[shape] = Tally(1, at, at, properties)
                    continue
                tally.count += 1
                if at > tally.last_at:
                    tally.last_at = at
                elif at < tally.first_at:
                    tally.first_at = at

    def write(self, tx: Tx) -> None:
        """Adds what was noted to the catalogue in the running transaction; kept if that fails."""
        with self._lock:
            pending, self._tallies = self._tallies, {}
        try:
            catalogue.add(tx, _summed(pending))
        except BaseException:
            self._restore(pending)
            raise

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not self._tallies

    def _restore(self, pending: dict[Shape, Tally]) -> None:
        with self._lock:
            self._tallies = {**pending, **self._tallies}


_noted: "weakref.WeakKeyDictionary[Workspace, Noted]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()


def of(ws: Workspace) -> Noted:
    """What this process has noted for the workspace."""
    with _guard:
        return _noted.setdefault(ws, Noted())


@functools.lru_cache(maxsize=100)
def shapes_under(personal_keys: frozenset[str]) -> Shapes:
    """The shapes that this process has met where these names are personal."""
    return Shapes(personal_keys)


def _summed(tallies: dict[Shape, Tally]) -> list[catalogue.Seen]:
    summed: dict[tuple[str, str, str], catalogue.Seen] = {}
    for shape, tally in tallies.items():
        first, last = from_millis(tally.first_at), from_millis(tally.last_at)
        for name, type_, value in flat_types(tally.example):
            key = (shape.kind, name[:200], type_)
            sample = sample_of(value)
            samples: list[Any] = [] if sample is None else [sample]
            summed[key] = _joined(summed.get(key), catalogue.Seen(*key, tally.count, first, last, samples))
    return list(summed.values())


def _joined(known: catalogue.Seen | None, fresh: catalogue.Seen) -> catalogue.Seen:
    if known is None:
        return fresh
    samples = [*known.samples, *(value for value in fresh.samples if value not in known.samples)][: catalogue.SAMPLES_MAX]
    span: tuple[dt.datetime, dt.datetime] = (min(known.first_at, fresh.first_at), max(known.last_at, fresh.last_at))
    return known._replace(times=known.times + fresh.times, first_at=span[0], last_at=span[1], samples=samples)
