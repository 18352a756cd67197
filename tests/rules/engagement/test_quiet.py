"""Quiet hours by zone, beside a walk through every minute; releases by stable hash."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from wellspring.engagement.rules.quiet import Group, Policy, Quiet, Span, covers, grouped, held, next_allowed, smoothed
from wellspring.engagement.rules.zones import Zones, at_local, zone_of, zones_of

SHANGHAI, NEW_YORK, LONDON = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York"), ZoneInfo("Europe/London")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # summer time of half an hour
NIGHT: Quiet = frozenset({Span(21 * 60, 8 * 60)})


def local(zone: dt.tzinfo, *parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=zone).astimezone(dt.UTC)  # type: ignore[arg-type,misc]


def wall(*parts: int) -> dt.datetime:
    return local(dt.UTC, *parts).replace(tzinfo=None)


def reading(instant: dt.datetime | None, zone: ZoneInfo) -> str:
    assert instant is not None
    return instant.astimezone(zone).strftime("%m-%d %H:%M")


class TestCovers:
    @pytest.mark.parametrize(("hour", "is_quiet"), [(20, False), (21, True), (23, True), (0, True), (7, True), (8, False), (12, False)])
    def test_q01_a_window_over_midnight(self, hour: int, is_quiet: bool) -> None:
        assert covers(NIGHT, wall(2026, 3, 10, hour)) is is_quiet

    def test_q04_a_night_belongs_to_the_local_day_on_which_it_begins(self) -> None:
        friday = frozenset({Span(21 * 60, 8 * 60, frozenset({4}))})
        assert [covers(friday, wall(2026, 3, day, hour)) for day, hour in [(13, 7), (13, 22), (14, 7), (14, 22)]] == [
            False,
            True,
            True,
            False,
        ]

    def test_q04_monday_at_six_in_shanghai_is_monday(self) -> None:
        mondays = frozenset({Span(0, 9 * 60, frozenset({0}))})
        instant = local(SHANGHAI, 2026, 3, 9, 6)
        assert instant.weekday() == 6, "in UTC it is still Sunday"
        assert reading(next_allowed(mondays, instant, SHANGHAI), SHANGHAI) == "03-09 09:00"

    def test_weekends_have_hours_of_their_own(self) -> None:
        hours = frozenset({Span(21 * 60, 8 * 60, frozenset({6, 0, 1, 2, 3})), Span(22 * 60, 10 * 60, frozenset({4, 5}))})
        assert reading(next_allowed(hours, local(SHANGHAI, 2026, 3, 13, 23), SHANGHAI), SHANGHAI) == "03-14 10:00"
        assert reading(next_allowed(hours, local(SHANGHAI, 2026, 3, 15, 23), SHANGHAI), SHANGHAI) == "03-16 08:00"


spans = st.builds(Span, st.integers(0, 1439), st.integers(0, 1439), st.frozensets(st.integers(0, 6), min_size=1))
# Days around changes of summer time, and others.
starts = st.sampled_from(
    [
        dt.datetime(2026, 3, 8, 3, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 1, 2, tzinfo=dt.UTC),
        dt.datetime(2026, 3, 28, 22, tzinfo=dt.UTC),
        dt.datetime(2026, 10, 24, 22, tzinfo=dt.UTC),
        dt.datetime(2026, 4, 4, 12, tzinfo=dt.UTC),
        dt.datetime(2026, 10, 3, 12, tzinfo=dt.UTC),
        dt.datetime(2026, 6, 1, tzinfo=dt.UTC),
    ]
)


@settings(deadline=None, max_examples=150)
@given(
    quiet=st.frozensets(spans, min_size=1, max_size=3),
    start=starts,
    minute=st.integers(0, 1200),
    zone=st.sampled_from([NEW_YORK, LONDON, LORD_HOWE, SHANGHAI]),
)
def test_q01_q03_q05_the_next_allowed_instant_is_the_first_minute_that_is_not_quiet(
    quiet: Quiet, start: dt.datetime, minute: int, zone: ZoneInfo
) -> None:
    at = start + dt.timedelta(minutes=minute)
    found = next_allowed(quiet, at, zone)
    ahead = 8 * 24 * 60 if found is None else int((found - at).total_seconds()) // 60
    assert all(covers(quiet, (at + dt.timedelta(minutes=step)).astimezone(zone)) for step in range(ahead))
    assert found is None or not covers(quiet, found.astimezone(zone))


class TestSummerTime:
    def test_q03_eight_stays_eight_on_the_morning_after_the_change(self) -> None:
        assert reading(next_allowed(NIGHT, local(NEW_YORK, 2026, 3, 7, 22), NEW_YORK), NEW_YORK) == "03-08 08:00"
        assert reading(next_allowed(NIGHT, local(NEW_YORK, 2026, 10, 31, 22), NEW_YORK), NEW_YORK) == "11-01 08:00"

    def test_q03_a_local_campaign_takes_the_offset_of_its_own_day(self) -> None:
        assert at_local(wall(2026, 3, 8, 9), NEW_YORK) == dt.datetime(2026, 3, 8, 13, tzinfo=dt.UTC)

    def test_q05_a_time_that_does_not_exist_is_the_next_that_does(self) -> None:
        assert reading(at_local(wall(2026, 3, 8, 2, 30), NEW_YORK), NEW_YORK) == "03-08 03:00"
        assert reading(at_local(wall(2026, 10, 4, 2, 10), LORD_HOWE), LORD_HOWE) == "10-04 02:30"
        until_half_past_two = frozenset({Span(21 * 60, 150)})
        assert reading(next_allowed(until_half_past_two, local(NEW_YORK, 2026, 3, 8, 1), NEW_YORK), NEW_YORK) == "03-08 03:00"

    def test_q05_of_a_repeated_hour_the_first_counts(self) -> None:
        assert at_local(wall(2026, 11, 1, 1, 30), NEW_YORK) == dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC)


class TestZones:
    def test_q02_person_then_inferred_then_project(self) -> None:
        said, inferred = {"Europe/London": BitMap([1])}, {"America/New_York": BitMap([1, 2]), "Europe/London": BitMap([4])}
        zones, unknown = zones_of([said, inferred], SHANGHAI)
        assert zones.split(BitMap([1, 2, 3, 4])) == [(LONDON, BitMap([1, 4])), (NEW_YORK, BitMap([2])), (SHANGHAI, BitMap([3]))]
        assert unknown == {}

    @pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "asia", "Asia/"])
    def test_q02_an_invalid_name_falls_back_and_is_reported(self, name: str) -> None:
        zones, unknown = zones_of([{name: BitMap([1])}, {"Europe/London": BitMap([1])}], SHANGHAI)
        assert zones.split(BitMap([1])) == [(LONDON, BitMap([1]))]
        assert unknown == {name: BitMap([1])}

    @pytest.mark.parametrize("name", ["UTC+8", "GMT+8", "Etc/GMT-8", "EST", "+08:00"])
    def test_q06_a_fixed_offset_is_no_zone(self, name: str) -> None:
        assert zone_of(name) is None

    def test_q09_whoever_moved_is_asked_by_the_new_zone(self) -> None:
        at = local(SHANGHAI, 2026, 3, 10, 22)
        before, after = Zones((), SHANGHAI), Zones(((LONDON, BitMap([1])),), SHANGHAI)
        assert [waiting.group.members for waiting in held(grouped(Policy(NIGHT), before, BitMap([1, 2])), at)] == [BitMap([1, 2])]
        assert [waiting.group.members for waiting in held(grouped(Policy(NIGHT), after, BitMap([1, 2])), at)] == [BitMap([2])]


class TestLaws:
    LAW: Quiet = frozenset({Span(20 * 60, 9 * 60)})

    def test_q12_a_law_holds_whatever_the_brand_chose(self) -> None:
        policy = Policy(frozenset(), ((self.LAW, BitMap([1])),))
        waiting = held(grouped(policy, Zones((), SHANGHAI), BitMap([1, 2])), local(SHANGHAI, 2026, 3, 10, 20, 30))
        assert [(each.group.members, reading(each.until, SHANGHAI)) for each in waiting] == [(BitMap([1]), "03-11 09:00")]

    def test_q12_and_the_brands_own_hours_hold_besides(self) -> None:
        policy = Policy(frozenset({Span(12 * 60, 14 * 60)}), ((self.LAW, BitMap([1])),))
        assert len(held(grouped(policy, Zones((), SHANGHAI), BitMap([1, 2])), local(SHANGHAI, 2026, 3, 10, 13))) == 2

    @given(members=st.sets(st.integers(1, 8)), laws=st.lists(st.sets(st.integers(1, 8)), max_size=3))
    def test_groups_are_disjoint_and_everybody_is_in_one(self, members: set[int], laws: list[set[int]]) -> None:
        policy = Policy(NIGHT, tuple((frozenset({Span(place, 600)}), BitMap(law)) for place, law in enumerate(laws)))
        groups = grouped(policy, Zones(((LONDON, BitMap([1, 2, 3])),), SHANGHAI), BitMap(members))
        assert sorted(member for group in groups for member in group.members) == sorted(members)
        for group in groups:
            for member in group.members:
                bound = {span for place, law in enumerate(laws) if member in law for span in [Span(place, 600)]}
                assert group.quiet == NIGHT | bound
                assert group.zone == (LONDON if member <= 3 else SHANGHAI)

    def test_every_hour_quiet_is_told_as_never(self) -> None:
        groups = grouped(Policy(frozenset({Span(0, 0)})), Zones((), SHANGHAI), BitMap([1]))
        assert [each.until for each in held(groups, local(SHANGHAI, 2026, 3, 10, 13))] == [None]


class TestRelease:
    UNTIL = local(SHANGHAI, 2026, 3, 11, 8)

    def group(self, size: int, quiet: Quiet = NIGHT) -> Group:
        return Group(SHANGHAI, quiet, BitMap(range(1, size + 1)))

    @given(sizes=st.lists(st.integers(0, 60), min_size=1, max_size=4), minutes=st.integers(1, 90))
    def test_q07_everybody_goes_once_within_the_span_and_in_order_of_priority(self, sizes: list[int], minutes: int) -> None:
        waiting = {place: BitMap(range(1, size + 1)) for place, size in enumerate(sizes)}
        found = smoothed(self.group(60), self.UNTIL, waiting, minutes, salt="w")
        for message, members in waiting.items():
            assert sorted(member for each in found if each.message == message for member in each.members) == list(members)
        assert [(each.at, each.message) for each in found] == sorted((each.at, each.message) for each in found)
        assert [each.message for each in found] == sorted(each.message for each in found)
        assert all(self.UNTIL <= each.at < self.UNTIL + dt.timedelta(minutes=minutes) for each in found)

    def test_q07_no_herd_at_eight(self) -> None:
        found = smoothed(self.group(60_000), self.UNTIL, {0: BitMap(range(1, 60_001))}, 30, salt="w")
        assert len(found) == 30
        assert all(1_800 < len(each.members) < 2_200 for each in found)

    def test_q07_the_place_of_a_member_is_stable(self) -> None:
        waiting = {0: BitMap(range(1, 500))}
        assert smoothed(self.group(500), self.UNTIL, waiting, 30, salt="w") == smoothed(self.group(500), self.UNTIL, waiting, 30, salt="w")
        assert smoothed(self.group(500), self.UNTIL, waiting, 30, salt="w") != smoothed(self.group(500), self.UNTIL, waiting, 30, salt="v")

    def test_q08_nobody_is_released_into_the_next_quiet_window(self) -> None:
        quiet = NIGHT | {Span(8 * 60 + 10, 9 * 60)}
        found = smoothed(self.group(500, quiet), self.UNTIL, {0: BitMap(range(1, 501))}, 30, salt="w")
        assert not any(covers(quiet, each.at.astimezone(SHANGHAI)) for each in found)
        assert sum(len(each.members) for each in found) == 500
        assert found[-1].at == local(SHANGHAI, 2026, 3, 11, 9)

    @pytest.mark.parametrize("minutes", [0, 721])
    def test_the_span_has_a_limit(self, minutes: int) -> None:
        with pytest.raises(ValueError, match="1 to 720"):
            smoothed(self.group(1), self.UNTIL, {}, minutes, salt="w")


@pytest.mark.parametrize("parts", [(-1, 5), (0, 1440)])
def test_what_is_no_time_of_day_is_refused(parts: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="0 to 1439"):
        Span(*parts)
