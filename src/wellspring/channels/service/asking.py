"""An account and its client by the account's id."""

from wellspring.channels.adapters.wecom.asking import Ask
from wellspring.channels.adapters.wecom.asking import asking as _asking
from wellspring.channels.contracts import Account
from wellspring.channels.service import accounts
from wellspring.kernel.workspace import Workspace


def account_of(ws: Workspace, account_id: str) -> Account:
    """The account. Raises AccountUnknown."""
    return accounts.get(ws, account_id)


def asking(ws: Workspace, account_id: str) -> Ask:
    """The account's client. Raises AccountUnknown."""
    return _asking(ws, accounts.get(ws, account_id))
