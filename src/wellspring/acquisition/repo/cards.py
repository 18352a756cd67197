"""Reading and writing of designs, batches and scans, in the caller's transaction."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from wellspring.acquisition.models.cards import card_batch_table, card_scan_table, design_table
from wellspring.acquisition.models.codes import arrival_table
from wellspring.kernel.clock import to_millis
from wellspring.kernel.stores import Tx

Row = sa.Row[Any]
_design, _batch, _scan, _came = design_table.c, card_batch_table.c, card_scan_table.c, arrival_table.c
_DAY = 86_400_000
# After every instant there is: whoever has not left.
_NEVER = 9_000_000_000_000_000


def add_design(tx: Tx, **values: Any) -> None:  # noqa: ANN401 - column values
    """Writes a new design."""
    tx.execute(sa.insert(design_table).values(**values))


def change_design(tx: Tx, design_id: str, **values: Any) -> None:  # noqa: ANN401 - column values
    """Writes some columns of a design."""
    tx.execute(sa.update(design_table).where(_design.id == design_id).values(**values))


def design(tx: Tx, design_id: str) -> Row | None:
    """A design by its id."""
    return tx.execute(sa.select(design_table).where(_design.id == design_id)).first()


def designs(tx: Tx, *, kind: str | None, archived: bool, after: str | None, limit: int) -> Sequence[Row]:
    """Designs, the newest first."""
    wanted = sa.select(design_table).where(_design.is_archived == archived)
    wanted = wanted if kind is None else wanted.where(_design.kind == kind)
    wanted = wanted if after is None else wanted.where(_design.id < after)
    return tx.execute(wanted.order_by(_design.id.desc()).limit(limit)).all()


def design_sums(tx: Tx, design_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Design → how many batches it has, and how many cards were shipped with it."""
    wanted = sa.select(_batch.design_id, sa.func.count().label("batches"), sa.func.sum(_batch.shipped).label("shipped"))
    found = tx.execute(wanted.where(_batch.design_id.in_(design_ids)).group_by(_batch.design_id))
    return {row.design_id: (int(row.batches), int(row.shipped)) for row in found}


def add_batch(tx: Tx, **values: Any) -> None:  # noqa: ANN401 - column values
    """Writes a new batch."""
    tx.execute(sa.insert(card_batch_table).values(**values))


def change_batch(tx: Tx, batch_id: str, **values: Any) -> None:  # noqa: ANN401 - column values
    """Writes some columns of a batch."""
    tx.execute(sa.update(card_batch_table).where(_batch.id == batch_id).values(**values))


def batch(tx: Tx, batch_id: str) -> Row | None:
    """A batch by its id."""
    return tx.execute(sa.select(card_batch_table).where(_batch.id == batch_id)).first()


def batch_by_token(tx: Tx, token: str) -> Row | None:
    """A batch by what stands in its address."""
    return tx.execute(sa.select(card_batch_table).where(_batch.token == token)).first()


def batch_of_code(tx: Tx, code_id: str) -> Row | None:
    """The batch that a channel code belongs to."""
    return tx.execute(sa.select(card_batch_table).where(_batch.code_id == code_id)).first()


def batches(
    tx: Tx, *, design_id: str | None = None, kind: str | None = None, after: str | None = None, limit: int | None = None
) -> Sequence[Row]:
    """Batches, the newest first."""
    wanted = sa.select(card_batch_table).join(design_table, _design.id == _batch.design_id)
    wanted = wanted if design_id is None else wanted.where(_batch.design_id == design_id)
    wanted = wanted if kind is None else wanted.where(_design.kind == kind)
    wanted = wanted if after is None else wanted.where(_batch.id < after)
    return tx.execute(wanted.order_by(_batch.id.desc()).limit(limit)).all()


def scanned(tx: Tx, batch_id: str, scanner: bytes, *, at: dt.datetime) -> None:
    """Counts a scan of a batch by somebody."""
    made = (sqlite.insert if tx.dialect.name == "sqlite" else postgresql.insert)(card_scan_table)
    row = {"batch_id": batch_id, "scanner": scanner, "first_at": at, "last_at": at, "scans": 1}
    again = {"last_at": at, "scans": _scan.scans + 1}
    tx.execute(made.values(**row).on_conflict_do_update(index_elements=["batch_id", "scanner"], set_=again))


def scans(tx: Tx, batch_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Batch → different people who scanned it, and scans."""
    wanted = sa.select(_scan.batch_id, sa.func.count().label("people"), sa.func.sum(_scan.scans).label("scans"))
    found = tx.execute(wanted.where(_scan.batch_id.in_(batch_ids)).group_by(_scan.batch_id))
    return {row.batch_id: (int(row.people), int(row.scans)) for row in found}


def came(tx: Tx, code_ids: Sequence[str], *, now: dt.datetime, kept_days: Sequence[int], gift_hours: int) -> dict[str, dict[str, int]]:
    """Per channel code: contacts added, those who had been here before, still here, here after some days, gone after the gift.

    A contact whom several of the staff serve is one, here as long as anyone serves it. Who came less than so many days
    ago is not asked yet: `mature_7` is out of whom `kept_7` is.
    """
    first, until = sa.type_coerce(_came.at, sa.BigInteger), sa.type_coerce(_came.left_at, sa.BigInteger)
    people = (
        sa.select(
            _came.code_id,
            sa.func.min(first).label("first"),
            sa.func.max(sa.func.coalesce(until, _NEVER)).label("until"),
            sa.func.max(sa.case((_came.is_returning, 1), else_=0)).label("again"),
        )
        .where(_came.code_id.in_(code_ids), _came.external_userid != "", _came.chat_id == "")
        .group_by(_came.code_id, _came.account_id, _came.external_userid)
        .subquery()
    )
    one, instant = people.c, to_millis(now)

    def counted(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((condition, 1), else_=0))

    columns: dict[str, sa.ColumnElement[Any]] = {
        "added": sa.func.count(),
        "returning": sa.func.sum(one.again),
        "staying": counted(one.until == _NEVER),
        "left_after_gift": counted(one.until < one.first + gift_hours * 3_600_000),
    }
    for days in kept_days:
        is_mature = one.first <= instant - days * _DAY
        columns[f"mature_{days}"] = counted(is_mature)
        columns[f"kept_{days}"] = counted(sa.and_(is_mature, one.until >= one.first + days * _DAY))
    wanted = sa.select(one.code_id, *(column.label(f"n_{name}") for name, column in columns.items())).group_by(one.code_id)
    return {row.code_id: {name: int(getattr(row, f"n_{name}") or 0) for name in columns} for row in tx.execute(wanted)}


def came_who(tx: Tx, code_id: str) -> list[tuple[int, int]]:
    """Whom a channel code brought, with the instant (milliseconds) they first came by it."""
    first = sa.func.min(sa.type_coerce(_came.at, sa.BigInteger)).label("first")
    wanted = sa.select(_came.member_no, first).where(_came.code_id == code_id, _came.member_no > 0, _came.chat_id == "")
    return [(int(row.member_no), int(row.first)) for row in tx.execute(wanted.group_by(_came.member_no))]


def leavers(tx: Tx, code_id: str, *, hours: int, limit: int) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """Who left within some hours of coming, the latest first."""
    first, until = sa.type_coerce(_came.at, sa.BigInteger), sa.type_coerce(_came.left_at, sa.BigInteger)
    wanted = sa.select(_came.member_no, _came.staff_id, _came.at, _came.left_at).where(
        _came.code_id == code_id, _came.chat_id == "", _came.left_at.is_not(None), until < first + hours * 3_600_000
    )
    return tx.execute(wanted.order_by(_came.left_at.desc()).limit(limit)).all()
