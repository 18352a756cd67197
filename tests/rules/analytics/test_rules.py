from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.analytics import rules


def test_nothing_to_divide_by_is_no_rate_and_no_average() -> None:
    assert rules.rate(0, 0) is None
    assert rules.average_minor(0, 0) is None


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_rate_is_the_part_of_the_whole(part: int, whole: int) -> None:
    rate = rules.rate(part, whole)
    assert rate is not None
    assert abs(Fraction(rate) - Fraction(part, whole)) <= Fraction(1, 10_000)


@given(st.integers(0, 10**12), st.integers(1, 10**6))
def test_an_average_is_rounded_to_the_nearest_minor_unit(total: int, count: int) -> None:
    average = rules.average_minor(total, count)
    assert average is not None
    assert abs(Fraction(average) - Fraction(total, count)) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("own", "used", "expected"),
    [("CNY", [], "CNY"), ("CNY", ["GBP", "CNY"], "CNY"), ("CNY", ["GBP", "USD"], "GBP")],
)
def test_the_workspace_currency_leads_unless_nothing_was_sold_in_it(own: str, used: list[str], expected: str) -> None:
    assert rules.leading_currency(own, used) == expected
