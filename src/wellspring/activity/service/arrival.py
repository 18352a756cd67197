"""The order of arrival: blocks of numbers, and the watermark below which everything is durably in the log.

A writer registers a block when it takes it and gives it back when its rows are flushed. Within this process the
watermark follows the flushed rows inside a block; other processes see whole blocks. A block whose owner died is
closed at the next start; one that stayed open far too long is closed by whoever asks, and its writer, should it
still live, refuses to write into it (fencing). Closing for a dead owner asks for upkeep at once: the log may hold rows
of it that the tables made from the log do not.
"""

import dataclasses
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager

from wellspring.activity.repo import blocks
from wellspring.kernel import failpoints, jobs
from wellspring.kernel.errors import StoreUnavailable
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

UPKEEP = "activity.upkeep"
# A writer never uses a block older than this; an import's statement over millions of rows takes about a minute.
_USABLE_SECONDS = 900.0
# Others may close it only well after that: the pause allows for clocks that differ.
_DEAD_SECONDS = 1200.0


@dataclasses.dataclass
class Block:
    """Numbers first … last in the hands of this process; `next` is the first that is free."""

    first: int
    last: int
    next: int
    taken_at: float

    @property
    def room(self) -> int:
        """How many numbers are free."""
        return self.last - self.next + 1


class Arrival:
    """One workspace's numbering in this process."""

    def __init__(self) -> None:
        self.owner = new_id("wri")
        self.lock = threading.Lock()
        self.is_fenced = False
        # Registered block → the number up to which its rows are in the log.
        self.reached: dict[int, int] = {}
        self.newest = 0


_arrivals: "weakref.WeakKeyDictionary[Workspace, Arrival]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()


def of(ws: Workspace) -> Arrival:
    """This process's numbering of the workspace; at first use the blocks of dead writers are closed."""
    with _guard:
        if ws not in _arrivals:
            _arrivals[ws] = Arrival()
        arrival = _arrivals[ws]
    with arrival.lock:
        if not arrival.is_fenced:
            with ws.sql.write() as tx:
                _fence(ws, tx, arrival)
            arrival.is_fenced = True
    return arrival


def take(ws: Workspace, tx: Tx, size: int) -> Block:
    """Registers a block within the running transaction, and gives back the rows of those that are done."""
    arrival = of(ws)
    if not ws.sql.is_sqlite:
        _fence(ws, tx, arrival)
    _give_back(ws, tx, arrival)
    first = blocks.take(ws, tx, size=size, owner=arrival.owner, wall=_wall())
    arrival.reached[first] = first - 1
    arrival.newest = max(arrival.newest, first)
    return Block(first, first + size - 1, first, time.monotonic())


def reach(ws: Workspace, block: Block, number: int) -> None:
    """Rows up to this number are in the log, or never will be."""
    of(ws).reached[block.first] = number


def finish(ws: Workspace, block: Block) -> None:
    """Nothing more comes into this block: the watermark may pass it."""
    reach(ws, block, block.last)


def settle(ws: Workspace) -> None:
    """Takes the rows of finished blocks out of the table, for other processes and the next start to see."""
    arrival = of(ws)
    with ws.sql.read() as tx:
        has_done = bool(_done(tx, arrival))
    if has_done:
        with ws.sql.write() as tx:
            _give_back(ws, tx, arrival)


def is_newest(ws: Workspace, block: Block) -> bool:
    """Whether no block was taken after this one: otherwise its unused numbers would hold the watermark back."""
    return of(ws).newest == block.first


def usable(block: Block) -> None:
    """Raises StoreUnavailable when the block is so old that another process may have closed it."""
    if time.monotonic() - block.taken_at > _USABLE_SECONDS:
        raise StoreUnavailable(reason="写入耗时过长 / writing took too long")


def is_fresh(block: Block) -> bool:
    """Whether there is time enough left to go on using the block."""
    return time.monotonic() - block.taken_at < _USABLE_SECONDS / 2


@contextmanager
def taken(ws: Workspace, size: int) -> Iterator[Block]:
    """A block of its own for one verb: registered before, given back after, also when it fails."""
    with ws.sql.write() as tx:
        block = take(ws, tx, size)
    failpoints.hit("activity.arrival.taken")
    try:
        yield block
    finally:
        finish(ws, block)


def watermark(ws: Workspace) -> int:
    """The highest number below which everything is in the log, as far as this process can know."""
    arrival = of(ws)
    # Read before the table: what is flushed in between only makes the answer lower, never too high.
    reached = dict(arrival.reached)
    with ws.sql.read() as tx:
        for first, last, _owner, _at in blocks.opened(tx):
            if reached.get(first, first - 1) < last:
                return reached.get(first, first - 1)
        return blocks.highest(tx)


def highest(ws: Workspace) -> int:
    """The highest number ever taken: where the watermark has reached it, nothing is on its way."""
    with ws.sql.read() as tx:
        return blocks.highest(tx)


def _done(tx: Tx, arrival: Arrival) -> list[int]:
    return [first for first, last, _owner, _at in blocks.opened(tx) if arrival.reached.get(first, first - 1) >= last]


def _give_back(ws: Workspace, tx: Tx, arrival: Arrival) -> None:
    done = _done(tx, arrival)
    blocks.close(tx, done)

    def forget() -> None:
        for first in done:
            arrival.reached.pop(first, None)

    ws.sql.after_commit(forget)


def _fence(ws: Workspace, tx: Tx, arrival: Arrival) -> None:
    # One process owns an embedded folder, so at its start every other owner is dead.
    patience = 0.0 if ws.sql.is_sqlite else _DEAD_SECONDS
    dead = [first for first, _last, owner, wall in blocks.opened(tx) if owner != arrival.owner and wall <= _wall() - patience]
    blocks.close(tx, dead)
    now = ws.clock.now()
    if dead and not jobs.is_queued(tx, UPKEEP, by=now):
        jobs.enqueue(ws, tx, UPKEEP, {}, run_at=now)


def _wall() -> float:
    # The machine's clock on purpose, not the workspace's: a virtual clock says nothing about who is alive.
    return time.clock_gettime(time.CLOCK_REALTIME)
