"""Activity's scheduled work: mending what a crash left between two tables, and forgetting old rejects."""

import datetime as dt
from typing import Any

from wellspring.activity import api
from wellspring.kernel import jobs
from wellspring.kernel.workspace import before_closing
from wellspring.people import api as people


def _tidy(running: jobs.Running) -> dict[str, Any]:
    return api.upkeep(running.workspace)


def register() -> None:
    """Names the jobs, brings activity's part to every export and erasure of a person, and ends its writers at closing."""
    jobs.register("activity.upkeep", _tidy, every=dt.timedelta(hours=6))
    people.register_person_part("activity", api.everything_of)
    people.register_eraser("activity", api.erase)
    before_closing(api.stop)
