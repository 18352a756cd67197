"""The end of quiet hours: everything that waited for it is laid out together, so that nothing comes in a herd (Q07).

The layout is made once, when the night ends, over all messages of an account: by priority, and among equals by who asked
first, each in the part of the time that its share of all makes. A customer or guide for whom several messages waited
gets them one after the other. Whatever a minute brings is then asked again like everything that waits (F09).
"""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from wellspring.engagement.contracts.touches import BatchState
from wellspring.engagement.repo import batches
from wellspring.engagement.repo.batches import Batch
from wellspring.engagement.rules import quiet
from wellspring.engagement.service import turns
from wellspring.engagement.settings import EngagementSettings
from wellspring.kernel import failpoints
from wellspring.kernel.ids import new_ids
from wellspring.kernel.workspace import Workspace

_UTC = ZoneInfo("UTC")


def lay_out(ws: Workspace) -> int:
    """Gives everybody whose night has ended a minute of the morning; gives how many intents that were."""
    now = ws.clock.now()
    with ws.sql.read() as tx:
        if not batches.has_asleep(tx, now):
            return 0
    with ws.sql.write() as tx:
        ws.sql.lock(tx, turns.PLANNING)
        ended = batches.asleep(tx, now)
        groups: dict[tuple[str, str, dt.datetime], list[Batch]] = {}
        for batch in ended:
            groups.setdefault((batch.channel, batch.account_id, batch.release_at), []).append(batch)
        minutes = ws.settings.get(EngagementSettings).spread_minutes
        fresh = [piece for known in groups.values() for piece in _spread(known, now, minutes)]
        for batch in ended:
            batches.finish(tx, batch.id, BatchState.WITHDRAWN)
        names = new_ids("bat", len(fresh), millis=int(now.timestamp() * 1000)) if fresh else []
        batches.insert(tx, [dataclasses.replace(piece, id=name) for name, piece in zip(names, fresh, strict=True)], now)
        failpoints.hit("engagement.morning.before_commit")
    return len(ended)


def _spread(known: Sequence[Batch], now: dt.datetime, minutes: int) -> list[Batch]:
    """What waited together, from the end of the night on; from now on, should nobody have been there to see it end."""
    ranked = sorted(known, key=lambda batch: (-batch.priority, batch.id))
    first = ranked[0]
    start = max(first.release_at, now)
    everybody = quiet.Group(_UTC, frozenset(), BitMap().union(*(batch.members for batch in ranked)))
    waiting = {place: batch.members for place, batch in enumerate(ranked)}
    salt = f"{first.channel}:{first.account_id}:{first.release_at.date()}"
    return [
        dataclasses.replace(ranked[release.message], members=release.members, release_at=release.at, is_asleep=False)
        for release in quiet.smoothed(everybody, start, waiting, minutes, salt=salt)
    ]
