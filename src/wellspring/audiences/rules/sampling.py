"""Samples: the published GrowthBook hash, version 2, in 10,000 buckets, so that others can reproduce who is in."""

import struct
from fractions import Fraction
from math import ceil

from wellspring.audiences.rules.tree import Sample

BUCKETS = 10_000
_OFFSET, _PRIME, _MASK = 0x811C9DC5, 0x01000193, 0xFFFFFFFF


def bucket(salt: str, public_id: str) -> int:
    """0 to 9,999: FNV-1a over salt and id, hashed once more as decimal text."""
    return fnv1a(str(fnv1a(salt + public_id))) % BUCKETS


def fnv1a(text: str) -> int:
    """FNV-1a with 32 bits over UTF-16 code units, as JavaScript's charCodeAt gives them."""
    units = text.encode("utf-16-le", "surrogatepass")
    found = _OFFSET
    for (unit,) in struct.iter_unpack("<H", units):
        found = ((found ^ unit) * _PRIME) & _MASK
    return found


def sample_buckets(sample: Sample) -> tuple[int, int]:
    """[first, end) of the buckets with low ≤ bucket < high; exact, although 0.29 * 100 is not 29."""
    return ceil(Fraction(str(sample.low)) * 100), ceil(Fraction(str(sample.high)) * 100)
