"""Calls are given out so that no minute holds more than the limit, whichever workers ask and whenever it begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.channels.rules import codes, pacing

_MINUTE = 60_000_000


@given(per_minute=st.integers(10, 20_000), asks=st.lists(st.tuples(st.integers(0, 5_000_000), st.integers(1, 40)), max_size=60))
def test_no_minute_holds_more_than_the_limit(per_minute: int, asks: list[tuple[int, int]]) -> None:
    pace, given_until, now = pacing.pace_of(per_minute), 0, 10**15
    calls: list[int] = []
    for pause, wanted in asks:
        now += pause
        slots = pacing.take(given_until, now=now, pace=pace, wanted=wanted)
        given_until = slots.given_until
        # A slot in the past is used now.
        calls += [max(slots.first + number * slots.interval, now) for number in range(slots.number)]
    calls.sort()
    for place, begin in enumerate(calls):
        assert sum(1 for at in calls[place:] if at < begin + _MINUTE) <= per_minute


@pytest.mark.parametrize("per_minute", [100, 2_000, 10_000])
def test_the_pace_uses_nearly_all_of_the_limit(per_minute: int) -> None:
    assert _MINUTE / pacing.pace_of(per_minute).interval >= 0.96 * per_minute


def test_every_code_has_words_in_both_languages() -> None:
    for code in [*range(40001, 40300), *range(41000, 41100), 45009, 84061, -1, codes.UNREACHABLE]:
        assert all(codes.words(code))
    assert "90000" in codes.words(90000)[2]
