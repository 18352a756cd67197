"""Names for the numpy array types of the town, and its seeded streams of randomness.

A stream is found by its path (seed, purpose, day), never by how much another stream has drawn:
that is why a day comes out the same alone, in a month or in a year.
"""

from typing import TypeAlias
from zlib import crc32

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]


def stream(seed: int, purpose: str, day: int = 0) -> np.random.Generator:
    """Open the stream of one purpose on one day (days before the opening are negative)."""
    # 2**20 days keep the key of a day before the opening positive, as SeedSequence wants.
    return np.random.default_rng([seed, crc32(purpose.encode()), day + 2**20])


def pick(cumulative: Floats, draws: Floats) -> Ints:
    """Choose one column per row: the first whose cumulative share exceeds the row's draw."""
    last = cumulative.shape[-1] - 1
    chosen: Ints = np.minimum(np.sum(draws[..., None] >= cumulative, axis=-1, dtype=np.int64), last)
    return chosen
