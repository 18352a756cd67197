"""Stable buckets: the published GrowthBook hash, version 2, in 10,000 buckets, so that others can reproduce who is where.

A bucket is FNV-1a (32 bits) over salt and id, written in decimal and hashed once more, modulo 10,000 (GrowthBook,
"Build your own SDK", hashVersion 2). One id at a time here, columns of ids or of dense member numbers with numpy; a
number is hashed as its decimal text, so every way gives the same. Buckets of different salts are independent. Pure.
"""

import struct
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

BUCKETS = 10_000

Buckets = npt.NDArray[np.uint16]
_Hashes = npt.NDArray[np.uint32]

_OFFSET, _PRIME, _MASK = 0x811C9DC5, 0x01000193, 0xFFFFFFFF
# 2³² − 1, the largest hash and the largest member number, has ten decimal digits.
_DIGITS = 10
# What one piece of a column takes in each of its few copies stays within a processor's cache.
_PIECE = 32_768


def fnv1a(text: str) -> int:
    """FNV-1a with 32 bits over UTF-16 code units, as JavaScript's charCodeAt gives them."""
    units = text.encode("utf-16-le", "surrogatepass")
    found = _OFFSET
    for (unit,) in struct.iter_unpack("<H", units):
        found = ((found ^ unit) * _PRIME) & _MASK
    return found


def bucket(salt: str, public_id: str) -> int:
    """0 to 9,999."""
    return fnv1a(str(fnv1a(salt + public_id))) % BUCKETS


def of_ids(salt: str, ids: Sequence[str]) -> Buckets:
    """The bucket of each id, in their order; ids are ASCII, so that a byte is a UTF-16 code unit (else UnicodeEncodeError)."""
    if not ids:
        return np.zeros(0, dtype=np.uint16)
    letters = np.array(ids, dtype=np.bytes_)
    width = letters.dtype.itemsize
    units = letters.view(np.uint8).reshape(len(ids), width)
    found = np.full(len(ids), np.uint32(fnv1a(salt)), dtype=np.uint32)
    for place in range(width):
        unit = units[:, place]
        # Shorter ids end in zeros, which are no part of them.
        found = np.where(unit > 0, (found ^ unit) * np.uint32(_PRIME), found)
    return _of_hashes(found)


def of_numbers(salt: str, numbers: npt.ArrayLike) -> Buckets:
    """The bucket of each number from 0 to 2³² − 1, in their order: the bucket of its decimal text."""
    column = np.asarray(numbers, dtype=np.uint32)
    found = np.empty(len(column), dtype=np.uint16)
    start = np.uint32(fnv1a(salt))
    for first in range(0, len(column), _PIECE):
        piece = slice(first, first + _PIECE)
        found[piece] = _of_hashes(_of_decimal(column[piece], start))
    return found


def _of_hashes(hashes: _Hashes) -> Buckets:
    return (_of_decimal(hashes, np.uint32(_OFFSET)) % np.uint32(BUCKETS)).astype(np.uint16)


def _of_decimal(numbers: _Hashes, start: np.uint32) -> _Hashes:
    """FNV-1a, gone on with from `start`, of each number written in decimal."""
    digits = np.empty((_DIGITS, len(numbers)), dtype=np.uint32)
    rest = numbers
    for place in range(_DIGITS):
        shorter = rest // np.uint32(10)
        digits[place] = rest - shorter * np.uint32(10)
        rest = shorter
    found = np.full(len(numbers), start, dtype=np.uint32)
    for place in range(_DIGITS - 1, -1, -1):
        longer = (found ^ (digits[place] + np.uint32(ord("0")))) * np.uint32(_PRIME)
        # A number of fewer digits has no zeros before it.
        found = np.where(numbers >= np.uint32(10**place), longer, found) if place else longer
    return found
