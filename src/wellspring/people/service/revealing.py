"""Plain personal values for those who may see them; every look is an audit entry that names the fields, never the values."""

from collections.abc import Sequence

from wellspring.kernel import audit
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import Invalid
from wellspring.kernel.stores.sql import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people.contracts import IdentityKind, Permission, PlainValues
from wellspring.people.repo import attributes, identities
from wellspring.people.service import looking
from wellspring.people.service.naming import context

FIELDS = ("phone", "email", "name")
_CONTACTS = (IdentityKind.PHONE.value, IdentityKind.EMAIL.value)


def reveal(ws: Workspace, *, by: Principal, member_id: str, fields: Sequence[str]) -> PlainValues:
    """Opens the named fields of a member. Raises Forbidden, MemberUnknown, NotActive, Invalid."""
    by.require(Permission.PII_READ)
    if not fields or any(field not in FIELDS for field in fields):
        raise Invalid(field="fields", reason="phone, email, name")
    with ws.sql.write() as tx:
        row = looking.row_of(tx, by=by, member_id=member_id, active=True)
        opened = opened_values(ws, tx, row["member_no"])
        audit.append(
            ws.sql, tx, by=by, action="people.pii.reveal", subject=row["id"], at=ws.clock.now(), detail={"fields": sorted(set(fields))}
        )
    return PlainValues(
        name=opened.name if "name" in fields else None,
        phones=opened.phones if "phone" in fields else (),
        emails=opened.emails if "email" in fields else (),
    )


def plain_values(ws: Workspace, *, member_nos: Sequence[int]) -> dict[int, PlainValues]:
    """Name, phones and e-mail addresses of many members in plain, for a file that somebody asked for.

    Whoever calls this demands the permission first and audits who asked, for what purpose, and for which fields.
    """
    with ws.sql.read() as tx:
        return _opened(ws, tx, member_nos)


def opened_values(ws: Workspace, tx: Tx, member_no: int) -> PlainValues:
    """Name, phones and e-mail addresses in plain; contact values that identify somebody else included."""
    return _opened(ws, tx, (member_no,))[member_no]


def _opened(ws: Workspace, tx: Tx, numbers: Sequence[int]) -> dict[int, PlainValues]:
    holder_of = {number: holder for holder, family in identities.families(tx, numbers).items() for number in family}
    held: dict[tuple[int, str], list[str]] = {}
    for row in identities.full(tx, holder_of, kinds=_CONTACTS):
        opened = ws.keys.open(bytes(row["sealed"]), context=context(row["kind"]))
        held.setdefault((holder_of[row["member_no"]], row["kind"]), []).append(opened)
    names: dict[int, str] = {}
    for (number, name), row in attributes.current(tx, numbers, ("name", *_CONTACTS)).items():
        if row["sealed"]:
            value = ws.keys.open(bytes(row["sealed"]), context=context(name))
            if name == "name":
                names[number] = value
            elif value not in held.setdefault((number, name), []):
                held[number, name].append(value)
    return {number: PlainValues(names.get(number), *(tuple(held.get((number, kind), ())) for kind in _CONTACTS)) for number in numbers}
