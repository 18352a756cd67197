"""What audiences do by the clock: the tick, and the nightly reconciliation."""

import datetime as dt
from typing import Any

from wellspring.audiences.service import exporting, leaving, pushing, tagging, ticking
from wellspring.content import api as content
from wellspring.kernel import jobs, ticks
from wellspring.kernel.jobs import Running
from wellspring.kernel.workspace import before_closing
from wellspring.people import api as people
from wellspring.tags import api as tags


def _reconcile(running: Running) -> dict[str, Any]:
    return {"changed": ticking.tick(running.workspace, reconciles=True) if ticking.wants(running.workspace) else 0}


def _sweep(running: Running) -> dict[str, Any]:
    with running.workspace.sql.write() as tx:
        return {"queued": pushing.queue(running.workspace, tx)}


def register() -> None:
    """Makes the step and the job known, and what tags, content and people ask of audiences."""
    ticks.register("audiences", ticking.tick, wants=ticking.wants)
    jobs.register("audiences.reconcile", _reconcile, every=dt.timedelta(days=1))
    jobs.register(exporting.JOB, exporting.run)
    jobs.register(pushing.JOB, pushing.run)
    jobs.register(pushing.SWEEP_JOB, _sweep, every=dt.timedelta(days=1))
    before_closing(ticking.forget)
    tags.register_user(tagging.users_of_tag)
    tags.register_audience(tagging.name_of)
    tags.register_members(tagging.members_of)
    content.register_audiences(tagging.name_of, tagging.members_of)
    people.register_eraser("audiences", leaving.erase)
    people.register_person_part("audiences", leaving.of_person)
