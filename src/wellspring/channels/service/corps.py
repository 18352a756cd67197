"""The corps that calls are made of, their members, and which of them a caller with a part of the brand may see."""

from wellspring.channels.contracts import AccountKind, AccountState
from wellspring.channels.repo import staff as repo
from wellspring.channels.service import accounts
from wellspring.kernel.auth import Principal
from wellspring.kernel.pages import PAGE_MAX
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization


def active(ws: Workspace, kind: AccountKind = AccountKind.WECOM) -> list[str]:
    """The accounts of a kind that make calls."""
    return [account.id for account in accounts.listing(ws, kind) if account.state is AccountState.ACTIVE and account.has_secret]


def userids(ws: Workspace, account_id: str) -> list[str]:
    """Members of a corp who may have customers."""
    with ws.sql.read() as tx:
        return repo.userids(tx, account_id)


def visible(ws: Workspace, by: Principal) -> list[str] | None:
    """The userids whose customers and groups the caller may see; None is everybody's."""
    if by.scope.unit_ids is None:
        return None
    seen: set[str] = set()
    cursor: str | None = None
    while True:
        page = organization.list_staff(ws, by=by, cursor=cursor, limit=PAGE_MAX)
        seen.update(one.id for one in page.rows)
        cursor = page.next_cursor
        if cursor is None:
            break
    with ws.sql.read() as tx:
        return sorted(userid for _account, userid, staff_id in repo.persons(tx) if staff_id in seen)
