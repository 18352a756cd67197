"""Arms and holdouts: by hash for ever, independent of each other, and moved no further than a share moved."""

import itertools
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.kernel import arms, buckets
from wellspring.kernel.arms import HELD_OUT, OUTSIDE, Arms, Holdout

EVERYONE = np.arange(1, 100_001, dtype=np.uint32)
WEIGHTS = st.lists(st.integers(0, 50), min_size=1, max_size=6).filter(any).map(tuple)
SHARES = st.integers(0, 10_000)


def chi_squared(table: np.ndarray) -> float:
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True) / table.sum()
    return float(((table - expected) ** 2 / expected).sum())


class TestSpans:
    """The first five are GrowthBook's published cases of getBucketRanges."""

    @pytest.mark.parametrize(
        ("weights", "coverage", "expected"),
        [
            ((1, 1), 10_000, [(0, 5000), (5000, 10_000)]),
            ((1, 1), 5_000, [(0, 2500), (5000, 7500)]),
            ((1, 1), 0, [(0, 0), (5000, 5000)]),
            ((1, 1, 1, 1), 10_000, [(0, 2500), (2500, 5000), (5000, 7500), (7500, 10_000)]),
            ((4, 6), 10_000, [(0, 4000), (4000, 10_000)]),
            # A third is no whole number of buckets: the lower edge of a bucket decides, and none is lost.
            ((1, 1, 1), 10_000, [(0, 3334), (3334, 6667), (6667, 10_000)]),
            ((1, 0, 1), 10_000, [(0, 5000), (5000, 5000), (5000, 10_000)]),
            ((1,), 1, [(0, 1)]),
        ],
    )
    def test_spans(self, weights: tuple[int, ...], coverage: int, expected: list[tuple[int, int]]) -> None:
        assert arms.spans(Arms("x", weights, coverage)) == expected

    @given(WEIGHTS)
    def test_everybody_has_one_arm_where_all_are_covered(self, weights: tuple[int, ...]) -> None:
        found = arms.spans(Arms("x", weights))
        assert found[0][0] == 0
        assert found[-1][1] == 10_000
        assert all(end == first for (_, end), (first, _) in itertools.pairwise(found))

    @pytest.mark.parametrize(
        ("salt", "weights", "coverage"),
        [("", (1,), 1), ("x", (), 1), ("x", (0,), 1), ("x", (2, -1), 1), ("x", (1,) * 21, 1), ("x", (1,), -1)],
    )
    def test_what_is_no_experiment_is_refused(self, salt: str, weights: tuple[int, ...], coverage: int) -> None:
        with pytest.raises(ValueError, match=r"basis points|weights"):
            Arms(salt, weights, coverage)

    @pytest.mark.parametrize(("salt", "share"), [("", 1), ("x", -1), ("x", 10_001)])
    def test_what_is_no_holdout_is_refused(self, salt: str, share: int) -> None:
        with pytest.raises(ValueError, match="basis points"):
            Holdout(salt, share)


class TestAssigned:
    def test_by_the_hash_alone_whoever_else_is_asked_and_however_they_are_named(self) -> None:
        plan, holdouts = Arms("exp_1", (2, 1, 1), 8_000), [Holdout("workspace", 500), Holdout("journey", 1_000)]
        whole = arms.assigned(plan, EVERYONE, holdouts=holdouts)
        assert np.array_equal(arms.assigned(plan, EVERYONE[::-7], holdouts=holdouts), whole[::-7])
        named = [str(number) for number in EVERYONE[:500]]
        assert np.array_equal(arms.assigned(plan, named, holdouts=holdouts), whole[:500])
        assert len(arms.assigned(plan, EVERYONE[:0], holdouts=holdouts)) == len(arms.assigned(plan, [])) == 0
        assert set(whole.tolist()) == {0, 1, 2, OUTSIDE, HELD_OUT}

    @given(WEIGHTS, SHARES, st.text(min_size=1, max_size=5))
    def test_each_is_where_its_bucket_lies(self, weights: tuple[int, ...], coverage: int, salt: str) -> None:
        plan = Arms(salt, weights, coverage)
        some = EVERYONE[:200]
        for number, found in zip(buckets.of_numbers(salt, some), arms.assigned(plan, some), strict=True):
            assert [place for place, (first, end) in enumerate(arms.spans(plan)) if first <= number < end] == (
                [found] if found >= 0 else []
            )

    @given(WEIGHTS, SHARES, SHARES)
    def test_e07_raising_the_coverage_takes_in_more_and_moves_nobody(self, weights: tuple[int, ...], one: int, other: int) -> None:
        less, more = Arms("x", weights, min(one, other)), Arms("x", weights, max(one, other))
        before, after = arms.assigned(less, EVERYONE[:5_000]), arms.assigned(more, EVERYONE[:5_000])
        assert np.array_equal(before[before >= 0], after[before >= 0])
        assert arms.moves_nobody(less, more)

    @pytest.mark.parametrize("after", [Arms("y", (1, 1), 5_000), Arms("x", (1, 2), 5_000), Arms("x", (1, 1), 4_999)])
    def test_e07_any_other_change_is_another_experiment(self, after: Arms) -> None:
        assert not arms.moves_nobody(Arms("x", (1, 1), 5_000), after)

    def test_shares_are_those_of_the_weights(self) -> None:
        counts = np.bincount(arms.assigned(Arms("even", (50, 30, 20)), EVERYONE)) / len(EVERYONE)
        assert counts.tolist() == pytest.approx([0.5, 0.3, 0.2], abs=0.006)

    def test_experiments_are_independent_of_each_other_even_with_neighbouring_salts(self) -> None:
        # 45 pairs of 2 x 2 tables: chi-squared with one degree of freedom, of which the largest of 45 stays under 15.1 (p 0.0001).
        found = [arms.assigned(Arms(f"exp_{number}", (1, 1)), EVERYONE) for number in range(10)]
        tables = [np.bincount(one * 2 + other, minlength=4).reshape(2, 2) for one, other in itertools.combinations(found, 2)]
        measured = [chi_squared(table) for table in tables]
        assert max(measured) < 15.1
        assert 0.5 < float(np.mean(measured)) < 1.6

    def test_a_million_is_fast(self) -> None:
        million = np.arange(1, 1_000_001, dtype=np.uint32)
        before = time.process_time()
        found = arms.assigned(Arms("fast", (1, 1)), million, holdouts=[Holdout("workspace", 500), Holdout("journey", 500)])
        # Measured 0.18 s of processor time; the bound is for a machine that is busy with other tests.
        assert time.process_time() - before < 2
        assert np.bincount(found[found >= 0]).tolist() == pytest.approx([451_250, 451_250], rel=0.005)


class TestHoldout:
    @given(SHARES, SHARES)
    def test_a_changed_share_moves_only_as_many_as_it_changed_by(self, one: int, other: int) -> None:
        small, large = sorted((one, other))
        held = [arms.held_by([Holdout("x", share)], EVERYONE[:20_000]) == 0 for share in (small, large)]
        assert not (held[0] & ~held[1]).any()
        assert (held[0] ^ held[1]).mean() == pytest.approx((large - small) / 10_000, abs=0.02)

    def test_none_and_all(self) -> None:
        assert (arms.held_by([Holdout("x", 0)], EVERYONE) == OUTSIDE).all()
        assert (arms.held_by([Holdout("x", 10_000)], EVERYONE) == 0).all()

    def test_the_outermost_holds_first_and_each_share_is_of_those_left(self) -> None:
        holdouts = [Holdout("workspace", 1_000), Holdout("campaign", 2_000), Holdout("journey", 5_000)]
        found = arms.held_by(holdouts, EVERYONE)
        assert np.array_equal(found == 0, arms.held_by(holdouts[:1], EVERYONE) == 0)
        left = len(EVERYONE)
        for place, share in enumerate((0.1, 0.2, 0.5)):
            held = int((found == place).sum())
            assert held / left == pytest.approx(share, abs=0.01)
            left -= held

    def test_changing_one_share_leaves_the_arms_and_the_other_holdouts_of_everybody_else(self) -> None:
        plan = Arms("exp", (1, 1))
        before = arms.assigned(plan, EVERYONE, holdouts=[Holdout("workspace", 500), Holdout("campaign", 1_000)])
        after = arms.assigned(plan, EVERYONE, holdouts=[Holdout("workspace", 500), Holdout("campaign", 1_200)])
        moved = before != after
        assert (after[moved] == HELD_OUT).all()
        # Two per cent of the 95 that the workspace leaves.
        assert moved.mean() == pytest.approx(0.019, abs=0.003)

    def test_arms_keep_their_proportions_among_those_not_held(self) -> None:
        found = arms.assigned(Arms("exp", (3, 1)), EVERYONE, holdouts=[Holdout("workspace", 2_000)])
        assert (found == 0).sum() / (found >= 0).sum() == pytest.approx(0.75, abs=0.006)
