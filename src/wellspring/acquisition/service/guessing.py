"""Whoever types codes that are none is slowed down, by the address they come from.

The codes themselves cannot be guessed (rules.item_codes); this keeps a program from using the page as an oracle and the
store from being filled. Only failures are counted, so a family behind one address scans as many packages as it bought.
"""

import datetime as dt

from wellspring.acquisition.repo import item_codes
from wellspring.kernel.errors import TooMany
from wellspring.kernel.workspace import Workspace

# A person mistypes a code of twenty letters two or three times.
GUESSES_MAX = 10
WINDOW = dt.timedelta(minutes=10)


def demand(ws: Workspace, address: bytes) -> None:
    """Raises TooMany while an address has failed too often."""
    now = ws.clock.now()
    with ws.sql.read() as tx:
        found = item_codes.guesses(tx, address, since=now - WINDOW)
    if found is not None and found[0] >= GUESSES_MAX:
        raise TooMany(seconds=max(1, int((found[1] + WINDOW - now).total_seconds())))


def note(ws: Workspace, address: bytes) -> None:
    """Counts a failure."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        item_codes.guessed(tx, address, at=now, since=now - WINDOW)


def forget(ws: Workspace) -> int:
    """Drops the counts that are over; gives how many."""
    with ws.sql.write() as tx:
        return item_codes.forget_guesses(tx, before=ws.clock.now() - WINDOW)
