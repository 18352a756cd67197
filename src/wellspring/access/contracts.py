"""What crosses the front door: users, roles, keys, links, sessions, and the permissions of this domain.

No secret is in any of them, except in those that are made to be shown once (`NewKey`, `NewLink`, `NewSession`).
"""

import dataclasses
import datetime as dt
import enum

from wellspring.kernel.auth import Principal

# The role that may do everything and that somebody must always hold.
OWNER = "owner"


class Permission(enum.StrEnum):
    """What may be done with access itself."""

    USER_READ = "access:user:read"
    USER_WRITE = "access:user:write"
    ROLE_READ = "access:role:read"
    ROLE_WRITE = "access:role:write"
    KEY_READ = "access:key:read"
    KEY_WRITE = "access:key:write"
    AUDIT_READ = "access:audit:read"


PERMISSION_TEXTS: dict[str, tuple[str, str]] = {
    Permission.USER_READ: ("查看后台用户", "See console users"),
    Permission.USER_WRITE: ("邀请、修改、停用后台用户", "Invite, change and disable console users"),
    Permission.ROLE_READ: ("查看角色与权限", "See roles and permissions"),
    Permission.ROLE_WRITE: ("新建、修改角色", "Make and change roles"),
    Permission.KEY_READ: ("查看接口密钥", "See API and write keys"),
    Permission.KEY_WRITE: ("新建、轮换、停用接口密钥", "Make, rotate and disable keys"),
    Permission.AUDIT_READ: ("查看与校验操作日志", "Read and verify the audit log"),
}


class KeyKind(enum.StrEnum):
    """What a key is for: calling the API with permissions, or only writing events."""

    API = "api"
    WRITE = "write"


@dataclasses.dataclass(frozen=True)
class User:
    """A person who may enter the console; no units means no restriction."""

    id: str
    email: str
    name: str
    locale: str
    role_ids: tuple[str, ...]
    unit_ids: tuple[str, ...]
    staff_id: str | None
    is_disabled: bool
    has_password: bool
    has_totp: bool
    created_at: dt.datetime
    last_seen_at: dt.datetime | None


@dataclasses.dataclass(frozen=True)
class Role:
    """A named set of permissions; whoever holds a role that `needs_units` must be tied to units."""

    id: str
    zh: str
    en: str
    permissions: frozenset[str]
    is_builtin: bool
    needs_units: bool


@dataclasses.dataclass(frozen=True)
class Key:
    """A program's way in; `hint` is the start of its secret, `overlap_until` how long the previous one still works."""

    id: str
    name: str
    kind: KeyKind
    permissions: tuple[str, ...]
    unit_ids: tuple[str, ...]
    hint: str
    created_by: str
    created_at: dt.datetime
    expires_at: dt.datetime | None
    last_used_at: dt.datetime | None
    disabled_at: dt.datetime | None
    overlap_until: dt.datetime | None


@dataclasses.dataclass(frozen=True)
class NewKey:
    """A key with its secret, which is shown now and never again."""

    key: Key
    secret: str


@dataclasses.dataclass(frozen=True)
class NewLink:
    """A one-time sign-in link's address (relative to the console) and its end."""

    path: str
    expires_at: dt.datetime


@dataclasses.dataclass(frozen=True)
class NewSession:
    """A session that was just started; `cookie` is what the browser keeps."""

    cookie: str
    csrf_token: str
    user: User
    expires_at: dt.datetime


@dataclasses.dataclass(frozen=True)
class NewTotp:
    """A second factor that waits for its first code."""

    secret: str
    uri: str


@dataclasses.dataclass(frozen=True)
class Caller:
    """Who a credential belongs to; `csrf_token` and `locale` are there for sessions only."""

    principal: Principal
    csrf_token: str | None = None
    locale: str | None = None
