"""Tags that expire, each at its own instant; once a day the next of them is made sure of."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from wellspring.kernel import jobs
from wellspring.kernel.clock import iso
from wellspring.kernel.jobs import Running
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.tags import api
from wellspring.tags.service import due

# Whatever became of the queued job (somebody cancelled it), nothing expires later than this.
_SWEEP_EVERY = dt.timedelta(days=1)


def register() -> None:
    """Names the handlers, and what tags adds to a person's export."""
    people.register_person_part("tags", _of_person)
    jobs.register(due.JOB, _expire)
    jobs.register("tags.sweep", _expire, every=_SWEEP_EVERY)


def _of_person(ws: Workspace, member_nos: Sequence[int]) -> list[dict[str, Any]]:
    told = {change.id: change for number in member_nos for change in api.history(ws, member_no=number)}
    return [
        {
            "tag": f"{one.group}/{one.name}",
            "verb": str(one.verb),
            "cause": str(one.cause),
            "at": iso(one.at),
            "recorded_at": iso(one.recorded_at),
            "expires_at": iso(one.expires_at) if one.expires_at else None,
            "source": one.source,
            "reason": one.reason,
        }
        for _, one in sorted(told.items())
    ]


def _expire(running: Running) -> dict[str, Any]:
    return {"expired": api.expire(running.workspace)}
