"""Orders: versions, what they owe to the log, and what cannot be taken."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.activity import NOON, order, refund
from wellspring.activity.contracts import OrderLine, OrderState
from wellspring.activity.rules import orders as rules

instants = st.integers(0, 2 * 10**12)
arrivals = st.integers(1, 2**40)


def _row(**fields: object) -> dict[str, object]:
    return rules.order_row(order(**fields), member_no=1, source="s", import_id="", received=0, flags=0)


class TestVersions:
    @given(instants, instants, arrivals, arrivals)
    def test_the_shops_own_instant_decides(self, one: int, other: int, first: int, second: int) -> None:
        versions = [
            rules.version_of(updated=at, received=0, arrival_no=number, previous=0) for at, number in ((one, first), (other, second))
        ]
        assert one == other or (versions[0] < versions[1]) is (one < other)

    @given(instants, arrivals, st.integers(0, 2**62))
    def test_without_one_the_later_is_newer(self, received: int, arrival: int, previous: int) -> None:
        assert rules.version_of(updated=None, received=received, arrival_no=arrival, previous=previous) > previous

    @given(instants, arrivals)
    def test_it_fits_the_column(self, at: int, arrival: int) -> None:
        assert 0 < rules.version_of(updated=at + 1, received=at, arrival_no=arrival, previous=0) < 2**63


class TestOwed:
    def test_by_state(self) -> None:
        assert list(rules.owed(_row(state=OrderState.PLACED, paid_at=None))) == ["Order Placed"]
        assert list(rules.owed(_row())) == ["Order Placed", "Order Completed"]
        assert list(rules.owed(_row(state=OrderState.CANCELLED, paid_at=None))) == ["Order Placed", "Order Cancelled"]
        assert len(rules.owed(_row(state=OrderState.CANCELLED))) == 3

    def test_the_names_depend_on_shop_and_number_alone(self) -> None:
        assert rules.owed(_row(total_minor=5)) == rules.owed(_row(total_minor=7))
        assert not set(rules.owed(_row()).values()) & set(rules.owed(_row(shop="jd")).values())

    def test_a_correction_is_owed_when_the_last_word_differs(self) -> None:
        placed, paid, updated = ("Order Placed", "p", 1.0), ("Order Completed", "c", 178.8), ("Order Updated", "u", 100.0)
        assert not rules.is_corrected(_row(), [placed])
        assert not rules.is_corrected(_row(), [placed, paid])
        assert rules.is_corrected(_row(), [placed, paid, updated])
        assert rules.is_corrected(_row(paid_minor=17881), [placed, paid])

    @pytest.mark.parametrize("state", [OrderState.PAID, OrderState.SHIPPED, OrderState.COMPLETED])
    def test_paid_without_a_time_of_payment(self, state: OrderState) -> None:
        assert rules.is_paid(order(state=state, paid_at=None))
        assert _row(state=state, paid_at=None)["paid_at"] == _row()["placed_at"]

    def test_an_unpaid_order_has_paid_nothing(self) -> None:
        assert _row(state=OrderState.PLACED, paid_at=None, paid_minor=100)["paid_minor"] == 0


class TestDigests:
    def test_the_same_content_has_the_same_digest(self) -> None:
        assert _row()["digest"] == _row()["digest"]

    @pytest.mark.parametrize(
        "field", [{"total_minor": 1}, {"lines": [OrderLine("X")]}, {"store_code": "S2"}, {"state": OrderState.SHIPPED}]
    )
    def test_other_content_has_another(self, field: dict[str, object]) -> None:
        assert _row(**field)["digest"] != _row()["digest"]


class TestRefusals:
    def test_a_good_one(self) -> None:
        assert rules.refusal_of(order()) is None
        assert rules.refund_refusal_of(refund()) is None

    @pytest.mark.parametrize(
        ("field", "code"),
        [
            ({"shop": " "}, "order_number"),
            ({"lines": [OrderLine("s")] * 501}, "order_lines"),
            ({"discount_minor": -(10**18)}, "order_amount"),
            ({"paid_at": NOON - dt.timedelta(days=2)}, "order_times"),
        ],
    )
    def test_bad_ones(self, field: dict[str, object], code: str) -> None:
        refusal = rules.refusal_of(dataclasses.replace(order(), **field))  # type: ignore[arg-type]
        assert refusal is not None
        assert refusal.code == code

    @pytest.mark.parametrize(("number", "amount", "lines"), [("", 5, 0), ("R", 0, 0), ("R", -5, 0), ("R", 10**18, 0), ("R", 5, 501)])
    def test_bad_refunds(self, number: str, amount: int, lines: int) -> None:
        assert rules.refund_refusal_of(refund(number, amount_minor=amount, lines=[OrderLine("s")] * lines)) is not None


class TestMajor:
    @given(st.integers(-(10**14), 10**14))
    def test_cents_survive(self, minor: int) -> None:
        assert round(rules.major(minor, "CNY") * 100) == minor

    def test_other_currencies(self) -> None:
        assert (rules.major(1234, "JPY"), rules.major(1234, "CNY"), rules.major(1234, "KWD")) == (1234.0, 12.34, 1.234)
