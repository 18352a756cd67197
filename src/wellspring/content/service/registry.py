"""What the domains above bring: which audiences there are and who is in them. They register at start-up; content knows none."""

from collections.abc import Callable

from pyroaring import BitMap

from wellspring.kernel.workspace import Workspace

Name = Callable[[Workspace, str], str | None]
Members = Callable[[Workspace, str], BitMap | None]
_audiences: list[tuple[Name, Members]] = []


def register_audiences(name: Name, members: Members) -> None:
    """Adds somebody who knows audiences."""
    if (name, members) not in _audiences:
        _audiences.append((name, members))


def name_of(ws: Workspace, audience_id: str) -> str | None:
    """The name of an audience, None when nobody knows it."""
    return next((found for name, _ in _audiences if (found := name(ws, audience_id)) is not None), None)


def members_of(ws: Workspace, audience_id: str) -> BitMap | None:
    """The members of an audience, None when nobody knows it."""
    return next((found for _, members in _audiences if (found := members(ws, audience_id)) is not None), None)
