"""What articles cost: the newest word per article counts. Without it an article's margin is unknown, never guessed."""

from collections.abc import Iterator, Sequence

import orjson

from wellspring.analytics.contracts.effects import UnitCost
from wellspring.analytics.models import cost_log
from wellspring.kernel.stores.log import rows
from wellspring.kernel.workspace import Workspace


def put(ws: Workspace, costs: Sequence[UnitCost], version: int) -> None:
    """Later versions replace earlier ones."""
    lines = [orjson.dumps({"sku": one.sku, "cost_minor": one.cost_minor, "version": version}) for one in costs]
    ws.log.insert(cost_log.name, cost_log.column_names, [b"\n".join(lines)])


def listing(ws: Workspace, *, limit: int) -> Iterator[UnitCost]:
    for row in rows(ws.log, f"SELECT sku, cost_minor FROM {cost_log.name} FINAL ORDER BY sku LIMIT {limit}"):
        yield UnitCost(str(row["sku"]), int(row["cost_minor"]))


def costs_sql() -> str:
    """The newest cost per article, to be read FROM or joined."""
    return f"(SELECT sku, cost_minor FROM {cost_log.name} FINAL)"
