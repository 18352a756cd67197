"""Rejected input at rest: sealed content, the reason in two languages, and whether it was replayed since."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.activity.contracts import Rejected
from wellspring.activity.models import rejected_table
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores import Tx

_SHOWN = [column for column in rejected_table.c if column.name != "content"]


def keep(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    """Stores rejects; the same content from the same source again only counts up."""
    for row in rows:
        known = tx.execute(
            sa.update(rejected_table)
            .where(rejected_table.c.id == row["id"])
            .values(times=rejected_table.c.times + 1, code=row["code"], zh=row["zh"], en=row["en"])
        ).rowcount
        if not known:
            tx.execute(sa.insert(rejected_table).values(times=1, state="open", replayed_at=None, **row))


def listing(tx: Tx, *, source: str | None, code: str | None, state: str | None, cursor: str | None, limit: int | None) -> Page[Rejected]:
    """The newest first."""
    columns, size = rejected_table.c, limit_of(limit)
    wanted = sa.select(*_SHOWN).order_by(columns.received_at.desc(), columns.id.desc()).limit(size + 1)
    for column, value in ((columns.source, source), (columns.code, code), (columns.state, state)):
        if value:
            wanted = wanted.where(column == value)
    if cursor:
        at, row_id = decode_cursor(cursor, length=2)
        instant = dt.datetime.fromtimestamp(float(at or 0) / 1000, tz=dt.UTC)
        wanted = wanted.where(sa.or_(columns.received_at < instant, sa.and_(columns.received_at == instant, columns.id < str(row_id))))
    found = [_rejected(row) for row in tx.execute(wanted)]
    following = None
    if len(found) > size:
        last = found[size - 1]
        following = encode_cursor([round(last.received_at.timestamp() * 1000), last.id])
    return Page(found[:size], following)


def find(tx: Tx, rejected_id: str) -> tuple[Rejected, bytes] | None:
    """One reject with its sealed content."""
    row = tx.execute(sa.select(rejected_table).where(rejected_table.c.id == rejected_id)).first()
    return None if row is None else (_rejected(row), row.content)


def open_ids(tx: Tx, *, code: str | None, limit: int) -> list[str]:
    """Rejects that wait, the oldest first."""
    wanted = sa.select(rejected_table.c.id).where(rejected_table.c.state == "open").order_by(rejected_table.c.received_at).limit(limit)
    if code:
        wanted = wanted.where(rejected_table.c.code == code)
    return list(tx.execute(wanted).scalars())


def mark_replayed(tx: Tx, rejected_id: str, *, at: dt.datetime) -> None:
    """Notes that the content is in the log now."""
    tx.execute(sa.update(rejected_table).where(rejected_table.c.id == rejected_id).values(state="replayed", replayed_at=at))


def _rejected(row: sa.Row[Any]) -> Rejected:
    return Rejected(
        id=row.id, source=row.source, code=row.code, zh=row.zh, en=row.en, type=row.type,
        received_at=row.received_at, times=row.times, state=row.state, replayed_at=row.replayed_at,
    )  # fmt: skip


def forget(tx: Tx, *, before: dt.datetime) -> int:
    """Deletes old rejects; gives their number."""
    return tx.execute(sa.delete(rejected_table).where(rejected_table.c.received_at < before)).rowcount


def sealed(tx: Tx, *, after: str, limit: int) -> list[tuple[str, bytes]]:
    """Ids and sealed contents, in order of id."""
    wanted = sa.select(rejected_table.c.id, rejected_table.c.content).where(rejected_table.c.id > after)
    return [(row.id, row.content) for row in tx.execute(wanted.order_by(rejected_table.c.id).limit(limit))]


def delete(tx: Tx, ids: Sequence[str]) -> int:
    """Deletes these rejects; gives their number."""
    return tx.execute(sa.delete(rejected_table).where(rejected_table.c.id.in_(ids))).rowcount if ids else 0
