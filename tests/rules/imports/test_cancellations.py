"""Which sale a cancelled line takes back."""

from hypothesis import given
from hypothesis import strategies as st

from wellspring.imports.rules.cancellations import Match, Movement, matches

KEY = ("17850", "85123A", 255)


def sale(row: int, quantity: int, key: tuple[str, str, int] = KEY) -> Movement:
    return Movement(key, row, f"S{row}", quantity, cancels=False)


def cancelled(row: int, quantity: int, key: tuple[str, str, int] = KEY) -> Movement:
    return Movement(key, row, f"C{row}", quantity, cancels=True)


def test_the_newest_sale_with_enough_left_is_taken_back() -> None:
    assert list(matches([sale(1, 6), sale(2, 6), cancelled(3, 6)])) == [Match(3, "S2", 2)]
    assert list(matches([sale(1, 6), sale(2, 2), cancelled(3, 6)])) == [Match(3, "S1", 1)]


def test_what_was_taken_back_cannot_be_taken_back_again() -> None:
    assert list(matches([sale(1, 6), cancelled(2, 4), cancelled(3, 4), cancelled(4, 2)])) == [Match(2, "S1", 1), Match(4, "S1", 1)]


def test_a_cancellation_before_its_sale_finds_nothing() -> None:
    assert list(matches([cancelled(1, 6), sale(2, 6)])) == []


def test_buyers_products_and_prices_do_not_mix() -> None:
    other = ("17850", "85123A", 295)
    assert list(matches([sale(1, 6), cancelled(2, 6, other)])) == []


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 9)), max_size=40))
def test_no_sale_gives_back_more_than_it_sold(moves: list[tuple[bool, int]]) -> None:
    made = [(cancelled if is_cancel else sale)(row, quantity) for row, (is_cancel, quantity) in enumerate(moves)]
    sold = {movement.row: movement.quantity for movement in made if not movement.cancels}
    for match in matches(made):
        assert match.sale_row < match.row
        sold[match.sale_row] -= made[match.row].quantity
    assert all(left >= 0 for left in sold.values())
