"""What this process remembers of callers: one small table per workspace, emptied whenever access changes."""

import dataclasses
import datetime as dt
import threading
import weakref

from wellspring.access.contracts import KeyKind
from wellspring.kernel.auth import Principal
from wellspring.kernel.stores import Sql
from wellspring.kernel.workspace import Workspace

# Sized for the credentials in use within a few seconds; beyond it the memory starts anew.
_REMEMBERED_MAX = 10_000


@dataclasses.dataclass
class Known:
    """A credential that was looked up: whose it is, when it ends, and when it must be looked up again."""

    principal: Principal
    unit_ids: frozenset[str]
    ends_at: dt.datetime | None
    idle: dt.timedelta | None
    used_at: dt.datetime
    reread_at: float
    csrf_token: str | None = None
    locale: str | None = None
    kind: KeyKind | None = None


@dataclasses.dataclass
class Memory:
    """One workspace's callers by the hash of their token, and uses of write keys that are not written down yet."""

    known: dict[str, Known] = dataclasses.field(default_factory=dict)
    uses: dict[str, dt.datetime] = dataclasses.field(default_factory=dict)
    generation: int = 0
    lock: threading.Lock = dataclasses.field(default_factory=threading.Lock)

    def keep(self, digest: str, known: Known, generation: int) -> None:
        """Remembers what was read, unless something was changed and committed since the reading began."""
        with self.lock:
            if self.generation == generation:
                if len(self.known) >= _REMEMBERED_MAX:
                    self.known.clear()
                self.known[digest] = known

    def forget(self) -> None:
        """Everybody is looked up anew."""
        with self.lock:
            self.generation += 1
            self.known.clear()


# By store, not by name: two installations in one process may each have a workspace of the same name.
_memories: weakref.WeakKeyDictionary[Sql, Memory] = weakref.WeakKeyDictionary()


def memory_of(ws: Workspace) -> Memory:
    """The workspace's memory in this process."""
    return _memories.setdefault(ws.sql, Memory())
