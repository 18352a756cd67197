"""An experiment is over when nobody can be exposed to it any more; what it shows is counted to the end of each window."""

import datetime as dt
from collections.abc import Iterator

import pytest

from tests.flows.engagement.test_campaigns import launched
from tests.support import journeys as going
from tests.support.campaigns import Stage, stage
from tests.support.journeys import SEND, advance, beat, does, launch, line, number, on, wait
from tests.support.sales import Sale, put_sales
from wellspring.analytics.api import effects
from wellspring.analytics.contracts.effects import Report
from wellspring.engagement.api import campaigns as api
from wellspring.engagement.api import journeys, proof
from wellspring.engagement.contracts.campaigns import CampaignStanding, Rhythm, Schedule
from wellspring.engagement.contracts.proof import Experiment, Outcome
from wellspring.kernel import audit
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace


@pytest.fixture
def on_stage(workspace: Workspace) -> Iterator[Stage]:
    with stage(workspace) as made:
        yield made


def only(ws: Workspace, kind: str, origin_id: str) -> Experiment:
    (found,) = proof.experiments_of(ws, origin_kind=kind, origin_id=origin_id)
    return found


def forward(ws: Workspace, **length: float) -> None:
    ws.clock.move_to(ws.clock.now() + dt.timedelta(**length))  # type: ignore[attr-defined]


def buyers(report: Report) -> tuple[int, ...]:
    found = next(one for one in report.outcomes if one.outcome is Outcome.CONVERSION)
    return tuple(round(arm.measure.mean * arm.measure.units) if arm.measure is not None else 0 for arm in found.arms)


def test_e07_a_campaign_that_is_done_ends_its_experiment_once(on_stage: Stage) -> None:
    ws = on_stage.ws
    campaign_id = launched(on_stage, control_basis_points=5_000)
    assert only(ws, "campaign", campaign_id).ended_at is None
    on_stage.run()
    assert api.one(ws, campaign_id=campaign_id).state is CampaignStanding.DONE
    ended = only(ws, "campaign", campaign_id).ended_at
    assert ended == ws.clock.now()
    forward(ws, days=1)
    on_stage.run()
    assert only(ws, "campaign", campaign_id).ended_at == ended
    assert len(audit.listing(ws.sql, action="engagement.experiment.end").rows) == 1


def test_e07_one_that_comes_again_stays_open_until_it_is_stopped(on_stage: Stage) -> None:
    ws = on_stage.ws
    campaign_id = launched(on_stage, schedule=Schedule(Rhythm.DAILY, minute=600), expires_hours=5, control_basis_points=2_000)
    for _ in range(2):
        forward(ws, days=1)
        on_stage.run()
        assert only(ws, "campaign", campaign_id).ended_at is None
    api.stop(ws, by=SYSTEM, campaign_id=campaign_id)
    assert only(ws, "campaign", campaign_id).ended_at == ws.clock.now()


def test_e08_after_the_end_everybody_is_counted_for_the_whole_window(on_stage: Stage) -> None:
    ws = on_stage.ws
    campaign_id = launched(on_stage, control_basis_points=5_000, window_days=7)
    on_stage.run()
    made = only(ws, "campaign", campaign_id)
    assert made.ended_at is not None
    control, treated = (next(one.members for one in proof.exposures(ws, experiment_id=made.id) if one.arm == arm) for arm in (0, 1))
    day = dt.timedelta(days=1)
    bought = [Sale(control[0], 10_000, made.ended_at + 2 * day)]
    bought += [Sale(treated[place], 10_000, made.ended_at + after * day) for place, after in ((0, 2), (1, 6), (2, 8))]
    put_sales(ws, bought)
    forward(ws, days=3)
    assert not effects.report(ws, experiment_id=made.id).is_matured
    forward(ws, days=6)
    found = effects.report(ws, experiment_id=made.id)
    assert found.is_matured
    assert found.experiment.ended_at == made.ended_at
    # The one of the eighth day is outside of the window, the end of the experiment cuts nothing off.
    assert buyers(found) == (1, 2)
    assert found.leaks == 0


def test_e07_a_journey_ends_its_experiment_when_it_is_stopped_and_not_before(workspace: Workspace) -> None:
    with going.carrier():
        journey = launch(workspace, line(on("Cart"), wait("1d"), SEND, holdout_basis_points=5_000))
        does(workspace, "Cart", "u1", "u2", "u3", "u4")
        beat(workspace)
        advance(workspace, days=2)
        journeys.pause(workspace, by=SYSTEM, journey_id=journey.id)
        assert only(workspace, "journey", journey.id).ended_at is None
        journeys.resume(workspace, by=SYSTEM, journey_id=journey.id)
        does(workspace, "Cart", "u5")
        beat(workspace)
        journeys.stop(workspace, by=SYSTEM, journey_id=journey.id)
    made = only(workspace, "journey", journey.id)
    assert made.ended_at == workspace.clock.now()
    met = [one.members for one in proof.exposures(workspace, experiment_id=made.id)]
    assert set().union(*met) == {number(workspace, f"u{place}") for place in range(1, 6)}


def test_a_draft_that_never_ran_has_nothing_to_end(workspace: Workspace) -> None:
    made = journeys.create(workspace, by=SYSTEM, name="草稿", draft=line(on("Cart"), SEND))
    journeys.stop(workspace, by=SYSTEM, journey_id=made.id)
    assert not proof.experiments_of(workspace, origin_kind="journey", origin_id=made.id)
