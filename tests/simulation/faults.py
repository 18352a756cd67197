"""Where a seeded run dies: between any two writes, at every fail point, and at what happens inside a provider.

A kill is an exception that nothing catches: the transaction in hand is lost, whatever was committed stays, and the next
thing to happen finds what a new process would find. A quarter of the sites is active in a run, and fires a quarter of the
time that it is passed (FoundationDB's BUGGIFY), so that some runs die often in one place and never in another.
"""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from wellspring.kernel import failpoints, ids
from wellspring.kernel.workspace import Workspace

ACTIVE, FIRES = 0.25, 0.25
# A write is passed a hundred times as often as a fail point.
WRITE_FIRES = 0.004
_WRITES = ("INSERT", "UPDATE", "DELETE")


class Killed(BaseException):
    """The process is gone."""


class Faults:
    """Draws faults; `is_armed` is off while the world is made and while it is looked at."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._sites: dict[str, bool] = {}
        self.is_armed = False
        self.kills: Counter[str] = Counter()

    def fires(self, site: str) -> bool:
        """Whether something goes wrong here, now."""
        if not self.is_armed:
            return False
        if site not in self._sites:
            self._sites[site] = self._rng.random() < ACTIVE
        return self._sites[site] and self._rng.random() < FIRES

    def hit(self, name: str) -> None:
        """Stands in the place of `failpoints.hit`."""
        if self.fires(name):
            self.die(name)

    def before_write(self, statement: str) -> None:
        """Between any two writes."""
        if self.is_armed and statement.lstrip()[:6].upper() in _WRITES and self._rng.random() < WRITE_FIRES:
            self.die("write")

    def die(self, where: str) -> None:
        self.kills[where] += 1
        raise Killed(where)


@contextmanager
def injected(ws: Workspace, faults: Faults) -> Iterator[None]:
    """Puts the faults in place."""

    def before(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        faults.before_write(statement)

    real = failpoints.hit
    failpoints.hit = faults.hit
    sa.event.listen(ws.sql.engine, "before_cursor_execute", before)
    try:
        yield
    finally:
        sa.event.remove(ws.sql.engine, "before_cursor_execute", before)
        failpoints.hit = real


class _Drawn:
    """Stands in the place of `secrets` and of `time` where ids are made: the same seed makes the same ids, in order."""

    def __init__(self, rng: random.Random) -> None:
        self._rng, self._made = rng, 0

    def token_bytes(self, size: int) -> bytes:
        return self._rng.randbytes(size)

    def time(self) -> float:
        self._made += 1
        return 1_773_000_000 + self._made / 1000


@contextmanager
def numbered(seed: int) -> Iterator[None]:
    """Ids of a seed, so that what happens to come first does so every time."""
    before = ids.secrets, ids.time
    stand_in = _Drawn(random.Random(seed))
    ids.secrets, ids.time = stand_in, stand_in  # type: ignore[assignment]
    try:
        yield
    finally:
        ids.secrets, ids.time = before
