"""Whose turn it is to write orders: versions are compared with what is stored, so writers of a workspace queue."""

import threading
import weakref

from wellspring.kernel.workspace import Workspace

_locks: "weakref.WeakKeyDictionary[Workspace, threading.RLock]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()


def lock_of(ws: Workspace) -> threading.RLock:
    """The lock that every writer of orders and refunds holds."""
    with _guard:
        return _locks.setdefault(ws, threading.RLock())
