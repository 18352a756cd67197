"""Samples that others can reproduce, and the best few per cent."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.audiences import NOW, SHANGHAI, did, order, said
from wellspring.audiences.rules import measuring, tree
from wellspring.audiences.rules.durations import DAY
from wellspring.audiences.rules.history import History
from wellspring.audiences.rules.meaning import moment_of
from wellspring.audiences.rules.measuring import ranked_by, top
from wellspring.audiences.rules.sampling import BUCKETS, bucket, fnv1a, sample_buckets
from wellspring.audiences.rules.text_read import parse


class TestSample:
    """S14. The values are of GrowthBook's published cases."""

    @pytest.mark.parametrize(
        ("seed", "value", "expected"),
        [("seed", "a", 505), ("seed", "b", 2696), ("foo", "ab", 2575), ("foo", "def", 2019), ("89123klj", "8952klfjas09ujkasdf", 1240)],
    )
    def test_the_hash_is_the_published_one(self, seed: str, value: str, expected: int) -> None:
        assert bucket(seed, value) == expected

    def test_it_runs_over_utf_16_code_units(self) -> None:
        # The tea cup is two units; FNV-1a by hand.
        expected = 0x811C9DC5
        for unit in (0xD83C, 0xDF75):
            expected = ((expected ^ unit) * 0x01000193) % 2**32
        assert fnv1a("\U0001f375") == expected

    def test_low_is_in_and_high_is_not(self) -> None:
        member = History(public_id="a")
        assert said('sample "seed" 5.05..5.06', member)
        assert not said('sample "seed" 0..5.05', member)

    def test_edges_are_exact(self) -> None:
        assert sample_buckets(tree.Sample("x", 0.29, 0.57)) == (29, 57)

    @given(st.text(max_size=8), st.text(max_size=12))
    def test_adjacent_samples_take_everyone_once(self, salt: str, public_id: str) -> None:
        edges = [0, 0.29, 10, 33.333, 57, 100]
        spans = [sample_buckets(tree.Sample(salt, low, high)) for low, high in itertools.pairwise(edges)]
        assert sum(low <= bucket(salt, public_id) < high for low, high in spans) == 1

    def test_s14_uniform_and_independent_between_salts(self) -> None:
        members = [f"mem_{number}" for number in range(4_000)]
        first = {member for member in members if bucket("one", member) < BUCKETS / 10}
        both = {member for member in first if bucket("two", member) < BUCKETS / 2}
        assert 340 < len(first) < 460
        assert 0.4 < len(both) / len(first) < 0.6


class TestTop:
    def test_per_cent_of_those_with_a_value_rounded_up(self) -> None:
        assert top({number: number for number in range(1, 12)}, 10) == {10, 11}
        assert top({}, 50) == set()
        assert len(top(dict.fromkeys(range(1000), 1), 0.1)) == 1

    def test_a_tie_at_the_edge_goes_to_the_lower_number(self) -> None:
        assert top({7: 5, 3: 5, 9: 8, 4: Fraction(5)}, 50) == {9, 3}

    @pytest.mark.parametrize(
        ("measure", "value"),
        [("count(Order Completed)", 2), ("days(Order Completed)", 1), ("sum(Order Completed.total)", 7), ("max(Order Completed.total)", 7)],
    )
    def test_what_a_member_is_ranked_by(self, measure: str, value: int) -> None:
        assert _ranked(measure, did(order(total=7), order(total="x"), order(9 * DAY, total=50))) == value

    @pytest.mark.parametrize("measure", ["sum(Order Completed.total)", "avg(Order Completed.total)", "distinct(Order Completed.sku)"])
    def test_who_has_no_value_is_not_among_them(self, measure: str) -> None:
        assert _ranked(measure, did(order(total="x"))) is None
        assert _ranked(measure, History()) is None
        assert _ranked("count(Order Completed where total > 1)", did(order(total=1))) is None


def _ranked(measure: str, history: History) -> measuring.Number | None:
    leaf = parse(f"top 10% by {measure} within 7d")
    assert isinstance(leaf, tree.Top)
    return ranked_by(leaf, history, moment_of(history, now=NOW, zone=SHANGHAI))
