"""Members and tags for tests, and the two pictures that must always agree: the sets, and what the history says."""

import datetime as dt

from pyroaring import BitMap

from wellspring.kernel import bus, sets
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Claim, Identity, IdentityKind
from wellspring.tags import api
from wellspring.tags.handlers import SUBSCRIBERS
from wellspring.tags.repo import changes

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)


def people_of(ws: Workspace, count: int) -> list[int]:
    """So many new members, by number."""
    claims = [Claim((Identity(IdentityKind.CARD_NO, f"77001{index:04}"),), ws.clock.now()) for index in range(count)]
    return people.resolve(ws, by=SYSTEM, claims=claims).member_nos


def ids_of(ws: Workspace, numbers: list[int]) -> list[str]:
    found = people.members_of(ws, by=SYSTEM, member_nos=numbers)
    return [found[number].id for number in numbers]


def joined(ws: Workspace, survivor: int, loser: int) -> str:
    """Makes two members one and lets tags hear of it; gives the merge."""
    ids = ids_of(ws, [survivor, loser])
    made = people.merge(ws, by=SYSTEM, ids=ids, survivor_id=ids[0], reason="one person")
    assert made is not None
    heard(ws)
    return made.id


def heard(ws: Workspace) -> None:
    """Lets tags react to what was told."""
    while bus.deliver(ws, SUBSCRIBERS, now=ws.clock.now):
        pass


def carried(ws: Workspace, number: int) -> list[str]:
    """What a member carries, as "group/tag"."""
    return [f"{tag.group}/{tag.name}" for tag in api.of_member(ws, member_no=number)]


def tag(ws: Workspace, path: str) -> str:
    """The id of a tag, made where it is missing."""
    group, _, name = path.partition("/")
    return api.find(ws, group, name) or api.add_tag(ws, by=SYSTEM, group=group, name=name)


def agreed(ws: Workspace) -> None:
    """Sets, history and the present reading of the history are one."""
    assert all(holds for _, holds, _, _ in api.check(ws)), api.check(ws)
    says: dict[str, BitMap] = {}
    with ws.sql.read() as tx:
        for tag_id, number in changes.standing_puts(tx):
            says.setdefault(tag_id, BitMap()).add(number)
    for group in api.listing(ws):
        for one in group.tags:
            with ws.sql.read() as tx:
                assert sets.read(tx, f"tags.{one.id}") == says.get(one.id, BitMap())
            assert api.members_at(ws, tag_id=one.id, at=ws.clock.now()) == api.members(ws, tag_id=one.id)
        if group.is_exclusive:
            once = BitMap()
            for one in group.tags:
                mine = api.members(ws, tag_id=one.id)
                assert not once & mine, group.name
                once |= mine
