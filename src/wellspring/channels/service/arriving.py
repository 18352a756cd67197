"""Callbacks about contacts: added, half added, changed, lost, deleted, transferred (pages 92130 and 92277).

A callback is a hint: what counts is fetched. Only an arrival does not wait for it long, because its welcome cannot; it
is taken in with what the callback said, and the truth follows with the next attempt.
"""

import datetime as dt
import threading
from typing import NamedTuple

from wellspring.channels.adapters.wecom import contacts as platform
from wellspring.channels.adapters.wecom.contacts import Truth
from wellspring.channels.contracts import Account
from wellspring.channels.errors import ChannelFailed
from wellspring.channels.repo import callbacks, contacts
from wellspring.channels.rules.envelopes import Fields
from wellspring.channels.service import folding, greeting, telling
from wellspring.channels.service.folding import EDITED, Folded, Happened
from wellspring.channels.service.working import End, register_own, text
from wellspring.channels.settings import WELCOME_FETCH_SECONDS
from wellspring.kernel import pumps
from wellspring.kernel.errors import Conflict
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

EVENT = "change_external_contact"
_VERBS = {
    "add_external_contact": "added",
    "add_half_external_contact": "half",
    "edit_external_contact": EDITED,
    "del_external_contact": "deleted",
    "del_follow_user": "lost",
    "msg_audit_approved": EDITED,
}
_TRANSFERRED = "DELETE_BY_TRANSFER"
_TRIES = 4
# Callbacks of one contact in this process queue here: each would otherwise find that another's truth was taken meanwhile.
_TURNS = tuple(threading.Lock() for _ in range(4096))


class _Asked(NamedTuple):
    """What was fetched, and the number of the newest truth before it was asked for."""

    truth: Truth | None
    at_no: int
    failure: ChannelFailed | None


def register() -> None:
    """Makes this the reader of contacts' callbacks."""
    register_own(EVENT, work)


def work(ws: Workspace, account: Account, fields: Fields, row: callbacks.Row, end: End) -> str | None:
    """Takes one callback in; gives the welcome that was planned with it. Raises ChannelFailed to be tried again."""
    happened = happened_of(fields, row["happened_at"] or row["received_at"])
    if happened is None:
        with ws.sql.write() as tx:
            end(tx)
        return None
    with _TURNS[hash((account.id, happened.external_userid)) % len(_TURNS)]:
        planned, failure = _take_in(ws, account, fields, row, end, happened)
    if failure is None:
        return planned
    if planned is not None:
        # Known to have come, greeted, and to be completed: the welcome must not wait for the second part.
        greeting.greet(ws, planned)
    raise failure


def _take_in(
    ws: Workspace, account: Account, fields: Fields, row: callbacks.Row, end: End, happened: Happened
) -> tuple[str | None, ChannelFailed | None]:
    """Folds with the truth; an arrival's first attempt without it, where it cannot be had. Gives the planned welcome."""
    is_arrival = happened.verb in ("added", "half")
    code = text(fields, "WelcomeCode") if is_arrival else ""
    planned: list[str] = []
    for _ in range(_TRIES):
        asked = _ask(ws, account, happened, is_urgent=bool(code))
        if asked.failure is not None and not (is_arrival and row["attempts"] == 0):
            raise asked.failure

        def finish(tx: Tx, folded: Folded | None, asked: _Asked = asked) -> None:
            if folded is not None and code:
                welcome_id = greeting.plan(ws, tx, account, happened, folded, code, received_at=row["received_at"])
                planned[:] = [welcome_id] if welcome_id else []
            if asked.failure is None:
                end(tx)
            ws.sql.after_commit(lambda: pumps.wake(telling.PUMP))

        if folding.fold(ws, account, happened, asked.truth, asked_at_no=asked.at_no, finish=finish):
            return (planned[0] if planned else None), asked.failure
    raise Conflict(reason="contact")


def happened_of(fields: Fields, at: dt.datetime) -> Happened | None:
    """What a callback says; None for one that this domain does not read."""
    change = text(fields, "ChangeType")
    verb = _VERBS.get(change)
    external_userid, userid = text(fields, "ExternalUserID"), text(fields, "UserID")
    if verb is None or not external_userid or not userid:
        return None
    if verb == "deleted" and text(fields, "Source") == _TRANSFERRED:
        verb = "transferred"
    return Happened(verb, external_userid[:64], userid[:64], at, text(fields, "State")[:64])


def _ask(ws: Workspace, account: Account, happened: Happened, *, is_urgent: bool) -> _Asked:
    if happened.verb == "lost":
        # The platform's truth is the staff member's side; that a contact left changes nothing there.
        return _Asked(None, 0, None)
    with ws.sql.read() as tx:
        at_no = contacts.taken_no(tx, account.id, happened.external_userid)
    try:
        patience = WELCOME_FETCH_SECONDS if is_urgent else None
        return _Asked(platform.get(ws, account, happened.external_userid, patience=patience), at_no, None)
    except ChannelFailed as failure:
        return _Asked(None, at_no, failure)
