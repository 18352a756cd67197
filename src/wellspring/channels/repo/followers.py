"""Rows of followers and people of Mini Programs, what happened with them, and messages sent to them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.channels.models.followers import follower_change_table, follower_table, notice_table
from wellspring.kernel.stores import Tx

Row = sa.Row[Any]
_follower = follower_table.c
_change = follower_change_table.c
_notice = notice_table.c


def follower(tx: Tx, account_id: str, openid: str) -> Row | None:
    """Somebody by openid."""
    return tx.execute(sa.select(follower_table).where(_follower.account_id == account_id, _follower.openid == openid)).first()


def following_among(tx: Tx, account_id: str, openids: Sequence[str]) -> set[str]:
    """Which of these are known to follow, and by whom they are."""
    mine = sa.and_(_follower.account_id == account_id, _follower.openid.in_(list(openids)), _follower.is_following, _follower.member_no > 0)
    return set(tx.execute(sa.select(_follower.openid).where(mine)).scalars())


def all_following(tx: Tx, account_id: str) -> list[str]:
    """Everybody who is known to follow."""
    mine = sa.and_(_follower.account_id == account_id, _follower.is_following)
    return list(tx.execute(sa.select(_follower.openid).where(mine)).scalars())


def put(tx: Tx, account_id: str, openid: str, **values: Any) -> None:  # noqa: ANN401 - column values
    """Writes somebody's row, making it where it is new."""
    mine = sa.and_(_follower.account_id == account_id, _follower.openid == openid)
    if not tx.execute(sa.update(follower_table).where(mine).values(**values)).rowcount:
        blank = {"account_id": account_id, "openid": openid, "member_no": 0, "is_following": False, "allowed": {}}
        tx.execute(sa.insert(follower_table).values(**{**blank, **values}))


def due(tx: Tx, now: dt.datetime, *, limit: int) -> list[Row]:
    """Followers whose details have to be fetched."""
    mine = sa.and_(_follower.due_at.is_not(None), _follower.due_at <= now)
    return list(tx.execute(sa.select(follower_table).where(mine).order_by(_follower.due_at).limit(limit)))


def page(tx: Tx, account_id: str, *, is_following: bool | None, after: str, limit: int) -> list[Row]:
    """People of an account in order of their openids."""
    wanted = sa.select(follower_table).where(_follower.account_id == account_id, _follower.openid > after)
    if is_following is not None:
        wanted = wanted.where(_follower.is_following == is_following)
    return list(tx.execute(wanted.order_by(_follower.openid).limit(limit)))


def followed(tx: Tx) -> list[tuple[int, str]]:
    """Number and account of everybody who follows an account now."""
    mine = sa.and_(_follower.is_following, _follower.member_no > 0)
    return [(row.member_no, row.account_id) for row in tx.execute(sa.select(_follower.member_no, _follower.account_id).where(mine))]


def add_change(tx: Tx, row: dict[str, Any]) -> bool:
    """Appends what happened; False when it was told before."""
    mine = sa.and_(*(_change[name] == row[name] for name in ("account_id", "openid", "verb", "at", "scene")))
    if tx.execute(sa.select(_change.id).where(mine)).first() is not None:
        return False
    tx.execute(sa.insert(follower_change_table).values(**row))
    return True


def name_changes(tx: Tx, account_id: str, openid: str, member_no: int) -> list[Row]:
    """Gives what happened before somebody was known their number, and lets the log hear of it; gives those rows in order."""
    mine = sa.and_(_change.account_id == account_id, _change.openid == openid, _change.member_no == 0)
    rows = list(tx.execute(sa.select(follower_change_table).where(mine).order_by(_change.at, _change.id)))
    if rows and member_no:
        tx.execute(sa.update(follower_change_table).where(mine).values(member_no=member_no, is_logged=False))
    return rows if member_no else []


def unlogged(tx: Tx, *, limit: int) -> list[Row]:
    """Changes that the log of activity has not heard of."""
    return list(tx.execute(sa.select(follower_change_table).where(_change.is_logged.is_(False)).order_by(_change.id).limit(limit)))


def logged(tx: Tx, ids: Sequence[int]) -> None:
    """Notes that the log has heard of these."""
    tx.execute(sa.update(follower_change_table).where(_change.id.in_(list(ids))).values(is_logged=True))


def forget(tx: Tx, numbers: Sequence[int]) -> int:
    """Removes these numbers' people and everything sent to them."""
    rows = list(tx.execute(sa.select(_follower.account_id, _follower.openid).where(_follower.member_no.in_(list(numbers)))))
    for row in rows:
        tx.execute(sa.delete(notice_table).where(_notice.account_id == row.account_id, _notice.openid == row.openid))
        tx.execute(sa.delete(follower_change_table).where(_change.account_id == row.account_id, _change.openid == row.openid))
        tx.execute(sa.delete(follower_table).where(_follower.account_id == row.account_id, _follower.openid == row.openid))
    return len(rows)


def add_notice(tx: Tx, row: dict[str, Any]) -> None:
    """Keeps the intent to send."""
    tx.execute(sa.insert(notice_table).values(**row))


def end_notice(tx: Tx, notice_id: str, *, among: Sequence[str], **values: Any) -> int:  # noqa: ANN401 - column values
    """Writes what became of a message that is in one of these states."""
    mine = sa.and_(_notice.id == notice_id, _notice.state.in_(list(among)))
    return int(tx.execute(sa.update(notice_table).where(mine).values(**values)).rowcount)


def notice(tx: Tx, notice_id: str) -> Row | None:
    """A message by id."""
    return tx.execute(sa.select(notice_table).where(_notice.id == notice_id)).first()


def notice_of(tx: Tx, account_id: str, remote_id: str) -> Row | None:
    """A message by what the platform calls it."""
    return tx.execute(sa.select(notice_table).where(_notice.account_id == account_id, _notice.remote_id == remote_id)).first()
