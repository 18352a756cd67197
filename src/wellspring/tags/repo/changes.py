"""The history of puttings and liftings: what is in force, what was at an instant, and whose it is."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.kernel.stores import Tx
from wellspring.tags.contracts import Cause, Exceptional, MemberTag, TagChange, Verb
from wellspring.tags.models import change_table, exception_table, group_table, tag_table

# Numbers that one statement may name: engines limit parameters to some tens of thousands.
_STEP = 5000
Row = sa.Row[Any]
_change = change_table.c
_exception = exception_table.c
_IN_FORCE = _change.ended_at.is_(None)


def add(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    """Appends to the history."""
    if rows:
        tx.execute(sa.insert(change_table), list(rows))


def end(tx: Tx, row_ids: Sequence[int], at: dt.datetime) -> None:
    """Notes that these rows are in force no more."""
    for step in _steps(row_ids):
        tx.execute(sa.update(change_table).where(_change.id.in_(step)).values(ended_at=at))


def set_ends(tx: Tx, ends: Sequence[tuple[int, dt.datetime | None]]) -> None:
    """Writes when each of these rows ended; None puts it in force."""
    if ends:
        statement = sa.update(change_table).where(_change.id == sa.bindparam("row_id")).values(ended_at=sa.bindparam("end"))
        tx.execute(statement, [{"row_id": row_id, "end": at} for row_id, at in ends])


def in_force(tx: Tx, tag_ids: Sequence[str], member_nos: Iterable[int]) -> Iterator[Row]:
    """The rows in force of these tags and numbers."""
    for step in _steps(sorted(set(member_nos))):
        mine = sa.and_(_IN_FORCE, _change.member_no.in_(step), _change.tag_id.in_(tag_ids))
        yield from tx.execute(sa.select(change_table).where(mine))


def all_of(tx: Tx, tag_id: str, member_nos: Iterable[int]) -> Iterator[Row]:
    """Every row of a tag and these numbers, in order of arrival."""
    for step in _steps(sorted(set(member_nos))):
        mine = sa.and_(_change.tag_id == tag_id, _change.member_no.in_(step))
        yield from tx.execute(sa.select(change_table).where(mine).order_by(_change.id))


def due(tx: Tx, now: dt.datetime, *, limit: int) -> list[Row]:
    """Puttings whose time is over, the longest first."""
    mine = sa.and_(_IN_FORCE, _change.expires_at.is_not(None), _change.expires_at <= now)
    return list(tx.execute(sa.select(change_table).where(mine).order_by(_change.expires_at, _change.id).limit(limit)))


def next_expiry(tx: Tx) -> dt.datetime | None:
    """When the next putting's time is over."""
    mine = sa.and_(_IN_FORCE, _change.expires_at.is_not(None))
    row = tx.execute(sa.select(_change.expires_at).where(mine).order_by(_change.expires_at).limit(1)).first()
    return row[0] if row else None


def carriers_at(tx: Tx, tag_id: str, at: dt.datetime) -> Iterator[int]:
    """The numbers that carried a tag at an instant of the server's time."""
    since = sa.and_(_change.tag_id == tag_id, _change.verb == Verb.PUT, _change.recorded_at <= at)
    held = sa.or_(_IN_FORCE, _change.ended_at > at)
    yield from tx.execute(sa.select(_change.member_no).where(since, held)).scalars()


def of_members(tx: Tx, member_nos: Sequence[int]) -> list[TagChange]:
    """Every change of these numbers, the latest first."""
    wanted = _shown().where(_change.member_no.in_(list(member_nos)))
    return [_told(row) for row in tx.execute(wanted.order_by(_change.at.desc(), _change.id.desc()))]


def of_tag(tx: Tx, tag_id: str, *, before: int | None, limit: int) -> list[TagChange]:
    """Changes of a tag, the newest first, below a row's id."""
    wanted = _shown().where(_change.tag_id == tag_id)
    if before is not None:
        wanted = wanted.where(_change.id < before)
    return [_told(row) for row in tx.execute(wanted.order_by(_change.id.desc()).limit(limit))]


def carried(tx: Tx, member_nos: Sequence[int]) -> list[MemberTag]:
    """The tags in force on these numbers together; of a tag on several of them, the putting that lasts longest, then the latest."""
    wanted = _shown().where(_change.member_no.in_(list(member_nos)), _IN_FORCE, _change.verb == Verb.PUT)
    found: dict[str, Row] = {}
    for row in tx.execute(wanted.order_by(_change.expires_at.is_(None), _change.expires_at, _change.at, _change.id)):
        found[row.tag_id] = row
    by_hand = {one.tag_id for one in exceptions_of(tx, member_nos) if one.verb is Verb.PUT}
    tags = [
        MemberTag(
            row.tag_id,
            row.group,
            row.name,
            row.at,
            row.source,
            row.reason,
            row.actor,
            row.expires_at,
            Cause(row.cause),
            row.tag_id in by_hand,
        )
        for row in found.values()
    ]
    return sorted(tags, key=lambda tag: (tag.group, tag.name))


def puts_of(tx: Tx, tag_id: str, member_nos: Iterable[int]) -> dict[int, Row]:
    """The putting in force of a tag on each of these numbers."""
    return {row.member_no: row for row in in_force(tx, [tag_id], member_nos) if row.verb == Verb.PUT}


def lifted_by(tx: Tx, source: str, cause: Cause) -> list[Row]:
    """Liftings in force that a source caused."""
    mine = sa.and_(_change.source == source, _change.cause == cause, _change.verb == Verb.LIFT, _IN_FORCE)
    return list(tx.execute(sa.select(change_table).where(mine).order_by(_change.id)))


def ended_by(tx: Tx, lift: Row) -> Row | None:
    """The putting that a lifting ended."""
    mine = sa.and_(_change.tag_id == lift.tag_id, _change.member_no == lift.member_no, _change.verb == Verb.PUT, _change.id < lift.id)
    return tx.execute(sa.select(change_table).where(mine).order_by(_change.id.desc()).limit(1)).first()


def of_source(tx: Tx, source: str) -> dict[str, set[int]]:
    """Which numbers a source changed, by tag."""
    found: dict[str, set[int]] = {}
    for row in tx.execute(sa.select(_change.tag_id, _change.member_no).where(_change.source == source)):
        found.setdefault(row.tag_id, set()).add(row.member_no)
    return found


def forget_source(tx: Tx, source: str) -> int:
    """Removes a source's changes and exceptions; gives the number of changes."""
    tx.execute(sa.delete(exception_table).where(_exception.source == source))
    return int(tx.execute(sa.delete(change_table).where(_change.source == source)).rowcount)


def forget_members(tx: Tx, member_nos: Sequence[int]) -> set[str]:
    """Removes everything of these numbers; gives the tags that they had to do with."""
    touched: set[str] = set()
    for step in _steps(member_nos):
        mine = _change.member_no.in_(step)
        touched.update(tx.execute(sa.select(_change.tag_id).where(mine).distinct()).scalars())
        tx.execute(sa.delete(change_table).where(mine))
        tx.execute(sa.delete(exception_table).where(_exception.member_no.in_(step)))
    return touched


def except_(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    """Keeps what staff said against rules; what they had said before of the same must have been cleared."""
    if rows:
        tx.execute(sa.insert(exception_table), list(rows))


def forgive(tx: Tx, tag_id: str, member_nos: Iterable[int]) -> int:
    """Clears exceptions; gives their number."""
    count = 0
    for step in _steps(sorted(member_nos)):
        count += tx.execute(sa.delete(exception_table).where(_exception.tag_id == tag_id, _exception.member_no.in_(step))).rowcount
    return count


def exceptions(tx: Tx, tag_id: str) -> list[Exceptional]:
    """What staff said against a tag's rule, in order."""
    wanted = sa.select(exception_table).where(_exception.tag_id == tag_id).order_by(_exception.at, _exception.member_no)
    return [_excepted(row) for row in tx.execute(wanted)]


def exceptions_of(tx: Tx, member_nos: Sequence[int]) -> list[Exceptional]:
    """What staff said of these numbers against rules."""
    return [_excepted(row) for row in tx.execute(sa.select(exception_table).where(_exception.member_no.in_(list(member_nos))))]


def exception_counts(tx: Tx) -> dict[str, int]:
    """How many exceptions each tag has."""
    rows = tx.execute(sa.select(_exception.tag_id, sa.func.count().label("many")).group_by(_exception.tag_id))
    return {row.tag_id: row.many for row in rows}


def standing_puts(tx: Tx) -> Iterator[tuple[str, int]]:
    """Every tag and number that the history says is carried now; what the sets are held against."""
    for row in tx.execute(sa.select(_change.tag_id, _change.member_no).where(_IN_FORCE, _change.verb == Verb.PUT)):
        yield row.tag_id, row.member_no


def _shown() -> sa.Select[Any]:
    joined = change_table.join(tag_table, tag_table.c.id == _change.tag_id).join(group_table, group_table.c.id == tag_table.c.group_id)
    return sa.select(change_table, group_table.c.name.label("group"), tag_table.c.name.label("name")).select_from(joined)


def _told(row: Row) -> TagChange:
    return TagChange(
        id=row.id,
        tag_id=row.tag_id,
        group=row.group,
        name=row.name,
        member_no=row.member_no,
        verb=Verb(row.verb),
        at=row.at,
        recorded_at=row.recorded_at,
        source=row.source,
        reason=row.reason,
        actor=row.actor,
        cause=Cause(row.cause),
        expires_at=row.expires_at,
        ended_at=row.ended_at,
    )


def _excepted(row: Row) -> Exceptional:
    return Exceptional(row.tag_id, row.member_no, Verb(row.verb), row.at, row.source, row.reason, row.actor)


def _steps(numbers: Iterable[int]) -> Iterator[list[int]]:
    listed = list(numbers)
    for start in range(0, len(listed), _STEP):
        yield listed[start : start + _STEP]
