"""Every relation of a corp as columns, kept until something of contacts changes: who can write to whom, under which address.

A million relations are read in seconds and asked in milliseconds. A question about few members does not wait for the
whole: it reads their rows alone while nothing is kept.
"""

import functools
import threading
import weakref
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from wellspring.channels.repo import reaching as repo
from wellspring.channels.service import standing
from wellspring.kernel.sets.columns import from_column, to_column
from wellspring.kernel.stores import Sql
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

# Up to so many are asked for by their numbers while nothing is kept; more are found by reading everybody.
FEW = 20_000
_ADDRESS_MAX = 64


class Columns(NamedTuple):
    """Relations in rising order of member and userid; `guides` are places in `names`."""

    members: npt.NDArray[np.uint32]
    guides: npt.NDArray[np.int64]
    last_at: npt.NDArray[np.int64]
    is_owner: npt.NDArray[np.bool_]
    addresses: npt.NDArray[np.bytes_]
    names: list[str]

    def among(self, member_nos: BitMap, sender: str | None) -> "Columns":
        """The relations of these members, with one guide or with all."""
        if not len(self.members):
            return self
        asked = to_column(member_nos)
        last = int(self.members[-1])
        table = np.zeros(last + 1, dtype=np.bool_)
        table[asked[asked <= last]] = True
        mask = table[self.members]
        if sender is not None:
            mask &= self.guides == (self.names.index(sender) if sender in self.names else -1)
        return Columns(self.members[mask], self.guides[mask], self.last_at[mask], self.is_owner[mask], self.addresses[mask], self.names)


class _Kept(NamedTuple):
    version: Hashable
    columns: Columns
    everybody: BitMap


class _Held(NamedTuple):
    """Who holds merged numbers, both ways, as of one epoch."""

    epoch: Hashable
    holders: dict[int, int]
    merged: dict[int, list[int]]


_kept: "weakref.WeakKeyDictionary[Sql, dict[str, _Kept]]" = weakref.WeakKeyDictionary()
_helds: "weakref.WeakKeyDictionary[Sql, _Held]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()


def columns(ws: Workspace, *, account_id: str, member_nos: BitMap, sender: str | None = None) -> Columns:
    """The relations of these members (with one guide)."""
    version = _version(ws, account_id)
    kept = _kept.get(ws.sql, {}).get(account_id)
    if (kept is None or kept.version != version) and len(member_nos) <= FEW:
        known = held(ws)
        numbers = numbers_of(known, member_nos)
        return _read(ws, account_id, numbers, sender, known.holders).among(member_nos, None)
    return _whole(ws, account_id, version).columns.among(member_nos, sender)


def everybody(ws: Workspace, account_id: str) -> BitMap:
    """The members whom somebody of the staff can write to; not to be changed."""
    return _whole(ws, account_id, _version(ws, account_id)).everybody


def held(ws: Workspace) -> _Held:
    """Who holds merged numbers, kept while nothing of that changes: many small questions ask it in a row."""
    epoch = people.holders_epoch(ws)
    kept = _helds.get(ws.sql)
    if kept is None or kept.epoch != epoch:
        holders = people.holders(ws)
        merged: dict[int, list[int]] = {}
        for number, holder in holders.items():
            merged.setdefault(holder, []).append(number)
        kept = _Held(epoch, holders, merged)
        ws.sql.once_true(functools.partial(_helds.__setitem__, ws.sql, kept))
    return kept


def numbers_of(known: _Held, member_nos: BitMap) -> list[int]:
    """The members' own numbers and those merged into them."""
    return sorted({*member_nos, *(number for holder in member_nos for number in known.merged.get(holder, ()))})


def _version(ws: Workspace, account_id: str) -> Hashable:
    with ws.sql.read() as tx:
        return standing.version(ws, standing.CONTACTS), repo.staff_synced_at(tx, account_id)


def _whole(ws: Workspace, account_id: str, version: Hashable) -> _Kept:
    kept = _kept.get(ws.sql, {}).get(account_id)
    if kept is None or kept.version != version:
        # One reads, the others wait for it.
        with _guard:
            kept = _kept.get(ws.sql, {}).get(account_id)
            if kept is None or kept.version != version:
                read = _read(ws, account_id, None, None, held(ws).holders)
                kept = _Kept(version, read, from_column(np.unique(read.members)))
                ws.sql.once_true(functools.partial(_kept.setdefault(ws.sql, {}).__setitem__, account_id, kept))
    return kept


def _read(ws: Workspace, account_id: str, numbers: Sequence[int] | None, sender: str | None, holders: dict[int, int]) -> Columns:
    with ws.sql.read() as tx:
        rows = repo.relations(tx, account_id, numbers, sender)
    names = sorted({row[2] for row in rows})
    place = {name: number for number, name in enumerate(names)}
    members = np.fromiter((holders.get(row[0], row[0]) for row in rows), dtype=np.uint32, count=len(rows))
    guides = np.fromiter((place[row[2]] for row in rows), dtype=np.int64, count=len(rows))
    last_at = np.fromiter((row[3] or 0 for row in rows), dtype=np.int64, count=len(rows))
    addresses = np.array([row[1] for row in rows], dtype=f"S{_ADDRESS_MAX}")
    order = np.lexsort((guides, members))
    members, last_at = members[order], last_at[order]
    return Columns(members, guides[order], last_at, _firsts(members, last_at), addresses[order], names)


def _firsts(members: npt.NDArray[np.uint32], last_at: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether each relation is the first that its member had: its guide counts as the owner."""
    order = np.lexsort((last_at, members))
    is_first = np.zeros(len(members), dtype=np.bool_)
    if len(members):
        ordered = members[order]
        is_first[order[np.append(True, ordered[1:] != ordered[:-1])]] = True
    return is_first
