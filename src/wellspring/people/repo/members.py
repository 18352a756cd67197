"""Members' rows: making, changing and finding them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVarTuple

import sqlalchemy as sa

from wellspring.kernel.auth import Scope
from wellspring.kernel.clock import from_millis
from wellspring.kernel.stores.sql import Instant, Tx
from wellspring.people.models import member_table
from wellspring.people.repo import rows

_member = member_table.c
# Of an unsigned 32-bit number.
NUMBER_DIGITS_MAX = 10
Columns = TypeVarTuple("Columns")


def last_no(tx: Tx) -> int:
    """The highest number ever given; rows are never deleted, so it is never given again."""
    return tx.execute(sa.select(sa.func.max(_member.member_no))).scalar() or 0


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
    named = _member.member_no == int(member_id) if is_number else _member.id == member_id
    wanted = scoped(sa.select(member_table).where(named), scope)
    found = tx.execute(wanted).mappings().first()
    return dict(found) if found else None


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
