"""Activity's scheduled work: mending what a crash left between two tables, and forgetting old rejects."""

import datetime as dt
from typing import Any

from wellspring.activity.service import upkeep
from wellspring.kernel import jobs


def _tidy(running: jobs.Running) -> dict[str, Any]:
    return upkeep.run(running.workspace)


def register() -> None:
    """Names the jobs."""
    jobs.register("activity.upkeep", _tidy, every=dt.timedelta(hours=6))
