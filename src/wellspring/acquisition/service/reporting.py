"""The staff's daily report: counted once a day is over, again while late news still comes, then kept as it was."""

import datetime as dt

from wellspring.acquisition.contracts.codes import ReportRow
from wellspring.acquisition.repo import arrivals
from wellspring.acquisition.service import clockwork, figures, naming_people
from wellspring.kernel.auth import Principal
from wellspring.kernel.workspace import Workspace

# Callbacks that were lost are found by the nightly walk: the last days are counted again.
_AGAIN = dt.timedelta(days=3)
# A workspace that was asleep for longer than this begins here.
_BACK_MAX = dt.timedelta(days=92)
ROWS_MAX = 5_000


def settle(ws: Workspace) -> int:
    """Counts every day that is over and may have changed; gives how many days that were."""
    today = clockwork.today(ws)
    with ws.sql.read() as tx:
        last, first = arrivals.last_reported(tx), arrivals.first_arrival_day(tx)
    if first is None:
        return 0
    start = max(first, today - _BACK_MAX, min(last + dt.timedelta(days=1) if last else first, today - _AGAIN))
    days = [start + dt.timedelta(days=ahead) for ahead in range((today - start).days)]
    for day in days:
        _put(ws, day)
    return len(days)


def listing(ws: Workspace, *, by: Principal, since: dt.date | None, until: dt.date | None) -> list[ReportRow]:
    """Days within the caller's scope, the newest first, with today as it stands; at most ROWS_MAX rows. Raises Invalid."""
    today = clockwork.today(ws)
    last = min(until or today, today)
    first = since or last - dt.timedelta(days=6)
    figures.demand_span(first, last)
    with ws.sql.read() as tx:
        kept = arrivals.report(tx, since=first, until=last, scope=by.scope, limit=ROWS_MAX)
        running = arrivals.day_of_staff(tx, today) if last == today else []
    mine = [row for row in running if by.scope.covers(row["unit_id"])]
    staff = naming_people.staff(ws, [row["staff_id"] for row in mine])
    units = naming_people.units(ws, [*(row["unit_id"] for row in mine), *(row.unit_id for row in kept)])
    named = ("day", "staff_id", "userid", "unit_id", "added", "newcomers", "came_back", "lost", "deleted", "staying")
    live = [
        ReportRow(
            **{name: row[name] for name in named},
            staff_name=staff.get(row["staff_id"] or "", row["userid"]),
            unit_name=units.get(row["unit_id"] or "", ""),
        )
        for row in sorted(mine, key=lambda row: (-row["added"], row["userid"]))
    ]
    old = [
        ReportRow(**{name: getattr(row, name) for name in (*named, "staff_name")}, unit_name=units.get(row.unit_id or "", ""))
        for row in kept
        if row.day != today
    ]
    return [*live, *old][:ROWS_MAX]


def _put(ws: Workspace, day: dt.date) -> None:
    now = ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, "acquisition.report")
        rows = arrivals.day_of_staff(tx, day)
        names = naming_people.staff(ws, [row["staff_id"] for row in rows])
        kept = [{**row, "staff_name": names.get(row["staff_id"] or "", row["userid"])[:120], "made_at": now} for row in rows]
        arrivals.put_report(tx, day, kept, at=now)
