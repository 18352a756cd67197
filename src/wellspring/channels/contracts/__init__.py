"""What crosses the front door of channels, one part per module: accounts, and contacts with those who follow them.

All frozen. Permissions of every part stand here.
"""

import enum

from wellspring.channels.contracts.accounts import Account, AccountDraft, AccountKind, AccountState, Verdict
from wellspring.channels.contracts.contacts import (
    Arrived,
    Callback,
    CallbackState,
    Contact,
    Loss,
    Relation,
    RelationState,
    StaffMember,
    SyncRun,
    Welcome,
    WelcomeRow,
    WelcomeState,
)

__all__ = [
    "PERMISSION_TEXTS",
    "Account",
    "AccountDraft",
    "AccountKind",
    "AccountState",
    "Arrived",
    "Callback",
    "CallbackState",
    "Contact",
    "Loss",
    "Permission",
    "Relation",
    "RelationState",
    "StaffMember",
    "SyncRun",
    "Verdict",
    "Welcome",
    "WelcomeRow",
    "WelcomeState",
]


class Permission(enum.StrEnum):
    """What a caller may be allowed to do here."""

    ACCOUNT_READ = "channels:account:read"
    ACCOUNT_WRITE = "channels:account:write"
    CONTACT_READ = "channels:contact:read"
    CALLBACK_READ = "channels:callback:read"
    CALLBACK_REPLAY = "channels:callback:replay"
    SYNC_RUN = "channels:sync:run"


PERMISSION_TEXTS: dict[str, tuple[str, str]] = {
    Permission.ACCOUNT_READ: ("查看企业微信、公众号等接入账号", "See connected accounts"),
    Permission.ACCOUNT_WRITE: ("接入和修改企业微信、公众号等账号", "Connect and change accounts"),
    Permission.CONTACT_READ: ("查看客户与跟进员工", "See contacts and who follows them"),
    Permission.CALLBACK_READ: ("查看回调记录", "See what callbacks told"),
    Permission.CALLBACK_REPLAY: ("重新处理回调", "Work callbacks again"),
    Permission.SYNC_RUN: ("发起和停止同步", "Start and stop a sync"),
}
