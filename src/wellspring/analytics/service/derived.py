"""Which rows answer a question: those of the newest day, or rows derived for the question itself."""

import datetime as dt
import threading
import weakref
from collections.abc import Hashable

from wellspring.activity import api as activity
from wellspring.analytics.facts import lifecycle, rfm, runs
from wellspring.analytics.facts.runs import Run
from wellspring.analytics.service.derive import LIFECYCLE, RFM, currency_of, zone_of
from wellspring.analytics.settings import AnalyticsSettings
from wellspring.kernel.workspace import Workspace

__all__ = ["LIFECYCLE", "RFM"]

_newest: "weakref.WeakKeyDictionary[Workspace, dict[str, tuple[int, Run | None]]]" = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def newest(ws: Workspace, kind: str) -> Run | None:
    """The newest derived day of a kind."""
    count = runs.changes(ws)
    with _lock:
        held = _newest.setdefault(ws, {}).get(kind)
    if held is not None and held[0] == count:
        return held[1]
    found = next(iter(runs.listing(ws, kind)[-1:]), None)
    with _lock:
        _newest[ws][kind] = (count, found)
    return found


def version(ws: Workspace, kind: str) -> Hashable:
    """Changes with every newer day; moves of merged members are in it."""
    run = newest(ws, kind)
    return (0 if run is None else run.run, activity.holder_version(ws))


def rfm_sql(ws: Workspace, at: dt.datetime | None) -> str:
    """Everybody's scores."""
    run = newest(ws, RFM) if at is None else None
    if run is not None:
        return rfm.stored_sql(ws, run.run)
    window_days = ws.settings.get(AnalyticsSettings).rfm_window_days
    return rfm.scored_sql(ws, at or ws.clock.now(), window_days=window_days, currency=currency_of(ws), zone=zone_of(ws).key)


def stages_sql(ws: Workspace, at: dt.datetime | None) -> str:
    """Every buyer's stage, cycle and next purchase."""
    run = newest(ws, LIFECYCLE) if at is None else None
    if run is not None:
        return lifecycle.stages_stored_sql(ws, run.run)
    moment, zone = at or ws.clock.now(), zone_of(ws).key
    rhythm = lifecycle.brand(ws, moment, zone=zone, assumed_days=ws.settings.get(AnalyticsSettings).assumed_cycle_days)
    return lifecycle.staged_sql(ws, moment, rhythm, zone=zone)


def due_sql(ws: Workspace, at: dt.datetime | None) -> str:
    """Every member's cycles of categories."""
    run = newest(ws, LIFECYCLE) if at is None else None
    if run is not None:
        cycles = {str(name): float(days) for name, days, _ in run.summary["categories"]}
        return lifecycle.due_sql(lifecycle.rhythms_stored_sql(ws, run.run), cycles)
    rhythms = lifecycle.category_rhythms_sql(ws, at or ws.clock.now(), zone=zone_of(ws).key)
    return lifecycle.due_sql(rhythms, {name: days for name, (days, _) in lifecycle.categories(ws, rhythms).items()})
