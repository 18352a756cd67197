"""The queue of conflicts: what clashes, both sides as evidence, and a person's decision, which is remembered."""

import dataclasses
from collections.abc import Sequence

from wellspring.kernel import audit, bus, failpoints
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import Invalid
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores.sql import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import events
from wellspring.people.contracts import Agreement, Conflict, Decision, Evidence, FieldEvidence, IdentityKind, MemberState, Screen, Side
from wellspring.people.errors import ConflictDecidedAlready, ConflictUnknown, NotActive
from wellspring.people.repo import conflicts as repo
from wellspring.people.repo import identities, members, merges, rows
from wellspring.people.rules import likeness
from wellspring.people.rules.identities import PERSONAL
from wellspring.people.service import consenting, looking, memory
from wellspring.people.service import merge as merging


def page(ws: Workspace, *, by: Principal, state: str | None, cursor: str | None, limit: int | None) -> Page[Conflict]:
    """Conflicts of which the caller may see both sides, the newest first."""
    size = limit_of(limit)
    after = str(decode_cursor(cursor, length=1)[0]) if cursor else None
    with ws.sql.read() as tx:
        found = repo.listing(tx, state=state, after=after, limit=size + 1)
        shown = [_conflict(tx, row) for row in found[:size] if _sides_visible(tx, row, by=by)]
        total = repo.count_open(tx) if state == "open" and by.scope.is_all else None
    return Page(shown, encode_cursor([found[size - 1]["id"]]) if len(found) > size else None, total)


def evidence(ws: Workspace, *, by: Principal, conflict_id: str) -> Evidence:
    """A conflict with both sides. Raises ConflictUnknown."""
    with ws.sql.read() as tx:
        row = _visible(tx, by=by, conflict_id=conflict_id)
        holders = memory.view_of(ws, tx).holders
        numbers = [holders.get(row[name], row[name]) for name in ("holder_no", "claimant_no")]
        found = members.by_numbers(tx, numbers)
        sides = [side_of(ws, tx, found[number]) for number in numbers]
        return Evidence(_side_by_side(_conflict(tx, row), *sides), *sides)


def decide(ws: Workspace, *, by: Principal, conflict_id: str, decision: Decision, survivor_id: str | None, reason: str) -> Conflict:
    """Merges the two, keeps them apart for good, or moves the identifier to the claimant.

    Raises ConflictUnknown, ConflictDecidedAlready, NotActive when a side was erased.
    """
    now = ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, memory.LOCK)
        row = _visible(tx, by=by, conflict_id=conflict_id)
        if row["state"] != "open":
            raise ConflictDecidedAlready
        repo.decide(tx, conflict_id, decision=decision.value, decided_by=by.id, decided_at=now, decision_reason=reason)
        _carry_out(ws, tx, row, by=by, decision=decision, survivor_id=survivor_id, reason=reason)
        memory.changed(ws, tx)
        detail = {"decision": decision.value, "holder_no": row["holder_no"], "claimant_no": row["claimant_no"]}
        audit.append(ws.sql, tx, by=by, action="people.conflict.decide", subject=conflict_id, at=now, detail=detail)
        bus.tell(ws.sql, tx, events.ConflictDecided(conflict_id, decision.value), at=now)
        failpoints.hit("people.conflict.before_commit")
        return _conflict(tx, _visible(tx, by=by, conflict_id=conflict_id))


def _carry_out(ws: Workspace, tx: Tx, row: rows.Row, *, by: Principal, decision: Decision, survivor_id: str | None, reason: str) -> None:
    holders = memory.view_of(ws, tx).holders
    holder, claimant = (holders.get(row[name], row[name]) for name in ("holder_no", "claimant_no"))
    both = members.by_numbers(tx, (holder, claimant))
    if any(one["state"] != MemberState.ACTIVE for one in both.values()):
        raise NotActive(state=MemberState.ERASED.value)
    if decision is Decision.MERGE and holder != claimant:
        wished = next((number for number, one in both.items() if one["id"] == survivor_id), None)
        if survivor_id is not None and wished is None:
            raise Invalid(field="survivor_id", reason="not one of the two sides / 不是冲突双方之一")
        merging.together(ws, tx, by=by, numbers=(holder, claimant), survivor_no=wished, reason=reason)
    if decision is Decision.MOVE_IDENTITY and not row["kind"]:
        raise Invalid(field="decision", reason="there is no identifier to move / 没有可移动的标识")
    if decision is Decision.MOVE_IDENTITY:
        identities.move(tx, bytes(row["key"]), claimant)
        members.mark_identified(tx, (claimant,))
        bus.tell(ws.sql, tx, events.Changed(sorted((holder, claimant)), historical=False), at=ws.clock.now())


def side_of(ws: Workspace, tx: Tx, row: rows.Row, family: Sequence[int] | None = None) -> Side:
    """A member with everything that is known of it, masked; four queries, or three where its family is known."""
    family = family or looking.family_of(tx, row["member_no"])
    held = identities.known(tx, family)
    member, known, values = looking.whole(tx, row, held)
    return Side(member=member, identities=known, attributes=values, consents=consenting.of_family(ws, tx, family, held))


def screen(ws: Workspace, *, by: Principal, member_id: str) -> Screen:
    """A member's page: the side, its merges, and whoever those speak of."""
    with ws.sql.read() as tx:
        row = looking.row_of(tx, by=by, member_id=member_id)
        family = looking.family_of(tx, row["member_no"])
        side = side_of(ws, tx, row, family)
        found = [merging.merge_of(one) for one in merges.touching(tx, family)]
        numbers = {number for one in found for number in (one.survivor_no, one.loser_no)}
        visible = [other for other in members.shown_of(tx, sorted(numbers)).values() if by.scope.covers(other["home_unit_id"])]
        named = {one.member_no: one for one in looking.decorate(tx, visible)} if visible else {}
    return Screen(side, found, named)


def _visible(tx: Tx, *, by: Principal, conflict_id: str) -> rows.Row:
    row = repo.get(tx, conflict_id)
    if row is None or not _sides_visible(tx, row, by=by):
        raise ConflictUnknown
    return row


def _sides_visible(tx: Tx, row: rows.Row, *, by: Principal) -> bool:
    if by.scope.is_all:
        return True
    both = members.by_numbers(tx, (row["holder_no"], row["claimant_no"]))
    return all(by.scope.covers(one["home_unit_id"]) for one in both.values())


def _conflict(tx: Tx, row: rows.Row) -> Conflict:
    own = {name: row[name] for name in Conflict.__slots__ if name not in ("kind", "value", "decision", "fields")}
    decision = Decision(row["decision"]) if row["decision"] else None
    fields = [FieldEvidence(field, Agreement(agreement), weight) for field, agreement, weight in row["fields"] or ()]
    # Two who only look alike have no identifier in common.
    kind = IdentityKind(row["kind"]) if row["kind"] else None
    return Conflict(**own, kind=kind, value=_value(tx, row, kind), decision=decision, fields=fields)


def _side_by_side(conflict: Conflict, holder: Side, claimant: Side) -> Conflict:
    fields = [
        dataclasses.replace(one, holder=likeness.shown(one.field, _masks(holder)), claimant=likeness.shown(one.field, _masks(claimant)))
        for one in conflict.fields
    ]
    return dataclasses.replace(conflict, fields=fields)


def _masks(side: Side) -> dict[str, object]:
    member = side.member
    contacts = {"name": member.name_masked, "phone": member.phone_masked, "email": member.email_masked}
    return {**{one.name: one.value for one in side.attributes}, **{name: mask for name, mask in contacts.items() if mask}}


def _value(tx: Tx, row: rows.Row, kind: IdentityKind | None) -> str:
    identity = None if kind is None else identities.by_key(tx, bytes(row["key"]))
    if identity is None:
        return ""
    return str((identity["mask"] if kind in PERSONAL else identity["value"]) or "")
