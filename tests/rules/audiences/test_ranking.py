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
from wellspring.audiences.rules.sampling import sample_buckets
from wellspring.audiences.rules.text_read import parse
from wellspring.kernel.buckets import bucket


class TestSample:
    """S14; the hash itself is in tests/rules/kernel/test_buckets.py."""

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
