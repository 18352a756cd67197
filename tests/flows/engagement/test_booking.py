"""What is scheduled holds its place: the more important goes first though it comes later, and a preview reckons with all of it."""

import datetime as dt
from collections.abc import Iterator

import pytest
from pyroaring import BitMap

from tests.flows.engagement.test_dispatching import dropped, forward
from tests.flows.engagement.test_touching import cap
from tests.support.campaigns import Stage, stage
from wellspring.engagement.api import campaigns as api
from wellspring.engagement.contracts.campaigns import CampaignStanding, Pressure, Rhythm, Schedule, Timing
from wellspring.engagement.contracts.touches import OriginKind, Why
from wellspring.engagement.repo import batches, counters
from wellspring.engagement.rules.caps import Scope, ScopeKind
from wellspring.engagement.service import ruling
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace

TOMORROW = Schedule(Rhythm.ONCE, on=dt.date(2026, 3, 11))


@pytest.fixture
def on(workspace: Workspace) -> Iterator[Stage]:
    with stage(workspace) as made:
        ruling.add(workspace, by=SYSTEM, draft=cap(1, days=2))
        yield made


def launched(on: Stage, **said: object) -> str:
    made = api.add(on.ws, by=SYSTEM, draft=on.draft(**said))
    return api.launch(on.ws, by=SYSTEM, campaign_id=made.id, version=made.version).id


def some_of(on: Stage, count: int) -> BitMap:
    return BitMap(list(on.members)[:count])


def pressure(on: Stage, **said: object) -> Pressure:
    return api.pressure(on.ws, draft=on.draft(**said))


def test_f08_a_scheduled_campaign_of_more_priority_keeps_its_place_against_one_that_goes_before(on: Stage) -> None:
    some = some_of(on, 5)
    later = launched(on, name="大促", priority=9, schedule=TOMORROW, audience_id=on.audience("部分", some))
    launched(on, name="日常", priority=1)
    on.run()
    assert BitMap(on.fake.touched) == on.members - some
    assert dropped(on.ws)[Why.CAPPED] == some
    forward(on.ws, days=1)
    on.run()
    assert BitMap(on.fake.touched) == on.members
    assert api.one(on.ws, campaign_id=later).state is CampaignStanding.DONE


def test_f08_peers_and_what_is_too_far_ahead_hold_nothing(on: Stage) -> None:
    launched(on, name="同级", priority=1, schedule=TOMORROW)
    launched(on, name="下周", priority=9, schedule=Schedule(Rhythm.ONCE, on=dt.date(2026, 3, 17)))
    launched(on, name="日常", priority=1)
    on.run()
    assert BitMap(on.fake.touched) == on.members


def test_f08_by_everybodys_own_clock_a_place_is_held_on_that_day(on: Stage) -> None:
    launched(on, name="大促", priority=9, schedule=Schedule(Rhythm.ONCE, on=dt.date(2026, 3, 12), timing=Timing.LOCAL))
    assert pressure(on, priority=1).planned == len(on.members)
    assert pressure(on, priority=1, schedule=TOMORROW).dropped[Why.CAPPED] == len(on.members)


def test_f08_of_two_that_are_due_at_once_the_more_important_is_planned_first(on: Stage) -> None:
    launched(on, name="日常", priority=1, schedule=TOMORROW)
    important = launched(on, name="大促", priority=9, schedule=TOMORROW)
    forward(on.ws, days=1)
    on.run()
    assert api.progress(on.ws, campaign_id=important).by_fate == {"accepted": len(on.members)}
    assert len(on.fake.touched) == len(on.members)


def test_f09_a_scheduled_campaign_charges_nothing_until_it_goes(on: Stage) -> None:
    campaign_id = launched(on, priority=9, schedule=TOMORROW)
    on.run()
    with on.ws.sql.read() as tx:
        assert counters.load(tx, [Scope(ScopeKind.ALL)], {}).kept() == {}
        assert batches.open_of(tx, OriginKind.CAMPAIGN, campaign_id) == []


def test_f08_whom_the_control_keeps_out_books_no_place(on: Stage) -> None:
    launched(on, name="大促", priority=9, schedule=TOMORROW, control_basis_points=5_000)
    seen = pressure(on, name="日常", priority=1)
    assert 0 < seen.dropped[Why.CAPPED] < len(on.members)
    assert seen.planned == len(on.members) - seen.dropped[Why.CAPPED]


def test_a_preview_reckons_with_what_goes_before_it(on: Stage) -> None:
    some = some_of(on, 5)
    launched(on, name="先去的", schedule=TOMORROW, audience_id=on.audience("部分", some))
    after = pressure(on, schedule=Schedule(Rhythm.ONCE, on=dt.date(2026, 3, 12)))
    assert after.sets[Why.CAPPED] == some
    assert after.planned == len(on.members) - len(some)
    # What goes today takes its place tomorrow, and says from whom.
    now = pressure(on)
    assert now.planned == len(on.members)
    assert [(name, lost) for _, name, lost in now.crowds_out] == [("先去的", 5)]
    with on.ws.sql.read() as tx:
        assert counters.load(tx, [Scope(ScopeKind.ALL)], {}).kept() == {}


def test_a_preview_of_what_is_scheduled_itself_does_not_compete_with_itself(on: Stage) -> None:
    campaign_id = launched(on, schedule=TOMORROW)
    seen = api.pressure(on.ws, draft=on.draft(schedule=TOMORROW), campaign_id=campaign_id)
    assert (seen.planned, seen.crowds_out) == (len(on.members), ())


def test_the_calendar_says_how_many_it_will_be_for(on: Stage) -> None:
    launched(on, schedule=TOMORROW, audience_id=on.audience("部分", some_of(on, 5)))
    now = on.ws.clock.now()
    (planned,) = api.deliveries(on.ws, since=now, until=now + dt.timedelta(days=3))
    assert (planned.members, planned.is_ahead) == (5, True)
