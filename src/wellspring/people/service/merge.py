"""Merging two members on somebody's word, and taking a merge back (N07, N08).

Taking back is possible in any order: identities, observations and consents never left their numbers. What arrived since
belongs to the survivor, except what came with an identifier of the restored one.
"""

from collections.abc import Sequence

from wellspring.kernel import audit, bus, failpoints
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import Invalid
from wellspring.kernel.stores.sql import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import events
from wellspring.people.contracts import IdentityKind, MemberState, Merge
from wellspring.people.errors import MergeUnknown, NotActive
from wellspring.people.models import conflict_table
from wellspring.people.repo import identities, members, merges, rows
from wellspring.people.rules.belonging import Profile, survivor
from wellspring.people.rules.identities import KINDS
from wellspring.people.service import joining, looking, memory, observing

MANUAL = "decision"


def merge(ws: Workspace, *, by: Principal, ids: Sequence[str], survivor_id: str | None, reason: str) -> Merge | None:
    """Makes two members one; None when they are one already (N01). Raises MemberUnknown, NotActive, Invalid."""
    if len(set(ids)) != 2 or (survivor_id is not None and survivor_id not in ids):
        raise Invalid(field="ids", reason="two different members, the survivor one of them")
    with ws.sql.write() as tx:
        ws.sql.lock(tx, memory.LOCK)
        found = [looking.row_of(tx, by=by, member_id=one) for one in ids]
        holders = [_holder_no(row) for row in found]
        if holders[0] == holders[1]:
            return None
        wished = None if survivor_id is None else holders[list(ids).index(survivor_id)]
        merge_id = together(ws, tx, by=by, numbers=holders, survivor_no=wished, reason=reason)
        made = merges.get(tx, merge_id)
        failpoints.hit("people.merge.before_commit")
    return None if made is None else merge_of(made)


def together(
    ws: Workspace, tx: Tx, *, by: Principal, numbers: Sequence[int], survivor_no: int | None, reason: str, rule: str = MANUAL
) -> str:
    """Joins two members in the running transaction; the survivor is the wished one or the one with the stronger identifier."""
    kept = survivor_no if survivor_no is not None else survivor(numbers, profiles_of(tx, numbers))
    loser = next(number for number in numbers if number != kept)
    merge_id = joining.join(ws, tx, by=by, survivor_no=kept, loser_no=loser, rule=rule, reason=reason)
    memory.changed(ws, tx)
    return merge_id


def undo(ws: Workspace, *, by: Principal, merge_id: str, reason: str, keep_apart: bool = True) -> Merge:
    """Takes a merge back and remembers that these two are different people; a second time changes nothing.

    Raises MergeUnknown, NotActive when either side was erased.
    """
    now = ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, memory.LOCK)
        row = _visible(tx, by=by, merge_id=merge_id)
        if row["undone_at"] is None:
            _take_apart(ws, tx, row, by=by, reason=reason)
            if keep_apart:
                rows.insert(tx, conflict_table, [_apart_row(row, by=by, at=now, reason=reason)])
            memory.changed(ws, tx)
            row = _visible(tx, by=by, merge_id=merge_id)
        failpoints.hit("people.unmerge.before_commit")
    return merge_of(row)


def history(ws: Workspace, *, by: Principal, member_id: str) -> list[Merge]:
    """Every merge that the member or a number it holds was part of, the newest first."""
    with ws.sql.read() as tx:
        row = looking.row_of(tx, by=by, member_id=member_id)
        return [merge_of(found) for found in merges.touching(tx, looking.family_of(tx, row["member_no"]))]


def profiles_of(tx: Tx, numbers: Sequence[int]) -> dict[int, Profile]:
    """The identifiers of each member, those of merged numbers included."""
    families = identities.families(tx, numbers)
    holder_of = {number: holder for holder, family in families.items() for number in family}
    profiles: dict[int, Profile] = {number: {} for number in numbers}
    for key, owner, kind in identities.of_owners(tx, holder_of):
        profiles[holder_of[owner]].setdefault(IdentityKind(kind), set()).add(key)
    return profiles


def merge_of(row: rows.Row) -> Merge:
    """The contract of a merge row."""
    return Merge(**{name: row[name] for name in Merge.__slots__})


def _take_apart(ws: Workspace, tx: Tx, row: rows.Row, *, by: Principal, reason: str) -> None:
    now = ws.clock.now()
    restored, survivor_no = row["loser_no"], row["survivor_no"]
    merges.undo(tx, row["id"], by=by.id, reason=reason, at=now)
    subtree = _subtree(tx, restored)
    held = members.by_numbers(tx, (restored, survivor_no))
    if any(one["state"] == MemberState.ERASED for one in held.values()):
        raise NotActive(state=MemberState.ERASED.value)
    holder = held[restored]["merged_into"] or survivor_no
    merges.stand_alone(tx, restored, [number for number in subtree if number != restored])
    families = {restored: subtree, holder: looking.family_of(tx, holder)}
    observing.recompute(tx, families)
    _restore_columns(tx, families, row)
    detail = {"merge": row["id"], "survivor_no": holder, "restored_no": restored}
    audit.append(ws.sql, tx, by=by, action="people.member.unmerge", subject=held[restored]["id"], at=now, detail=detail)
    bus.tell(ws.sql, tx, events.Unmerged(row["id"], holder, restored, sorted(subtree)), at=now)


def _restore_columns(tx: Tx, families: dict[int, list[int]], row: rows.Row) -> None:
    for holder, family in families.items():
        kinds = {IdentityKind(kind) for _, _, kind in identities.of_owners(tx, family)}
        members.update(tx, holder, identified=any(KINDS[kind].identifies for kind in kinds))
    survivor_no = row["survivor_no"]
    if families.get(survivor_no) == [survivor_no]:
        # It stands alone again, so what this merge lent it goes back; if it was seen since, that stays.
        both = members.by_numbers(tx, (survivor_no, row["loser_no"]))
        lent = max(row["survivor_last_seen_at"], both[row["loser_no"]]["last_seen_at"])
        last = row["survivor_last_seen_at"] if both[survivor_no]["last_seen_at"] == lent else both[survivor_no]["last_seen_at"]
        members.update(tx, survivor_no, first_seen_at=row["survivor_first_seen_at"], last_seen_at=last)


def _subtree(tx: Tx, root: int) -> list[int]:
    found, level = [root], [root]
    while level := merges.losers_of(tx, level):
        found += level
    return found


def _visible(tx: Tx, *, by: Principal, merge_id: str) -> rows.Row:
    row = merges.get(tx, merge_id)
    if row is None:
        raise MergeUnknown
    both = members.by_numbers(tx, (row["survivor_no"], row["loser_no"]))
    if not all(by.scope.covers(one["home_unit_id"]) for one in both.values()):
        raise MergeUnknown
    return row


def _holder_no(row: rows.Row) -> int:
    if row["state"] == MemberState.ERASED:
        raise NotActive(state=row["state"])
    return int(row["merged_into"] or row["member_no"])


def _apart_row(row: rows.Row, *, by: Principal, at: object, reason: str) -> rows.Row:
    return {
        "id": "cfl_" + row["id"].removeprefix("mrg_"),
        "state": "decided",
        "key": bytes(16),
        "kind": row["rule"] if row["rule"] in KINDS else IdentityKind.ANONYMOUS_ID.value,
        "holder_no": row["survivor_no"],
        "claimant_no": row["loser_no"],
        "reason": "unmerged",
        "source": "",
        "opened_at": at,
        "last_at": at,
        "times": 1,
        "decision": "keep_apart",
        "decided_by": by.id,
        "decided_at": at,
        "decision_reason": reason,
    }
