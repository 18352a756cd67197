"""Members' rows: making, changing and finding them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVarTuple

import sqlalchemy as sa

from wellspring.kernel.auth import Scope
from wellspring.kernel.clock import from_millis
from wellspring.kernel.stores.asking import ask
from wellspring.kernel.stores.sql import Instant, Tx
from wellspring.people.models import member_table
from wellspring.people.repo import rows

_member = member_table.c
# Of an unsigned 32-bit number.
NUMBER_DIGITS_MAX = 10
Columns = TypeVarTuple("Columns")
# What screens show of a row, in this order.
SHOWN = "member_no, id, state, merged_into, home_unit_id, source, identified, created_at, first_seen_at, last_seen_at"
_SHOWN_NAMES = SHOWN.split(", ")
_BY_NUMBER = f"SELECT {SHOWN} FROM people_member WHERE member_no = :named"  # noqa: S608 - names of our own columns
_BY_ID = f"SELECT {SHOWN} FROM people_member WHERE id = :named"  # noqa: S608 - as above
_BY_NUMBERS = f"SELECT {SHOWN} FROM people_member WHERE member_no IN :numbers"  # noqa: S608 - as above


def last_no(tx: Tx) -> int:
    """The highest number ever given; rows are never deleted, so it is never given again."""
    return tx.execute(sa.select(sa.func.max(_member.member_no))).scalar() or 0


def active_between(tx: Tx, above: int, up_to: int) -> list[int]:
    """Numbers of members who are neither merged nor erased, in order."""
    mine = sa.and_(_member.member_no > above, _member.member_no <= up_to, _member.state == "active")
    return list(tx.execute(sa.select(_member.member_no).where(mine).order_by(_member.member_no)).scalars())


def by_numbers(tx: Tx, numbers: Iterable[int]) -> dict[int, rows.Row]:
    """Whole rows by number."""
    found: dict[int, rows.Row] = {}
    for piece in rows.pieces(numbers):
        for row in tx.execute(sa.select(member_table).where(_member.member_no.in_(piece))).mappings():
            found[row["member_no"]] = dict(row)
    return found


def by_id(tx: Tx, member_id: str, *, scope: Scope) -> rows.Row | None:
    """One row by public id, or by number as orders and events name it, within the scope."""
    is_number = member_id.isascii() and member_id.isdigit() and len(member_id) <= NUMBER_DIGITS_MAX
    found = ask(tx, _BY_NUMBER, {"named": int(member_id)}) if is_number else ask(tx, _BY_ID, {"named": member_id})
    row = shown(found[0]) if found else None
    return row if row is not None and scope.covers(row["home_unit_id"]) else None


def shown(row: Sequence[Any]) -> rows.Row:
    """The columns of SHOWN as they are meant."""
    named = dict(zip(_SHOWN_NAMES, row, strict=True))
    named["identified"] = bool(named["identified"])
    for name in ("created_at", "first_seen_at", "last_seen_at"):
        named[name] = from_millis(named[name])
    return named


def shown_of(tx: Tx, numbers: Iterable[int]) -> dict[int, rows.Row]:
    """What screens show of these rows, by number."""
    return {row["member_no"]: row for piece in rows.pieces(numbers) for row in map(shown, ask(tx, _BY_NUMBERS, {"numbers": piece}))}


def ids_of(tx: Tx, numbers: Iterable[int]) -> dict[int, str]:
    """Public ids by number."""
    found: dict[int, str] = {}
    for piece in rows.pieces(numbers):
        found.update(
            (number, id) for number, id in tx.execute(sa.select(_member.member_no, _member.id).where(_member.member_no.in_(piece)))
        )
    return found


def numbers_of(tx: Tx, ids: Iterable[str]) -> dict[str, int]:
    """Numbers by public id."""
    found: dict[str, int] = {}
    for piece in rows.pieces(sorted(set(ids))):
        found.update((id, number) for id, number in tx.execute(sa.select(_member.id, _member.member_no).where(_member.id.in_(piece))))
    return found


def scoped(wanted: sa.Select[*Columns], scope: Scope) -> sa.Select[*Columns]:
    """The query restricted to the organisation units that the caller may see."""
    return wanted if scope.unit_ids is None else wanted.where(_member.home_unit_id.in_(sorted(scope.unit_ids)))


def mark_identified(tx: Tx, numbers: Iterable[int]) -> None:
    """Notes that these members are known by more than a browser."""
    for piece in rows.pieces(numbers):
        tx.execute(sa.update(member_table).where(_member.member_no.in_(piece), _member.identified.is_(False)).values(identified=True))


def saw(tx: Tx, seen: Mapping[int, int]) -> None:
    """Moves "last seen" forward to these instants (milliseconds), never back."""
    if seen:
        number: sa.BindParameter[int] = sa.bindparam("number")
        at: sa.BindParameter[dt.datetime] = sa.bindparam("seen", type_=Instant)
        statement = sa.update(member_table).where(_member.member_no == number, _member.last_seen_at < at).values(last_seen_at=at)
        tx.execute(statement, [{"number": member, "seen": from_millis(millis)} for member, millis in seen.items()])


def update(tx: Tx, number: int, **values: Any) -> None:  # noqa: ANN401 - column values
    """Changes columns of one row."""
    tx.execute(sa.update(member_table).where(_member.member_no == number).values(**values))


def set_home_units(tx: Tx, units: Mapping[int, str | None]) -> None:
    """Writes the home unit in force."""
    if units:
        statement = sa.update(member_table).where(_member.member_no == sa.bindparam("number")).values(home_unit_id=sa.bindparam("unit"))
        tx.execute(statement, [{"number": number, "unit": unit} for number, unit in units.items()])


def hold(tx: Tx, numbers: Sequence[int], holder: int) -> None:
    """Notes that these numbers are held by another member now."""
    for piece in rows.pieces(numbers):
        tx.execute(sa.update(member_table).where(_member.member_no.in_(piece)).values(state="merged", merged_into=holder))
