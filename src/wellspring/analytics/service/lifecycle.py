"""The lifecycle by week: how many members stood in each stage, and the rhythms behind it."""

from collections.abc import Mapping, Sequence

from wellspring.analytics.contracts import CategoryCycle, Lifecycle, LifecycleDay
from wellspring.analytics.facts import lifecycle, runs
from wellspring.analytics.facts.runs import Run
from wellspring.analytics.rules.lifecycle import STAGES
from wellspring.analytics.service import derive
from wellspring.kernel.auth import Principal
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

# A quarter by week and today.
_WEEKS_SHOWN = 26


def by_week(ws: Workspace, *, by: Principal) -> Lifecycle:
    """See `analytics.api.lifecycle`."""
    is_refreshing = derive.ask(ws)
    known = runs.listing(ws, derive.LIFECYCLE)
    if not known:
        return Lifecycle(None, None, is_refreshing, 0, (), 0, (), ())
    newest = known[-1]
    summary = newest.summary
    return Lifecycle(
        on=newest.on,
        derived_at=newest.at,
        is_refreshing=is_refreshing,
        cycle_days=float(summary["cycle_days"]),
        second_days=tuple(float(days) for days in summary["second_days"]),
        repeaters=int(summary["repeaters"]),
        weeks=tuple(LifecycleDay(run.on, _counts(ws, by, run, is_newest=run is newest)) for run in _weeks(known)),
        categories=tuple(CategoryCycle(str(name), float(days), int(buyers)) for name, days, buyers in summary["categories"]),
    )


def _weeks(known: Sequence[Run]) -> list[Run]:
    """Mondays, and today."""
    mondays = [run for run in known[:-1] if run.on.weekday() == 0]
    return [*mondays[-_WEEKS_SHOWN:], known[-1]]


def _counts(ws: Workspace, by: Principal, run: Run, *, is_newest: bool) -> Mapping[str, int | None]:
    if by.scope.unit_ids is None:
        return {choice.value: run.summary["stages"].get(choice.value) for choice in STAGES}
    own = people.served_by(ws, by.scope.unit_ids)
    stages = lifecycle.by_stage(ws, lifecycle.stages_stored_sql(ws, run.run))
    counts: dict[str, int | None] = {"new": None}
    if is_newest:
        counts["new"] = len((people.identified_members(ws) & own).difference(*stages.values()))
    return counts | {stage: len(numbers & own) for stage, numbers in stages.items()}
