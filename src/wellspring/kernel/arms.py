"""Who gets what in an experiment, and who is held out: by hash alone, so that nothing needs to be kept to be answered again.

In the kernel because campaigns and journeys assign and stand below the domain that reads the results. A unit is a
member, never a message (E02), named by public id or by dense number; an experiment keeps to one of the two. Holdouts
nest: who is held by the workspace is not asked any further, and each has a salt of its own, so that a share means the
same share among whoever is left, in every experiment. Pure.
"""

import dataclasses
from collections.abc import Sequence
from fractions import Fraction
from math import ceil

import numpy as np
import numpy.typing as npt

from wellspring.kernel import buckets
from wellspring.kernel.buckets import BUCKETS

OUTSIDE = -1
"""Instead of an arm: the experiment does not cover this unit."""

HELD_OUT = -2
"""Instead of an arm: held out, and left alone for it."""

# GrowthBook and the like stop at a dozen; more arms than that is a mistake in a form, not an experiment.
ARMS_MAX = 20

Units = Sequence[str] | npt.NDArray[np.integer]
"""Public ids, or dense member numbers."""

Assigned = npt.NDArray[np.int16]


@dataclasses.dataclass(frozen=True, slots=True)
class Holdout:
    """A share, in hundredths of a per cent, that is left alone. A refresh (E09) is another salt.

    A larger share holds those held before and as many more as it grew by; a smaller one lets go only of those too many.
    """

    salt: str
    share_basis_points: int

    def __post_init__(self) -> None:
        if not self.salt or not 0 <= self.share_basis_points <= BUCKETS:
            raise ValueError("a holdout has a salt, and a share from 0 to 10,000 basis points")


@dataclasses.dataclass(frozen=True, slots=True)
class Arms:
    """How an experiment's units fall into its arms: by whole-number weights, the control first, for ever by its salt.

    `coverage_basis_points` of each arm's units are in the experiment; raising it takes more in and moves nobody.
    """

    salt: str
    weights: tuple[int, ...]
    coverage_basis_points: int = BUCKETS

    def __post_init__(self) -> None:
        if not self.salt or not 1 <= len(self.weights) <= ARMS_MAX or min(self.weights) < 0 or sum(self.weights) == 0:
            raise ValueError(f"an experiment has a salt and 1 to {ARMS_MAX} weights, none negative and not all 0")
        if not 0 <= self.coverage_basis_points <= BUCKETS:
            raise ValueError("a coverage is 0 to 10,000 basis points")


def spans(arms: Arms) -> list[tuple[int, int]]:
    """The buckets [first, end) of each arm: its part of the whole, of which the covered share from the front.

    As GrowthBook's getBucketRanges, in exact fractions: a bucket belongs to the span that its lower edge lies in.
    """
    total, before, found = sum(arms.weights), 0, []
    for weight in arms.weights:
        first = Fraction(before * BUCKETS, total)
        end = first + Fraction(weight * arms.coverage_basis_points, total)
        found.append((ceil(first), ceil(end)))
        before += weight
    return found


def assigned(arms: Arms, units: Units, *, holdouts: Sequence[Holdout] = ()) -> Assigned:
    """For each unit, in their order, the place of its arm, or OUTSIDE, or HELD_OUT by any of the holdouts."""
    by_bucket = np.full(BUCKETS, OUTSIDE, dtype=np.int16)
    for place, (first, end) in enumerate(spans(arms)):
        by_bucket[first:end] = place
    found = by_bucket[_buckets(arms.salt, units)]
    found[held_by(holdouts, units) != OUTSIDE] = HELD_OUT
    return found


def held_by(holdouts: Sequence[Holdout], units: Units) -> Assigned:
    """For each unit the place of the first holdout, outermost first, that holds it; OUTSIDE for those that none does."""
    found = np.full(len(units), OUTSIDE, dtype=np.int16)
    for place, holdout in reversed(list(enumerate(holdouts))):
        if holdout.share_basis_points:
            found[_buckets(holdout.salt, units) < holdout.share_basis_points] = place
    return found


def moves_nobody(before: Arms, after: Arms) -> bool:
    """Whether a running experiment may be changed so (E07): everybody in it keeps their arm, others may come in."""
    return (before.salt, before.weights) == (after.salt, after.weights) and before.coverage_basis_points <= after.coverage_basis_points


def _buckets(salt: str, units: Units) -> buckets.Buckets:
    return buckets.of_numbers(salt, units) if isinstance(units, np.ndarray) else buckets.of_ids(salt, units)
