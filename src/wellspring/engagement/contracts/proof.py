"""Experiments: what was declared before anybody was exposed, who is in which arm, and what was decided for one planning."""

import dataclasses
import datetime as dt
import enum

from pyroaring import BitMap


class OriginKind(enum.StrEnum):
    """What an experiment is about; that of the workspace is its holdout, and its origin's id the number of the draw."""

    CAMPAIGN = "campaign"
    JOURNEY = "journey"
    WORKSPACE = "workspace"


class Outcome(enum.StrEnum):
    """What an experiment may be judged by; each is read of everybody assigned, whatever became of the message (E02)."""

    CONVERSION = "conversion"
    REVENUE = "revenue"
    MARGIN = "margin"
    UNSUBSCRIBED = "unsubscribed"
    DELETED = "deleted"


@dataclasses.dataclass(frozen=True, slots=True)
class Terms:
    """How the result will be judged: declared at the start and never changed while it runs.

    Orders count within `window_days` of the first exposure. Amounts of one member above `cap_minor` count as it (E10).
    `is_any_day` gives intervals that hold whenever somebody looks; without it one look counts, at the end.
    """

    primary: Outcome = Outcome.CONVERSION
    window_days: int = 14
    cap_minor: int | None = None
    is_any_day: bool = True
    alpha: float = 0.05


@dataclasses.dataclass(frozen=True, slots=True)
class Design:
    """Who is left alone, in hundredths of a per cent, and how the others fall into variants by whole-number weights.

    `refresh_days` belongs to the holdout of the workspace: after so long everybody is drawn anew (E09).
    """

    control_basis_points: int = 0
    weights: tuple[int, ...] = (1,)
    labels: tuple[str, ...] = ("",)
    terms: Terms = Terms()
    refresh_days: int | None = None

    def arm_weights(self) -> tuple[int, ...]:
        """What the split is held against (E05), the control first."""
        total = sum(self.weights)
        return (self.control_basis_points * total, *((10_000 - self.control_basis_points) * weight for weight in self.weights))


@dataclasses.dataclass(frozen=True, slots=True)
class Experiment:
    """One experiment. A change of its design ends it and starts the next revision (E07)."""

    id: str
    origin_kind: OriginKind
    origin_id: str
    revision: int
    name: str
    design: Design
    started_at: dt.datetime
    started_by: str
    ended_at: dt.datetime | None


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Exposure:
    """Members who met an experiment in one arm (the control 0) at one instant, each for the first time."""

    arm: int
    at: dt.datetime
    members: BitMap


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Split:
    """What was decided for a set of members: disjoint, and together all of them."""

    by_workspace: BitMap
    control: BitMap
    arms: tuple[BitMap, ...]

    @property
    def held(self) -> BitMap:
        """Everybody who is left alone."""
        return self.by_workspace | self.control
