"""Who is followed by whom and who is in which group, as sets of members: what audiences ask.

The answers of now are kept in memory until something of contacts, groups or the members' numbers changes.
"""

import datetime as dt
import functools
import threading
import weakref
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import NamedTuple

from pyroaring import BitMap

from wellspring.channels.contracts import AccountKind
from wellspring.channels.repo import followers as follower_repo
from wellspring.channels.repo import groups as group_repo
from wellspring.channels.repo import staff as staff_repo
from wellspring.channels.repo import standing as repo
from wellspring.channels.service import accounts
from wellspring.kernel import bus
from wellspring.kernel.stores import Sql
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

CONTACTS, GROUPS, FOLLOWERS = "channels.contact_", "channels.group_", "channels.official_"


class _Picture(NamedTuple):
    """Everybody who is followed, by corp and member of staff, with how it began; and whoever ever was."""

    version: Hashable
    followed: dict[tuple[str, str], BitMap]
    by_way: dict[str, BitMap]
    by_state: dict[str, BitMap]
    by_count: dict[str, BitMap]
    lost: BitMap


_pictures: "weakref.WeakKeyDictionary[Sql, _Picture]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()


def is_connected(ws: Workspace) -> bool:
    """Whether any corp is: without one, orders tell who serves whom."""
    return bool(accounts.listing(ws, AccountKind.WECOM))


def version(ws: Workspace, prefix: str) -> Hashable:
    """Changes whenever an answer about these may have changed: contacts, groups or followers."""
    with ws.sql.read() as tx:
        return bus.latest(ws.sql, tx, prefix), people.holders_epoch(ws)


def served_by(ws: Workspace, staff_id: str, at: dt.datetime | None) -> BitMap:
    """The members whom a member of staff follows now, or followed at an instant, under any userid of any corp."""
    with ws.sql.read() as tx:
        mine = {(account_id, userid) for account_id, userid, person in staff_repo.persons(tx) if person == staff_id}
    followed = picture(ws, at).followed
    return BitMap.union(BitMap(), *(followed[key] for key in mine if key in followed))


def by_staff(ws: Workspace) -> dict[str, BitMap]:
    """The same for everybody who follows anybody."""
    followed, found = picture(ws, None).followed, dict[str, BitMap]()
    with ws.sql.read() as tx:
        for account_id, userid, person in staff_repo.persons(tx):
            if (account_id, userid) in followed:
                found[person] = found.get(person, BitMap()) | followed[account_id, userid]
    return found


def picture(ws: Workspace, at: dt.datetime | None) -> _Picture:
    """Everybody's relations, now or at an instant."""
    if at is not None:
        return _drawn(ws, at, None)
    current = version(ws, CONTACTS)
    known = _pictures.get(ws.sql)
    if known is None or known.version != current:
        with _guard:
            known = _pictures.get(ws.sql)
            if known is None or known.version != current:
                known = _drawn(ws, None, current)
                ws.sql.once_true(functools.partial(_pictures.__setitem__, ws.sql, known))
    return known


def contacts(ws: Workspace, at: dt.datetime | None) -> BitMap:
    """Members whom anybody follows."""
    return BitMap.union(BitMap(), *picture(ws, at).followed.values())


def group_counts(ws: Workspace, at: dt.datetime | None) -> dict[str, BitMap]:
    """Members by the number of groups that they are in."""
    held = people.holders(ws)
    with ws.sql.read() as tx:
        pairs = {(held.get(number, number), chat_id) for number, chat_id in group_repo.open_stays(tx, at)}
    return _counted(number for number, _chat in pairs)


def followers(ws: Workspace) -> dict[str, BitMap]:
    """Members by the Official Account that they follow."""
    held = people.holders(ws)
    found: dict[str, BitMap] = {}
    with ws.sql.read() as tx:
        for number, account_id in follower_repo.followed(tx):
            found.setdefault(account_id, BitMap()).add(held.get(number, number))
    return found


def _drawn(ws: Workspace, at: dt.datetime | None, current: Hashable) -> _Picture:
    held = people.holders(ws)
    followed: dict[tuple[str, str], BitMap] = {}
    by_way: dict[str, BitMap] = {}
    by_state: dict[str, BitMap] = {}
    pairs: set[tuple[int, str, str]] = set()
    with ws.sql.read() as tx:
        for one in repo.now(tx) if at is None else repo.then(tx, at):
            number = held.get(one.number, one.number)
            followed.setdefault((one.account_id, one.userid), BitMap()).add(number)
            by_way.setdefault(str(one.add_way), BitMap()).add(number)
            if one.state:
                by_state.setdefault(one.state, BitMap()).add(number)
            pairs.add((number, one.account_id, one.userid))
        ever = BitMap(held.get(number, number) for number in repo.ever(tx, at))
    lost = ever - BitMap.union(BitMap(), *followed.values())
    return _Picture(current, followed, by_way, by_state, _counted(number for number, _account, _userid in pairs), lost)


def _counted(numbers: Iterable[int]) -> dict[str, BitMap]:
    counts: dict[int, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    found: dict[str, BitMap] = {}
    for number, count in counts.items():
        found.setdefault(str(count), BitMap()).add(number)
    return found


Sets = Callable[[Workspace, dt.datetime | None], Mapping[str, BitMap]]


def values_of(sets: Sets, ws: Workspace, member_no: int, at: dt.datetime | None) -> Collection[str]:
    """The values under which a member stands."""
    return [value for value, mine in sets(ws, at).items() if member_no in mine]
