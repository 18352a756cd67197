"""What is done now and then: what is made from the log is made whole, and rejects that nobody mended are forgotten."""

import datetime as dt

from wellspring.activity.facts import timeline
from wellspring.activity.repo import rejects
from wellspring.activity.service import sales
from wellspring.kernel.workspace import Workspace

# Rejects may hold personal values: a season is enough to notice them.
_REJECTS_KEPT = dt.timedelta(days=90)


def run(ws: Workspace) -> dict[str, int]:
    """Mends, makes reads by member quick again, and forgets; gives how much."""
    repaired, compacted = timeline.repair(ws), timeline.compact(ws)
    reconciled = sales.reconcile(ws)
    with ws.sql.write() as tx:
        forgotten = rejects.forget(tx, before=ws.clock.now() - _REJECTS_KEPT)
    return {"repaired": repaired, "compacted": compacted, "reconciled": reconciled, "forgotten": forgotten}
