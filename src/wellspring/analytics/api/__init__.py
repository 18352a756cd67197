"""The front door of analytics: numbers with stated definitions; those of experiments in a module of their own."""

import datetime as dt
from collections.abc import Container, Sequence
from typing import cast

from wellspring.analytics import rules, service
from wellspring.analytics.contracts import Lifecycle, Overview, RfmGrid
from wellspring.analytics.facts import runs as _runs
from wellspring.analytics.service import derive as _derive
from wellspring.analytics.service import lifecycle as _lifecycle
from wellspring.analytics.service import rfm as _rfm
from wellspring.kernel.auth import Principal
from wellspring.kernel.workspace import Workspace


def overview(ws: Workspace, *, by: Principal, since: dt.datetime | None = None, until: dt.datetime | None = None) -> Overview:
    """The brand's audience and sales in the half-open span, everything without one; limited to the caller's scope.

    What each number means is in `contracts.DEFINITIONS`. The answer is kept until something changes in either store.
    """
    return service.overview(ws, by=by, since=since, until=until)


def buyers(ws: Workspace) -> Container[int]:
    """The numbers of all members who ever ordered, merged ones under their holder; at most some seconds old."""
    # A bitmap knows only numbers, where Container promises to be asked for anything.
    return cast("Container[int]", service.buyers(ws))


def average_minor(total_minor: int, count: int) -> int | None:
    """The average in minor units as every screen rounds it; None where there is nothing to average."""
    return rules.average_minor(total_minor, count)


def rfm(ws: Workspace, *, by: Principal, since: dt.date | None = None) -> RfmGrid:
    """The cells and segments of the newest day, and who moved since an earlier day (four weeks back by default).

    Members in the caller's scope only. Where today is missing, or many orders came since, it is queued to be derived.
    """
    return _rfm.grid(ws, by=by, since=since)


def lifecycle(ws: Workspace, *, by: Principal) -> Lifecycle:
    """Members by stage and week, in the caller's scope; today is queued to be derived where it is missing."""
    return _lifecycle.by_week(ws, by=by)


def derive(ws: Workspace, report: _derive.Report | None = None) -> dict[str, int]:
    """Derives RFM and lifecycle of today where that is due; gives the number of days derived. `report` hears of days done."""
    return _derive.daily(ws, report)


def erase(ws: Workspace, numbers: Sequence[int]) -> int:
    """Removes what was derived of a person; gives how many rows went. Repeatable."""
    return _runs.erase(ws, numbers)
