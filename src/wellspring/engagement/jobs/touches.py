"""What touches do by themselves: the pump that dispatches, the upkeep of counters, and forgetting who was erased."""

import datetime as dt

from wellspring.channels.api import sends
from wellspring.engagement.service import carrying, channelling, dispatching, forgetting, launching, noting, turns
from wellspring.kernel import jobs, pumps
from wellspring.kernel.jobs import Running
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people


def register() -> None:
    """Makes the pump and the jobs known; messages go through channels unless something else was put in their place."""
    if not carrying.is_set():
        carrying.use(channelling.ChannelsCarrier())
    pumps.register(turns.PUMP, _step)
    pumps.register(turns.NOTING, noting.step)
    sends.register_namer(noting.origins)
    jobs.register("engagement.forget_counts", _forget_counts, every=dt.timedelta(days=1))
    people.register_eraser("engagement.touches", forgetting.erase)
    people.register_leaver("ads", forgetting.leave_ads)
    people.register_person_part("engagement.touches", forgetting.of_person)


def _step(ws: Workspace) -> int:
    return launching.step(ws) + dispatching.step(ws)


def _forget_counts(running: Running) -> dict[str, int]:
    return {"sets": forgetting.forget_counts(running.workspace)}
