"""Campaigns from draft to done: times, variants, control, pausing, taking back, and what is seen of them."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from pyroaring import BitMap

from tests.flows.engagement.test_dispatching import NIGHT, cap, dropped, fates_of, forward
from tests.support import people as persons
from tests.support.campaigns import Stage, stage
from tests.support.touching import MORNING
from wellspring.engagement.api import campaigns as api
from wellspring.engagement.api import touches
from wellspring.engagement.contracts.campaigns import CampaignKind, CampaignStanding, Node, Passed, Rhythm, Schedule, Timing, Variant, Worth
from wellspring.engagement.contracts.touches import OriginKind, Resolution, Why
from wellspring.engagement.errors.campaigns import CalendarInUse, CampaignChanged, CampaignRefused, CampaignState
from wellspring.engagement.errors.touches import LetterUnknown
from wellspring.engagement.facts import waking
from wellspring.engagement.service import ruling
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people


@pytest.fixture
def on(workspace: Workspace) -> Iterator[Stage]:
    with stage(workspace) as made:
        yield made


def launched(on: Stage, **said: object) -> str:
    made = api.add(on.ws, by=SYSTEM, draft=on.draft(**said))
    return api.launch(on.ws, by=SYSTEM, campaign_id=made.id, version=made.version).id


def test_a_campaign_goes_at_once_and_is_done_when_everything_went(on: Stage) -> None:
    campaign_id = launched(on)
    on.run()
    assert sorted(on.fake.touched) == list(on.members)
    assert api.one(on.ws, campaign_id=campaign_id).state is CampaignStanding.DONE
    (told,) = api.occurrences(on.ws, campaign_id=campaign_id)
    assert (told.audience, told.planned, told.dropped) == (20, 20, {})
    assert api.progress(on.ws, campaign_id=campaign_id).by_fate == {"accepted": 20}


def test_j01_the_audience_is_frozen_when_it_goes(on: Stage) -> None:
    some = on.audience("部分", BitMap(list(on.members)[:5]))
    launched(on, audience_id=some, schedule=Schedule(Rhythm.ONCE, on=dt.date(2026, 3, 11)))
    from_the_start = on.fake.touched
    assert from_the_start == []
    forward(on.ws, days=1)
    on.run()
    assert len(on.fake.touched) == 5


def test_v08_two_editors_and_a_state_that_does_not_allow_it(on: Stage) -> None:
    made = api.add(on.ws, by=SYSTEM, draft=on.draft())
    api.change(on.ws, by=SYSTEM, campaign_id=made.id, version=1, draft=on.draft(name="改名"))
    with pytest.raises(CampaignChanged):
        api.change(on.ws, by=SYSTEM, campaign_id=made.id, version=1, draft=on.draft())
    api.launch(on.ws, by=SYSTEM, campaign_id=made.id, version=2)
    with pytest.raises(CampaignState):
        api.change(on.ws, by=SYSTEM, campaign_id=made.id, version=3, draft=on.draft())
    with pytest.raises(CampaignRefused):
        api.add(on.ws, by=SYSTEM, draft=on.draft(channel="moments"))


def test_e03_e04_control_is_left_alone_and_noted_with_the_others(on: Stage) -> None:
    launched(on, control_basis_points=5_000)
    on.run()
    held = dropped(on.ws)[Why.HELD_OUT]
    assert held
    assert BitMap(on.fake.touched) == on.members - held


def test_variants_never_share_a_member_and_say_what_they_are(on: Stage) -> None:
    variants = (Variant("A", on.content_id, 1), Variant("B", on.content_id, 1, minute=20 * 60))
    campaign_id = launched(on, variants=variants)
    on.run()
    first = BitMap(on.fake.touched)
    assert 0 < len(first) < 20
    forward(on.ws, hours=11)
    on.run()
    assert sorted(on.fake.touched) == list(on.members)
    found = api.progress(on.ws, campaign_id=campaign_id).by_variant
    assert found["A"] == {"accepted": len(first)}
    assert found["B"] == {"accepted": 20 - len(first)}


def test_it_recurs_on_the_nodes_of_a_calendar(on: Stage) -> None:
    calendar = api.put_calendar(
        on.ws, by=SYSTEM, calendar_id=None, version=None, name="会员日历", nodes=[Node(f"{day} 号", day) for day in (5, 8, 20, 28)]
    )
    campaign_id = launched(on, schedule=Schedule(Rhythm.CALENDAR, calendar_id=calendar.id, minute=600), expires_hours=5)
    for _ in range(40):
        forward(on.ws, days=1)
        on.run()
    days = [told.at.day for told in api.occurrences(on.ws, campaign_id=campaign_id)]
    assert days == [8, 5, 28, 20]
    assert len(on.fake.touched) == 80
    with pytest.raises(CalendarInUse):
        api.remove_calendar(on.ws, by=SYSTEM, calendar_id=calendar.id)
    ahead = api.deliveries(on.ws, since=on.ws.clock.now(), until=on.ws.clock.now() + dt.timedelta(days=14))
    assert [one.at.day for one in ahead if one.kind == "campaign"] == [20, 28]
    assert {one.name for one in ahead if one.kind == "node"} == {"会员日历 · 20 号", "会员日历 · 28 号"}


def test_q10_whose_local_time_has_passed_is_handled_by_the_rule(on: Stage) -> None:
    numbers = list(on.members)
    persons.who(on.ws, "user_id:u0", attributes={"timezone": "Pacific/Auckland"})
    schedule = Schedule(Rhythm.NOW, minute=11 * 60, timing=Timing.LOCAL, passed=Passed.SKIP)
    launched(on, schedule=schedule)
    on.run()
    assert on.fake.touched == []
    forward(on.ws, hours=1)
    on.run()
    assert BitMap(on.fake.touched) == on.members - BitMap(numbers[:1])
    assert dropped(on.ws)[Why.STALE] == BitMap(numbers[:1])
    later = Schedule(Rhythm.ONCE, on=dt.date(2026, 3, 11), minute=600, timing=Timing.LOCAL)
    found = api.pressure(on.ws, draft=on.draft(schedule=later))
    assert "less_than_a_day_ahead" in found.warnings


def test_q10_by_everybodys_own_clock_it_is_planned_before_the_first(on: Stage) -> None:
    persons.who(on.ws, "user_id:u0", attributes={"timezone": "Pacific/Auckland"})
    launched(on, schedule=Schedule(Rhythm.ONCE, on=dt.date(2026, 3, 12), minute=600, timing=Timing.LOCAL))
    went: list[tuple[int, int]] = []
    for _ in range(60):
        before = len(on.fake.touched)
        forward(on.ws, hours=1)
        on.run()
        if more := len(on.fake.touched) - before:
            went.append((on.ws.clock.now().day * 24 + on.ws.clock.now().hour, more))
    # Ten in Auckland (UTC+13) is 21:00 of the day before, ten in Shanghai is 02:00.
    assert went == [(11 * 24 + 21, 1), (12 * 24 + 2, 19)]


def test_q11_each_at_the_hour_at_which_they_are_awake_and_nobody_in_the_night(on: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = list(on.members)
    ruling.add(on.ws, by=SYSTEM, draft=NIGHT)
    # Noon and half past midnight in Shanghai; the others are unknown.
    monkeypatch.setattr(waking, "hours", lambda _ws, _now: {4: BitMap(numbers[:3]), 16: BitMap(numbers[3:5])})
    launched(on, schedule=Schedule(Rhythm.NOW, minute=19 * 60, timing=Timing.BEST))
    went: dict[int, int] = {}
    for _ in range(30):
        before = len(on.fake.touched)
        forward(on.ws, hours=1)
        on.run()
        if more := len(on.fake.touched) - before:
            went[on.ws.clock.now().hour] = more
    # Midnight lies nearer to the evening's edge (20:00) than to the morning's.
    assert went == {4: 3, 11: 15, 12: 2}


def test_pause_stops_it_where_it_stands_and_resume_goes_on_with_what_is_not_stale(on: Stage) -> None:
    ruling.add(on.ws, by=SYSTEM, draft=cap())
    campaign_id = launched(on)
    api.step(on.ws)
    api.pause(on.ws, by=SYSTEM, campaign_id=campaign_id)
    on.run()
    assert on.fake.touched == []
    other = launched(on, name="别的", excluded_ids=(on.audience("前十", BitMap(list(on.members)[:10])),))
    on.run()
    assert len(on.fake.touched) == 10
    api.resume(on.ws, by=SYSTEM, campaign_id=campaign_id)
    on.run()
    assert len(on.fake.touched) == 20
    assert dropped(on.ws)[Why.CAPPED] == BitMap(list(on.members)[10:])
    assert api.one(on.ws, campaign_id=other).state is CampaignStanding.DONE


@pytest.mark.parametrize(("ends", "went"), [(api.pause, 20), (api.stop, 0)])
def test_a_call_that_was_in_hand_and_comes_back_unmade_heeds_the_end(on: Stage, ends: Callable[..., object], went: int) -> None:
    campaign_id = launched(on)
    on.fake.moods = ["later"]
    on.fake.before_deliver = [lambda: ends(on.ws, by=SYSTEM, campaign_id=campaign_id)]
    on.run()
    on.fake.before_deliver, on.fake.parcels = [], []
    for _ in range(3):
        forward(on.ws, hours=1)
        on.run()
    assert on.fake.touched == []
    if ends is api.pause:
        api.resume(on.ws, by=SYSTEM, campaign_id=campaign_id)
        on.run()
    assert len(on.fake.touched) == went


def test_j19_what_is_stale_after_a_pause_is_left_out(on: Stage) -> None:
    campaign_id = launched(on, expires_hours=2)
    api.step(on.ws)
    api.pause(on.ws, by=SYSTEM, campaign_id=campaign_id)
    forward(on.ws, hours=3)
    api.resume(on.ws, by=SYSTEM, campaign_id=campaign_id)
    on.run()
    assert on.fake.touched == []
    assert dropped(on.ws) == {Why.STALE: on.members}


def test_stop_takes_back_what_waits_and_recall_what_staff_has_not_confirmed(on: Stage) -> None:
    campaign_id = launched(on, channel="wecom")
    on.run()
    assert set(fates_of(on.ws).values()) == {"waiting"}
    assert api.one(on.ws, campaign_id=campaign_id).state is CampaignStanding.RUNNING
    found = api.recall(on.ws, by=SYSTEM, campaign_id=campaign_id)
    assert (found.taken_back, found.refused) == (2, 0)
    assert set(fates_of(on.ws).values()) == {"expired"}
    night = launched(on, name="夜里", schedule=Schedule(Rhythm.ONCE, on=dt.date(2026, 3, 11)))
    api.stop(on.ws, by=SYSTEM, campaign_id=night)
    forward(on.ws, days=2)
    on.run()
    assert api.one(on.ws, campaign_id=night).state is CampaignStanding.STOPPED
    assert len(on.fake.touched) == 20


def test_the_pressure_is_seen_before_and_its_parts_become_audiences(on: Stage) -> None:
    on.fake.agreed = BitMap(list(on.members)[:15])
    ruling.add(on.ws, by=SYSTEM, draft=cap())
    launched(on, audience_id=on.audience("前五", BitMap(list(on.members)[:5])))
    on.run()
    draft = on.draft(channel="wecom", control_basis_points=2_000)
    found = api.pressure(on.ws, draft=draft)
    assert found.audience == 20
    assert sum(found.dropped.values()) + found.planned == 20
    assert found.dropped["no_consent"] + found.dropped["capped"] <= 10
    assert sum(sum(days) for _, _, days in found.guides) == found.planned
    assert "staff_must_confirm" in found.warnings
    made = api.audience_of_pressure(on.ws, by=SYSTEM, draft=draft, reason="no_consent", name="未同意")
    assert made.audience.members == found.dropped["no_consent"]


def test_the_preview_is_what_a_launch_then_does(on: Stage) -> None:
    on.fake.agreed = BitMap(list(on.members)[:15])
    made = api.add(on.ws, by=SYSTEM, draft=on.draft(control_basis_points=3_000))
    found = api.pressure(on.ws, draft=made.draft, campaign_id=made.id)
    api.launch(on.ws, by=SYSTEM, campaign_id=made.id, version=1)
    on.run()
    (told,) = api.occurrences(on.ws, campaign_id=made.id)
    assert told.planned == found.planned
    assert told.dropped == found.dropped


def test_moments_give_each_member_what_is_worth_most_to_them(on: Stage) -> None:
    young, old = BitMap(list(on.members)[:10]), BitMap(list(on.members)[10:])
    worths = [(on.audience("年轻", young), on.audience("年长", old))]
    one, two = worths[0]
    variants = (
        Variant("新品", on.content_id, worths=(Worth(one, 9), Worth(two, 1))),
        Variant("礼盒", on.content_id, worths=(Worth(one, 1), Worth(two, 8))),
        Variant("清仓", on.content_id, worths=(Worth(one, 0), Worth(two, 0))),
    )
    on.fake.can[next(iter(on.fake.can)).MOMENTS] = on.fake.can[next(iter(on.fake.can))]
    campaign_id = launched(on, kind=CampaignKind.MOMENTS, channel="moments", variants=variants, slots=1)
    on.run()
    found = api.progress(on.ws, campaign_id=campaign_id).by_variant
    assert {name: counts for name, counts in found.items() if counts} == {"新品": {"accepted": 10}, "礼盒": {"accepted": 10}}


def test_every_touch_and_every_touch_not_made_is_seen_at_the_member(on: Stage) -> None:
    number = next(iter(on.members))
    on.fake.agreed -= BitMap([number])
    launched(on)
    on.run()
    on.fake.agreed.add(number)
    launched(on, name="再来")
    on.run()
    found = touches.touches_of_member(on.ws, member_no=number)
    assert [(touch.fate.value, touch.reason) for touch in found] == [("accepted", ""), ("dropped", "no_consent")]
    other = persons.who(on.ws, "user_id:another")
    people.merge(on.ws, by=SYSTEM, ids=[persons.member_id(on.ws, other), persons.member_id(on.ws, number)])
    holder = people.holders(on.ws).get(number, number)
    assert len(touches.touches_of_member(on.ws, member_no=holder)) == 2


def test_the_file_of_fates_names_members_by_id(on: Stage) -> None:
    campaign_id = launched(on)
    on.run()
    lines = "".join(touches.file_of(on.ws, by=SYSTEM, kind=OriginKind.CAMPAIGN, origin_id=campaign_id)).splitlines()
    assert len(lines) == 21
    assert "mem_" in lines[1]
    assert "accepted" in lines[1]


def test_a_dead_letter_is_settled_by_a_person_once(on: Stage) -> None:
    on.fake.moods = ["reject"]
    campaign_id = launched(on)
    on.run()
    (letter,) = touches.letters(on.ws, is_open=True).rows
    assert (letter.problem, letter.members) == ("40001", 20)
    touches.resolve_letter(on.ws, by=SYSTEM, key=letter.key, resolution=Resolution.RESEND)
    with pytest.raises(LetterUnknown):
        touches.resolve_letter(on.ws, by=SYSTEM, key=letter.key, resolution=Resolution.GIVE_UP)
    on.run()
    assert sorted(on.fake.touched) == list(on.members)
    assert touches.letters(on.ws, is_open=True).rows == []
    assert api.progress(on.ws, campaign_id=campaign_id).by_fate == {"failed": 20, "accepted": 20}


def test_n04_two_who_become_one_get_one_message_under_one_scope(on: Stage) -> None:
    first, second = list(on.members)[:2]
    ruling.add(on.ws, by=SYSTEM, draft=cap())
    launched(on, audience_id=on.audience("一", BitMap([first])))
    on.run()
    people.merge(on.ws, by=SYSTEM, ids=[persons.member_id(on.ws, first), persons.member_id(on.ws, second)])
    holder = people.holders_of(on.ws, member_nos=[first])[0]
    on.fake.members = on.fake.agreed = BitMap([holder])
    # N01: what either was touched counts for the one who is left.
    launched(on, name="二", audience_id=on.audience("二", BitMap([holder])))
    on.run()
    assert len(on.fake.touched) == 1
    assert dropped(on.ws)[Why.CAPPED] == BitMap([holder])
    assert on.ws.clock.now() >= MORNING
