"""What must not stay: callbacks that were worked long ago, and everything of a person who was erased."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from wellspring.channels.repo import callbacks, forgetting
from wellspring.channels.settings import ChannelsSettings
from wellspring.kernel.clock import iso
from wellspring.kernel.jobs import Running
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

_PIECE = 1_000


def forget_callbacks(running: Running) -> dict[str, Any]:
    """Drops callbacks that are worked and older than they are kept, a piece at a time."""
    ws: Workspace = running.workspace
    before = ws.clock.now() - dt.timedelta(days=ws.settings.get(ChannelsSettings).callbacks_kept_days)
    forgotten, piece = 0, _PIECE
    while piece == _PIECE:
        with ws.sql.write() as tx:
            piece = callbacks.forget(tx, before, limit=_PIECE)
        forgotten += piece
        running.progress(done=forgotten)
    return {"forgotten": forgotten}


def forget_people(ws: Workspace, tx: Tx, member_nos: Sequence[int]) -> int:
    """Takes out everything of these numbers; gives how many contacts that were."""
    ws.sql.lock(tx, "channels.forgetting")
    return forgetting.forget(tx, member_nos)


def told_of(ws: Workspace, member_nos: Sequence[int]) -> list[dict[str, Any]]:
    """What is held of a person, for the export of their data."""
    with ws.sql.read() as tx:
        found = forgetting.history(tx, member_nos)
    return [
        {
            "account_id": row["account_id"],
            "external_userid": row["external_userid"],
            "userid": row["userid"],
            "verb": row["verb"],
            "at": iso(row["at"]),
            "state": row["state_text"],
        }
        for row in found
    ]
