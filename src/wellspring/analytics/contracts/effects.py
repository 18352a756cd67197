"""What an experiment's report says: every outcome by arm, the difference with its interval, and what stands in the way of believing it."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from wellspring.analytics.contracts.experiments import Balance, Effect, Incremental, Measure, Verdict
from wellspring.engagement.contracts.proof import Experiment, Outcome


@dataclasses.dataclass(frozen=True, slots=True)
class ArmFigures:
    """One arm and one outcome: what it measured, and beside the control (None for the control, or where nothing may be said).

    Shares are of members, amounts are minor units per member assigned, whatever became of the message.
    """

    arm: int
    measure: Measure | None
    difference: Effect | None
    lift: Effect | None
    verdict: Verdict
    incremental: Incremental | None


@dataclasses.dataclass(frozen=True, slots=True)
class OutcomeReport:
    """One outcome of all arms, the control first. `explained` is the share of variance that earlier purchases took out (CUPED)."""

    outcome: Outcome
    arms: Sequence[ArmFigures]
    winner: int | None
    explained: float


@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    """The primary outcome as it would have been read at the end of a day, each arm beside the control."""

    on: dt.date
    differences: Sequence[Effect | None]
    lifts: Sequence[Effect | None]


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """What an experiment has shown so far.

    `leaks` counts marketing that reached members of the control: 0, or something is broken. `crossed` members were merged from
    different arms and count in none. `cost_known_share` is the part of revenue whose cost is known; margins are of that part.
    """

    experiment: Experiment
    arms: Sequence[str]
    balance: Balance
    outcomes: Sequence[OutcomeReport]
    series: Sequence[Point]
    is_matured: bool
    matures_at: dt.datetime | None
    leaks: int
    crossed: int
    currency: str
    cost_known_share: float | None
    as_of: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """One row of the league: something that was tried, what it brought per member and in sum, and whether it is a finding."""

    name: str
    kind: str
    id: str
    experiment_id: str
    units: int
    controls: int
    is_blocked: bool
    per_unit_minor: Effect | None
    incremental_minor: int | None
    low_minor: int | None
    high_minor: int | None
    q: float | None
    is_found: bool


@dataclasses.dataclass(frozen=True, slots=True)
class League:
    """Everything tried within a span, findings first; blocked and unread ones last."""

    places: Sequence[Place]
    incremental_minor: int
    currency: str
    as_of: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class UnitCost:
    """What one piece of an article costs, in minor units of the workspace's currency."""

    sku: str
    cost_minor: int
