"""The same seed tells the same, byte for byte, however the days are asked for."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.town.conftest import CUSTOMERS, OPENS_ON, Told
from wecom_simulator.town import seasons
from wecom_simulator.town.actions import TIME_ZONE, day_of, fingerprint, iso, midnight_ms
from wecom_simulator.town.days import Town


def test_same_seed_same_bytes(told: Told) -> None:
    again = Town(11, OPENS_ON, CUSTOMERS)
    assert fingerprint(again.before()) == fingerprint(told.before)
    for on, actions in again.days(OPENS_ON, 20):
        assert fingerprint(actions) == fingerprint(told.days[(on - OPENS_ON).days])


def test_another_seed_tells_another_story(told: Told) -> None:
    assert fingerprint(Town(12, OPENS_ON, CUSTOMERS).day(OPENS_ON)) != fingerprint(told.days[0])


@pytest.mark.parametrize("day", [0, 1, 37, 119])
def test_a_day_alone_is_the_day_of_the_year(told: Told, day: int) -> None:
    alone = Town(11, OPENS_ON, CUSTOMERS).day(OPENS_ON + timedelta(days=day))
    assert fingerprint(alone) == fingerprint(told.days[day])


def test_going_back_gives_the_same_day_again(told: Told) -> None:
    town = Town(11, OPENS_ON, CUSTOMERS)
    town.day(OPENS_ON + timedelta(days=30))
    assert fingerprint(town.day(OPENS_ON + timedelta(days=3))) == fingerprint(told.days[3])
    assert fingerprint(town.day(OPENS_ON + timedelta(days=30))) == fingerprint(told.days[30])


def test_nothing_happens_before_the_opening() -> None:
    assert Town(11, OPENS_ON, 200).day(OPENS_ON - timedelta(days=1)) == ()


def test_each_action_lies_in_its_day_and_in_order(told: Told) -> None:
    for day, actions in enumerate(told.days):
        start = midnight_ms(OPENS_ON + timedelta(days=day))
        instants = [action.at_ms for action in actions]
        assert instants == sorted(instants)
        assert start <= instants[0]
        assert instants[-1] < start + 86_400_000


def test_days_run_from_midnight_in_shanghai() -> None:
    start = midnight_ms(date(2026, 3, 1))
    assert datetime.fromtimestamp(start / 1000, UTC) == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert day_of(start) == date(2026, 3, 1)
    assert day_of(start - 1) == date(2026, 2, 28)
    assert datetime.fromisoformat(iso(start)).astimezone(TIME_ZONE).hour == 0


@pytest.mark.parametrize("hunter", [False, True])
@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_a_year_has_the_mean_one(year: int, hunter: bool) -> None:
    days = [date(year, 1, 1) + timedelta(days=offset) for offset in range(365)]
    assert sum(seasons.weight(on, hunter=hunter) for on in days) / 365 == pytest.approx(1)


def test_hunters_wait_for_the_sales() -> None:
    sale, plain = date(2026, 11, 11), date(2026, 11, 25)
    assert seasons.weight(sale, hunter=True) > 2 * seasons.weight(sale, hunter=False)
    assert seasons.weight(plain, hunter=True) < seasons.weight(plain, hunter=False)
    assert seasons.reduction(sale) == 0.15
    assert seasons.reduction(date(2026, 6, 1)) == 0.1
    assert seasons.reduction(date(2026, 5, 8)) == 0.05
    assert seasons.reduction(plain) == 0
    assert seasons.occasion(sale) == "双11狂欢"
    assert seasons.occasion(date(2026, 5, 8)) == "会员日"
    assert seasons.occasion(plain) == ""


def test_the_new_year_is_quiet() -> None:
    assert seasons.weight(date(2026, 2, 17), hunter=False) < 0.6
