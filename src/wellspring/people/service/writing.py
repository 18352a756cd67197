"""An operator makes or changes one member; the same resolution and the same observations as for any source."""

from collections.abc import Mapping, Sequence
from typing import Any

from wellspring.kernel import audit, bus, failpoints
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import Invalid
from wellspring.kernel.stores.sql import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import events
from wellspring.people.contracts import Claim, Identity, Refusal
from wellspring.people.errors import AttributeRefused, IdentityRefused, IdentityTaken, IdentityWithheld, Suppressed
from wellspring.people.models import identity_table
from wellspring.people.repo import identities, members, rows
from wellspring.people.rules import attributes as attribute_rules
from wellspring.people.rules.identities import OVER_LIMIT, SUPPRESSED, WEAK, mask
from wellspring.people.service import looking, memory, observing
from wellspring.people.service.deciding import IDENTITY_COLUMNS, identity_values
from wellspring.people.service.naming import Named, Naming, context
from wellspring.people.service.resolve import resolve

SOURCE = "console"


def create(
    ws: Workspace,
    *,
    by: Principal,
    wanted: Sequence[Identity],
    attributes: Mapping[str, Any],
    home_unit_id: str | None,
    source: str = SOURCE,
) -> str:
    """Makes a member and gives its id. Raises IdentityTaken, IdentityWithheld, IdentityRefused, Suppressed, AttributeRefused."""
    _require_unit(by, home_unit_id)
    naming = Naming(ws)
    named = [_named(naming, identity, by) for identity in wanted]
    with ws.sql.write() as tx:
        ws.sql.lock(tx, memory.LOCK)
        # The order in which every verb takes them: people, audit, outbox. Resolving tells before this verb audits.
        ws.sql.lock(tx, "kernel.audit")
        _refuse_bad(attributes)
        claim = Claim(tuple(wanted), ws.clock.now(), source, attributes or None, home_unit_id)
        keys, _ = naming.all_of(claim)
        taken = identities.owners(tx, [one.key for one in keys])
        for one in keys:
            if one.key in taken:
                raise _taken(ws, tx, by, taken[one.key], one.kind.value)
        answer = resolve(ws, by=by, claims=[claim])
        if 0 in answer.refused:
            raise _failure(answer.refused[0], named[0].kind.value if named else "identities", by)
        number = answer.member_nos[0]
        member_id = members.ids_of(tx, (number,))[number]
        audit.append(ws.sql, tx, by=by, action="people.member.create", subject=member_id, at=ws.clock.now(), detail={"member_no": number})
        failpoints.hit("people.create.before_commit")
    return member_id


def change(ws: Workspace, *, by: Principal, member_id: str, attributes: Mapping[str, Any], home_unit_id: str | None, moves: bool) -> None:
    """Sets attributes (null clears) and, when `moves`, the home unit.

    Raises MemberUnknown, NotActive, AttributeRefused, IdentityTaken, IdentityWithheld, IdentityRefused, Suppressed.
    """
    now = ws.clock.now()
    if moves:
        _require_unit(by, home_unit_id)
    _refuse_bad(attributes)
    with ws.sql.write() as tx:
        ws.sql.lock(tx, memory.LOCK)
        row = looking.row_of(tx, by=by, member_id=member_id, active=True)
        number = row["member_no"]
        at = observing.after_all(tx, number, now)
        told, _ = observing.read(number, attributes, at=at, source=SOURCE)
        if moves:
            told.append(observing.home_unit(number, home_unit_id, at=at, source=SOURCE))
        observing.save(ws, tx, told, holder=lambda owner: owner, fresh_from=number + 1, now=now, import_id=None)
        _add_identities(ws, tx, number, Claim((), now, SOURCE, attributes), by)
        names = sorted({one.name for one in told})
        audit.append(ws.sql, tx, by=by, action="people.member.change", subject=row["id"], at=now, detail={"attributes": names})
        bus.tell(ws.sql, tx, events.Changed([number], historical=False), at=now)
        failpoints.hit("people.change.before_commit")


def _add_identities(ws: Workspace, tx: Tx, number: int, claim: Claim, by: Principal) -> None:
    naming = Naming(ws)
    named, refused = naming.all_of(claim)
    if refused:
        raise _failure(refused[0], "attributes", by)
    view = memory.view_of(ws, tx)
    owners = identities.owners(tx, [one.key for one in named])
    family = looking.family_of(tx, number)
    held = [kind for _, _, kind in identities.of_owners(tx, family)]
    for one in named:
        owner = owners.get(one.key)
        if owner is not None and view.holders.get(owner, owner) != number:
            raise _taken(ws, tx, by, owner, one.kind.value)
        if owner is not None:
            continue
        if identities.suppressed(tx, [one.key]):
            raise _suppressed(by, one.kind.value)
        if held.count(one.kind.value) >= naming.limits[one.kind]:
            raise _failure(OVER_LIMIT, one.kind.value, by)
        row = identity_values(
            lambda one: (ws.keys.seal(one.value, context=context(one.kind.value)), mask(one.kind, one.value)), one, number, claim, None
        )
        rows.insert_values(tx, identity_table, IDENTITY_COLUMNS, [row])
        held.append(one.kind.value)
    if any(one.kind not in WEAK for one in named):
        members.mark_identified(tx, (number,))


def _named(naming: Naming, identity: Identity, by: Principal) -> Named:
    found = naming.named(identity)
    if isinstance(found, Refusal):
        raise _failure(found, identity.kind.value, by)
    return found


def _refuse_bad(attributes: Mapping[str, Any]) -> None:
    for name, value in attribute_rules.flat(attributes):
        if attribute_rules.good_name(name) is None:
            raise AttributeRefused(field=name.encode(errors="replace").decode()[:60], reason=attribute_rules.BAD_NAME.en)
        is_whole = isinstance(value, Mapping) and attribute_rules.sealed_name(name) is not None
        if not is_whole and attribute_rules.typed(value) is None:
            raise AttributeRefused(field=name[:60], reason=attribute_rules.BAD_VALUE.en)


def _taken(ws: Workspace, tx: Tx, by: Principal, owner: int, field: str) -> Exception:
    """Who may see the owner is told that there is one."""
    held = memory.view_of(ws, tx).holders
    holder = held.get(owner, owner)
    home = members.by_numbers(tx, (holder,))[holder]["home_unit_id"]
    return IdentityTaken(field=field) if by.scope.covers(home) else IdentityWithheld(field=field)


def _suppressed(by: Principal, field: str) -> Exception:
    # An erased person belongs to no unit: a part of the organisation cannot tell them from another part's member.
    return Suppressed() if by.scope.is_all else IdentityWithheld(field=field)


def _failure(refusal: Refusal, field: str, by: Principal) -> Exception:
    if refusal == SUPPRESSED:
        return _suppressed(by, field)
    return IdentityRefused(field=field, reason=f"{refusal.zh} / {refusal.en}")


def _require_unit(by: Principal, home_unit_id: str | None) -> None:
    if not by.scope.covers(home_unit_id):
        raise Invalid(field="home_unit_id", reason="outside your data scope / 不在您的数据权限内")
