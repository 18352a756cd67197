"""Reading and writing of codes on packages, in the caller's transaction."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from wellspring.acquisition.models.item_codes import draw_table, guess_table, item_code_table, package_batch_table
from wellspring.kernel.stores import Tx

Row = sa.Row[Any]
_batch, _code, _draw = package_batch_table.c, item_code_table.c, draw_table.c
_DAY = 86_400_000
_VISIT = dt.timedelta(minutes=10)


def add_batch(tx: Tx, **values: Any) -> None:  # noqa: ANN401 - column values
    """Writes a new batch."""
    tx.execute(sa.insert(package_batch_table).values(**values))


def change_batch(tx: Tx, batch_id: str, **values: Any) -> None:  # noqa: ANN401 - column values
    """Writes some columns of a batch."""
    tx.execute(sa.update(package_batch_table).where(_batch.id == batch_id).values(**values))


def last_no(tx: Tx) -> int:
    """The number given last, 0 before the first."""
    return int(tx.execute(sa.select(sa.func.coalesce(sa.func.max(_batch.no), 0))).scalar_one())


def batch(tx: Tx, batch_id: str) -> Row | None:
    """A batch by its id."""
    return tx.execute(sa.select(package_batch_table).where(_batch.id == batch_id)).first()


def batch_numbered(tx: Tx, no: int) -> Row | None:
    """A batch by the number that stands in its codes."""
    return tx.execute(sa.select(package_batch_table).where(_batch.no == no)).first()


def batches(tx: Tx, *, before: int | None, limit: int) -> Sequence[Row]:
    """Batches, the newest first."""
    wanted = sa.select(package_batch_table).order_by(_batch.no.desc()).limit(limit)
    return tx.execute(wanted if before is None else wanted.where(_batch.no < before)).all()


def count_batches(tx: Tx) -> int:
    """How many batches there are."""
    return int(tx.execute(sa.select(sa.func.count()).select_from(package_batch_table)).scalar_one())


def sums(tx: Tx, numbers: Sequence[int]) -> dict[int, Row]:
    """Per batch: codes scanned, scans, codes that several people scanned, bound, bound to members, drawn."""
    wanted = sa.select(
        _code.batch_no,
        sa.func.count().label("scanned"),
        sa.func.sum(_code.scans).label("scans"),
        sa.func.sum(sa.case((_code.others > 0, 1), else_=0)).label("suspicious"),
        sa.func.count(_code.bound_at).label("bound"),
        sa.func.sum(sa.case((_code.member_no > 0, 1), else_=0)).label("members"),
        sa.func.count(_code.drawn_at).label("drawn"),
    )
    found = tx.execute(wanted.where(_code.batch_no.in_(numbers)).group_by(_code.batch_no)).all()
    return {row.batch_no: row for row in found}


def days(tx: Tx, no: int, *, offset: dt.timedelta) -> list[tuple[int, int, int]]:
    """First scans and bindings by business day, as whole days since 1970."""
    shift = int(offset.total_seconds() * 1000)
    first = sa.type_coerce(_code.first_at, sa.BigInteger)
    day = ((first + shift - (first + shift) % _DAY) / _DAY).label("day")
    wanted = sa.select(day, sa.func.count().label("scanned"), sa.func.count(_code.bound_at).label("bound")).where(_code.batch_no == no)
    found = tx.execute(wanted.group_by(sa.literal_column("1")).order_by(sa.literal_column("1")))
    return [(int(row.day), int(row.scanned), int(row.bound)) for row in found]


def suspects(tx: Tx, no: int, *, limit: int) -> Sequence[Row]:
    """The codes of a batch that most people scanned."""
    wanted = sa.select(item_code_table).where(_code.batch_no == no, _code.others > 0)
    return tx.execute(wanted.order_by(_code.others.desc(), _code.serial).limit(limit)).all()


def code(tx: Tx, no: int, serial: int) -> Row | None:
    """What is known of a code; None before its first scan."""
    return tx.execute(sa.select(item_code_table).where(_code.batch_no == no, _code.serial == serial)).first()


def scanned(tx: Tx, no: int, serial: int, *, scanner: bytes | None, at: dt.datetime) -> None:
    """Counts a scan; the first one makes the row, and the same phone within ten minutes has only opened the page again."""
    made = {"batch_no": no, "serial": serial, "first_at": at, "last_at": at, "scans": 1, "others": 0, "scanner": scanner}
    is_same = _code.scanner == scanner
    is_reload = sa.and_(is_same, _code.last_at > at - _VISIT, _code.scans > 0)
    again = {
        "last_at": at,
        "scans": _code.scans + sa.case((is_reload, 0), else_=1),
        "others": _code.others + sa.case((is_same, 0), else_=1),
    }
    _upsert(tx, item_code_table, made, ["batch_no", "serial"], again)


def bind(tx: Tx, no: int, serial: int, *, holder: bytes | None, member_no: int, at: dt.datetime) -> bool:
    """Binds a code that is bound to nobody; whether it was."""
    known = {"batch_no": no, "serial": serial, "first_at": at, "last_at": at, "scans": 0, "scanner": holder}
    _upsert(tx, item_code_table, known, ["batch_no", "serial"], None)
    free = sa.update(item_code_table).where(_code.batch_no == no, _code.serial == serial, _code.bound_at.is_(None))
    return tx.execute(free.values(holder=holder, member_no=member_no, bound_at=at)).rowcount == 1


def name_member(tx: Tx, no: int, serial: int, member_no: int) -> bool:
    """Says whom a bound code belongs to, where nobody knew; whether nobody did."""
    mine = sa.update(item_code_table).where(_code.batch_no == no, _code.serial == serial, _code.member_no == 0)
    return tx.execute(mine.values(member_no=member_no)).rowcount == 1


def draw_once(tx: Tx, no: int, serial: int, *, prize_id: str | None, at: dt.datetime) -> bool:
    """Notes what a code drew, once; whether this was the time."""
    undrawn = sa.update(item_code_table).where(_code.batch_no == no, _code.serial == serial, _code.drawn_at.is_(None))
    return tx.execute(undrawn.values(drawn_at=at, prize_id=prize_id)).rowcount == 1


def hand_over(tx: Tx, no: int, serial: int, *, by: str, at: dt.datetime) -> bool:
    """Notes that a prize was handed over, once."""
    waiting = sa.update(item_code_table).where(
        _code.batch_no == no, _code.serial == serial, _code.prize_id.is_not(None), _code.handed_at.is_(None)
    )
    return tx.execute(waiting.values(handed_at=at, handed_by=by)).rowcount == 1


def of_members(tx: Tx, member_nos: Sequence[int]) -> Sequence[Row]:
    """The codes that are bound to some members, with their batches."""
    wanted = sa.select(item_code_table, _batch.product).join(package_batch_table, _batch.no == _code.batch_no)
    return tx.execute(wanted.where(_code.member_no.in_(member_nos)).order_by(_code.bound_at)).all()


def forget(tx: Tx, member_nos: Sequence[int]) -> None:
    """Takes these members off their codes, which stay bound; a hash that was made of a member's number goes with it."""
    theirs = sa.update(item_code_table).where(_code.member_no.in_(member_nos))
    tx.execute(theirs.values(member_no=0, holder=None, scanner=None))


def guesses(tx: Tx, address: bytes, *, since: dt.datetime) -> tuple[int, dt.datetime] | None:
    """How many codes that are none came from an address since then, and when that count began."""
    found = tx.execute(sa.select(guess_table).where(guess_table.c.address == address, guess_table.c.since > since)).first()
    return None if found is None else (int(found.failures), found.since)


def guessed(tx: Tx, address: bytes, *, at: dt.datetime, since: dt.datetime) -> None:
    """Counts a code that is none; a count that began before `since` begins anew."""
    fresh = guess_table.c.since > since
    again = {
        "failures": sa.case((fresh, guess_table.c.failures + 1), else_=1),
        "since": sa.case((fresh, guess_table.c.since), else_=sa.bindparam("anew", at, type_=guess_table.c.since.type)),
    }
    _upsert(tx, guess_table, {"address": address, "since": at, "failures": 1}, ["address"], again)


def forget_guesses(tx: Tx, *, before: dt.datetime) -> int:
    """Drops the counts that nobody asks for any more."""
    return tx.execute(sa.delete(guess_table).where(guess_table.c.since <= before)).rowcount


def _upsert(tx: Tx, table: sa.Table, values: dict[str, Any], keys: list[str], again: dict[str, Any] | None) -> None:
    made = (sqlite.insert if tx.dialect.name == "sqlite" else postgresql.insert)(table).values(**values)
    tx.execute(made.on_conflict_do_nothing() if again is None else made.on_conflict_do_update(index_elements=keys, set_=again))
