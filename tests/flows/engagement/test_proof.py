"""Who is left alone, who is exposed to what, and what a change of plan does to them."""

import dataclasses
import datetime as dt

import pytest
from pyroaring import BitMap

from wellspring.engagement.api import proof
from wellspring.engagement.contracts.proof import Design, Experiment, OriginKind, Split, Terms
from wellspring.engagement.errors.proof import DesignRefused, ExperimentUnknown, HoldoutMissing
from wellspring.engagement.repo import proof as repo
from wellspring.engagement.service import drawing, exposing, holding
from wellspring.kernel import buckets, sets
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Workspace
from wellspring.people.service import registry

EVERYBODY = BitMap(range(1, 10_001))
TENTH = Design(control_basis_points=1_000)


def declare(ws: Workspace, design: Design = TENTH, origin: str = "cam_1", kind: str = "campaign") -> Experiment:
    with ws.sql.write() as tx:
        return exposing.declare(ws, tx, origin_kind=kind, origin_id=origin, name="春季群发", design=design, by=SYSTEM, at=ws.clock.now())


def decide(ws: Workspace, members: BitMap = EVERYBODY, origin: str = "cam_1", kind: str = "campaign") -> Split:
    with ws.sql.write() as tx:
        return exposing.decide(ws, tx, origin_kind=kind, origin_id=origin, members=members, at=ws.clock.now())


def exposed(ws: Workspace, experiment: Experiment) -> list[BitMap]:
    with ws.sql.read() as tx:
        return exposing.arms_of(tx, experiment.id, arms=1 + len(experiment.design.weights))


def hold_workspace(ws: Workspace, share: int = 500, refresh_days: int | None = None) -> Experiment:
    return proof.set_holdout(ws, by=SYSTEM, share_basis_points=share, refresh_days=refresh_days, terms=Terms())


class TestDecide:
    def test_e01_by_the_published_hash_and_without_any_state(self, workspace: Workspace) -> None:
        declare(workspace)
        before = proof.held_out(workspace, origin_kind="campaign", origin_id="cam_1", members=EVERYBODY)
        by_hand = BitMap(number for number in EVERYBODY if buckets.bucket(f"{workspace.slug}:campaign:cam_1:control", str(number)) < 1_000)
        assert before == by_hand
        assert decide(workspace).control == by_hand
        assert 0.085 < len(by_hand) / len(EVERYBODY) < 0.115

    def test_e02_everybody_is_in_one_part_and_the_same_one_again(self, workspace: Workspace) -> None:
        declare(workspace, Design(1_000, (1, 2), ("A", "B")))
        first = decide(workspace)
        assert first.control | first.arms[0] | first.arms[1] == EVERYBODY
        assert sum(map(len, (first.control, *first.arms))) == len(EVERYBODY)
        again = decide(workspace, BitMap(range(5_000, 12_000)))
        assert again.control & EVERYBODY == first.control & BitMap(range(5_000, 12_000))
        assert again.arms[1] & EVERYBODY == first.arms[1] & BitMap(range(5_000, 12_000))

    def test_e03_who_rests_from_everything_is_no_ones_control(self, workspace: Workspace) -> None:
        draw, own = hold_workspace(workspace), declare(workspace)
        found = decide(workspace)
        assert found.by_workspace
        assert not found.by_workspace & (found.control | found.arms[0])
        assert found.held == found.by_workspace | found.control
        assert exposed(workspace, draw) == [found.by_workspace, EVERYBODY - found.by_workspace]
        assert exposed(workspace, own) == [found.control, found.arms[0]]
        other = decide(workspace, origin="jou_1", kind="journey")
        assert other.by_workspace == found.by_workspace
        assert not other.control

    def test_e04_control_and_treatment_are_noted_at_one_instant(self, workspace: Workspace, clock: VirtualClock) -> None:
        own = declare(workspace)
        for part in (BitMap(range(1, 2_001)), BitMap(range(1_001, 4_001))):
            decide(workspace, part)
            clock.move_to(clock.now() + dt.timedelta(hours=1))
        seen = proof.exposures(workspace, experiment_id=own.id)
        assert [(one.arm, len(one.members) > 0) for one in seen] == [(0, True), (1, True)] * 2
        assert [seen[0].at, seen[2].at] == [seen[1].at, seen[3].at]
        assert seen[2].at - seen[0].at == dt.timedelta(hours=1)
        # Who came again was exposed the first time.
        assert BitMap.union(*(one.members for one in seen[2:])) == BitMap(range(2_001, 4_001))

    def test_i32_nobody_is_exposed_twice(self, workspace: Workspace) -> None:
        own = declare(workspace)
        decide(workspace)
        decide(workspace)
        with workspace.sql.write() as tx:
            assert not exposing.expose(workspace, tx, experiment_id=own.id, arm=1, members=EVERYBODY, at=workspace.clock.now())
            fresh = exposing.expose(workspace, tx, experiment_id=own.id, arm=1, members=BitMap([20_000]), at=workspace.clock.now())
        assert fresh == BitMap([20_000])
        assert sum(map(len, exposed(workspace, own))) == len(EVERYBODY) + 1
        assert sum(proof.units(workspace, experiment_ids=[own.id]).values()) == len(EVERYBODY) + 1

    def test_without_an_experiment_everybody_goes(self, workspace: Workspace) -> None:
        assert decide(workspace).arms == (EVERYBODY,)
        assert not decide(workspace).held

    def test_holdouts_of_two_origins_are_independent(self, workspace: Workspace) -> None:
        declare(workspace)
        declare(workspace, origin="cam_2")
        both = decide(workspace).control & decide(workspace, origin="cam_2").control
        assert 60 < len(both) < 140


class TestChanges:
    def test_e07_the_same_design_is_no_change_and_another_is_another_experiment(self, workspace: Workspace) -> None:
        first = declare(workspace)
        assert declare(workspace).id == first.id
        second = declare(workspace, dataclasses.replace(TENTH, control_basis_points=2_000))
        assert (second.revision, second.id != first.id) == (2, True)
        ended = proof.experiment(workspace, experiment_id=first.id).ended_at
        assert ended == workspace.clock.now()
        assert [one.id for one in proof.experiments_of(workspace, origin_kind="campaign", origin_id="cam_1")] == [first.id, second.id]

    @pytest.mark.parametrize("share", [500, 2_000])
    def test_e07_another_share_reassigns_nobody_who_was_met(self, workspace: Workspace, share: int) -> None:
        declare(workspace)
        before = decide(workspace)
        second = declare(workspace, dataclasses.replace(TENTH, control_basis_points=share))
        after = decide(workspace, EVERYBODY | BitMap(range(10_001, 20_001)))
        assert after.control & EVERYBODY == before.control
        new = after.control - EVERYBODY
        assert share / 10_000 * 0.85 < len(new) / 10_000 < share / 10_000 * 1.15
        # Only newcomers tell of the new design.
        assert exposed(workspace, second)[0] == new

    def test_an_ended_experiment_holds_nobody(self, workspace: Workspace) -> None:
        own = declare(workspace)
        decide(workspace)
        proof.end(workspace, by=SYSTEM, experiment_id=own.id)
        assert not decide(workspace).held
        with pytest.raises(ExperimentUnknown):
            proof.experiment(workspace, experiment_id="exp_none")

    @pytest.mark.parametrize(
        "design",
        [
            Design(control_basis_points=5_001),
            Design(weights=(), labels=()),
            Design(weights=(1, 0), labels=("A", "B")),
            Design(weights=(1, 1), labels=("A",)),
            Design(terms=Terms(window_days=0)),
            Design(terms=Terms(cap_minor=0)),
            Design(terms=Terms(alpha=1.0)),
            Design(refresh_days=5),
        ],
    )
    def test_a_design_that_cannot_be_read_is_refused(self, workspace: Workspace, design: Design) -> None:
        with pytest.raises(DesignRefused):
            declare(workspace, design)


class TestDraws:
    def test_e09_a_refresh_draws_everybody_anew_and_keeps_the_earlier_figures(self, workspace: Workspace) -> None:
        first = hold_workspace(workspace)
        before = decide(workspace).by_workspace
        second = proof.refresh_holdout(workspace, by=SYSTEM)
        after = decide(workspace).by_workspace
        assert (second.origin_id, first.origin_id) == ("2", "1")
        assert len(before & after) < len(before) / 5
        assert exposed(workspace, first)[0] == before
        assert exposed(workspace, second)[0] == after

    def test_e09_by_schedule(self, workspace: Workspace, clock: VirtualClock) -> None:
        assert not drawing.refresh_due(workspace)
        hold_workspace(workspace, refresh_days=30)
        clock.move_to(clock.now() + dt.timedelta(days=29))
        # A change of the share is no new draw, and its clock goes on.
        hold_workspace(workspace, share=600, refresh_days=30)
        assert not drawing.refresh_due(workspace)
        clock.move_to(clock.now() + dt.timedelta(days=1))
        assert drawing.refresh_due(workspace)
        assert not drawing.refresh_due(workspace)
        running = proof.holdout(workspace)
        assert running is not None
        assert (running.origin_id, running.design.control_basis_points) == ("2", 600)

    def test_stopping(self, workspace: Workspace) -> None:
        with pytest.raises(HoldoutMissing):
            proof.refresh_holdout(workspace, by=SYSTEM)
        hold_workspace(workspace)
        proof.stop_holdout(workspace, by=SYSTEM)
        proof.stop_holdout(workspace, by=SYSTEM)
        assert proof.holdout(workspace) is None
        assert hold_workspace(workspace).origin_id == "2"
        with workspace.sql.read() as tx:
            assert holding.held_by_workspace(workspace, tx, EVERYBODY)
        assert [one.origin_kind for one in proof.experiments(workspace, kind="workspace").rows] == [OriginKind.WORKSPACE] * 2
        assert proof.experiments(workspace, is_running=True).total == 1


class TestErasure:
    def test_p04_s15_the_erased_are_in_no_exposure_and_in_no_draw(self, workspace: Workspace) -> None:
        declared, other = declare(workspace, Design(5_000)), declare(workspace, origin="cam_2")
        split = decide(workspace)
        decide(workspace, BitMap(range(1, 11)), origin="cam_2")
        gone = BitMap([split.control[0], split.arms[0][0]])
        assert exposing.erase(workspace, list(gone)) >= 2
        assert exposing.erase(workspace, list(gone)) == 0
        control, treated = exposed(workspace, declared)
        assert (control, treated) == (split.control - gone, split.arms[0] - gone)
        assert not any(arm & gone for arm in exposed(workspace, other))
        with workspace.sql.read() as tx:
            assert repo.counts(tx, [declared.id]) == {(declared.id, 0): len(control), (declared.id, 1): len(treated)}
            known = sets.read_several(tx, holding.set_names(declared))
        assert BitMap().union(*known.values()) == EVERYBODY - gone

    def test_p04_an_erasure_asks_proof_too(self) -> None:
        assert registry.erasers()["engagement.proof"] is exposing.erase
