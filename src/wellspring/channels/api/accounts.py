"""Accounts: connecting, changing, checking them. Secrets go in and never come out."""

from wellspring.channels.contracts import Account, AccountDraft, AccountKind, AccountState, Verdict
from wellspring.channels.service import accounts as _accounts
from wellspring.kernel.auth import Principal
from wellspring.kernel.workspace import Workspace


def account(ws: Workspace, account_id: str) -> Account:
    """One account. Raises AccountUnknown."""
    return _accounts.get(ws, account_id)


def accounts(ws: Workspace, kind: AccountKind | None = None) -> list[Account]:
    """The connected accounts, oldest first."""
    return _accounts.listing(ws, kind)


def connect(ws: Workspace, *, by: Principal, draft: AccountDraft) -> Account:
    """Keeps a new account with its secrets sealed. Raises AccountTaken, Invalid, AddressRefused for a host that leads inside."""
    return _accounts.connect(ws, by=by, draft=draft)


def change_account(ws: Workspace, *, by: Principal, account_id: str, draft: AccountDraft) -> Account:
    """Replaces what was typed; secrets that are None stay. Raises AccountUnknown, AccountTaken, Invalid, AddressRefused."""
    return _accounts.change(ws, by=by, account_id=account_id, draft=draft)


def allow_host(host: str) -> None:
    """Lets accounts be reached at this address of this machine, which this program itself started (the simulator)."""
    _accounts.allow_host(host)


def pause_account(ws: Workspace, *, by: Principal, account_id: str) -> Account:
    """Stops every call with the account; callbacks are still kept. Raises AccountUnknown."""
    return _accounts.set_state(ws, by=by, account_id=account_id, state=AccountState.PAUSED)


def resume_account(ws: Workspace, *, by: Principal, account_id: str) -> Account:
    """Lets an account make calls again. Raises AccountUnknown."""
    return _accounts.set_state(ws, by=by, account_id=account_id, state=AccountState.ACTIVE)


def check_account(ws: Workspace, *, account_id: str) -> Verdict:
    """Makes one cheap call and tells in plain words whether the credentials are taken, and what to do if not."""
    return _accounts.check(ws, account_id=account_id)


def callback_path(ws: Workspace, account_id: str) -> str:
    """Where the platform is told to send an account's callbacks, below this server's address. Raises AccountUnknown."""
    return f"/callbacks/{_accounts.get(ws, account_id).kind}/{account_id}"
