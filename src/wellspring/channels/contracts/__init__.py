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
    WAY_READ = "channels:way:read"
    WAY_WRITE = "channels:way:write"
    TAG_READ = "channels:tag:read"
    TAG_SYNC = "channels:tag:sync"
    TAG_MARK = "channels:tag:mark"
    GROUP_READ = "channels:group:read"
    TRANSFER_READ = "channels:transfer:read"
    TRANSFER_WRITE = "channels:transfer:write"
    STAFF_DAY_READ = "channels:staff_day:read"
    FOLLOWER_READ = "channels:follower:read"
    NOTICE_SEND = "channels:notice:send"


PERMISSION_TEXTS: dict[str, tuple[str, str]] = {
    Permission.ACCOUNT_READ: ("查看企业微信、公众号等接入账号", "See connected accounts"),
    Permission.ACCOUNT_WRITE: ("接入和修改企业微信、公众号等账号", "Connect and change accounts"),
    Permission.CONTACT_READ: ("查看客户与跟进员工", "See contacts and who follows them"),
    Permission.CALLBACK_READ: ("查看回调记录", "See what callbacks told"),
    Permission.CALLBACK_REPLAY: ("重新处理回调", "Work callbacks again"),
    Permission.SYNC_RUN: ("发起和停止同步", "Start and stop a sync"),
    Permission.WAY_READ: ("查看渠道活码、群活码与获客链接", "See contact ways, join ways and links"),
    Permission.WAY_WRITE: ("新建和修改渠道活码、群活码与获客链接", "Make and change contact ways, join ways and links"),
    Permission.TAG_READ: ("查看企业标签与两侧差异", "See corp tags and what differs"),
    Permission.TAG_SYNC: ("设置企业标签同步并处理差异", "Set how corp tags are linked, and decide differences"),
    Permission.TAG_MARK: ("给客户打企业标签", "Put corp tags on contacts"),
    Permission.GROUP_READ: ("查看客户群与群成员", "See customer groups and their members"),
    Permission.TRANSFER_READ: ("查看在职与离职继承", "See hand-overs"),
    Permission.TRANSFER_WRITE: ("发起在职与离职继承", "Hand contacts and groups over"),
    Permission.STAFF_DAY_READ: ("查看员工联系客户统计", "See statistics of staff"),
    Permission.FOLLOWER_READ: ("查看公众号粉丝与小程序用户", "See followers and people of Mini Programs"),
    Permission.NOTICE_SEND: ("发送模板消息与订阅消息", "Send template and subscription messages"),
}
