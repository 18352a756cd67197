"""The scheduled work of analytics: deriving the day."""

import datetime as dt
from typing import Any

from wellspring.analytics import api
from wellspring.analytics.service import derive
from wellspring.kernel import jobs
from wellspring.people import api as people


def register() -> None:
    """Names the handlers, and what happens to derived rows of a person who leaves."""
    jobs.register(derive.JOB, _derive, every=dt.timedelta(days=1))
    people.register_eraser("analytics", api.erase)


def _derive(running: jobs.Running) -> dict[str, Any]:
    return api.derive(running.workspace, lambda done, total: running.progress(done=done, total=total))
