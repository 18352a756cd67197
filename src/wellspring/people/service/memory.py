"""What a process remembers between batches: who owns which key, who holds merged numbers, who is kept apart.

It is right or it is not used: every change of who holds what moves the epoch in the store, and a batch whose epoch is
another one reads everything anew. Nothing uncommitted is ever remembered. Bounded; safe across threads.
"""

import dataclasses
import itertools
import threading
import weakref
from collections.abc import Iterable, Mapping

from wellspring.kernel.stores.sql import Sql, Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people.contracts import Identity
from wellspring.people.repo import identities
from wellspring.people.settings import CACHE_ENTRIES_MAX

LOCK = "people"
# A few epochs are alive at once at most: those of snapshots still being read.
_READ_VIEWS_MAX = 4


@dataclasses.dataclass(frozen=True, slots=True)
class View:
    """Who holds what, as of one epoch."""

    epoch: int
    # Grows in the order of the transactions in which views were made, so that a late one cannot undo a newer.
    ticket: int
    holders: Mapping[int, int]
    apart: frozenset[frozenset[int]]
    suppresses: bool


class Memory:
    """One workspace's memory in this process."""

    def __init__(self) -> None:
        self.view: View | None = None
        self.owners: dict[bytes, int] = {}
        # The same for identifiers as they are given, of kinds that are not personal: it saves making the key.
        self.given: dict[Identity, int] = {}
        # Member → the latest "last seen" that is written, in milliseconds.
        self.seen: dict[int, int] = {}
        self.namespaces: frozenset[tuple[str, str]] = frozenset()
        self._lock = threading.Lock()
        # Views read outside of write transactions, by epoch: an epoch is given once, so what it names never changes.
        self._read: dict[int, View] = {}
        self._tickets = itertools.count(1)
        self._latest = 0

    def ticket(self) -> int:
        """The next place in the order of changes; to be taken inside the transaction."""
        return next(self._tickets)

    def remember(self, view: View, owners: Mapping[bytes, int]) -> None:
        """Keeps owners that were read or written under this view; drops them when the view is past."""
        with self._lock:
            if self.view is not view:
                return
            if len(self.owners) + len(owners) > CACHE_ENTRIES_MAX:
                for key in list(itertools.islice(self.owners, CACHE_ENTRIES_MAX // 4 + len(owners))):
                    del self.owners[key]
            self.owners.update(owners)

    def remember_given(self, view: View, given: Mapping[Identity, int]) -> None:
        """Keeps owners of identifiers as given."""
        with self._lock:
            if self.view is view:
                if len(self.given) + len(given) > CACHE_ENTRIES_MAX:
                    self.given.clear()
                self.given.update(given)

    def saw(self, seen: Mapping[int, int]) -> None:
        """Keeps what was written as last seen."""
        with self._lock:
            if len(self.seen) > CACHE_ENTRIES_MAX:
                self.seen.clear()
            self.seen.update(seen)

    def publish(self, view: View, *, since: View | None = None) -> None:
        """Makes a committed view the one in use. Owners survive only a step from `since`, in which none changed."""
        with self._lock:
            if view.ticket < self._latest:
                return
            self._latest = view.ticket
            if since is None or self.view is not since:
                self._clear()
            self.view = view

    def read_before(self, epoch: int) -> View | None:
        """A view that some reader has built of this epoch."""
        return self._read.get(epoch)

    def keep_read(self, view: View) -> None:
        """Keeps a reader's view of committed rows for the next reader; never used to answer without asking the store."""
        with self._lock:
            if len(self._read) >= _READ_VIEWS_MAX:
                self._read.clear()
            self._read[view.epoch] = view

    def forget(self) -> None:
        """Forgets everything, because of a change that was committed just now; the next batch reads anew."""
        with self._lock:
            self._latest = self.ticket()
            self.view = None
            self._clear()

    def _clear(self) -> None:
        self.owners.clear()
        self.given.clear()
        self.seen.clear()


_memories: "weakref.WeakKeyDictionary[Sql, Memory]" = weakref.WeakKeyDictionary()
_memories_lock = threading.Lock()


def of(ws: Workspace) -> Memory:
    """The workspace's memory in this process."""
    found = _memories.get(ws.sql)
    if found is None:
        with _memories_lock:
            found = _memories.setdefault(ws.sql, Memory())
    return found


def view_of(ws: Workspace, tx: Tx) -> View:
    """The view that is right for this transaction: the shared one, or one read now (shared after the commit)."""
    memory = of(ws)
    epoch = identities.epoch(tx)
    shared = memory.view
    if shared is not None and shared.epoch == epoch:
        return shared
    if not ws.sql.is_writing and (kept := memory.read_before(epoch)) is not None:
        return kept
    holders = identities.holders(tx)
    fresh = View(epoch, memory.ticket(), holders, apart_now(identities.apart(tx), holders), identities.suppresses(tx))
    if ws.sql.is_writing:
        ws.sql.after_commit(lambda: memory.publish(fresh))
    else:
        memory.keep_read(fresh)
    return fresh


def epoch_of(ws: Workspace) -> int:
    """Another number whenever it changed who holds which numbers."""
    with ws.sql.read() as tx:
        return identities.epoch(tx)


def apart_now(pairs: Iterable[frozenset[int]], holders: Mapping[int, int]) -> frozenset[frozenset[int]]:
    """Pairs kept apart, as the members who hold them now: who merges with one of a pair inherits the decision."""
    held = (frozenset(holders.get(number, number) for number in pair) for pair in pairs)
    return frozenset(pair for pair in held if len(pair) == 2)


def changed(ws: Workspace, tx: Tx) -> None:
    """To be called by whatever changed who holds what, other than a batch's own merges: all processes read anew."""
    identities.next_epoch(tx)
    ws.sql.after_commit(of(ws).forget)
