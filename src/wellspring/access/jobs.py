"""Once an hour: ended sessions, spent links and forgotten attempts are removed, and the use of write keys is noted."""

import datetime as dt
from typing import Any

from wellspring.access import api
from wellspring.kernel import jobs

_EVERY = dt.timedelta(hours=1)


def register() -> None:
    """Makes the hourly job known."""
    jobs.register("access.clear", _clear, every=_EVERY)


def _clear(running: jobs.Running) -> dict[str, Any]:
    return {"rows": api.clear(running.workspace)}
