"""Who came and who was lost, as channels tells it: kept once, tagged, counted against limits, told to the log of activity.

Events come in any order: a loss that is told before its arrival is found when the arrival comes.
"""

import datetime as dt
from typing import Any

from wellspring.acquisition.contracts.codes import CodeKind
from wellspring.acquisition.repo import arrivals
from wellspring.acquisition.repo import codes as repo
from wellspring.acquisition.rules import naming
from wellspring.acquisition.service import clockwork, gate
from wellspring.activity import api as activity
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import iso
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.organization.errors import StaffUnknown
from wellspring.tags import api as tags
from wellspring.tags.contracts import TagWord

SOURCE = "acquisition"
# add_way of whoever came through an acquisition link (page 92114).
_BY_LINK = 16


def added(ws: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    """A contact was added."""
    at = dt.datetime.fromisoformat(body["at"])
    key = naming.key_of(body["account_id"], body["external_userid"], body["userid"], at)
    row = _blank(ws, body, at) | {"id": key, "add_way": body.get("add_way"), "is_returning": bool(body.get("is_returning"))}
    _whence(tx, row, state=body.get("state") or "")
    if row["code_id"] is None and row["add_way"] == _BY_LINK:
        _by_link(ws, tx, row)
    if not arrivals.insert_arrival(tx, row):
        return
    pair = {name: row[name] for name in ("account_id", "external_userid", "userid")}
    lost = arrivals.first_loss(tx, **pair, since=at)
    again = arrivals.next_arrival(tx, **pair, after=at)
    if lost is not None and (again is None or lost.at < again):
        arrivals.mark_left(tx, key, at=lost.at, day=lost.day, reason=lost.reason)
        arrivals.update_loss(tx, lost.id, code_id=row["code_id"])
    _after(ws, tx, row)


def joined(ws: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    """Somebody joined a group; only those who came by a code of ours are kept here."""
    state = body.get("state") or ""
    if not naming.is_ours(state):
        return
    at = dt.datetime.fromisoformat(body["at"])
    key = naming.key_of(body["account_id"], body["userid"], body["chat_id"], at)
    row = _blank(ws, {**body, "external_userid": body["userid"], "userid": "", "staff_id": None}, at) | {
        "id": key,
        "add_way": None,
        "chat_id": body["chat_id"],
    }
    row["is_returning"] = bool(row["member_no"]) and bool(arrivals.of_members(tx, [row["member_no"]]))
    _whence(tx, row, state=state)
    if arrivals.insert_arrival(tx, row):
        _after(ws, tx, row)


def explained(ws: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    """The platform lists somebody under a link: whose address carried no state of ours, that one came by the link's code."""
    pair = {name: body[name] for name in ("account_id", "external_userid", "userid")}
    came = arrivals.last_arrival(tx, **pair, before=ws.clock.now())
    found = repo.way_of_entrance(tx, body["entrance_id"])
    if came is None or came.code_id is not None or came.add_way != _BY_LINK or found is None:
        return
    way_id, code_id = found
    arrivals.explain(tx, came.id, code_id=code_id, way_id=way_id)
    loss = arrivals.first_loss(tx, **pair, since=came.at) if came.left_at is not None else None
    if loss is not None:
        arrivals.update_loss(tx, loss.id, code_id=code_id)
    _after(ws, tx, {"code_id": code_id, "member_no": came.member_no, "at": came.at, "day": came.day})


def lost(ws: Workspace, tx: Tx, body: dict[str, Any]) -> None:
    """A relation ended."""
    at = dt.datetime.fromisoformat(body["at"])
    key = naming.key_of(body["account_id"], body["external_userid"], body["userid"], at)
    blank = _blank(ws, body, at)
    pair = {name: blank[name] for name in ("account_id", "external_userid", "userid")}
    came = arrivals.last_arrival(tx, **pair, before=at)
    kept = ("account_id", "external_userid", "userid", "staff_id", "unit_id", "member_no", "at", "day")
    row = {"id": key, **{name: blank[name] for name in kept}, "reason": body["reason"], "days": body.get("days"), "code_id": None}
    if came is not None:
        row |= {"code_id": came.code_id, "unit_id": row["unit_id"] or came.unit_id, "staff_id": row["staff_id"] or came.staff_id}
        row["days"] = (at - came.at).days if row["days"] is None else row["days"]
    if not arrivals.insert_loss(tx, row):
        return
    if came is not None and (came.left_at is None or at < came.left_at):
        arrivals.mark_left(tx, came.id, at=at, day=row["day"], reason=row["reason"])


def tell(ws: Workspace) -> int:
    """Writes arrivals into the log of activity, once each; the pump's step."""
    with ws.sql.read() as tx:
        rows = arrivals.untold(tx, 200)
        names = repo.names(tx, [row.code_id for row in rows if row.code_id])
    if not rows:
        return 0
    messages = [_message(row, names) for row in rows if row.code_id]
    if messages:
        # Said again after a crash, the log knows it by its message id.
        activity.ingest(ws, messages, source=SOURCE)
    with ws.sql.write() as tx:
        arrivals.mark_told(tx, [row.id for row in rows], ws.clock.now())
    return len(rows)


def _blank(ws: Workspace, body: dict[str, Any], at: dt.datetime) -> dict[str, Any]:
    staff_id = body.get("staff_id")
    unit_id = None
    if staff_id:
        try:
            unit_id = organization.get_staff(ws, staff_id, by=SYSTEM).unit_id
        except StaffUnknown:
            staff_id = None
    kept = {name: body[name] for name in ("account_id", "external_userid", "userid")}
    day = clockwork.local(ws, at).date()
    return {**kept, "staff_id": staff_id, "unit_id": unit_id, "member_no": body.get("member_no") or 0, "at": at, "day": day, "chat_id": ""}


def _whence(tx: Tx, row: dict[str, Any], *, state: str) -> None:
    """Puts code and way of a state into the row; a store's code says which store it was."""
    row |= {"state": state[:64], "code_id": None, "way_id": None, "left_at": None, "left_day": None, "left_reason": "", "told_at": None}
    found = repo.way_of_state(tx, state) if naming.is_ours(state) else None
    if found is not None:
        row["code_id"], row["way_id"], unit_id = found
        row["unit_id"] = unit_id or row["unit_id"]


def _by_link(ws: Workspace, tx: Tx, row: dict[str, Any]) -> None:
    """Puts code and way of an acquisition link into the row, where its list names this one already."""
    entrance_id = gate.entrance_of(ws, row["account_id"], row["external_userid"], row["userid"])
    found = repo.way_of_entrance(tx, entrance_id) if entrance_id else None
    if found is not None:
        row["way_id"], row["code_id"] = found


def _after(ws: Workspace, tx: Tx, row: dict[str, Any]) -> None:
    """What follows from an arrival: tags of its code, a look at its limits, a line in the log."""
    clockwork.ring(ws, clockwork.TELLING)
    code = repo.code(tx, row["code_id"]) if row["code_id"] else None
    if code is None:
        return
    if row["member_no"] and code.draft.tags:
        words = [TagWord(row["member_no"], group, tag, row["at"], reason=code.draft.name[:200]) for group, tag in code.draft.tags]
        tags.write(ws, by=SYSTEM, words=words, source=SOURCE)
    is_today = row["day"] == clockwork.today(ws)
    if code.draft.kind is not CodeKind.GROUP and code.draft.plan.has_limits and is_today:
        repo.wake(tx, ws.clock.now(), code_ids=[code.id])
        clockwork.ring(ws, clockwork.TURNING)


def _message(row: Any, names: dict[str, str]) -> dict[str, Any]:  # noqa: ANN401 - a row
    told = {"code": names.get(row.code_id, ""), "code_id": row.code_id, "state": row.state, "is_returning": row.is_returning}
    told |= {"staff_id": row.staff_id or "", "store_id": row.unit_id or ""}
    return {
        "type": "track",
        "event": "Code Joined",
        "messageId": f"acquisition-{row.id}",
        "timestamp": iso(row.at),
        "properties": told,
        "context": {"externalIds": [{"type": "external_userid", "id": row.external_userid, "namespace": ""}]},
    }
