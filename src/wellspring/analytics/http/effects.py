"""GET /api/experiments/{id}/report, /api/effects and /api/costs: what was tried, what it did, and how sure that is."""

import datetime as dt
from typing import Annotated, Literal

import fastapi
import pydantic

from wellspring.analytics.api import effects as api
from wellspring.analytics.contracts.effects import Place, Report, UnitCost
from wellspring.analytics.contracts.experiments import Effect, Verdict
from wellspring.engagement.contracts import Permission
from wellspring.engagement.contracts.proof import Outcome
from wellspring.kernel.clock import iso
from wellspring.kernel.web import Call, In, Out, Part, allow

router = fastapi.APIRouter(prefix="/api", tags=["analytics"])

DAYS_MAX = 730


class IntervalOut(Out):
    """An estimate with the ends of its interval, and p against "no effect"."""

    value: float
    low: float
    high: float
    p: float


class ArmFiguresOut(Out):
    """One arm of one outcome; null where there is nothing to compare, or nothing may be shown."""

    arm: int
    mean: float | None
    difference: IntervalOut | None
    lift: IntervalOut | None
    verdict: Verdict
    incremental_minor: int | None
    incremental_low_minor: int | None
    incremental_high_minor: int | None


class OutcomeOut(Out):
    """One outcome of every arm, the control first; `explained` is the share of variance that earlier purchases took out."""

    outcome: Outcome
    arms: list[ArmFiguresOut]
    winner: int | None
    explained: float


class ReportPointOut(Out):
    """The primary outcome by the end of a day, each arm beside the control."""

    on: dt.date
    differences: list[IntervalOut | None]
    lifts: list[IntervalOut | None]


class ReportArmOut(Out):
    """Members assigned to an arm, and how many the plan had expected there."""

    label: str
    units: int
    expected: float


class ReportOut(Out):
    """An experiment's report, by assignment."""

    experiment_id: str
    arms: list[ReportArmOut]
    balance_p: float
    is_blocked: bool
    outcomes: list[OutcomeOut]
    series: list[ReportPointOut]
    is_matured: bool
    matures_at: str | None
    leaks: int
    crossed: int
    currency: str
    cost_known_share: float | None
    as_of: str


class TriedOut(Out):
    """Something that was tried, or a guide or store whose members it was tried on."""

    name: str
    kind: str
    id: str
    experiment_id: str
    units: int
    controls: int
    is_blocked: bool
    per_unit_minor: IntervalOut | None
    incremental_minor: int | None
    low_minor: int | None
    high_minor: int | None
    q: float | None
    is_found: bool


class LeagueOut(Out):
    """Findings first, then what is near one, then what cannot be read."""

    rows: list[TriedOut]
    incremental_minor: int
    currency: str
    as_of: str


class CostIn(Part):
    """What one piece of an article costs."""

    sku: str = pydantic.Field(min_length=1, max_length=120)
    cost_minor: int = pydantic.Field(ge=0, le=10**12)


class CostsIn(In):
    """Costs by article; articles that are not named keep theirs."""

    costs: list[CostIn] = pydantic.Field(min_length=1, max_length=10_000)


class CostOut(Out):
    """What one piece of an article costs."""

    sku: str
    cost_minor: int


class CostsOut(Out):
    """The costs that are known, by article."""

    rows: list[CostOut]


@router.get("/experiments/{experiment_id}/report")
def read_report(call: Annotated[Call, allow(Permission.PROOF_READ)], experiment_id: str) -> ReportOut:
    """What the experiment shows by now: everybody assigned counts, whatever became of the message."""
    return _report(api.report(call.ws, experiment_id=experiment_id))


@router.get("/effects")
def read_effects(
    call: Annotated[Call, allow(Permission.PROOF_READ)],
    of: Literal["experiment", "guide", "store"] = "experiment",
    days: Annotated[int, fastapi.Query(ge=1, le=DAYS_MAX)] = 90,
) -> LeagueOut:
    """The league of what began in the last so many days: incremental revenue by experiment, or by guide or store in scope."""
    found = api.league(call.ws, by=call.by, of=of, since=call.ws.clock.now() - dt.timedelta(days=days))
    rows = [_place(one) for one in found.places]
    return LeagueOut(rows=rows, incremental_minor=found.incremental_minor, currency=found.currency, as_of=iso(found.as_of))


@router.get("/costs")
def list_costs(call: Annotated[Call, allow(Permission.PROOF_READ)]) -> CostsOut:
    """What is known of articles' costs, the first thousand."""
    return CostsOut(rows=[CostOut.model_validate(one) for one in api.costs(call.ws)])


@router.put("/costs")
def put_costs(call: Annotated[Call, allow(Permission.PROOF_WRITE)], body: CostsIn) -> CostsOut:
    """Says what articles cost, so that reports can tell margins."""
    api.put_costs(call.ws, costs=[UnitCost(one.sku, one.cost_minor) for one in body.costs])
    return CostsOut(rows=[CostOut.model_validate(one) for one in api.costs(call.ws)])


def _report(found: Report) -> ReportOut:
    balance = found.balance
    return ReportOut(
        experiment_id=found.experiment.id,
        arms=[
            ReportArmOut(label=label, units=units, expected=expected)
            for label, units, expected in zip(found.arms, balance.counts, balance.expected, strict=True)
        ],
        balance_p=balance.p,
        is_blocked=balance.is_blocked,
        outcomes=[
            OutcomeOut(
                outcome=one.outcome,
                winner=one.winner,
                explained=one.explained,
                arms=[
                    ArmFiguresOut(
                        arm=arm.arm,
                        mean=arm.measure and arm.measure.mean,
                        difference=_effect(arm.difference),
                        lift=_effect(arm.lift),
                        verdict=arm.verdict,
                        incremental_minor=arm.incremental and arm.incremental.total_minor,
                        incremental_low_minor=arm.incremental and arm.incremental.low_minor,
                        incremental_high_minor=arm.incremental and arm.incremental.high_minor,
                    )
                    for arm in one.arms
                ],
            )
            for one in found.outcomes
        ],
        series=[
            ReportPointOut(on=one.on, differences=[_effect(each) for each in one.differences], lifts=[_effect(each) for each in one.lifts])
            for one in found.series
        ],
        is_matured=found.is_matured,
        matures_at=None if found.matures_at is None else iso(found.matures_at),
        leaks=found.leaks,
        crossed=found.crossed,
        currency=found.currency,
        cost_known_share=found.cost_known_share,
        as_of=iso(found.as_of),
    )


def _effect(found: Effect | None) -> IntervalOut | None:
    return None if found is None else IntervalOut.model_validate(found)


def _place(one: Place) -> TriedOut:
    named = {name: getattr(one, name) for name in TriedOut.model_fields if name != "per_unit_minor"}
    return TriedOut(**named, per_unit_minor=_effect(one.per_unit_minor))
