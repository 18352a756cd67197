"""Counts of wrong codes are dropped once a day; whose packages somebody has is part of a person's export."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from wellspring.acquisition.api import item_codes as api
from wellspring.kernel import jobs
from wellspring.kernel.jobs import Running
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

_EVERY = dt.timedelta(days=1)


def register() -> None:
    """Names the handler, and what packages add to a person's export."""
    people.register_person_part("packages", _of_person)
    jobs.register("acquisition.forget_guesses", _forget, every=_EVERY)


def _of_person(ws: Workspace, member_nos: Sequence[int]) -> list[dict[str, Any]]:
    return api.of_person(ws, member_nos=member_nos)


def _forget(running: Running) -> dict[str, Any]:
    return {"forgotten": api.forget_guesses(running.workspace)}
