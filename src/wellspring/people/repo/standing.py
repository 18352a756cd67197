"""Numbers in bulk: who is active, whose home is where, and what addresses and persons agreed to. One scan each.

Numbers are those that rows stand under; who holds a merged one now is the caller's question.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

import sqlalchemy as sa
from pyroaring import BitMap

from wellspring.kernel.stores.sql import Tx
from wellspring.people.models import consent_change_table, consent_table, identity_table, member_table
from wellspring.people.repo import members, rows

_member = member_table.c
_identity = identity_table.c
_consent = consent_table.c
_change = consent_change_table.c
# Rows fetched at a time: memory stays flat over millions of members.
_BATCH = 50_000
# Spelled with a literal, as the index of the departed is: with a parameter no engine could know that the index applies.
_DEPARTED = _member.state != sa.literal_column("'active'")


class Said(NamedTuple):
    """One state of one purpose and channel, and the number that it is about."""

    purpose: str
    channel: str
    kind: str
    state: str
    member_no: int


def last_statement(tx: Tx) -> int:
    """The number of the newest statement about consent; imported ones are not told one by one."""
    return tx.execute(sa.select(sa.func.max(_change.id))).scalar() or 0


def departed(tx: Tx) -> BitMap:
    """The numbers that are merged or erased."""
    return _numbers(tx, sa.select(_member.member_no).where(_DEPARTED))


def active(tx: Tx) -> BitMap:
    """Every member of today."""
    last = members.last_no(tx)
    return BitMap(range(1, last + 1)) - departed(tx) if last else BitMap()


def at_home(tx: Tx, unit_ids: Collection[str]) -> BitMap:
    """The members whose home is one of these units."""
    found = BitMap()
    for piece in rows.pieces(unit_ids):
        found |= _numbers(tx, sa.select(_member.member_no).where(_member.home_unit_id.in_(piece)))
    return found


def identified(tx: Tx) -> BitMap:
    """The numbers known by more than a browser."""
    return _numbers(tx, sa.select(_member.member_no).where(_member.identified.is_(True)))


def by_home(tx: Tx) -> dict[str, BitMap]:
    """The members of each home unit."""
    wanted = sa.select(_member.home_unit_id, _member.member_no).where(_member.home_unit_id.is_not(None))
    found: dict[str, BitMap] = {}
    for batch in tx.execute(wanted.execution_options(yield_per=_BATCH)).partitions():
        gathered: dict[str, list[int]] = {}
        for unit_id, number in batch:
            gathered.setdefault(str(unit_id), []).append(number)
        for unit_id, numbers in gathered.items():
            found.setdefault(unit_id, BitMap()).update(numbers)
    return found


def sources_after(tx: Tx, number: int) -> dict[str, BitMap]:
    """The numbers above this one by the source that told of them first; a source once told never changes."""
    wanted = sa.select(_member.source, _member.member_no).where(_member.member_no > number)
    found: dict[str, BitMap] = {}
    for batch in tx.execute(wanted.execution_options(yield_per=_BATCH)).partitions():
        gathered: dict[str, list[int]] = {}
        for source, member_no in batch:
            gathered.setdefault(source, []).append(member_no)
        for source, numbers in gathered.items():
            found.setdefault(source, BitMap()).update(numbers)
    return found


def created_after(tx: Tx, number: int) -> Iterator[list[tuple[int, int]]]:
    """Number and instant (milliseconds) of every member made after this one, in batches by number."""
    wanted = sa.select(_member.member_no, sa.type_coerce(_member.created_at, sa.BigInteger)).where(_member.member_no > number)
    for batch in tx.execute(wanted.order_by(_member.member_no).execution_options(yield_per=_BATCH)).partitions():
        yield [(member_no, millis) for member_no, millis in batch]


def said_of_addresses(tx: Tx, *, person: str, numbers: Collection[int] | None = None) -> Iterator[list[Said]]:
    """What is in force for every address that somebody has (one of these numbers, if any are named), in batches."""
    shown = (_consent.purpose, _consent.channel, _consent.kind, _consent.state)
    wanted = sa.select(*shown, _identity.member_no).join_from(consent_table, identity_table, _identity.key == _consent.address)
    wanted = wanted.where(_consent.kind != person)
    if numbers is None:
        yield from _said(tx, wanted)
        return
    for piece in rows.pieces(numbers):
        yield from _said(tx, wanted.where(_identity.member_no.in_(piece)))


def said_of_persons(tx: Tx, *, person: str) -> Iterator[list[Said]]:
    """What is in force for persons as a whole; whom an address of that kind stands for, its statements tell."""
    shown = (_consent.purpose, _consent.channel, _consent.kind, _consent.state)
    same = sa.and_(_change.address == _consent.address, _change.purpose == _consent.purpose, _change.channel == _consent.channel)
    wanted = sa.select(*shown, _change.member_no).join_from(consent_table, consent_change_table, same)
    yield from _said(tx, wanted.where(_consent.kind == person))


def said_of_keys(tx: Tx, keys: Mapping[bytes, int]) -> Iterator[list[Said]]:
    """What is in force for persons whose addresses and numbers are known."""
    shown = (_consent.purpose, _consent.channel, _consent.kind, _consent.state)
    for piece in rows.pieces(keys):
        found = tx.execute(sa.select(*shown, _consent.address).where(_consent.address.in_(piece)))
        yield [Said(purpose, channel, kind, state, keys[bytes(address)]) for purpose, channel, kind, state, address in found]


def spoken_of_since(tx: Tx, statement: int, *, limit: int) -> set[int] | None:
    """The numbers that newer statements are about: who has the address, and whom it was said of; None if there are too many."""
    newer = sa.select(_change.address, _change.member_no).where(_change.id > statement).limit(limit + 1)
    found = tx.execute(newer).all()
    if len(found) > limit:
        return None
    owners = rows.numbers_of(tx, identity_table, "key", "member_no", {bytes(address) for address, _ in found})
    return {number for _, number in found} | set(owners.values())


def withdrawn(tx: Tx, purpose: str, since: dt.datetime) -> Iterator[list[tuple[int, dt.datetime]]]:
    """Who unsubscribed from a purpose, on any channel, and when: in pieces, merged numbers as they were then."""
    wanted = sa.select(_change.member_no, _change.at).where(
        _change.purpose == purpose, _change.state == "unsubscribed", _change.at > since, _change.member_no > 0
    )
    for batch in tx.execute(wanted.execution_options(yield_per=_BATCH)).partitions():
        yield [(row.member_no, row.at) for row in batch]


def addressed_among(tx: Tx, kind: str, numbers: Collection[int]) -> BitMap:
    """Those of the numbers that have an identifier of this kind."""
    found = BitMap()
    for piece in rows.pieces(numbers):
        found |= _numbers(tx, sa.select(_identity.member_no).where(_identity.member_no.in_(piece), _identity.kind == kind))
    return found


def addressed(tx: Tx, kind: str) -> BitMap:
    """Every number with an identifier of this kind."""
    return _numbers(tx, sa.select(_identity.member_no).where(_identity.kind == kind))


def _said(tx: Tx, wanted: sa.Select[str, str, str, str, int]) -> Iterator[list[Said]]:
    for batch in tx.execute(wanted.execution_options(yield_per=_BATCH)).partitions():
        yield [Said(*row) for row in batch]


def _numbers(tx: Tx, wanted: sa.Select[int]) -> BitMap:
    found = BitMap()
    for batch in tx.execute(wanted.execution_options(yield_per=_BATCH)).partitions():
        found.update(_first(batch))
    return found


def _first(batch: Iterable[sa.Row[int]]) -> list[int]:
    return [number for (number,) in batch]
