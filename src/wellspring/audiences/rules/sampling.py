"""Samples: a range of stable buckets (`kernel.buckets`), so that others can reproduce who is in."""

from fractions import Fraction
from math import ceil

from wellspring.audiences.rules.tree import Sample


def sample_buckets(sample: Sample) -> tuple[int, int]:
    """[first, end) of the buckets with low ≤ bucket < high; exact, although 0.29 * 100 is not 29."""
    return ceil(Fraction(str(sample.low)) * 100), ceil(Fraction(str(sample.high)) * 100)
