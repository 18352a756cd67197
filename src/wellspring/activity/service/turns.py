"""Whose turn it is to write orders: versions are compared with what is stored, so writers of a workspace queue.

Threads of this process queue at a lock; where several processes share a store, the one that holds it queues there.
"""

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager

from wellspring.kernel.workspace import Workspace

_NAME = "activity.orders"


class _Queue:
    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.depth = 0


_queues: "weakref.WeakKeyDictionary[Workspace, _Queue]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()


@contextmanager
def turn(ws: Workspace) -> Iterator[None]:
    """What every writer of orders and refunds is in; a thread that is in it may enter again."""
    with _guard:
        queue = _queues.setdefault(ws, _Queue())
    with queue.lock:
        if queue.depth:
            yield
            return
        with ws.sql.turn(_NAME):
            queue.depth = 1
            try:
                yield
            finally:
                queue.depth = 0
