"""Several related files as one import of orders: staged role by role, joined, with reviews told as events."""

from collections.abc import Iterator

from wellspring.imports.contracts import Taken
from wellspring.imports.facts import flat, orders, related, staging
from wellspring.imports.service import stage
from wellspring.imports.service.plans import Plan
from wellspring.imports.service.reject import Rejected
from wellspring.imports.service.stage import Progress
from wellspring.kernel import failpoints
from wellspring.kernel.workspace import Workspace

# The sums of the joined form that add up over lines; what an order was paid stands on every one of its lines.
MONEY = ("line_total",)


def flatten(ws: Workspace, plan: Plan, tables: orders.OrderTables, progress: Progress) -> None:
    """Stages every file under its role and joins them into the flat table."""
    related.clear(ws.log, tables)
    for role, file in plan.roles.items():
        given = plan.mapping.tables[role].fields
        fields = {name: given.get(name, Taken(constant="")) for name in related.FIELDS[role]}
        description = flat.text_table(
            related.table(tables, role), fields, related.TYPES.get(role, {}), file.detected.names, zone=plan.zone, currency=plan.currency
        )
        stage.load(ws, description, file, progress, thorough=True)
        failpoints.hit("imports.related.loaded")
    related.flatten(ws.log, tables, set(plan.roles), shop=plan.shop)


def rejected(ws: Workspace, plan: Plan, tables: orders.OrderTables) -> Iterator[Rejected]:
    """Rows of any file that could not be read or have no partner."""
    if plan.mapping.tables:
        for role, place, code, cells in related.rejected(ws.log, tables, set(plan.roles)):
            yield Rejected(place, code, cells, role=role)


def file_counts(ws: Workspace, plan: Plan, tables: orders.OrderTables) -> dict[str, int]:
    """Rows of every file, for the report."""
    return {f"{role}_rows": staging.count(ws.log, related.table(tables, role)) for role in plan.roles}
