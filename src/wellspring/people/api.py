"""The front door of people: who somebody is, what is known of them, what they agreed to, and their leaving.

Every verb takes the workspace first and acts in one transaction, joining the caller's where one is open.
"""

from collections.abc import Sequence

from pyroaring import BitMap

from wellspring.kernel.auth import Principal
from wellspring.kernel.workspace import Workspace
from wellspring.people.contracts import Claim, Resolved
from wellspring.people.repo import identities as _identities
from wellspring.people.repo import members as _members
from wellspring.people.repo import totals as _totals
from wellspring.people.service import memory as _memory
from wellspring.people.service import resolve as _resolve


def resolve(ws: Workspace, *, by: Principal, claims: Sequence[Claim], historical: bool = False, import_id: str | None = None) -> Resolved:
    """Says whom each row of a batch belongs to, in order, making, naming and merging members as the rules say.

    All or nothing: one transaction, committed on return (or joining the caller's). A row without a usable identifier,
    of an erased person, or of an unknown one when it may not be made, is refused alone, with a reason.
    """
    return _resolve.resolve(ws, by=by, claims=claims, historical=historical, import_id=import_id)


def holders(ws: Workspace) -> dict[int, int]:
    """The full map of merged numbers to the members that hold them now; flat, so one look-up is enough."""
    with ws.sql.read() as tx:
        return dict(_identities.holders(tx))


def holders_of(ws: Workspace, *, member_nos: Sequence[int]) -> list[int]:
    """The member that holds each of these numbers now, in order."""
    with ws.sql.read() as tx:
        held = _memory.view_of(ws, tx).holders
    return [held.get(number, number) for number in member_nos]


def last_member_no(ws: Workspace) -> int:
    """The highest member number ever given; 0 in an empty workspace."""
    with ws.sql.read() as tx:
        return _members.last_no(tx)


def counts(ws: Workspace, *, by: Principal) -> tuple[int, int]:
    """How many members the caller may see, and how many of them are identified."""
    with ws.sql.read() as tx:
        return _totals.counted(tx, by.scope)


def members_by_source(ws: Workspace, *, by: Principal) -> dict[str, BitMap]:
    """The numbers of the members whom the caller may see, by the source that told of them first."""
    with ws.sql.read() as tx:
        return _totals.by_source(tx, by.scope)
