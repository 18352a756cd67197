"""Deriving a day: RFM and lifecycle of everybody, kept so that movement between days can be shown.

The first time there is anything to derive, the last Mondays are derived too, with everything known today, so that a
brand that imports its history sees where its members came from.
"""

import datetime as dt
import threading
import weakref
import zoneinfo
from collections.abc import Callable

from wellspring.analytics import facts, rules
from wellspring.analytics.facts import lifecycle, rfm, runs
from wellspring.analytics.facts.runs import Run
from wellspring.analytics.settings import AnalyticsSettings
from wellspring.kernel import jobs
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

JOB = "analytics.derive"
# Told how many days are done, of how many.
Report = Callable[[int, int], None]
RFM, LIFECYCLE = "rfm", "lifecycle"
# The weeks that are derived after the fact when a brand is new here.
_MONDAYS_BACK = 12
# Every day of two months, then Mondays of two years.
_DAYS_KEPT, _MONDAYS_KEPT_DAYS = 62, 732
# A day that was derived before this many more orders came (an import) is derived again when somebody looks.
_GROWTH = 0.05

_deriving: "weakref.WeakKeyDictionary[Workspace, threading.Lock]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()


def today(ws: Workspace) -> dt.date:
    """The day in the workspace's zone."""
    return ws.clock.now().astimezone(zone_of(ws)).date()


def zone_of(ws: Workspace) -> zoneinfo.ZoneInfo:
    """The workspace's zone."""
    return zoneinfo.ZoneInfo(ws.settings.get(WorkspaceSettings).time_zone)


def currency_of(ws: Workspace) -> str:
    """The currency in which money is told."""
    return rules.leading_currency(ws.settings.get(WorkspaceSettings).currency, [found.currency for found in facts.currencies(ws)])


def is_stale(ws: Workspace) -> bool:
    """Whether today was not derived yet, or many orders came since."""
    known = runs.listing(ws, LIFECYCLE)
    if not known or known[-1].on < today(ws):
        return True
    orders = runs.orders_stored(ws)
    return abs(orders - known[-1].orders) > _GROWTH * max(known[-1].orders, 1)


def ask(ws: Workspace) -> bool:
    """Queues the derivation of today where it is missing; gives whether it is being worked on."""
    if not is_stale(ws):
        return False
    if not any(job.kind == JOB for state in ("queued", "running") for job in jobs.listing(ws, state=state).rows):
        with ws.sql.write() as tx:
            jobs.enqueue(ws, tx, JOB, {})
    return True


def daily(ws: Workspace, report: Report | None = None) -> dict[str, int]:
    """Derives today where that is due, and the last Mondays where no day was derived before; forgets old days."""
    tell = report or (lambda _done, _total: None)
    with _guard:
        lock = _deriving.setdefault(ws, threading.Lock())
    with lock:
        if not is_stale(ws):
            return {"days": 0}
        orders = runs.orders_stored(ws)
        known = runs.listing(ws, LIFECYCLE)
        days = [] if any(run.orders for run in known) or not orders else _mondays(ws)
        for done, on in enumerate(days):
            tell(done, len(days) + 1)
            _derive(ws, on, _begins(ws, on), orders, is_past=True)
        tell(len(days), len(days) + 1)
        _derive(ws, today(ws), ws.clock.now(), orders, is_past=False)
        _forget(ws)
        return {"days": len(days) + 1}


def _mondays(ws: Workspace) -> list[dt.date]:
    monday = today(ws) - dt.timedelta(days=today(ws).weekday())
    days = [monday - dt.timedelta(weeks=week) for week in range(_MONDAYS_BACK, -1, -1)]
    return [day for day in days if day != today(ws)]


def _begins(ws: Workspace, on: dt.date) -> dt.datetime:
    return dt.datetime.combine(on, dt.time(), tzinfo=zone_of(ws)).astimezone(dt.UTC)


def _derive(ws: Workspace, on: dt.date, at: dt.datetime, orders: int, *, is_past: bool) -> None:
    settings, zone = ws.settings.get(AnalyticsSettings), zone_of(ws).key
    currency = currency_of(ws)
    run = runs.next_run(ws)
    scored = rfm.scored_sql(ws, at, window_days=settings.rfm_window_days, currency=currency, zone=zone)
    rfm.store(ws, scored, run=run, on=on)
    runs.finish(ws, Run(RFM, on, run, at, orders, {"window_days": settings.rfm_window_days, "currency": currency}))
    rhythm = lifecycle.brand(ws, at, zone=zone, assumed_days=settings.assumed_cycle_days)
    run = runs.next_run(ws)
    lifecycle.store_stages(ws, lifecycle.staged_sql(ws, at, rhythm, zone=zone), run=run, on=on)
    categories: dict[str, tuple[float, int]] = {}
    if not is_past:
        lifecycle.store_rhythms(ws, lifecycle.category_rhythms_sql(ws, at, zone=zone), run=run, on=on)
        categories = lifecycle.categories(ws, lifecycle.rhythms_stored_sql(ws, run))
    stages = lifecycle.by_stage(ws, lifecycle.stages_stored_sql(ws, run))
    counts: dict[str, int | None] = {stage: len(numbers) for stage, numbers in stages.items()}
    # Who was known on a past day is not told by any store, so nothing is claimed.
    counts["new"] = None if is_past else len(people.identified_members(ws).difference(*stages.values()))
    summary = {
        "cycle_days": rhythm.cycle_days,
        "second_days": list(rhythm.second_days),
        "repeaters": rhythm.repeaters,
        "stages": counts,
        "categories": [[name, days, buyers] for name, (days, buyers) in categories.items()],
    }
    runs.finish(ws, Run(LIFECYCLE, on, run, at, orders, summary))


def _forget(ws: Workspace) -> None:
    """Deletes runs that were replaced, and days that are too old."""
    now, kept, newest = today(ws), set(), 0
    for kind in (RFM, LIFECYCLE):
        for run in runs.listing(ws, kind):
            age = (now - run.on).days
            newest = run.run
            if age <= _DAYS_KEPT or (run.on.weekday() == 0 and age <= _MONDAYS_KEPT_DAYS):
                kept.add(run.run)
    runs.delete(ws, kept=kept, newest=newest)
