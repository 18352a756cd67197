"""Samples for everybody: the GrowthBook hash (version 2) of `rules.sampling`, over columns of ids at once."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from wellspring.audiences.rules.sampling import BUCKETS, fnv1a

_PRIME = np.uint32(0x01000193)
_OFFSET = np.uint32(0x811C9DC5)
_DIGITS = 10
_Hashes = npt.NDArray[np.uint32]


def buckets(salt: str, ids: Sequence[str]) -> npt.NDArray[np.uint16]:
    """The bucket of each public id; ids are ASCII, so that a byte is a UTF-16 code unit."""
    if not ids:
        return np.zeros(0, dtype=np.uint16)
    letters = np.array(ids, dtype=np.bytes_)
    width = letters.dtype.itemsize
    units = letters.view(np.uint8).reshape(len(ids), width)
    found = np.full(len(ids), np.uint32(fnv1a(salt)), dtype=np.uint32)
    for place in range(width):
        unit = units[:, place]
        # Shorter ids end in zeros, which are no part of them.
        found = np.where(unit > 0, (found ^ unit) * _PRIME, found)
    return (_of_decimal(found) % np.uint32(BUCKETS)).astype(np.uint16)


def _of_decimal(numbers: _Hashes) -> _Hashes:
    """FNV-1a of each number written in decimal."""
    found = np.full(len(numbers), _OFFSET, dtype=np.uint32)
    is_started = np.zeros(len(numbers), dtype=bool)
    for place in range(_DIGITS - 1, -1, -1):
        digit = numbers // np.uint32(10**place) % np.uint32(10)
        is_started |= (digit > 0) if place else True
        found = np.where(is_started, (found ^ (digit + np.uint32(ord("0")))) * _PRIME, found)
    return found
