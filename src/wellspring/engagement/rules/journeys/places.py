"""Who waits where, until when, and the named sets beside it: read when somebody asks, changed here, written by whoever keeps them.

A place is a version's node and a minute; its subjects are one set. Live they come from the store, in a dry run there is
nothing to come from; the walk cannot tell the difference.
"""

import heapq
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

from pyroaring import BitMap

# Nodes that no canvas shows: who waits to be allowed in, who may not come again yet, whose conversion still counts.
COOLING, GOAL = "@cooling", "@goal"
# A fine grain for short waits, a coarse one for long ones: the number of sets at a node stays in the hundreds.
_DAY = 1440
_GRAINS = ((7 * _DAY, 15), (_DAY, 5), (0, 1))


class Key(NamedTuple):
    """One place; ordered by time first."""

    due: int
    version: int
    node: str


class Shelf(Protocol):
    """Where sets are kept between ticks."""

    def places(self) -> Iterable[Key]:
        """Every place of the journey."""
        ...

    def members(self, keys: Iterable[Key]) -> Mapping[Key, BitMap]:
        """Who waits at these places."""
        ...

    def named(self, name: str) -> BitMap:
        """A named set of the journey."""
        ...


class Nothing:
    """A shelf of a journey that has no past: in a dry run, and in tests."""

    def places(self) -> Iterable[Key]:
        """None."""
        return ()

    def members(self, keys: Iterable[Key]) -> Mapping[Key, BitMap]:
        """Nobody."""
        return {key: BitMap() for key in keys}

    def named(self, name: str) -> BitMap:  # noqa: ARG002 - a shelf's signature
        """Nobody."""
        return BitMap()


def due_after(minute: int, length: int) -> int:
    """When a wait that begins now ends: never early, and rounded up so that those of one quarter of an hour wait together."""
    grain = next(grain for least, grain in _GRAINS if length >= least)
    return math.ceil((minute + length) / grain) * grain


def grain_of(length: int) -> int:
    """By how much at most such a wait is rounded up."""
    return next(grain for least, grain in _GRAINS if length >= least)


class Places:
    """The places of one journey."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._at: dict[Key, BitMap | None] = {}
        self._by_node: dict[tuple[int, str], set[Key]] = {}
        self._by_time: list[Key] = []
        self.changed: set[Key] = set()
        for key in shelf.places():
            self._keep(key, None)

    def keys(self) -> list[Key]:
        """Every place with somebody in it, in order of time."""
        return sorted(self._at)

    def due(self, until: int) -> Key | None:
        """The first place whose time has come by a minute."""
        while self._by_time and self._by_time[0] not in self._at:
            heapq.heappop(self._by_time)
        return self._by_time[0] if self._by_time and self._by_time[0].due <= until else None

    def nodes(self) -> list[tuple[int, str]]:
        """The versions' nodes with somebody at them."""
        return sorted(self._by_node)

    def put(self, key: Key, subjects: BitMap) -> None:
        """More wait there."""
        if subjects:
            before = self._load([key])[key] if key in self._at else None
            self._keep(key, subjects if before is None else before | subjects)
            self.changed.add(key)

    def clear(self, key: Key) -> BitMap:
        """Everybody there, who do not wait there any longer."""
        found = self._load([key])[key]
        self._drop(key)
        return found

    def at(self, version: int, node: str) -> BitMap:
        """Everybody at a node."""
        return BitMap().union(*self._load(self._of(version, node)).values())

    def standing(self, node: str) -> BitMap:
        """The same of every version."""
        return BitMap().union(*(self.at(*place) for place in self.nodes() if place[1] == node))

    def take(self, version: int, node: str, subjects: BitMap, *, until: int | None = None) -> BitMap:
        """Those of the subjects who were there (at places due by `until`), and are not any more."""
        found = BitMap()
        keys = [key for key in self._of(version, node) if until is None or key.due <= until]
        for key, members in self._load(keys).items():
            if taken := members & subjects:
                found |= taken
                left = members - taken
                if left:
                    self._at[key] = left
                    self.changed.add(key)
                else:
                    self._drop(key)
        return found

    def members(self, key: Key) -> BitMap:
        """Who waits at a place; nobody where there is none."""
        return self._load([key])[key] if key in self._at else BitMap()

    def _keep(self, key: Key, members: BitMap | None) -> None:
        if key not in self._at:
            heapq.heappush(self._by_time, key)
            self._by_node.setdefault((key.version, key.node), set()).add(key)
        self._at[key] = members

    def _drop(self, key: Key) -> None:
        del self._at[key]
        there = self._by_node[key.version, key.node]
        there.discard(key)
        if not there:
            del self._by_node[key.version, key.node]
        self.changed.add(key)

    def _of(self, version: int, node: str) -> list[Key]:
        return sorted(self._by_node.get((version, node), ()))

    def _load(self, keys: Iterable[Key]) -> dict[Key, BitMap]:
        wanted = list(keys)
        missing = [key for key in wanted if self._at[key] is None]
        if missing:
            self._at.update(self._shelf.members(missing))
        return {key: found for key in wanted if (found := self._at[key]) is not None}


class Named:
    """The named sets of one journey."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._known: dict[str, BitMap] = {}
        self._before: dict[str, BitMap] = {}

    def get(self, name: str) -> BitMap:
        """A set; not to be changed."""
        if name not in self._known:
            self._known[name] = self._before[name] = self._shelf.named(name)
        return self._known[name]

    def add(self, name: str, subjects: BitMap) -> None:
        """Puts subjects in."""
        if subjects:
            self._known[name] = self.get(name) | subjects

    def drop(self, name: str, subjects: BitMap) -> None:
        """Takes subjects out."""
        if subjects and self.get(name):
            self._known[name] = self._known[name] - subjects

    def changes(self) -> Iterator[tuple[str, BitMap, BitMap]]:
        """What was added to and taken from each set."""
        for name, now in sorted(self._known.items(), key=lambda pair: pair[0]):
            before = self._before[name]
            if now is not before and now != before:
                yield name, now - before, before - now
