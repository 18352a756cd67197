"""What journeys do by the clock: the tick, and a pump for what nodes owe to the outside."""

import datetime as dt

from wellspring.engagement.repo import effects
from wellspring.engagement.service import acting, folding, journey_ticking, parting
from wellspring.kernel import jobs, pumps, ticks
from wellspring.kernel.jobs import Running
from wellspring.kernel.workspace import before_closing
from wellspring.people import api as people


def register() -> None:
    """Makes the step and the pump known, and what people ask of journeys."""
    ticks.register("engagement.journeys", journey_ticking.tick, wants=journey_ticking.wants)
    pumps.register(effects.PUMP, acting.step)
    jobs.register("engagement.fold_moves", _fold, every=dt.timedelta(hours=1))
    before_closing(journey_ticking.forget)
    people.register_eraser("engagement.journeys", parting.erase)
    people.register_person_part("engagement.journeys", parting.of_person)


def _fold(running: Running) -> dict[str, int]:
    return {"blocks": folding.fold(running.workspace)}
