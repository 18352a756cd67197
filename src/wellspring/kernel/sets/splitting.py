"""Cutting a set into parts by a stable hash: the same member falls into the same part for ever, for one salt.

The hash is SplitMix64's finaliser (Steele, Lea, Flood 2014) over the member number and the salt, vectorised; parts of
different salts are independent of each other.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from pyroaring import BitMap


def split(members: BitMap, *, salt: str, weights: Sequence[int]) -> list[BitMap]:
    """Disjoint parts in proportion to the weights; their union is the set. Raises ValueError for unusable weights."""
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights must not be negative and must not all be zero")
    numbers = np.fromiter(members, dtype=np.uint32, count=len(members))
    fractions = hashed(numbers, salt).astype(np.float64) / 2**53
    bounds = np.cumsum(np.asarray(weights, dtype=np.float64)) / total
    parts = np.minimum(np.searchsorted(bounds, fractions, side="right"), len(weights) - 1)
    return [BitMap(numbers[parts == part]) for part in range(len(weights))]


def hashed(numbers: np.ndarray, salt: str) -> np.ndarray:
    """53 bits for each number (uint32), the same for ever under one salt: uint64 of the same shape, below 2**53."""
    seed = np.uint64(int.from_bytes(hashlib.blake2b(salt.encode(), digest_size=8).digest(), "little"))
    with np.errstate(over="ignore"):
        mixed = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + seed
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    # 53 bits are what a float64 holds exactly.
    return (mixed ^ (mixed >> np.uint64(31))) >> np.uint64(11)
