"""The front door of read-outs: an experiment's report, the league of everything tried, and what articles cost."""

import datetime as dt
from collections.abc import Sequence

from wellspring.analytics.contracts.effects import League, Report, UnitCost
from wellspring.analytics.facts import costs as _costs
from wellspring.analytics.service import ranking as _ranking
from wellspring.analytics.service import reading as _reading
from wellspring.kernel.auth import Principal
from wellspring.kernel.clock import to_millis
from wellspring.kernel.errors import Invalid
from wellspring.kernel.workspace import Workspace

COSTS_MAX = 50_000
"""Articles in one call; a brand has some thousands."""


def report(ws: Workspace, *, experiment_id: str) -> Report:
    """What an experiment shows by now, by assignment: every outcome with its interval, or nothing where the split is off.

    Raises ExperimentUnknown.
    """
    return _reading.report(ws, experiment_id=experiment_id)


def league(ws: Workspace, *, by: Principal, of: _ranking.Of = "experiment", since: dt.datetime) -> League:
    """What campaigns and journeys that began since brought: each, or among each guide's or store's members in scope."""
    return _ranking.league(ws, by=by, of=of, since=since)


def put_costs(ws: Workspace, *, costs: Sequence[UnitCost]) -> int:
    """Says what articles cost; later words replace earlier ones. Raises Invalid for too many, an empty article or a negative cost."""
    if not 0 < len(costs) <= COSTS_MAX:
        raise Invalid(field="costs", reason=f"1 to {COSTS_MAX}")
    if any(not one.sku or one.cost_minor < 0 for one in costs):
        raise Invalid(field="costs", reason="an article has a name and a cost of 0 or more")
    _costs.put(ws, costs, to_millis(ws.clock.now()))
    return len(costs)


def costs(ws: Workspace, *, limit: int = 1_000) -> list[UnitCost]:
    """What is known of articles' costs, by article."""
    return list(_costs.listing(ws, limit=min(max(limit, 1), COSTS_MAX)))
