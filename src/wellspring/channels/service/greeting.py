"""The welcome: within 20 seconds of the arrival, once, by whoever registered as the greeter (page 92137).

The row is planned together with the arrival. It is claimed before the call, so two workers never both send; a worker
that dies while calling leaves an unknown outcome, which is shown and not repeated.
"""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

import orjson

from wellspring.channels.adapters.wecom import client
from wellspring.channels.contracts import Account, Arrived, Welcome, WelcomeState
from wellspring.channels.errors import AccountPaused, ChannelFailed, OutcomeUnknown
from wellspring.channels.repo import contacts, welcomes
from wellspring.channels.service import accounts, naming, shaping
from wellspring.channels.service.folding import Folded, Happened
from wellspring.channels.settings import WELCOME_SECONDS
from wellspring.kernel import failpoints
from wellspring.kernel.clock import SystemClock
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

Greeter = Callable[[Workspace, Arrived], Welcome | None]
_CONTEXT = "channels.welcome"
# Whoever claimed a call and has said nothing for so long is dead: the window is over anyway.
_SILENT = dt.timedelta(seconds=60)
# A row that its own worker is about to claim is left to it.
_YOUNG = dt.timedelta(seconds=2)
_SWEPT_MAX = 200
_WINDOW = dt.timedelta(seconds=WELCOME_SECONDS)
_greeters: list[Greeter] = []
# The workspace's clock, unless the platform's own clock is moved together with it, by hours at a time.
_counts_by_machine: list[bool] = [False]
_real = SystemClock()
_log = logging.getLogger("wellspring.channels")


def register(greeter: Greeter) -> None:
    """Brings the one who knows what to say; the last one counts."""
    _greeters[:] = [greeter]


def count_by_machine() -> None:
    """Lets the window count by this machine's time: on a clock that is moved by hours every arrival would be told too late."""
    _counts_by_machine[:] = [True]


def plan(ws: Workspace, tx: Tx, account: Account, happened: Happened, folded: Folded, code: str, *, received_at: dt.datetime) -> str | None:
    """Plans the welcome of an arrival in its transaction; gives the row's id, None where the code was seen before."""
    now = ws.clock.now()
    kept = {"code": code, "state": happened.state, "is_returning": folded.is_returning, "is_half": happened.verb == "half"}
    is_late = received_at - happened.at > _WINDOW and not _counts_by_machine[0]
    row = {
        "id": new_id("wel"),
        "account_id": account.id,
        "external_userid": happened.external_userid,
        "userid": happened.userid,
        "code_mark": ws.keys.mark("welcome", code),
        "sealed": ws.keys.seal_bytes(orjson.dumps(kept), context=_CONTEXT),
        "state": WelcomeState.TOO_LATE if is_late else WelcomeState.PLANNED,
        "added_at": happened.at,
        "planned_at": now,
        "ended_at": now if is_late else None,
    }
    return str(row["id"]) if welcomes.plan(tx, row) and not is_late else None


def greet(ws: Workspace, welcome_id: str) -> WelcomeState | None:
    """Asks the greeter and sends its answer; gives the outcome, None when another worker has the row."""
    with ws.sql.read() as tx:
        row = welcomes.get(tx, welcome_id)
    if row is None or row["state"] != WelcomeState.PLANNED:
        return None
    kept = orjson.loads(ws.keys.open_bytes(row["sealed"], context=_CONTEXT))
    answer_by = _answer_by(ws, row)
    if ws.clock.now() >= answer_by:
        return _end(ws, row, WelcomeState.TOO_LATE, WelcomeState.PLANNED, code=0)
    welcome = _asked(ws, _arrived(ws, row, kept, answer_by))
    if welcome is None or not (welcome.text or welcome.attachments):
        return _end(ws, row, WelcomeState.SILENT, WelcomeState.PLANNED, code=0)
    with ws.sql.write() as tx:
        if not welcomes.claim(tx, welcome_id, at=_real.now(), variant=welcome.variant[:60]):
            return None
    failpoints.hit("channels.welcome.claimed")
    return _send(ws, row, kept["code"], welcome)


def sweep(ws: Workspace) -> list[str]:
    """Ends what a dead worker left; gives the planned ones that nobody works on."""
    with ws.sql.read() as tx:
        if not welcomes.has_open(tx):
            return []
        found = welcomes.open_ones(tx, _SWEPT_MAX)
    left = []
    for row in found:
        if row["state"] == WelcomeState.CALLING and row["called_at"] < _real.now() - _SILENT:
            _end(ws, row, WelcomeState.UNKNOWN, WelcomeState.CALLING, code=0)
        elif row["state"] == WelcomeState.PLANNED and row["planned_at"] <= ws.clock.now() - _YOUNG:
            left.append(str(row["id"]))
    return left


def recover(ws: Workspace) -> list[str]:
    """An embedded store belongs to one process: what a former one was calling has nobody any more, nor what it had planned.

    Gives the planned ones.
    """
    with ws.sql.read() as tx:
        found = welcomes.open_ones(tx, _SWEPT_MAX)
    for row in found:
        if row["state"] == WelcomeState.CALLING:
            _end(ws, row, WelcomeState.UNKNOWN, WelcomeState.CALLING, code=0)
    return [str(row["id"]) for row in found if row["state"] == WelcomeState.PLANNED]


def _asked(ws: Workspace, arrived: Arrived | None) -> Welcome | None:
    if arrived is None or not _greeters:
        return None
    try:
        return _greeters[0](ws, arrived)
    except Exception as failure:  # noqa: BLE001 - whatever a greeter raises must not stop the others
        # The class alone: a message may quote personal values.
        _log.error("the greeter failed: %s", type(failure).__name__)
        return None


def _arrived(ws: Workspace, row: welcomes.Row, kept: dict[str, Any], answer_by: dt.datetime) -> Arrived | None:
    account_id, external_userid, userid = row["account_id"], row["external_userid"], row["userid"]
    with ws.sql.read() as tx:
        contact = contacts.contact(tx, account_id, external_userid)
        relation = contacts.relation(tx, account_id, external_userid, userid)
        staff_id = contacts.staff_ids(tx, account_id, [userid]).get(userid)
    if contact is None or relation is None:
        return None
    return Arrived(
        account_id=account_id,
        external_userid=external_userid,
        userid=userid,
        staff_id=staff_id,
        member_no=naming.member_id(ws, contact["member_no"])[0],
        state=kept["state"],
        add_way=relation["add_way"],
        at=row["added_at"],
        is_returning=kept["is_returning"],
        is_half=kept["is_half"],
        name=ws.keys.open(contact["name"], context=shaping.NAME_CONTEXT) if contact["name"] is not None else "",
        gender=contact["gender"],
        answer_by=answer_by,
    )


def _send(ws: Workspace, row: welcomes.Row, code: str, welcome: Welcome) -> WelcomeState:
    body: dict[str, Any] = {"welcome_code": code}
    if welcome.text:
        body["text"] = {"content": welcome.text}
    if welcome.attachments:
        body["attachments"] = [dict(one) for one in welcome.attachments]
    left = (_answer_by(ws, row) - ws.clock.now()).total_seconds()
    began = _real.now()
    try:
        account = accounts.get(ws, row["account_id"])
        client.call(ws, account, "externalcontact/send_welcome_msg", body=body, seconds=min(max(left, 1.0), 8.0), patience=left)
    except OutcomeUnknown as failure:
        return _end(ws, row, WelcomeState.UNKNOWN, WelcomeState.CALLING, code=failure.errcode)
    except ChannelFailed as failure:
        return _end(ws, row, WelcomeState.FAILED, WelcomeState.CALLING, code=failure.errcode)
    except AccountPaused:
        return _end(ws, row, WelcomeState.FAILED, WelcomeState.CALLING, code=0)
    failpoints.hit("channels.welcome.sent")
    return _end(ws, row, WelcomeState.ACCEPTED, WelcomeState.CALLING, code=0, began=began)


def _answer_by(ws: Workspace, row: welcomes.Row) -> dt.datetime:
    since: dt.datetime = ws.clock.now() if _counts_by_machine[0] else row["added_at"]
    return since + _WINDOW


def _end(
    ws: Workspace, row: welcomes.Row, state: WelcomeState, expected: WelcomeState, *, code: int, began: dt.datetime | None = None
) -> WelcomeState:
    now = ws.clock.now()
    values: dict[str, Any] = {"ended_at": now, "answer_code": code}
    if expected is WelcomeState.CALLING:
        took = _real.now() - began if began and _counts_by_machine[0] else now - row["added_at"]
        values["latency_millis"] = min(int(took.total_seconds() * 1000), 2**31 - 1)
    with ws.sql.write() as tx:
        welcomes.end(tx, row["id"], state=state, expected=expected, values=values)
    return state
