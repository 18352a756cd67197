"""Arrivals and losses: written once each, counted by day, code, member of staff and store."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.acquisition.models.codes import arrival_table, loss_table, report_table, scan_table
from wellspring.kernel.auth import Scope
from wellspring.kernel.stores import Tx

_came, _lost, _report = arrival_table.c, loss_table.c, report_table.c
Row = sa.Row[Any]
_NOTHING: dict[str, Any] = dict.fromkeys(("added", "newcomers", "came_back", "staying", "lost", "deleted"), 0)


def insert_arrival(tx: Tx, row: Mapping[str, Any]) -> bool:
    """Keeps an arrival; False when it is known."""
    if tx.execute(sa.select(_came.id).where(_came.id == row["id"])).first() is not None:
        return False
    tx.execute(sa.insert(arrival_table).values(**row))
    return True


def insert_loss(tx: Tx, row: Mapping[str, Any]) -> bool:
    """Keeps a loss; False when it is known."""
    if tx.execute(sa.select(_lost.id).where(_lost.id == row["id"])).first() is not None:
        return False
    tx.execute(sa.insert(loss_table).values(**row))
    return True


def last_arrival(tx: Tx, *, account_id: str, external_userid: str, userid: str, before: dt.datetime) -> Row | None:
    """The newest arrival of a pair at or before an instant."""
    mine = sa.select(arrival_table).where(
        _came.account_id == account_id, _came.external_userid == external_userid, _came.userid == userid, _came.at <= before
    )
    return tx.execute(mine.order_by(_came.at.desc()).limit(1)).first()


def first_loss(tx: Tx, *, account_id: str, external_userid: str, userid: str, since: dt.datetime) -> Row | None:
    """The first loss of a pair at or after an instant: it may have been told before the arrival."""
    mine = sa.select(loss_table).where(
        _lost.account_id == account_id, _lost.external_userid == external_userid, _lost.userid == userid, _lost.at >= since
    )
    return tx.execute(mine.order_by(_lost.at).limit(1)).first()


def next_arrival(tx: Tx, *, account_id: str, external_userid: str, userid: str, after: dt.datetime) -> dt.datetime | None:
    mine = sa.select(_came.at).where(
        _came.account_id == account_id, _came.external_userid == external_userid, _came.userid == userid, _came.at > after
    )
    return tx.execute(mine.order_by(_came.at).limit(1)).scalar()


def mark_left(tx: Tx, arrival_id: str, *, at: dt.datetime, day: dt.date, reason: str) -> None:
    tx.execute(sa.update(arrival_table).where(_came.id == arrival_id).values(left_at=at, left_day=day, left_reason=reason))


def explain(tx: Tx, arrival_id: str, *, code_id: str, way_id: str) -> None:
    """Says afterwards by which code somebody came, and lets the log be told of it."""
    tx.execute(sa.update(arrival_table).where(_came.id == arrival_id).values(code_id=code_id, way_id=way_id, told_at=None))


def taken(tx: Tx, code_id: str, day: dt.date) -> dict[str, int]:
    """How many a code brought each member of staff on a day."""
    counted = sa.select(_came.staff_id, sa.func.count()).where(_came.code_id == code_id, _came.day == day, _came.staff_id.is_not(None))
    return dict(map(tuple, tx.execute(counted.group_by(_came.staff_id))))


def of_members(tx: Tx, numbers: Sequence[int]) -> list[Row]:
    """The arrivals of somebody, in order."""
    return list(tx.execute(sa.select(arrival_table).where(_came.member_no.in_(list(numbers))).order_by(_came.at, _came.id)))


def untold(tx: Tx, limit: int) -> list[Row]:
    """Arrivals that the log of activity is still to be told of."""
    return list(tx.execute(sa.select(arrival_table).where(_came.told_at.is_(None), _came.member_no > 0).order_by(_came.id).limit(limit)))


def mark_told(tx: Tx, ids: Sequence[str], at: dt.datetime) -> None:
    tx.execute(sa.update(arrival_table).where(_came.id.in_(list(ids))).values(told_at=at))


def forget(tx: Tx, numbers: Iterable[int]) -> None:
    """Takes an erased person off arrivals and losses; the counts stay."""
    listed = list(numbers)
    nobody = {"member_no": 0, "external_userid": ""}
    tx.execute(sa.update(arrival_table).where(_came.member_no.in_(listed)).values(**nobody))
    tx.execute(sa.update(loss_table).where(_lost.member_no.in_(listed)).values(**nobody, note=""))


# ------------------------------------------------------------------------------------------- figures


def by_day(tx: Tx, code_id: str, since: dt.date, until: dt.date) -> dict[dt.date, tuple[int, int, int]]:
    """Day → added, returning, and left on that day (of whoever came through the code at any time)."""
    returning = sa.func.count(sa.case((_came.is_returning, 1)))
    mine = _came.code_id == code_id
    came = sa.select(_came.day, sa.func.count(), returning).where(mine, _came.day.between(since, until)).group_by(_came.day)
    left = sa.select(_came.left_day, sa.func.count()).where(mine, _came.left_day.between(since, until)).group_by(_came.left_day)
    found = {day: (added, again, 0) for day, added, again in tx.execute(came)}
    for day, gone in tx.execute(left):
        found[day] = (*found.get(day, (0, 0, 0))[:2], gone)
    return found


def grouped(tx: Tx, code_id: str, since: dt.date, until: dt.date, column: str) -> list[tuple[str, int, int]]:
    """Staff or store → how many came between the days, and how many of them have left."""
    key = arrival_table.c[column]
    gone = sa.func.count(sa.case((_came.left_at.is_not(None), 1)))
    wanted = sa.select(key, sa.func.count(), gone).where(_came.code_id == code_id, _came.day.between(since, until), key.is_not(None))
    return [(name, added, left) for name, added, left in tx.execute(wanted.group_by(key).order_by(sa.func.count().desc(), key).limit(200))]


def scans(tx: Tx, code_id: str, since: dt.date, until: dt.date) -> dict[dt.date, int]:
    wanted = sa.select(scan_table.c.day, scan_table.c.opened)
    return dict(map(tuple, tx.execute(wanted.where(scan_table.c.code_id == code_id, scan_table.c.day.between(since, until)))))


def members_since(tx: Tx, code_id: str, since: dt.date, until: dt.date) -> dict[int, dt.datetime]:
    """Member → when they first came through the code between the days."""
    first = sa.func.min(_came.at, type_=_came.at.type)
    wanted = sa.select(_came.member_no, first).where(_came.code_id == code_id, _came.day.between(since, until), _came.member_no > 0)
    return dict(map(tuple, tx.execute(wanted.group_by(_came.member_no))))


def firsts(tx: Tx, at: dt.datetime | None) -> list[tuple[int, str]]:
    """Every number with the code of its first arrival through one (until an instant), in order of those arrivals."""
    place = sa.func.row_number().over(partition_by=_came.member_no, order_by=[_came.at, _came.id]).label("place")
    ranked = sa.select(_came.member_no, _came.code_id, _came.at, _came.id, place).where(_came.member_no > 0, _came.code_id.is_not(None))
    inner = (ranked if at is None else ranked.where(_came.at <= at)).subquery()
    wanted = sa.select(inner.c.member_no, inner.c.code_id).where(inner.c.place == 1).order_by(inner.c.at, inner.c.id)
    return [(row.member_no, row.code_id) for row in tx.execute(wanted)]


def last_change(tx: Tx) -> tuple[int, Any]:
    """Changes whenever an arrival is added."""
    row = tx.execute(sa.select(sa.func.count(), sa.func.max(_came.at))).one()
    return row[0], row[1]


# -------------------------------------------------------------------------------------------- losses


def losses(
    tx: Tx,
    *,
    scope: Scope,
    reason: str | None,
    is_handled: bool | None,
    since: dt.date | None,
    until: dt.date | None,
    after: tuple[dt.datetime, str] | None,
    limit: int,
) -> tuple[list[Row], int]:
    """Losses within a scope, the newest first, and how many there are in all."""
    wanted = [_in_scope(scope, _lost.unit_id), _lost.reason == reason if reason else _lost.reason != "transferred"]
    if is_handled is not None:
        wanted.append(_lost.handled_at.is_not(None) if is_handled else _lost.handled_at.is_(None))
    if since is not None:
        wanted.append(_lost.day >= since)
    if until is not None:
        wanted.append(_lost.day <= until)
    total = tx.execute(sa.select(sa.func.count()).select_from(loss_table).where(*wanted)).scalar_one()
    if after is not None:
        wanted.append(sa.or_(_lost.at < after[0], sa.and_(_lost.at == after[0], _lost.id < after[1])))
    return list(tx.execute(sa.select(loss_table).where(*wanted).order_by(_lost.at.desc(), _lost.id.desc()).limit(limit))), total


def loss(tx: Tx, loss_id: str, scope: Scope) -> Row | None:
    return tx.execute(sa.select(loss_table).where(_lost.id == loss_id, _in_scope(scope, _lost.unit_id))).first()


def update_loss(tx: Tx, loss_id: str, **values: Any) -> None:  # noqa: ANN401 - column values
    tx.execute(sa.update(loss_table).where(_lost.id == loss_id).values(**values))


# -------------------------------------------------------------------------------------------- report


def day_of_staff(tx: Tx, day: dt.date) -> list[dict[str, Any]]:
    """What a day brought each member of staff, as rows of the report but for names."""
    again = sa.func.count(sa.case((_came.is_returning, 1)))
    stays = sa.func.count(sa.case((_came.left_at.is_(None), 1)))
    keys = (_came.account_id, _came.userid)
    came = sa.select(*keys, sa.func.max(_came.staff_id), sa.func.max(_came.unit_id), sa.func.count(), again, stays)
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for account, userid, staff_id, unit_id, added, returning, staying in tx.execute(
        came.where(_came.day == day, _came.userid != "").group_by(*keys)
    ):
        counts = {"added": added, "newcomers": added - returning, "came_back": returning, "staying": staying, "lost": 0, "deleted": 0}
        rows[account, userid] = {"account_id": account, "userid": userid, "staff_id": staff_id, "unit_id": unit_id, **counts}
    grouping = (_lost.account_id, _lost.userid, _lost.reason)
    lost = sa.select(*grouping, sa.func.max(_lost.staff_id), sa.func.max(_lost.unit_id), sa.func.count())
    for account, userid, reason, staff_id, unit_id, count in tx.execute(lost.where(_lost.day == day).group_by(*grouping)):
        blank = {"account_id": account, "userid": userid, "staff_id": staff_id, "unit_id": unit_id, **_NOTHING}
        row = rows.setdefault((account, userid), blank)
        if reason in {"customer_deleted", "staff_deleted"}:
            row["lost" if reason == "customer_deleted" else "deleted"] += count
    return [{"day": day, **row} for row in rows.values()]


def put_report(tx: Tx, day: dt.date, rows: Sequence[Mapping[str, Any]], *, at: dt.datetime) -> None:
    """Replaces a day; a row without a name says that the day was counted, were it for nobody."""
    tx.execute(sa.delete(report_table).where(_report.day == day))
    tx.execute(sa.insert(report_table).values(day=day, account_id="", userid="", made_at=at, **_NOTHING))
    if rows:
        tx.execute(sa.insert(report_table), list(rows))


def report(tx: Tx, *, since: dt.date, until: dt.date, scope: Scope, limit: int) -> list[Row]:
    """Kept days within a scope, the newest first, the busiest first."""
    wanted = sa.select(report_table).where(_report.day.between(since, until), _report.userid != "", _in_scope(scope, _report.unit_id))
    return list(tx.execute(wanted.order_by(_report.day.desc(), _report.added.desc(), _report.userid).limit(limit)))


def last_reported(tx: Tx) -> dt.date | None:
    return tx.execute(sa.select(sa.func.max(_report.day))).scalar()


def first_arrival_day(tx: Tx) -> dt.date | None:
    return tx.execute(sa.select(sa.func.min(_came.day))).scalar()


def _in_scope(scope: Scope, column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return sa.true() if scope.unit_ids is None else column.in_(sorted(scope.unit_ids))
