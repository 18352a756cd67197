"""The workspace's days and hours, and the doorbells of the two pumps that keep codes as they are wished."""

import datetime as dt
from zoneinfo import ZoneInfo

from wellspring.kernel import pumps
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.workspace import Workspace

TURNING = "acquisition.turning"
TENDING = "acquisition.tending"
TELLING = "acquisition.telling"


def zone(ws: Workspace) -> ZoneInfo:
    """The zone in which the brand keeps its days."""
    return ZoneInfo(ws.settings.get(WorkspaceSettings).time_zone)


def local(ws: Workspace, at: dt.datetime | None = None) -> dt.datetime:
    """An instant (now) as the brand's clocks show it."""
    return (at or ws.clock.now()).astimezone(zone(ws))


def today(ws: Workspace) -> dt.date:
    """The brand's present day."""
    return local(ws).date()


def ring(ws: Workspace, *names: str) -> None:
    """Wakes pumps once the running transaction is committed."""
    for name in names:
        ws.sql.after_commit(lambda bell=name: pumps.wake(bell))  # type: ignore[misc]
