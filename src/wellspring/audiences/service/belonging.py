"""The audiences of one member, as committed: for the page of the member, which asks in passing and must not evaluate."""

from wellspring.audiences import repo
from wellspring.audiences.contracts import Belonging
from wellspring.audiences.service import seeing
from wellspring.audiences.service.explaining import number_of
from wellspring.kernel.auth import Principal
from wellspring.kernel.workspace import Workspace


def of_member(ws: Workspace, *, by: Principal, member: str) -> list[Belonging]:
    """The audiences that a member (by id or number) is in, or is kept out of by hand, by name. Raises MemberUnknown."""
    member_no = number_of(ws, by=by, member=member)
    within = seeing.visible(ws, by)
    found = []
    with ws.sql.read() as tx:
        for audience in repo.listing(tx):
            members = repo.members(tx, audience.id)
            inside, outside = repo.by_hand(tx, audience.id)
            by_hand = "in" if member_no in inside else "out" if member_no in outside else None
            if member_no in members or by_hand:
                count = len(seeing.seen(members, within))
                found.append(Belonging(audience.id, audience.name, count, audience.definition is None, member_no in members, by_hand))
    return found
