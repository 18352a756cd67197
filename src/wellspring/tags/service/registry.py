"""What the domains above bring: who uses a tag, and which audiences there are. They register at start-up; tags knows none of them."""

from collections.abc import Callable

from pyroaring import BitMap

from wellspring.kernel.workspace import Workspace

# Gives the names of what uses a tag: a tag in use is not renamed, merged away or deleted.
User = Callable[[Workspace, str], list[str]]
# Gives the name of an audience that a tag may follow, None when there is none.
Audience = Callable[[Workspace, str], str | None]

# Gives the members of an audience, None when there is none.
Members = Callable[[Workspace, str], BitMap | None]

_users: list[User] = []
_audiences: list[Audience] = []
_members: list[Members] = []


def register_user(user: User) -> None:
    """Adds somebody who may use tags."""
    if user not in _users:
        _users.append(user)


def register_audience(audience: Audience) -> None:
    """Adds somebody who knows audiences."""
    if audience not in _audiences:
        _audiences.append(audience)


def register_members(members: Members) -> None:
    """Adds somebody who knows who is in an audience."""
    if members not in _members:
        _members.append(members)


def users_of(ws: Workspace, tag_id: str) -> list[str]:
    """The names of all that use a tag, each once, in order."""
    return sorted({name for user in _users for name in user(ws, tag_id)})


def audience_named(ws: Workspace, audience_id: str) -> str | None:
    """The name of an audience, None when nobody knows it."""
    return next((name for audience in _audiences if (name := audience(ws, audience_id)) is not None), None)


def members_of(ws: Workspace, audience_id: str) -> BitMap | None:
    """The members of an audience, None when nobody knows it."""
    return next((found for members in _members if (found := members(ws, audience_id)) is not None), None)
