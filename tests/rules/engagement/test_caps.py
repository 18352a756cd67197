"""Frequency caps over sets, beside a model that keeps every touch as a row and counts rows."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from wellspring.engagement.rules.caps import (
    DAYS_MAX,
    Booking,
    Cap,
    Counters,
    Reservation,
    Scope,
    ScopeKind,
    Touching,
    Window,
    calendar,
    crowded_out,
    reached,
    rolling,
    take,
)
from wellspring.engagement.rules.zones import Zones

SHANGHAI, NEW_YORK, KIRITIMATI = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York"), ZoneInfo("Pacific/Kiritimati")
ZONES = Zones(((NEW_YORK, BitMap([3, 4])), (KIRITIMATI, BitMap([5]))), SHANGHAI)
MEMBERS = range(1, 7)
ALL = Scope(ScopeKind.ALL)
SMS = Touching("sms", "autumn", frozenset({"sale"}))
START = dt.datetime(2026, 3, 5, tzinfo=dt.UTC)


def at(day: int, hour: int, minute: int = 0, zone: ZoneInfo = SHANGHAI) -> dt.datetime:
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=zone)


def zone_of(member: int) -> ZoneInfo:
    return next((zone for zone, members in ZONES.parts if member in members), SHANGHAI)


def full(caps: Sequence[Cap], counters: Counters, touching: Touching, now: dt.datetime, bookings: Sequence[Booking] = ()) -> set[int]:
    found = reached(caps, counters, touching, now, zones=ZONES, among=BitMap(MEMBERS), bookings=bookings)
    return set(BitMap().union(*(members for _, members in found)))


@dataclass
class Model:
    """Every touch as a row: who, under what, when."""

    rows: list[tuple[int, frozenset[Scope], dt.datetime]] = field(default_factory=list)

    def count(self, member: int, scope: Scope, window: Window, now: dt.datetime) -> int:
        return sum(scope in scopes and self._within(who, window, then, now) for who, scopes, then in self.rows if who == member)

    def _within(self, member: int, window: Window, then: dt.datetime, now: dt.datetime) -> bool:
        if window.is_calendar:
            zone = zone_of(member)
            return (now.astimezone(zone).date() - then.astimezone(zone).date()).days < window.length
        opened = (now - dt.timedelta(hours=window.length)).replace(minute=0, second=0, microsecond=0)
        return then >= opened


touchings = st.builds(
    Touching,
    channel=st.sampled_from(["sms", "wecom"]),
    campaign=st.sampled_from(["autumn", "winter"]),
    tags=st.frozensets(st.sampled_from(["sale", "news"])),
    priority=st.integers(0, 2),
    is_transactional=st.booleans(),
    is_counted_anyway=st.booleans(),
)
windows = st.one_of(st.integers(1, 9).map(calendar), st.sampled_from([1, 5, 24, 48, 73, 168]).map(rolling))
scopes = st.sampled_from(
    [ALL, Scope(ScopeKind.CHANNEL, "sms"), Scope(ScopeKind.TAG, "sale"), Scope(ScopeKind.TAG, "news"), Scope(ScopeKind.CAMPAIGN, "winter")]
)
rules = st.builds(Cap, scope=scopes, times=st.integers(1, 4), window=windows, passed_from=st.one_of(st.none(), st.integers(1, 2)))
minutes = st.integers(0, 12 * 24 * 60)
sends = st.lists(st.tuples(minutes, touchings, st.sets(st.sampled_from(MEMBERS))), max_size=15)


@settings(deadline=None)
@given(sent=sends, caps=st.lists(rules, min_size=1, max_size=5), touching=touchings, wait=minutes)
def test_f03_f05_f06_sets_say_what_counting_rows_says(
    sent: list[tuple[int, Touching, set[int]]], caps: list[Cap], touching: Touching, wait: int
) -> None:
    counters, model = Counters(), Model()
    for minute, other, members in sorted(sent, key=lambda row: row[0]):
        then = START + dt.timedelta(minutes=minute)
        counters.reserve(other, BitMap(members), then, ZONES)
        if not other.is_transactional or other.is_counted_anyway:
            model.rows += [(member, other.scopes, then) for member in members]
    now = START + dt.timedelta(minutes=max([wait, *(minute for minute, _, _ in sent)]))
    binding = [
        cap
        for cap in caps
        if not touching.is_transactional
        and cap.scope in touching.scopes
        and (cap.passed_from is None or touching.priority < cap.passed_from)
    ]
    expected = {member for member in MEMBERS if any(model.count(member, cap.scope, cap.window, now) >= cap.times for cap in binding)}
    assert full(caps, counters, touching, now) == expected


@settings(deadline=None)
@given(sent=sends, hours=st.sampled_from([1, 24, 30, 168]), times=st.integers(1, 3))
def test_f03_a_rolling_window_never_lets_one_too_many_pass(sent: list[tuple[int, Touching, set[int]]], hours: int, times: int) -> None:
    counters, caps = Counters(), [Cap(ALL, times, rolling(hours))]
    went: dict[int, list[dt.datetime]] = {member: [] for member in MEMBERS}
    for minute, _, members in sorted(sent, key=lambda row: row[0]):
        now = START + dt.timedelta(minutes=minute)
        for member in take(caps, counters, SMS, BitMap(members), now, zones=ZONES).members:
            went[member].append(now)
    for instants in went.values():
        for first, beyond in zip(instants, instants[times:], strict=False):
            assert beyond - first >= dt.timedelta(hours=hours)


def test_f03_an_hour_after_eleven_at_night_by_day_and_by_24_hours() -> None:
    counters = Counters()
    counters.reserve(SMS, BitMap([1]), at(10, 23), ZONES)
    soon = at(11, 0, 10)
    assert full([Cap(ALL, 1, calendar(1))], counters, SMS, soon) == set()
    assert full([Cap(ALL, 1, rolling(24))], counters, SMS, soon) == {1}
    assert full([Cap(ALL, 1, calendar(2))], counters, SMS, soon) == {1}
    # Up to the end of the hour in which the window began, and not longer.
    assert full([Cap(ALL, 1, rolling(24))], counters, SMS, at(11, 23, 59)) == {1}
    assert full([Cap(ALL, 1, rolling(24))], counters, SMS, at(12, 0)) == set()


def test_f03_the_day_is_that_of_the_member() -> None:
    counters, caps = Counters(), [Cap(ALL, 1, calendar(1))]
    counters.reserve(SMS, BitMap([1, 3]), at(10, 23), ZONES)
    # An hour later it is the next day in Shanghai, and still the same in New York.
    assert full(caps, counters, SMS, at(11, 0, 10)) == {3}


def test_f01_a_hundred_sends_under_a_cap_of_one_are_one() -> None:
    counters, caps = Counters(), [Cap(ALL, 1, calendar(1))]
    got = [take(caps, counters, SMS, BitMap(MEMBERS), at(10, 9), zones=ZONES).members for _ in range(100)]
    assert [len(members) for members in got] == [len(MEMBERS)] + [0] * 99


@settings(deadline=None)
@given(sent=sends, failed=st.sets(st.integers(0, 14)))
def test_f02_what_is_released_was_never_counted(sent: list[tuple[int, Touching, set[int]]], failed: set[int]) -> None:
    some, only = Counters(), Counters()
    held: list[Reservation] = []
    for place, (minute, touching, members) in enumerate(sent):
        then = START + dt.timedelta(minutes=minute)
        reservation = some.reserve(touching, BitMap(members), then, ZONES)
        if place in failed:
            held.append(reservation)
        else:
            only.reserve(touching, BitMap(members), then, ZONES)
    for reservation in reversed(held):
        assert some.release(reservation) == Reservation(())
    assert some.kept() == only.kept()


def test_f02_some_of_a_batch_fail_and_are_released_once() -> None:
    counters, caps = Counters(), [Cap(ALL, 1, calendar(1))]
    taken = take(caps, counters, SMS, BitMap([1, 2, 3]), at(10, 9), zones=ZONES)
    rest = counters.release(taken.reservation, BitMap([2]))
    assert full(caps, counters, SMS, at(10, 10)) == {1, 3}
    # What is left of the reservation does not hold them any more, so that a second report changes nothing.
    assert counters.release(rest, BitMap([2])) == rest
    assert full(caps, counters, SMS, at(10, 10)) == {1, 3}


def test_f02_it_is_released_where_it_was_counted_though_the_zone_changed() -> None:
    counters = Counters()
    moved = Zones(((KIRITIMATI, BitMap([1])),), SHANGHAI)
    reservation = counters.reserve(SMS, BitMap([1]), at(10, 20), ZONES)
    assert full([Cap(ALL, 1, calendar(1))], counters, SMS, at(10, 21)) == {1}
    counters.release(reservation)
    assert not reached([Cap(ALL, 1, calendar(3))], counters, SMS, at(10, 21), zones=moved, among=BitMap([1]))[0][1]
    assert counters.kept() == {}


def test_f05_a_transactional_message_passes_and_is_not_counted_by_default() -> None:
    counters, caps = Counters(), [Cap(ALL, 1, calendar(1))]
    receipt = Touching("sms", "receipt", is_transactional=True)
    counters.reserve(receipt, BitMap([1]), at(10, 9), ZONES)
    assert full(caps, counters, SMS, at(10, 10)) == set()
    counters.reserve(Touching("sms", "receipt", is_transactional=True, is_counted_anyway=True), BitMap([1]), at(10, 9), ZONES)
    assert full(caps, counters, SMS, at(10, 10)) == {1}
    assert full(caps, counters, receipt, at(10, 10)) == set()


def test_f06_the_strictest_of_several_rules_wins() -> None:
    counters = Counters()
    caps = [
        Cap(ALL, 3, calendar(1)),
        Cap(Scope(ScopeKind.CHANNEL, "sms"), 2, calendar(1)),
        Cap(Scope(ScopeKind.TAG, "sale"), 1, rolling(48)),
    ]
    counters.reserve(Touching("wecom", "autumn", frozenset({"sale"})), BitMap([1]), at(10, 9), ZONES)
    counters.reserve(Touching("sms", "autumn"), BitMap([2]), at(10, 9), ZONES)
    counters.reserve(Touching("sms", "autumn"), BitMap([2]), at(10, 9), ZONES)
    found = reached(caps, counters, SMS, at(10, 10), zones=ZONES, among=BitMap(MEMBERS))
    assert [set(members) for _, members in found] == [set(), {2}, {1}]


def test_f07_tags_count_as_they_were_when_it_was_sent() -> None:
    counters, caps = Counters(), [Cap(Scope(ScopeKind.TAG, "sale"), 1, calendar(1))]
    counters.reserve(Touching("sms", "autumn"), BitMap([1]), at(10, 9), ZONES)
    # The campaign is tagged later: what it sent before is not counted under the tag, what it sends from now on is.
    assert full(caps, counters, SMS, at(10, 10)) == set()
    counters.reserve(SMS, BitMap([2]), at(10, 9), ZONES)
    assert full(caps, counters, SMS, at(10, 10)) == {2}


class TestBookings:
    LATER = Booking(Touching("sms", "birthday", priority=5), BitMap([1, 2, 6]), at(10, 18))

    def test_f08_the_higher_priority_wins_even_if_it_comes_later(self) -> None:
        counters, caps = Counters(), [Cap(ALL, 1, calendar(1))]
        taken = take(caps, counters, SMS, BitMap(MEMBERS), at(10, 9), zones=ZONES, bookings=[self.LATER])
        assert set(taken.members) == {3, 4, 5}
        assert set(take(caps, counters, self.LATER.touching, self.LATER.members, at(10, 18), zones=ZONES).members) == {1, 2, 6}

    @pytest.mark.parametrize("priority", [5, 6])
    def test_f08_nobody_makes_way_for_a_peer(self, priority: int) -> None:
        touching = Touching("sms", "autumn", priority=priority)
        assert full([Cap(ALL, 1, calendar(1))], Counters(), touching, at(10, 9), [self.LATER]) == set()

    @pytest.mark.parametrize(
        ("window", "yields"), [(calendar(1), set()), (calendar(2), {1, 2, 6}), (rolling(24), set()), (rolling(48), {1, 2, 6})]
    )
    def test_f08_only_within_the_planning_window(self, window: Window, yields: set[int]) -> None:
        assert full([Cap(ALL, 1, window)], Counters(), SMS, at(9, 9), [self.LATER]) == yields

    def test_f08_what_may_pass_the_cap_books_no_place(self) -> None:
        assert full([Cap(ALL, 1, calendar(1), passed_from=5)], Counters(), SMS, at(10, 9), [self.LATER]) == set()

    def test_f08_what_a_send_now_takes_from_later_ones_is_told(self) -> None:
        caps, lesser = [Cap(ALL, 1, calendar(1))], Booking(Touching("sms", "news", priority=-1), BitMap([1, 2]), at(10, 18))
        counters = Counters()
        counters.reserve(SMS, BitMap([2]), at(10, 8), ZONES)
        found = crowded_out(caps, counters, SMS, BitMap([1, 2, 5]), at(10, 9), zones=ZONES, bookings=[lesser, self.LATER])
        # Member 2 was at the cap before.
        assert found == ((lesser, BitMap([1])),)
        assert full(caps, counters, SMS, at(10, 9)) == {2}, "an outlook counts nothing"


def test_f09_a_deferred_message_is_asked_again_and_counted_on_the_day_it_goes() -> None:
    counters, caps = Counters(), [Cap(ALL, 1, calendar(1))]
    evening, morning = at(10, 22), at(11, 9)
    # Nothing is taken in the evening, as it is quiet; overnight another message gets the place of the 11th.
    counters.reserve(SMS, BitMap([1]), at(11, 8, 30), ZONES)
    taken = take(caps, counters, SMS, BitMap([1, 2]), morning, zones=ZONES)
    assert set(taken.members) == {2}
    assert full(caps, counters, SMS, evening) == full(caps, counters, SMS, morning) == {1, 2}
    assert {bucket.number for bucket, _ in taken.reservation.charges if bucket.unit == "local_day"} == {morning.toordinal()}


@given(sent=sends, low=st.integers(1, 4), high=st.integers(1, 4))
@settings(deadline=None)
def test_f10_another_limit_changes_who_is_at_it_and_nothing_that_was_counted(
    sent: list[tuple[int, Touching, set[int]]], low: int, high: int
) -> None:
    counters = Counters()
    for minute, touching, members in sent:
        counters.reserve(touching, BitMap(members), START + dt.timedelta(minutes=minute), ZONES)
    kept, now = counters.kept(), START + dt.timedelta(days=13)
    low, high = sorted((low, high))
    assert full([Cap(ALL, high, calendar(20))], counters, SMS, now) <= full([Cap(ALL, low, calendar(20))], counters, SMS, now)
    assert counters.kept() == kept


def test_n01_caps_move_to_the_survivor() -> None:
    counters, caps = Counters(), [Cap(ALL, 2, calendar(1))]
    counters.reserve(SMS, BitMap([1, 2]), at(10, 9), ZONES)
    counters.move(1, 2)
    counters.move(1, 2)
    assert full(caps, counters, SMS, at(10, 10)) == {2}
    assert full([Cap(ALL, 1, calendar(1))], counters, SMS, at(10, 10)) == {2}


def test_what_no_rule_can_ask_for_is_forgotten() -> None:
    counters = Counters()
    counters.reserve(SMS, BitMap(MEMBERS), START, ZONES)
    edge = START + dt.timedelta(days=DAYS_MAX - 1)
    longest = [Cap(ALL, 1, calendar(DAYS_MAX))]
    counters.forget(edge)
    assert full(longest, counters, SMS, edge) == set(MEMBERS)
    counters.forget(START + dt.timedelta(days=DAYS_MAX + 4))
    assert counters.kept() == {}


def test_counters_are_made_of_what_was_kept() -> None:
    counters = Counters()
    counters.reserve(SMS, BitMap(MEMBERS), START, ZONES)
    assert Counters(counters.kept()).kept() == counters.kept()


@pytest.mark.parametrize("times", [0, 31])
def test_what_is_no_cap_is_refused(times: int) -> None:
    with pytest.raises(ValueError, match="1 to 30 times"):
        Cap(ALL, times, calendar(1))


@pytest.mark.parametrize(("window", "length"), [(rolling, 0), (calendar, 0), (calendar, 93), (rolling, 24 * 92 + 1)])
def test_a_window_longer_than_the_counters_is_refused(window: Callable[[int], Window], length: int) -> None:
    with pytest.raises(ValueError, match="1 to 92 days"):
        window(length)
