"""What is done now and then: the timeline is made whole after a crash, and rejects that nobody mended are forgotten."""

import datetime as dt

from wellspring.activity.facts import timeline
from wellspring.activity.repo import rejects
from wellspring.kernel.workspace import Workspace

# Rejects may hold personal values: a season is enough to notice them.
_REJECTS_KEPT = dt.timedelta(days=90)


def run(ws: Workspace) -> dict[str, int]:
    """Mends, makes reads by member quick again, and forgets; gives how much."""
    repaired, compacted = timeline.repair(ws), timeline.compact(ws)
    with ws.sql.write() as tx:
        forgotten = rejects.forget(tx, before=ws.clock.now() - _REJECTS_KEPT)
    return {"repaired": repaired, "compacted": compacted, "forgotten": forgotten}
