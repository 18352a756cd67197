"""People whom a group's list names: their numbers where One-ID knows them, and their names sealed with a mask beside."""

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from wellspring.channels.repo import contacts
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.text import mask_name
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Claim, Identity, IdentityKind


class Named(Protocol):
    """Somebody with the ids by which the platform knows them."""

    @property
    def userid(self) -> str:
        """Of a customer the external_userid."""
        ...

    @property
    def unionid(self) -> str:
        """Empty where the corp binds no developer id."""
        ...

    @property
    def joined_at(self) -> dt.datetime:
        """Since when that is known."""
        ...


def numbers_of(ws: Workspace, customers: Sequence[Named]) -> dict[str, int]:
    """The owners' numbers of those whom anything of theirs names already; nobody is made for having sat in a group."""
    if not customers:
        return {}
    claims = [Claim(_identities(one), one.joined_at, "wecom", creates=False) for one in customers]
    resolved = people.resolve(ws, by=SYSTEM, claims=claims)
    return {one.userid: number for one, number in zip(customers, resolved.owner_nos, strict=True) if number}


def sealed(ws: Workspace, name: str, *, context: str) -> tuple[bytes | None, str | None]:
    """A name as columns hold it: sealed, and masked for showing."""
    return (ws.keys.seal(name, context=context), mask_name(name)) if name else (None, None)


def is_staff(ws: Workspace, account_id: str, userid: str) -> bool:
    """Whether somebody who is known by an id alone is of the corp."""
    with ws.sql.read() as tx:
        return userid in contacts.staff_ids(tx, account_id, [userid])


def _identities(one: Named) -> tuple[Identity, ...]:
    external = Identity(IdentityKind.EXTERNAL_USERID, one.userid)
    return (Identity(IdentityKind.UNIONID, one.unionid), external) if one.unionid else (external,)
