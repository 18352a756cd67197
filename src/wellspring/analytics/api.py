"""The front door of analytics: numbers with stated definitions."""

import datetime as dt
from collections.abc import Container
from typing import cast

from wellspring.analytics import rules, service
from wellspring.analytics.contracts import Overview
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
