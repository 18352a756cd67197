"""Tags that expire, each at its own instant; once a day the next of them is made sure of."""

import datetime as dt
from typing import Any

from wellspring.kernel import jobs
from wellspring.kernel.jobs import Running
from wellspring.tags import api
from wellspring.tags.service import due

# Whatever became of the queued job (somebody cancelled it), nothing expires later than this.
_SWEEP_EVERY = dt.timedelta(days=1)


def register() -> None:
    """Names the handlers."""
    jobs.register(due.JOB, _expire)
    jobs.register("tags.sweep", _expire, every=_SWEEP_EVERY)


def _expire(running: Running) -> dict[str, Any]:
    return {"expired": api.expire(running.workspace)}
