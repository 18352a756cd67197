"""Which messages were already taken: digests of message ids of at least the last 24 hours (T01).

Memory is bounded: a generation covers a few hours and costs 8 bytes for each message, and the oldest is dropped whole.
After a restart it is rebuilt from the log. Two different ids share a digest once in 10^12 events a day.
"""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from wellspring.activity.facts import log
from wellspring.activity.settings import ActivitySettings
from wellspring.kernel.workspace import Workspace

Digests = npt.NDArray[np.uint64]

GENERATION = dt.timedelta(hours=3)
# Fresh digests are kept as a set until they are worth sorting: 100,000 cost about 7 MB as Python numbers.
_FRESH_MAX = 100_000


class Generation:
    """The digests of one span of receipt time."""

    def __init__(self, start: dt.datetime, known: Digests) -> None:
        self.start = start
        self.fresh: set[int] = set()
        self._sorted = [known] if len(known) else []

    def add(self, digests: Sequence[int]) -> None:
        """Remembers digests."""
        self.fresh.update(digests)
        if len(self.fresh) > _FRESH_MAX:
            self._sorted.append(np.sort(np.fromiter(self.fresh, dtype=np.uint64, count=len(self.fresh))))
            self.fresh = set()
            # Merged like a log-structured tree, so that a generation is never more than a handful of arrays.
            while len(self._sorted) > 1 and len(self._sorted[-1]) * 2 > len(self._sorted[-2]):
                self._sorted[-2:] = [np.union1d(self._sorted[-2], self._sorted[-1])]

    def known(self, wanted: Digests) -> Digests:
        """Those of the wanted ones that are in the sorted part."""
        found = [wanted[_contains(part, wanted)] for part in self._sorted]
        return np.concatenate(found) if found else wanted[:0]


class Lookback:
    """The generations of one workspace; only its writer touches them."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._generations: list[Generation] = []
        self._rebuild()

    def repeated(self, digests: Sequence[int]) -> set[int]:
        """Those that were taken before."""
        self._turn()
        wanted = np.sort(np.array(digests, dtype=np.uint64))
        found: set[int] = set()
        for generation in self._generations:
            found.update(int(digest) for digest in generation.known(wanted))
            if generation.fresh:
                found.update(generation.fresh.intersection(digests))
        return found

    def remember(self, digests: Sequence[int]) -> None:
        """Notes messages as taken, once they are durable."""
        self._generations[-1].add(digests)

    def _span(self) -> dt.timedelta:
        return dt.timedelta(hours=self._ws.settings.get(ActivitySettings).lookback_hours)

    def _turn(self) -> None:
        now = self._ws.clock.now()
        if now >= self._generations[-1].start + GENERATION:
            self._generations.append(Generation(now, np.empty(0, dtype=np.uint64)))
            horizon = now - self._span()
            # A generation may go when even its youngest digest, written just before the next one began, is too old.
            while len(self._generations) > 1 and self._generations[1].start <= horizon:
                self._generations.pop(0)

    def _rebuild(self) -> None:
        now = self._ws.clock.now()
        # Rows may carry a receipt time after "now" when the clock was set back: they count as well.
        newest = log.latest_receipt(self._ws)
        end = max(now, newest or now) + dt.timedelta(milliseconds=1)
        start = min(now, newest or now) - self._span() - GENERATION
        while start < end:
            until = min(start + GENERATION, end)
            self._generations.append(Generation(start, log.digests_since(self._ws, start, until)))
            start = until
        self._generations.append(Generation(now, np.empty(0, dtype=np.uint64)))


def _contains(haystack: Digests, needles: Digests) -> npt.NDArray[np.bool_]:
    places = np.searchsorted(haystack, needles)
    places[places == len(haystack)] = 0
    found: npt.NDArray[np.bool_] = haystack[places] == needles
    return found
