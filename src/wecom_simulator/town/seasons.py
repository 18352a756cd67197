"""The year's rhythm: how much more or less people buy on a date, and what the brand takes off its prices.

Each kind of customer has its own year, scaled so that the mean over a calendar year is 1: a coupon hunter buys
on other days than the rest, not more. So the yearly rate stays the λ of the truth.
"""

from datetime import date, timedelta
from functools import cache

_WEEKDAYS = (0.94, 0.92, 0.93, 0.95, 1.05, 1.14, 1.07)

# First days of the Chinese new year; parcels rest for a week.
_NEW_YEARS = {
    2023: date(2023, 1, 22),
    2024: date(2024, 2, 10),
    2025: date(2025, 1, 29),
    2026: date(2026, 2, 17),
    2027: date(2027, 2, 6),
    2028: date(2028, 1, 26),
    2029: date(2029, 2, 13),
    2030: date(2030, 2, 3),
}

_MEMBER_DAYS = (8, 18, 28)

HUNTING = 2.2
"""Exponent by which a coupon hunter feels the season's peaks."""


def weight(on: date, *, hunter: bool) -> float:
    """Give the rate of this date against an average day of its year."""
    return _raw(on, hunter=hunter) / _mean(on.year, hunter=hunter)


def reduction(on: date) -> float:
    """Give the share that the brand takes off every price on this date."""
    if _shopping_festival(on) > 1.9:
        return 0.15
    if _shopping_festival(on) > 1:
        return 0.10
    return 0.05 if on.day in _MEMBER_DAYS else 0.0


def occasion(on: date) -> str:
    """Name the sale that runs on this date, as it stands on an order; empty on ordinary days."""
    if _shopping_festival(on) > 1:
        return {6: "618年中大促", 11: "双11狂欢", 12: "双12", 1: "年货节"}[on.month]
    return "会员日" if on.day in _MEMBER_DAYS else ""


def _raw(on: date, *, hunter: bool) -> float:
    level = _WEEKDAYS[on.weekday()] * _shopping_festival(on)
    if on.day in _MEMBER_DAYS:
        level *= 1.3
    new_year = _NEW_YEARS.get(on.year)
    if new_year is not None and timedelta(days=-1) <= on - new_year <= timedelta(days=6):
        level *= 0.55
    return level**HUNTING if hunter else level


def _shopping_festival(on: date) -> float:
    if (on.month, on.day) in {(6, 16), (6, 17), (6, 18), (11, 10), (11, 11)}:
        return 2.4
    if on.month == 1 and 8 <= on.day <= 14:
        return 1.25
    return 1.4 if (on.month, on.day) in {(6, 1), (11, 1), (12, 11), (12, 12)} else 1.0


@cache
def _mean(year: int, *, hunter: bool) -> float:
    days = [date(year, 1, 1) + timedelta(days=offset) for offset in range(365)]
    return sum(_raw(on, hunter=hunter) for on in days) / len(days)
