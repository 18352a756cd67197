"""How often acquisition links are opened, by day: the platform counts it, and is asked for the days that may still change."""

import datetime as dt
from typing import Any

from wellspring.acquisition.contracts.codes import Code, CodeKind
from wellspring.acquisition.repo import codes as repo
from wellspring.acquisition.service import clockwork, gate
from wellspring.channels.errors import ChannelFailed, EntranceUnknown
from wellspring.kernel.jobs import Running
from wellspring.kernel.workspace import Workspace

# A new link is counted from its beginning, as far back as one chart shows.
_DAYS_MAX = 30
_SECOND = dt.timedelta(seconds=1)


def count(running: Running) -> dict[str, Any]:
    """Brings the clicks of every link's code up to date; the job of it."""
    ws, done = running.workspace, 0
    with ws.sql.read() as tx:
        links = repo.active_of(tx, CodeKind.LINK)
    for code in links:
        try:
            done += count_code(ws, code)
        except (ChannelFailed, EntranceUnknown):
            # The account's trouble is on its diagnosis; the next hour asks again.
            continue
    return {"links": done}


def count_code(ws: Workspace, code: Code) -> int:
    """Counts the days of one code that may have changed: since the last one that was counted. Raises ChannelFailed."""
    entrances = [way.entrance_id for way in code.ways if way.entrance_id]
    if not entrances:
        return 0
    zone, today = clockwork.zone(ws), clockwork.today(ws)
    with ws.sql.read() as tx:
        last = repo.last_scan(tx, code.id)
    born = code.created_at.astimezone(zone).date()
    day = max(born, today - dt.timedelta(days=_DAYS_MAX - 1), last or born)
    while day <= today:
        first = dt.datetime.combine(day, dt.time(), zone)
        until = min(dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone) - _SECOND, ws.clock.now())
        clicks = sum(gate.clicks(ws, one, first, until) for one in entrances)
        with ws.sql.write() as tx:
            repo.put_scans(tx, code.id, day, opened=clicks)
        day += dt.timedelta(days=1)
    return 1
