"""What is done now and then: what is made from the log is made whole, and rejects that nobody mended are forgotten."""

import datetime as dt

from wellspring.activity.facts import purchases, timeline
from wellspring.activity.repo import rejects
from wellspring.activity.service import sales
from wellspring.activity.service.turns import turn
from wellspring.kernel.workspace import Workspace

# Rejects may hold personal values: a season is enough to notice them.
_REJECTS_KEPT = dt.timedelta(days=90)


def run(ws: Workspace) -> dict[str, int]:
    """Mends, makes reads by member quick again, and forgets; gives how much."""
    with turn(ws):
        # Nobody writes orders meanwhile, so what is missing is missing for good.
        repaired = timeline.repair(ws) + purchases.repair(ws)
    compacted = timeline.compact(ws)
    reconciled = sales.reconcile(ws)
    with ws.sql.write() as tx:
        forgotten = rejects.forget(tx, before=ws.clock.now() - _REJECTS_KEPT)
    return {"repaired": repaired, "compacted": compacted, "reconciled": reconciled, "forgotten": forgotten}
