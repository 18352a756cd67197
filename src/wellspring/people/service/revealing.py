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


def opened_values(ws: Workspace, tx: Tx, member_no: int) -> PlainValues:
    """Name, phones and e-mail addresses in plain; contact values that identify somebody else included."""
    sealed = attributes.current(tx, (member_no,), ("name", "phone", "email"))
    opened = {name: ws.keys.open(bytes(row["sealed"]), context=context(name)) for (_, name), row in sealed.items() if row["sealed"]}
    held: dict[str, list[str]] = {"phone": [], "email": []}
    for row in identities.full(tx, looking.family_of(tx, member_no), kinds=(IdentityKind.PHONE.value, IdentityKind.EMAIL.value)):
        held[row["kind"]].append(ws.keys.open(bytes(row["sealed"]), context=context(row["kind"])))
    for kind, values in held.items():
        if kind in opened and opened[kind] not in values:
            values.append(opened[kind])
    return PlainValues(opened.get("name"), tuple(held["phone"]), tuple(held["email"]))
