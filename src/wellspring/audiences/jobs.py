"""What audiences do by the clock: the tick, and the nightly reconciliation."""

import datetime as dt
from typing import Any

from wellspring.audiences.service import ticking
from wellspring.kernel import jobs, ticks
from wellspring.kernel.jobs import Running
from wellspring.kernel.workspace import before_closing


def _reconcile(running: Running) -> dict[str, Any]:
    return {"changed": ticking.tick(running.workspace, reconciles=True) if ticking.wants(running.workspace) else 0}


def register() -> None:
    """Makes the step and the job known."""
    ticks.register("audiences", ticking.tick, wants=ticking.wants)
    jobs.register("audiences.reconcile", _reconcile, every=dt.timedelta(days=1))
    before_closing(ticking.forget)
