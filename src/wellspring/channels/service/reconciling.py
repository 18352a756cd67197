"""One contact asked for by itself, and everything concluded from the answer: who follows it, and who no longer does.

The nightly walk calls this for what it did not see. An end that no event told is written with the day on which it was
found; should its event come late, the event's own instant takes its place.
"""

from typing import Any

from wellspring.channels import events
from wellspring.channels.adapters.wecom import contacts as platform
from wellspring.channels.adapters.wecom.contacts import Truth
from wellspring.channels.contracts import Account, Loss, RelationState
from wellspring.channels.repo import contacts as rows
from wellspring.channels.repo import syncs
from wellspring.channels.rules import histories, relations
from wellspring.channels.rules.histories import Known
from wellspring.channels.service import naming, paging, shaping, telling
from wellspring.kernel import bus, failpoints, pumps
from wellspring.kernel.clock import SystemClock, iso, to_millis
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

_TRIES = 4
_real = SystemClock()


def contact(ws: Workspace, account: Account, external_userid: str, *, sync_id: str = "") -> bool:
    """Asks for one contact and takes the whole answer in; gives whether it changed anything. Raises ChannelFailed."""
    for _ in range(_TRIES):
        with ws.sql.read() as tx:
            at_no = rows.taken_no(tx, account.id, external_userid)
        truth = platform.get(ws, account, external_userid)
        changed = _take(ws, account, external_userid, truth, at_no, sync_id)
        if changed is not None:
            return changed
    return False


def _take(ws: Workspace, account: Account, external_userid: str, truth: Truth, at_no: int, sync_id: str) -> bool | None:
    """None when another truth was taken meanwhile."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, f"channels.contact.{account.id}.{external_userid}")
        known = rows.contact(tx, account.id, external_userid)
        if known is not None and known["taken_no"] != at_no:
            return None
        changed = 0
        if truth.person is not None and truth.follows:
            pairs = [(truth.person, follow) for follow in truth.follows.values()]
            changed = paging.take_pairs(ws, tx, account, pairs, sync_id)
        ended = [row for row in rows.relations(tx, account.id, [external_userid]) if _is_over(row, truth)]
        for row in ended:
            _end(ws, tx, account, row)
        if rows.contact(tx, account.id, external_userid) is not None:
            columns: dict[str, Any] = {
                "taken_no": at_no + 1,
                "taken_real": to_millis(_real.now()) * 1000,
                "fetched_at": now,
                "is_following": rows.is_followed(tx, account.id, external_userid),
            }
            rows.put_contact(tx, account.id, external_userid, columns, is_new=False)
        failpoints.hit("channels.reconcile.before_commit")
        ws.sql.after_commit(lambda: pumps.wake(telling.PUMP))
    return bool(changed or ended)


def _is_over(row: rows.Row, truth: Truth) -> bool:
    return row["userid"] not in truth.follows and row["is_followed"] is not False


def _end(ws: Workspace, tx: Tx, account: Account, row: rows.Row) -> None:
    now = ws.clock.now()
    key = (account.id, row["external_userid"], row["userid"])
    marks = shaping.marks_of(row)._replace(is_followed=False)
    standing = relations.standing(marks)
    columns = shaping.standing_columns(marks, standing, ended_before=row["ended_at"], now=now)
    rows.put_relation(tx, key, columns, is_new=False)
    if standing.state is RelationState.FOLLOWING:
        return
    history = [Known(line["id"], line["verb"], line["at"], line["is_found"]) for line in rows.changes(tx, key)]
    joined = standing.joined_at
    is_told = any(line.verb in ("deleted", "transferred") and (joined is None or line.at >= joined) for line in history)
    if is_told:
        return
    days = histories.days_before(history, now, row["created_at"])
    member_no, member_id = naming.member_id(ws, _member_no(tx, key))
    line: dict[str, Any] = {
        "account_id": account.id,
        "external_userid": row["external_userid"],
        "userid": row["userid"],
        "verb": "deleted",
        "at": now,
        "is_found": True,
        "state_text": row["state_text"],
        "add_way": row["add_way"],
        "member_no": member_no,
        "days": days,
        "recorded_at": now,
    }
    syncs.insert_changes(tx, [line])
    if standing.state is not RelationState.DELETED:
        # That the contact left was told; that the staff member tidied up afterwards is nobody's loss.
        return
    staff_id = naming.staff_ids(ws, tx, account.id, [row["userid"]])[row["userid"]]
    event = events.ContactLost(
        account_id=account.id,
        external_userid=row["external_userid"],
        userid=row["userid"],
        staff_id=staff_id,
        member_no=member_no,
        member_id=member_id,
        state=row["state_text"],
        reason=Loss.STAFF_DELETED,
        at=iso(now),
        days=days,
    )
    bus.tell(ws.sql, tx, event, at=now)


def _member_no(tx: Tx, key: tuple[str, str, str]) -> int:
    found = rows.contact(tx, key[0], key[1])
    return int(found["member_no"]) if found is not None else 0
