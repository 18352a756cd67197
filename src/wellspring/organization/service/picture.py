"""The tree of a day from memory: read once, dropped when units change here, checked against the store's revision soon.

Scopes are expanded at every request, so this must cost microseconds: within RECHECK_SECONDS not even the revision is
asked for. What is read inside a write transaction is not kept, since it may never be committed.
"""

import dataclasses
import datetime as dt
import threading
import time
import weakref

from wellspring.kernel.stores import Sql
from wellspring.kernel.workspace import Workspace
from wellspring.organization import repo
from wellspring.organization.rules.tree import Tree

RECHECK_SECONDS = 2.0
# Today, and the month ends of a report of two years.
_DAYS_MAX = 24


@dataclasses.dataclass
class _Album:
    trees: dict[dt.date, Tree] = dataclasses.field(default_factory=dict)
    revision: int = -1
    recheck_at: float = 0.0
    generation: int = 0
    lock: threading.Lock = dataclasses.field(default_factory=threading.Lock)


_albums: weakref.WeakKeyDictionary[Sql, _Album] = weakref.WeakKeyDictionary()


def tree(ws: Workspace, on: dt.date) -> Tree:
    """The units as they stand on that day."""
    if ws.sql.is_writing:
        return _read(ws, on)[0]
    album = _album(ws)
    if time.monotonic() >= album.recheck_at:
        _recheck(ws, album)
    return album.trees.get(on) or _kept(ws, album, on)


def drop(ws: Workspace) -> None:
    """Forgets every tree of the workspace."""
    album = _album(ws)
    with album.lock:
        album.generation += 1
        album.trees.clear()
        album.recheck_at = 0.0


def _album(ws: Workspace) -> _Album:
    return _albums.setdefault(ws.sql, _Album())


def _recheck(ws: Workspace, album: _Album) -> None:
    with ws.sql.read() as tx:
        revision = repo.revision(tx)
    with album.lock:
        if revision != album.revision:
            album.trees.clear()
            album.revision = revision
        album.recheck_at = time.monotonic() + RECHECK_SECONDS


def _kept(ws: Workspace, album: _Album, on: dt.date) -> Tree:
    generation = album.generation
    made, revision = _read(ws, on)
    with album.lock:
        if album.generation == generation and album.revision == revision:
            if len(album.trees) >= _DAYS_MAX:
                album.trees.clear()
            album.trees[on] = made
    return made


def _read(ws: Workspace, on: dt.date) -> tuple[Tree, int]:
    with ws.sql.read() as tx:
        return Tree(repo.nodes(tx, on)), repo.revision(tx)
