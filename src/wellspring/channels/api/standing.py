"""The front door for audiences: who is followed by whom, as sets of members."""

import datetime as dt
from collections.abc import Hashable

from pyroaring import BitMap

from wellspring.channels.service import standing as _standing
from wellspring.kernel.workspace import Workspace


def is_connected(ws: Workspace) -> bool:
    """Whether any corp is connected: without one, orders tell who serves whom."""
    return _standing.is_connected(ws)


def members_served_by(ws: Workspace, *, staff_id: str, at: dt.datetime | None = None) -> BitMap:
    """The members whom a member of staff follows now, or followed at an instant, as the members who they are today."""
    return _standing.served_by(ws, staff_id, at)


def members_by_staff(ws: Workspace) -> dict[str, BitMap]:
    """The members whom each member of staff follows now, in every corp; a member may have several."""
    return _standing.by_staff(ws)


def contacts_version(ws: Workspace) -> Hashable:
    """Changes whenever who follows whom may have changed."""
    return _standing.version(ws, _standing.CONTACTS)


def groups_version(ws: Workspace) -> Hashable:
    """Changes whenever who is in which group may have changed."""
    return _standing.version(ws, _standing.GROUPS)
