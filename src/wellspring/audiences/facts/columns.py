"""Columns of rows from the engine as arrays, and what is counted over them.

The engine finds and reads rows faster than anything; to group some hundred thousand of them by member it builds a hash table,
where an array with a place for every member number does. So it hands over plain columns, in its own column format.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from wellspring.audiences.rules.measuring import share_of
from wellspring.kernel.sets import from_column

Numbers = npt.NDArray[np.uint32]
Whole = npt.NDArray[np.int64]

# An array with a place for every member is worth it up to so many places per row; beyond, the rows are sorted. Measured
# at half a million to two million members: the wider a place, the sooner.
_PLACES_OF_BYTES, _PLACES_OF_SUMS, _PLACES_OF_COUNTS = 24, 16, 8
_PLACES_ALWAYS = 1 << 16
# Sums of float64 are exact below.
_EXACT_MAX = 2**53


def read(answer: bytes, kinds: Sequence[str]) -> list[npt.NDArray[np.generic]]:
    """The columns of an answer in the engine's format Native, of these numpy types, which must be as wide as the engine's."""
    types = [np.dtype(kind) for kind in kinds]
    pieces: list[list[npt.NDArray[np.generic]]] = [[] for _ in types]
    at = 0
    while at < len(answer):
        _columns, at = _varint(answer, at)
        count, at = _varint(answer, at)
        for place, kind in enumerate(types):
            # Its name and its type.
            for _ in range(2):
                length, at = _varint(answer, at)
                at += length
            pieces[place].append(np.frombuffer(answer, dtype=kind, count=count, offset=at))
            at += count * kind.itemsize
    return [_joined(parts, kind) for parts, kind in zip(pieces, types, strict=True)]


def distinct(members: Numbers) -> BitMap:
    """The set of the members, who may be many times in any order."""
    if _is_dense(members, _PLACES_OF_BYTES):
        is_there = np.zeros(int(members.max()) + 1, dtype=bool)
        is_there[members] = True
        return from_column(np.flatnonzero(is_there).astype(np.uint32))
    ordered = np.sort(members)
    return from_column(ordered[_differs(ordered)])


def counted(members: Numbers) -> tuple[Numbers, Whole]:
    """Each member once, in rising order, and how often."""
    if _is_dense(members, _PLACES_OF_COUNTS):
        many = np.bincount(members)
        places = np.flatnonzero(many)
        return places.astype(np.uint32), many[places]
    ordered = np.sort(members)
    begins = np.flatnonzero(_differs(ordered))
    return ordered[begins], np.diff(np.append(begins, len(ordered)))


def summed(members: Numbers, amounts: Whole) -> tuple[Numbers, Whole]:
    """Each member once, in rising order, and the sum of the amounts, exact."""
    if not len(members):
        return members, amounts
    widest = max(abs(int(amounts.max())), abs(int(amounts.min())))
    if _is_dense(members, _PLACES_OF_SUMS) and widest * len(amounts) < _EXACT_MAX:
        found = np.flatnonzero(np.bincount(members))
        return found.astype(np.uint32), np.bincount(members, weights=amounts)[found].astype(np.int64)
    order = np.argsort(members, kind="stable")
    ordered = members[order]
    begins = np.flatnonzero(_differs(ordered))
    return ordered[begins], np.add.reduceat(amounts[order], begins)


def extreme(members: Numbers, amounts: Whole, *, is_highest: bool) -> tuple[Numbers, Whole]:
    """Each member once, in rising order, and the highest (or the lowest) of the amounts."""
    if not len(members):
        return members, amounts
    order = np.argsort(members, kind="stable")
    ordered = members[order]
    begins = np.flatnonzero(_differs(ordered))
    return ordered[begins], (np.maximum if is_highest else np.minimum).reduceat(amounts[order], begins)


def days(members: Numbers, dates: npt.NDArray[np.int32]) -> tuple[Numbers, Whole]:
    """Each member once, in rising order, and on how many different days."""
    if not len(members):
        return members, np.zeros(0, dtype=np.int64)
    first = int(dates.min())
    width = int(dates.max()) - first + 1
    # Numbers of 32 bits are sorted in half the time, and few members and days need more.
    wide = np.dtype(np.uint32 if (int(members.max()) + 1) * width < 1 << 32 else np.uint64)
    keys = members.astype(wide)
    keys *= wide.type(width)
    keys += (dates - np.int32(first)).astype(wide)
    keys.sort()
    kept = (keys[_differs(keys)] // wide.type(width)).astype(np.uint32)
    begins = np.flatnonzero(_differs(kept))
    return kept[begins], np.diff(np.append(begins, len(kept)))


def highest(members: Numbers, measured: npt.NDArray[Any], percent: float) -> BitMap:
    """Per cent of the members, rounded up, that have the highest values; ties go to the lower number. Members ascend."""
    count = len(members)
    wanted = share_of(count, percent)
    if not wanted:
        return BitMap()
    edge = np.partition(measured, count - wanted)[count - wanted]
    above = members[measured > edge]
    return from_column(above) | from_column(members[measured == edge][: wanted - len(above)])


def _joined(parts: list[npt.NDArray[np.generic]], kind: np.dtype[np.generic]) -> npt.NDArray[np.generic]:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=kind)


def _is_dense(members: Numbers, places: int) -> bool:
    return bool(len(members)) and int(members.max()) < max(len(members) * places, _PLACES_ALWAYS)


def _differs(ordered: npt.NDArray[np.generic]) -> npt.NDArray[np.bool_]:
    """Where something else begins."""
    found = np.ones(len(ordered), dtype=bool)
    found[1:] = ordered[1:] != ordered[:-1]
    return found


def _varint(answer: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while answer[at] & 128:
        number |= (answer[at] & 127) << shift
        at, shift = at + 1, shift + 7
    return number | answer[at] << shift, at + 1
