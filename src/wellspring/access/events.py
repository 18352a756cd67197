"""What access tells: users, roles and keys that changed, sessions that began and ended. No secret is ever told."""

import dataclasses
from typing import ClassVar


@dataclasses.dataclass(frozen=True)
class SessionStarted:
    """Somebody signed in, by `password` or by `link`."""

    name: ClassVar[str] = "access.session_started"
    user_id: str
    method: str


@dataclasses.dataclass(frozen=True)
class SessionEnded:
    """Somebody signed out."""

    name: ClassVar[str] = "access.session_ended"
    user_id: str


@dataclasses.dataclass(frozen=True)
class UserInvited:
    """A user was made."""

    name: ClassVar[str] = "access.user_invited"
    user_id: str


@dataclasses.dataclass(frozen=True)
class UserChanged:
    """Fields of a user changed."""

    name: ClassVar[str] = "access.user_changed"
    user_id: str
    fields: list[str]


@dataclasses.dataclass(frozen=True)
class LinkMade:
    """A one-time sign-in link was made for a user."""

    name: ClassVar[str] = "access.link_made"
    user_id: str


@dataclasses.dataclass(frozen=True)
class RoleChanged:
    """A role was made, changed or dropped."""

    name: ClassVar[str] = "access.role_changed"
    role_id: str
    change: str


@dataclasses.dataclass(frozen=True)
class KeyChanged:
    """A key was made, rotated or disabled."""

    name: ClassVar[str] = "access.key_changed"
    key_id: str
    change: str
