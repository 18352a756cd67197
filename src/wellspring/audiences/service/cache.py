"""Answers of leaves, kept while nothing they stand on has changed; per workspace and process.

A leaf is known by its canonical form. What it stands on is its token: arrivals for events, people's telling for
attributes, sets' versions for tags. Time is part of it too: exactly on a virtual clock, to the heartbeat on a real one.
"""

import dataclasses
import threading
import weakref
from collections import OrderedDict
from collections.abc import Hashable

from pyroaring import BitMap

from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Workspace

# At 20 million members a dense set is 2.5 MB: about 500 MB at the worst.
_ENTRIES_MAX = 400
# A real clock never stands still: an answer of the same data is taken for as long as a heartbeat is.
AGE_MILLIS_MAX = 5_000


@dataclasses.dataclass(frozen=True, slots=True)
class _Kept:
    token: Hashable
    now: int
    members: BitMap


class Cache:
    """The kept answers of one workspace."""

    def __init__(self, *, is_exact: bool) -> None:
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()
        self._is_exact = is_exact
        self._lock = threading.Lock()

    def find(self, key: bytes, token: Hashable, *, now: int, is_timed: bool) -> BitMap | None:
        """The answer, if it still stands. It must not be changed."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.token != token:
                return None
            age = now - kept.now
            if is_timed and age and (self._is_exact or not 0 <= age <= AGE_MILLIS_MAX):
                return None
            self._kept.move_to_end(key)
            return kept.members

    def keep(self, key: bytes, token: Hashable, members: BitMap, *, now: int) -> None:
        """Keeps an answer; the one used least recently gives way."""
        with self._lock:
            self._kept[key] = _Kept(token, now, members)
            self._kept.move_to_end(key)
            while len(self._kept) > _ENTRIES_MAX:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._kept.clear()


_caches: "weakref.WeakKeyDictionary[Workspace, Cache]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()


def of(ws: Workspace) -> Cache:
    """The workspace's cache in this process."""
    with _guard:
        if ws not in _caches:
            _caches[ws] = Cache(is_exact=isinstance(ws.clock, VirtualClock))
        return _caches[ws]
