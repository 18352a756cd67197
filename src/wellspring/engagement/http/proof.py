"""The addresses of proof: experiments, and the holdout of the workspace."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Literal

import fastapi
import pydantic

from wellspring.engagement.api import proof as api
from wellspring.engagement.contracts import Permission
from wellspring.engagement.contracts.proof import Experiment, OriginKind, Outcome, Terms
from wellspring.kernel.clock import iso
from wellspring.kernel.pages import PAGE_MAX
from wellspring.kernel.web import Call, In, Out, allow
from wellspring.people import api as people

router = fastapi.APIRouter(prefix="/api")

Limit = Annotated[int | None, fastapi.Query(ge=1, le=PAGE_MAX)]
Cursor = Annotated[str | None, fastapi.Query(max_length=400)]


class TermsOut(Out):
    """How the result is judged, as declared before the first exposure."""

    primary: Outcome
    window_days: int
    cap_minor: int | None
    is_any_day: bool
    alpha: float


class ExperimentArmOut(Out):
    """One arm, the control first: its label, its planned share of members, and how many were exposed."""

    label: str
    share: float
    units: int


class ExperimentOut(Out):
    """An experiment of a campaign or a journey, or the holdout of the workspace."""

    id: str
    origin_kind: OriginKind
    origin_id: str
    revision: int
    name: str
    control_basis_points: int
    terms: TermsOut
    arms: list[ExperimentArmOut]
    refresh_days: int | None
    started_at: str
    ended_at: str | None


class ExperimentListOut(Out):
    """A page of experiments."""

    rows: list[ExperimentOut]
    next_cursor: str | None
    total: int | None


class HoldoutOut(Out):
    """The workspace's holdout; null where there is none."""

    experiment: ExperimentOut | None
    drawn_at: str | None
    refresh_at: str | None


class ControlOut(Out):
    """An experiment that leaves a member alone, and since when."""

    experiment_id: str
    name: str
    origin_kind: OriginKind
    origin_id: str
    at: str
    ended_at: str | None


class ControlsOut(Out):
    """What a member is left out of, the latest first."""

    rows: list[ControlOut]


class HoldoutIn(In):
    """How many members rest from all marketing, and how that is judged."""

    share_basis_points: int = pydantic.Field(ge=1, le=5_000)
    refresh_days: int | None = pydantic.Field(default=None, ge=30, le=1_825)
    window_days: int = pydantic.Field(default=30, ge=1, le=365)
    cap_minor: int | None = pydantic.Field(default=None, ge=1, le=10**12)


@router.get("/experiments")
def list_experiments(
    call: Annotated[Call, allow(Permission.PROOF_READ)],
    kind: OriginKind | None = None,
    origin_id: Annotated[str | None, fastapi.Query(max_length=40, description="the campaign or journey whose they are")] = None,
    state: Literal["running", "ended"] | None = None,
    limit: Limit = None,
    cursor: Cursor = None,
) -> ExperimentListOut:
    """Experiments, the newest first."""
    is_running = None if state is None else state == "running"
    page = api.experiments(call.ws, kind=kind, origin_id=origin_id, is_running=is_running, cursor=cursor, limit=limit)
    return ExperimentListOut(rows=_shown(call, page.rows), next_cursor=page.next_cursor, total=page.total)


@router.get("/experiments/{experiment_id}")
def read_experiment(call: Annotated[Call, allow(Permission.PROOF_READ)], experiment_id: str) -> ExperimentOut:
    """One experiment."""
    return _shown(call, [api.experiment(call.ws, experiment_id=experiment_id)])[0]


@router.post("/experiments/{experiment_id}/end")
def end_experiment(call: Annotated[Call, allow(Permission.PROOF_WRITE)], experiment_id: str) -> ExperimentOut:
    """Ends an experiment: whom it held out may be touched from now on. Its report stays."""
    return _shown(call, [api.end(call.ws, by=call.by, experiment_id=experiment_id)])[0]


@router.get("/members/{member_id}/controls")
def list_member_controls(call: Annotated[Call, allow(Permission.TOUCH_READ)], member_id: str) -> ControlsOut:
    """The experiments that leave a member alone: touches that are not made, so that others can be compared with somebody."""
    number = people.member_no(call.ws, by=call.by, member_id=member_id)
    return ControlsOut(
        rows=[
            ControlOut(
                experiment_id=one.id,
                name=one.name,
                origin_kind=one.origin_kind,
                origin_id=one.origin_id,
                at=iso(at),
                ended_at=None if one.ended_at is None else iso(one.ended_at),
            )
            for one, at in api.controls_of(call.ws, member_no=number)
        ]
    )


@router.get("/holdout")
def read_holdout(call: Annotated[Call, allow(Permission.PROOF_READ)]) -> HoldoutOut:
    """The holdout of the workspace."""
    return _holdout(call)


@router.put("/holdout")
def put_holdout(call: Annotated[Call, allow(Permission.PROOF_WRITE)], body: HoldoutIn) -> HoldoutOut:
    """Sets it for whoever is met from now on; who rests already goes on resting until the next draw."""
    terms = Terms(primary=Outcome.REVENUE, window_days=body.window_days, cap_minor=body.cap_minor)
    api.set_holdout(call.ws, by=call.by, share_basis_points=body.share_basis_points, refresh_days=body.refresh_days, terms=terms)
    return _holdout(call)


@router.post("/holdout/refresh")
def refresh_holdout(call: Annotated[Call, allow(Permission.PROOF_WRITE)]) -> HoldoutOut:
    """Draws everybody anew."""
    api.refresh_holdout(call.ws, by=call.by)
    return _holdout(call)


@router.delete("/holdout")
def stop_holdout(call: Annotated[Call, allow(Permission.PROOF_WRITE)]) -> HoldoutOut:
    """Nobody rests any more; the figures stay."""
    api.stop_holdout(call.ws, by=call.by)
    return _holdout(call)


def _holdout(call: Call) -> HoldoutOut:
    running = api.holdout(call.ws)
    if running is None:
        return HoldoutOut(experiment=None, drawn_at=None, refresh_at=None)
    drawn_at = api.experiments_of(call.ws, origin_kind=OriginKind.WORKSPACE, origin_id=running.origin_id)[0].started_at
    days = running.design.refresh_days
    refresh_at = None if days is None else iso(drawn_at + dt.timedelta(days=days))
    return HoldoutOut(experiment=_shown(call, [running])[0], drawn_at=iso(drawn_at), refresh_at=refresh_at)


def _shown(call: Call, found: Sequence[Experiment]) -> list[ExperimentOut]:
    units = api.units(call.ws, experiment_ids=[one.id for one in found])
    return [_one(one, units) for one in found]


def _one(one: Experiment, units: dict[tuple[str, int], int]) -> ExperimentOut:
    design, weights = one.design, one.design.arm_weights()
    arms = [
        ExperimentArmOut(label=label, share=weight / sum(weights), units=units.get((one.id, arm), 0))
        for arm, (label, weight) in enumerate(zip(("", *design.labels), weights, strict=True))
    ]
    return ExperimentOut(
        id=one.id,
        origin_kind=one.origin_kind,
        origin_id=one.origin_id,
        revision=one.revision,
        name=one.name,
        control_basis_points=design.control_basis_points,
        terms=TermsOut.model_validate(design.terms),
        arms=arms,
        refresh_days=design.refresh_days,
        started_at=iso(one.started_at),
        ended_at=None if one.ended_at is None else iso(one.ended_at),
    )
