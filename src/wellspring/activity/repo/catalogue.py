"""The properties of each kind of event: the types they were seen with, how often, when, and a few values."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa

from wellspring.activity.models import property_table
from wellspring.kernel.stores import Tx

# A catalogue is read by people: beyond these the sender puts values where names belong.
KINDS_MAX = 2_000
PROPERTIES_MAX = 300
SAMPLES_MAX = 5


class Seen(NamedTuple):
    """One property of one kind seen with one type."""

    kind: str
    name: str
    type: str
    times: int
    first_at: dt.datetime
    last_at: dt.datetime
    samples: list[Any]


def add(tx: Tx, seen: Iterable[Seen]) -> None:
    """Adds what was seen to the catalogue."""
    columns = property_table.c
    for entry in seen:
        key = sa.and_(columns.kind == entry.kind, columns.name == entry.name, columns.type == entry.type)
        row = tx.execute(sa.select(property_table).where(key)).first()
        if row is None:
            if _has_room(tx, entry.kind):
                tx.execute(sa.insert(property_table).values({**entry._asdict()}))
            continue
        samples = [*row.samples, *(value for value in entry.samples if value not in row.samples)][:SAMPLES_MAX]
        changed = {
            "times": row.times + entry.times,
            "first_at": min(row.first_at, entry.first_at),
            "last_at": max(row.last_at, entry.last_at),
            "samples": samples,
        }
        tx.execute(sa.update(property_table).where(key).values(**changed))


def drifting(tx: Tx) -> set[str]:
    """The kinds of which some property was seen with several types; null is no type of its own."""
    columns = property_table.c
    wanted = sa.select(columns.kind).where(columns.type != "null").group_by(columns.kind, columns.name).having(sa.func.count() > 1)
    return set(tx.execute(wanted).scalars())


def properties(tx: Tx, kind: str) -> list[Seen]:
    """Every property of a kind, by name and type."""
    columns = property_table.c
    rows = tx.execute(sa.select(property_table).where(columns.kind == kind).order_by(columns.name, columns.type))
    return [Seen(row.kind, row.name, row.type, row.times, row.first_at, row.last_at, row.samples) for row in rows]


def _has_room(tx: Tx, kind: str) -> bool:
    columns = property_table.c
    of_kind = tx.execute(sa.select(sa.func.count()).where(columns.kind == kind)).scalar_one()
    if of_kind:
        return bool(of_kind < PROPERTIES_MAX)
    return bool(tx.execute(sa.select(sa.func.count(sa.distinct(columns.kind)))).scalar_one() < KINDS_MAX)
