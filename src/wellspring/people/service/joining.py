"""Two members become one: the pieces that every way of merging shares (a batch, an operator, a decided conflict).

Only `merged_into`, the values in force and a few columns of the survivor change; identities, observations and consents
stay with their numbers. That is why undoing a merge restores exactly what was (N08).
"""

import datetime as dt

from wellspring.kernel import audit, bus
from wellspring.kernel.auth import Principal
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores.sql import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import events
from wellspring.people.models import merge_table
from wellspring.people.repo import conflicts, identities, members, rows
from wellspring.people.service import observing


def join(
    ws: Workspace,
    tx: Tx,
    *,
    by: Principal,
    survivor_no: int,
    loser_no: int,
    rule: str,
    reason: str = "",
    historical: bool = False,
    import_id: str | None = None,
) -> str:
    """Makes the loser, and all it holds, part of the survivor; records, audits and tells it. Gives the merge's id."""
    now = ws.clock.now()
    both = members.by_numbers(tx, (survivor_no, loser_no))
    survivor, loser = both[survivor_no], both[loser_no]
    moved = identities.families(tx, (loser_no,))[loser_no]
    members.hold(tx, moved, survivor_no)
    observing.unite(tx, survivor_no, loser_no)
    members.update(
        tx,
        survivor_no,
        identified=survivor["identified"] or loser["identified"],
        first_seen_at=min(survivor["first_seen_at"], loser["first_seen_at"]),
        last_seen_at=max(survivor["last_seen_at"], loser["last_seen_at"]),
    )
    merge_id = new_id("mrg")
    rows.insert(tx, merge_table, [_row(merge_id, survivor, loser_no, rule=rule, reason=reason, by=by, at=now, import_id=import_id)])
    conflicts.close_between(tx, moved, survivor_no, by=by.id, at=now)
    detail = {"merge": merge_id, "survivor_no": survivor_no, "loser_no": loser_no, "rule": rule}
    audit.append(ws.sql, tx, by=by, action="people.member.merge", subject=survivor["id"], at=now, detail=detail)
    bus.tell(ws.sql, tx, events.Merged(merge_id, survivor_no, loser_no, sorted(moved), rule, historical), at=now)
    return merge_id


def _row(
    merge_id: str, survivor: rows.Row, loser_no: int, *, rule: str, reason: str, by: Principal, at: dt.datetime, import_id: str | None
) -> rows.Row:
    return {
        "id": merge_id,
        "survivor_no": survivor["member_no"],
        "loser_no": loser_no,
        "rule": rule,
        "reason": reason,
        "actor": by.id,
        "at": at,
        "survivor_first_seen_at": survivor["first_seen_at"],
        "survivor_last_seen_at": survivor["last_seen_at"],
        "import_id": import_id,
    }
