"""Who a contact is: its unionid, its own id and the phones that staff noted, given to One-ID; and who a userid is."""

import datetime as dt
from collections.abc import Collection, Sequence

from wellspring.channels.adapters.wecom.contacts import Person
from wellspring.channels.repo import contacts as rows
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.people import api as people
from wellspring.people.contracts import Claim, Identity, IdentityKind

SOURCE = "wecom"
# A staff member's note holds a few numbers at most; more are a list of something else.
_MOBILES_MAX = 3


def claim(external_userid: str, person: Person | None, mobiles: Sequence[str], *, at: dt.datetime, is_named: bool) -> Claim:
    """What the platform says of one person; the nickname only where it is news."""
    identities = [Identity(IdentityKind.EXTERNAL_USERID, external_userid)]
    if person is not None and person.unionid:
        identities.insert(0, Identity(IdentityKind.UNIONID, person.unionid))
    identities += [Identity(IdentityKind.PHONE, mobile) for mobile in list(mobiles)[:_MOBILES_MAX]]
    attributes = {"nickname": person.name} if is_named and person is not None and person.name else None
    return Claim(identities, at, SOURCE, attributes)


def owners(ws: Workspace, claims: Sequence[Claim], *, historical: bool = False) -> list[int]:
    """The number to note for each claim; 0 for somebody who was erased and must not come back."""
    return list(people.resolve(ws, by=SYSTEM, claims=claims, historical=historical).owner_nos)


def member_id(ws: Workspace, owner_no: int) -> tuple[int, str | None]:
    """The member who holds a number now, and their id."""
    holder = people.holders_of(ws, member_nos=[owner_no])[0]
    found = people.members_of(ws, by=SYSTEM, member_nos=[holder]).get(holder)
    return holder, found.id if found else None


def staff_ids(ws: Workspace, tx: Tx, account_id: str, userids: Collection[str]) -> dict[str, str | None]:
    """The persons in the organisation behind userids: chosen by hand, or those who have the userid, or it as their code."""
    known = rows.staff_ids(tx, account_id, userids)
    new = sorted(set(userids) - set(known))
    if new:
        by_userid = organization.staff_ids_by_userid(ws, new)
        added = [
            {
                "account_id": account_id,
                "userid": userid,
                "staff_id": by_userid.get(userid),
                "is_chosen": False,
                "name": "",
                "is_active": True,
                "can_contact": True,
                "synced_at": ws.clock.now(),
            }
            for userid in new
        ]
        rows.add_staff(tx, added)
        known |= {userid: by_userid.get(userid) for userid in new}
    return known


def look_again(ws: Workspace, tx: Tx, account_id: str) -> None:
    """Finds the persons behind userids who stood for nobody until now: they came into the organisation later."""
    nobody = [row["userid"] for row in rows.staff(tx, account_id) if row["staff_id"] is None and not row["is_chosen"]]
    for userid, staff_id in organization.staff_ids_by_userid(ws, nobody).items():
        rows.change_staff(tx, account_id, [userid], {"staff_id": staff_id})
