"""Calls that were never answered are looked for at the provider: a task that stands there, of nobody else, was taken after all.

Only a finding settles anything. That nothing is found proves nothing, and leaves the parcel to a person (D02, I25).
"""

import datetime as dt
import itertools
import logging

from wellspring.channels.adapters.sends import wecom_mass
from wellspring.channels.contracts.sends import Channel, OutcomeState
from wellspring.channels.repo import sends as repo
from wellspring.channels.service.asking import asking
from wellspring.channels.service.sending import text_mark
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.workspace import Workspace

_CHANNELS = (Channel.WECOM, Channel.WECOM_GROUP)
# Longer than any call lasts: whoever is still calling then is dead.
_DEAD_AFTER = dt.timedelta(minutes=2)
_LOOKED_FOR = dt.timedelta(days=2)
# The two clocks may differ, and the platform may take its time.
_BEFORE, _AFTER = dt.timedelta(minutes=2), dt.timedelta(minutes=5)
_log = logging.getLogger("wellspring.channels")


def settle(ws: Workspace) -> int:
    """Looks for every unanswered group send; gives how many were found."""
    now = ws.clock.now()
    with ws.sql.read() as tx:
        rows = repo.unanswered(tx, channels=_CHANNELS, since=now - _LOOKED_FOR, calling_before=now - _DEAD_AFTER)
    count = 0
    ordered = sorted(rows, key=lambda row: (row.account_id, row.channel))
    for (account_id, channel), mine in itertools.groupby(ordered, key=lambda row: (row.account_id, row.channel)):
        try:
            count += _of_account(ws, account_id, Channel(channel), list(mine))
        except WellspringError as failure:
            _log.warning("unanswered parcels of %s: %s", account_id, failure.code)
    return count


def _of_account(ws: Workspace, account_id: str, channel: Channel, rows: list[repo.Row]) -> int:
    ask = asking(ws, account_id)
    first, last = min(row.called_at for row in rows), max(row.called_at for row in rows)
    listed = wecom_mass.made(ask, channel, first - _BEFORE, last + _AFTER)
    wanted = {bytes(row.text_mark) for row in rows if row.text_mark}
    listed = [one for one in listed if text_mark(ws, one.text) in wanted]
    with ws.sql.read() as tx:
        known = repo.known_among(tx, account_id, [one.msgid for one in listed])
    strangers = [one for one in listed if one.msgid not in known]
    by_sender = {one.msgid: wecom_mass.senders(ask, one.msgid) for one in strangers}
    count = 0
    for row in rows:
        fitting = [one for one in strangers if _fits(ws, row, one, by_sender[one.msgid])]
        rivals = [other for other in rows if other.sender == row.sender and other.text_mark == row.text_mark]
        # Of two that look alike nobody can say which is which.
        if len(fitting) == 1 and len(rivals) == 1:
            count += _settled(ws, row.key, fitting[0].msgid)
    return count


def _fits(ws: Workspace, row: repo.Row, made: wecom_mass.Made, senders: set[str]) -> bool:
    is_then = row.called_at - _BEFORE <= made.created_at <= row.called_at + _AFTER
    return is_then and senders == {row.sender} and row.text_mark is not None and bytes(row.text_mark) == text_mark(ws, made.text)


def _settled(ws: Workspace, key: str, msgid: str) -> int:
    with ws.sql.write() as tx:
        values = {"state": OutcomeState.ACCEPTED, "provider_id": msgid, "problem": "", "ended_at": ws.clock.now()}
        return repo.change_parcel(tx, key, among=["calling", OutcomeState.UNKNOWN], **values)
