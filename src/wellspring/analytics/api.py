"""The front door of analytics: numbers with stated definitions."""

import datetime as dt

from wellspring.analytics import service
from wellspring.analytics.contracts import Overview
from wellspring.kernel.auth import Principal
from wellspring.kernel.workspace import Workspace


def overview(ws: Workspace, *, by: Principal, since: dt.datetime | None = None, until: dt.datetime | None = None) -> Overview:
    """The brand's audience and sales in the half-open span, everything without one; limited to the caller's scope.

    What each number means is in `contracts.DEFINITIONS`. The answer is kept until something changes in either store.
    """
    return service.overview(ws, by=by, since=since, until=until)
