"""The figures of a code between two days: who came, who stayed, who served, what they bought first."""

import datetime as dt
from collections.abc import Sequence

from wellspring.acquisition.contracts.codes import CodeKind, DayFigures, Figures, GroupFigures
from wellspring.acquisition.facts import buyers
from wellspring.acquisition.repo import arrivals
from wellspring.acquisition.service import clockwork, defining, naming_people
from wellspring.kernel.errors import Invalid
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

# A year and a leap day: what one chart shows.
DAYS_MAX = 366
# A store code's page is ours and counts itself; of links the platform tells the clicks.
_COUNTED = frozenset({CodeKind.STORE, CodeKind.LINK})


def of_code(ws: Workspace, *, code_id: str, since: dt.date | None, until: dt.date | None) -> Figures:
    """Raises CodeUnknown, Invalid for a span that is none."""
    last = until or clockwork.today(ws)
    first = since or last - dt.timedelta(days=29)
    demand_span(first, last)
    with ws.sql.read() as tx:
        code = defining.demand(tx, code_id)
        days = arrivals.by_day(tx, code_id, first, last)
        staff, stores = (arrivals.grouped(tx, code_id, first, last, column) for column in ("staff_id", "unit_id"))
        opened = arrivals.scans(tx, code_id, first, last) if code.draft.kind in _COUNTED else None
        came = arrivals.members_since(tx, code_id, first, last)
    held = dict(zip(came, people.holders_of(ws, member_nos=list(came)), strict=True))
    firsts: dict[int, dt.datetime] = {}
    for number, at in came.items():
        firsts[held[number]] = min(at, firsts.get(held[number], at))
    currency = ws.settings.get(WorkspaceSettings).currency
    bought, revenue = buyers.first_orders(ws, firsts, currency) if firsts else (0, 0)
    added, returning = sum(day[0] for day in days.values()), sum(day[1] for day in days.values())
    gone = sum(count for _, _, count in staff) if code.draft.kind is not CodeKind.GROUP else sum(day[2] for day in days.values())
    return Figures(
        scans=None if opened is None else sum(opened.values()),
        added=added,
        new=added - returning,
        returning=returning,
        left=gone,
        staying=added - gone,
        buyers=bought,
        first_orders_minor=revenue,
        by_day=_by_day(first, last, days, opened),
        by_staff=_named(staff, naming_people.staff(ws, [one[0] for one in staff])),
        by_store=_named(stores, naming_people.units(ws, [one[0] for one in stores])),
    )


def demand_span(first: dt.date, last: dt.date) -> None:
    """Raises Invalid for days that are no span, or a longer one than is told."""
    if not 0 <= (last - first).days < DAYS_MAX:
        raise Invalid(field="from", reason=f"at most {DAYS_MAX} days, the first one first")


def _by_day(
    first: dt.date, last: dt.date, days: dict[dt.date, tuple[int, int, int]], opened: dict[dt.date, int] | None
) -> list[DayFigures]:
    found = []
    for ahead in range((last - first).days + 1):
        day = first + dt.timedelta(days=ahead)
        added, returning, left = days.get(day, (0, 0, 0))
        found.append(DayFigures(day, None if opened is None else opened.get(day, 0), added, returning, left))
    return found


def _named(rows: Sequence[tuple[str, int, int]], names: dict[str, str]) -> list[GroupFigures]:
    return [GroupFigures(one, names.get(one, ""), added, left) for one, added, left in rows]
