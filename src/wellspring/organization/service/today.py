"""The business day and zone of a workspace."""

import datetime as dt
from zoneinfo import ZoneInfo

from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.workspace import Workspace


def zone(ws: Workspace) -> ZoneInfo:
    """The zone in which the brand keeps its days."""
    return ZoneInfo(ws.settings.get(WorkspaceSettings).time_zone)


def today(ws: Workspace) -> dt.date:
    """The brand's present day."""
    return ws.clock.now().astimezone(zone(ws)).date()
