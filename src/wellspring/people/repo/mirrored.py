"""Attributes in bulk for a copy elsewhere: the values in force and every observation, of many members at once.

Sealed values leave only as their blind index, in hexadecimal, so that a copy can be asked for equality and nothing else.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import sqlalchemy as sa

from wellspring.kernel.stores.sql import Tx
from wellspring.people.models import attribute_table, change_table, member_table
from wellspring.people.repo import rows
from wellspring.people.rules.attributes import SEALED

_current = attribute_table.c
_change = change_table.c
_member = member_table.c


class ValueRow(NamedTuple):
    """A value in force: its kind and canonical JSON text (of a sealed one, the blind index in hexadecimal)."""

    member_no: int
    name: str
    kind: str
    text: str


class ObservedRow(NamedTuple):
    """One observation, under the number it was told about; instants in milliseconds, the digest in hexadecimal."""

    owner_no: int
    name: str
    at: int
    recorded_at: int
    digest: str
    kind: str
    text: str


class MemberRow(NamedTuple):
    """A member's number, public id, whether identified, and when first seen, in milliseconds."""

    member_no: int
    id: str
    identified: bool
    first_seen_at: int


def values(tx: Tx, numbers: Iterable[int]) -> Iterator[list[ValueRow]]:
    """The values in force of these members, in batches."""
    columns = (_current.member_no, _current.name, _current.kind, _current.value, _current.blind)
    for piece in rows.pieces(numbers):
        found = tx.execute(sa.select(*columns).where(_current.member_no.in_(piece)))
        yield [ValueRow(number, name, kind, _text(kind, value, blind)) for number, name, kind, value, blind in found]


def observations(tx: Tx, owners: Iterable[int]) -> Iterator[list[ObservedRow]]:
    """Every observation told about these numbers, in batches."""
    millis = (sa.type_coerce(_change.at, sa.BigInteger), sa.type_coerce(_change.recorded_at, sa.BigInteger))
    columns = (_change.member_no, _change.name, *millis, _change.digest, _change.kind, _change.value)
    for piece in rows.pieces(owners):
        found = tx.execute(sa.select(*columns).where(_change.member_no.in_(piece)))
        yield [
            ObservedRow(number, name, at, recorded, bytes(digest).hex(), kind, _text(kind, value, digest))
            for number, name, at, recorded, digest, kind, value in found
        ]


def members(tx: Tx, first_no: int, last_no: int) -> list[MemberRow]:
    """The members of a range of numbers, both ends included, whatever their state."""
    columns = (_member.member_no, _member.id, _member.identified, sa.type_coerce(_member.first_seen_at, sa.BigInteger))
    wanted = sa.select(*columns).where(_member.member_no.between(first_no, last_no)).order_by(_member.member_no)
    return [MemberRow(number, member_id, bool(identified), at) for number, member_id, identified, at in tx.execute(wanted)]


def seen_after(tx: Tx, millis: int, *, was_made: bool) -> list[int]:
    """The numbers that were seen for the first time after an instant, or that were made after it."""
    since = _member.created_at if was_made else _member.first_seen_at
    return list(tx.execute(sa.select(_member.member_no).where(sa.type_coerce(since, sa.BigInteger) > millis)).scalars())


def _text(kind: str, value: str | None, blind: bytes | None) -> str:
    if kind == SEALED:
        return bytes(blind or b"").hex()
    return value or ""
