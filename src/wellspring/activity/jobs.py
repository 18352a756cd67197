"""Activity's scheduled work: mending what a crash left between two tables, and forgetting old rejects."""

import datetime as dt
from typing import Any

from wellspring.activity import api
from wellspring.kernel import jobs
from wellspring.kernel.workspace import before_closing
from wellspring.people import api as people


def _tidy(running: jobs.Running) -> dict[str, Any]:
    return api.upkeep(running.workspace)


def _settle_sales(running: jobs.Running) -> dict[str, Any]:
    return {"made": api.settle_sales(running.workspace, told=lambda done, total: running.progress(done=done, total=total))}


def register() -> None:
    """Names the jobs, brings activity's part to every export and erasure of a person, and ends its writers at closing."""
    jobs.register(api.UPKEEP_JOB, _tidy, every=dt.timedelta(hours=6))
    jobs.register(api.SALES_JOB, _settle_sales, every=dt.timedelta(minutes=30))
    people.register_person_part("activity", api.everything_of)
    people.register_eraser("activity", api.erase)
    before_closing(api.stop)
