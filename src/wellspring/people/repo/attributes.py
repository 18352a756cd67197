"""Attribute values in force and every observation behind them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from wellspring.kernel.clock import from_millis
from wellspring.kernel.stores.asking import ask
from wellspring.kernel.stores.sql import Tx
from wellspring.people.models import attribute_table, catalogue_table, change_table
from wellspring.people.repo import rows

_current = attribute_table.c
_change = change_table.c
# More names than this are not worth asking for by name: then all of a member's values are read.
_NAMES_PER_QUERY = 500
# Made once: lists and member pages ask these all day, and building a statement costs as much as running it.
_IN_FORCE = sa.select(attribute_table).where(_current.member_no.in_(sa.bindparam("numbers", expanding=True)))
_MASKS = "SELECT member_no, name, mask FROM people_attribute WHERE member_no IN :numbers AND name IN :names"
_KNOWN_NAMES = ("member_no", "name", "kind", "value", "mask", "at", "source")
_KNOWN = f"SELECT {', '.join(_KNOWN_NAMES)} FROM people_attribute WHERE member_no = :number ORDER BY name"  # noqa: S608 - names of our own columns
_NAMED = _IN_FORCE.where(_current.name.in_(sa.bindparam("names", expanding=True)))


def current(tx: Tx, numbers: Iterable[int], names: Iterable[str] | None = None) -> dict[tuple[int, str], rows.Row]:
    """The values in force of these members, by number and name."""
    distinct = sorted(set(names)) if names is not None else []
    by_name = names is not None and len(distinct) <= _NAMES_PER_QUERY
    found: dict[tuple[int, str], rows.Row] = {}
    for piece in rows.pieces(numbers):
        answer = tx.execute(_NAMED, {"numbers": piece, "names": distinct}) if by_name else tx.execute(_IN_FORCE, {"numbers": piece})
        found.update(((row["member_no"], row["name"]), row) for row in rows.plain(answer))
    return found


def masks(tx: Tx, numbers: Iterable[int], names: Sequence[str]) -> dict[tuple[int, str], str | None]:
    """The masks of values in force, by number and name."""
    found: dict[tuple[int, str], str | None] = {}
    for piece in rows.pieces(numbers):
        found.update(((number, name), mask) for number, name, mask in ask(tx, _MASKS, {"numbers": piece, "names": list(names)}))
    return found


def by_value(tx: Tx, name: str, *, kinds: Iterable[str]) -> list[tuple[int, str]]:
    """Member and value (JSON) of everybody who has this attribute in a form of these kinds; nothing is scanned for a name unknown."""
    if tx.execute(sa.select(catalogue_table.c.name).where(catalogue_table.c.name == name).limit(1)).first() is None:
        return []
    asked = "SELECT member_no, value FROM people_attribute WHERE name = :name AND kind IN :kinds"
    return [(member_no, value) for member_no, value in ask(tx, asked, {"name": name, "kinds": list(kinds)})]


def known(tx: Tx, number: int) -> list[rows.Row]:
    """One member's values in force by name, sealed ones as their masks alone."""
    found = [dict(zip(_KNOWN_NAMES, row, strict=True)) for row in ask(tx, _KNOWN, {"number": number})]
    for row in found:
        row["at"] = from_millis(row["at"])
    return found


def by_blind(tx: Tx, blind: bytes) -> list[int]:
    """Members with this sealed value in force."""
    return list(tx.execute(sa.select(_current.member_no).where(_current.blind == blind).limit(200)).scalars())


def changes(
    tx: Tx, owners: Iterable[int], *, name: str | None = None, at: dt.datetime | None = None, as_known: dt.datetime | None = None
) -> list[rows.Row]:
    """Observations told about these numbers, up to an event time and as known at an arrival time."""
    wanted = sa.select(change_table).order_by(_change.at, _change.recorded_at)
    if name is not None:
        wanted = wanted.where(_change.name == name)
    if at is not None:
        wanted = wanted.where(_change.at <= at)
    if as_known is not None:
        wanted = wanted.where(_change.recorded_at <= as_known)
    found: list[rows.Row] = []
    for piece in rows.pieces(owners):
        found += [dict(row) for row in tx.execute(wanted.where(_change.member_no.in_(piece))).mappings()]
    return found


def delete_current(tx: Tx, numbers: Iterable[int]) -> int:
    """Removes the values in force of these members."""
    return sum(tx.execute(sa.delete(attribute_table).where(_current.member_no.in_(piece))).rowcount for piece in rows.pieces(numbers))


def delete_changes(tx: Tx, numbers: Iterable[int]) -> int:
    """Removes every observation told about these numbers."""
    return sum(tx.execute(sa.delete(change_table).where(_change.member_no.in_(piece))).rowcount for piece in rows.pieces(numbers))


def count_names(tx: Tx, seen: Mapping[tuple[str, str], int], *, first: dt.datetime, last: dt.datetime) -> None:
    """Adds to the catalogue of names and kinds."""
    counted = [
        {"name": name, "kind": kind, "times": times, "first_at": first, "last_at": last} for (name, kind), times in sorted(seen.items())
    ]
    rows.accumulate(tx, catalogue_table, counted, add="times", keep=("first_at",))


def catalogue(tx: Tx) -> list[rows.Row]:
    """The catalogue, by name."""
    wanted = sa.select(catalogue_table).order_by(catalogue_table.c.name, catalogue_table.c.times.desc())
    return [dict(row) for row in tx.execute(wanted).mappings()]
