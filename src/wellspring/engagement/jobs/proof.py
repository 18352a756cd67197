"""The scheduled work of proof: the holdout is drawn anew when its time has come."""

import datetime as dt
from typing import Any

from wellspring.engagement.service import drawing, exposing
from wellspring.kernel import jobs
from wellspring.people import api as people

REFRESH = "engagement.refresh_holdout"


def register() -> None:
    """Names the handler."""
    people.register_eraser("engagement.proof", exposing.erase)
    jobs.register(REFRESH, _refresh, every=dt.timedelta(days=1))


def _refresh(running: jobs.Running) -> dict[str, Any]:
    return {"is_refreshed": drawing.refresh_due(running.workspace)}
