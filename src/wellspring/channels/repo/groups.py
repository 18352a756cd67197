"""Rows of customer groups: the group, stays of its members, words that callbacks said, and changes."""

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.channels.contracts.groups import GroupChange, GroupState, GroupVerb
from wellspring.channels.models.groups import chat_change_table, chat_day_table, chat_member_table, chat_table, chat_word_table
from wellspring.kernel.stores import Instant, Tx

Row = sa.Row[Any]
_chat = chat_table.c
_stay = chat_member_table.c
_word = chat_word_table.c
_change = chat_change_table.c
_LEASE = dt.timedelta(minutes=2)


def want(tx: Tx, account_id: str, chat_id: str, *, at: dt.datetime, **values: Any) -> None:  # noqa: ANN401 - column values
    """Notes that the group has to be fetched, making its row where it is new."""
    mine = sa.and_(_chat.account_id == account_id, _chat.chat_id == chat_id)
    wish = {"wanted_no": _chat.wanted_no + 1, "due_at": at, "attempts": 0}
    if not tx.execute(sa.update(chat_table).where(mine).values(**wish, **values)).rowcount:
        row = {"account_id": account_id, "chat_id": chat_id, "state": GroupState.ACTIVE, "admins": []}
        tx.execute(sa.insert(chat_table).values(**{**row, "wanted_no": 1, "due_at": at, **values}))


def row(tx: Tx, account_id: str, chat_id: str) -> Row | None:
    """The group's row."""
    return tx.execute(sa.select(chat_table).where(_chat.account_id == account_id, _chat.chat_id == chat_id)).first()


def named(tx: Tx, chat_id: str) -> Row | None:
    """A group by its id alone: ids of groups are unique among corps."""
    return tx.execute(sa.select(chat_table).where(_chat.chat_id == chat_id).order_by(_chat.account_id).limit(1)).first()


def due(tx: Tx, now: dt.datetime, *, limit: int) -> list[Row]:
    """Groups that have to be fetched, the longest waiting first."""
    free = sa.or_(_chat.lease_until.is_(None), _chat.lease_until <= now)
    mine = sa.and_(_chat.due_at.is_not(None), _chat.due_at <= now, free)
    return list(tx.execute(sa.select(chat_table).where(mine).order_by(_chat.due_at).limit(limit)))


def lease(tx: Tx, account_id: str, chat_id: str, now: dt.datetime) -> Row | None:
    """Takes a group for one fetch; None while somebody else has it."""
    mine = sa.and_(_chat.account_id == account_id, _chat.chat_id == chat_id)
    found = tx.execute(sa.select(chat_table).where(mine).with_for_update()).first()
    if found is None or (found.lease_until is not None and found.lease_until > now):
        return None
    tx.execute(sa.update(chat_table).where(mine).values(lease_token=secrets.token_hex(16), lease_until=now + _LEASE))
    return tx.execute(sa.select(chat_table).where(mine)).one()


def settle(tx: Tx, leased: Row, **values: Any) -> bool:  # noqa: ANN401 - column values
    """Ends the fetch with what it found; the group stays due while a newer word came. False when the lease was lost."""
    mine = sa.and_(_chat.account_id == leased.account_id, _chat.chat_id == leased.chat_id, _chat.lease_token == leased.lease_token)
    due_at = sa.case((_chat.wanted_no > leased.wanted_no, _chat.due_at), else_=sa.literal(values.pop("due_at", None), Instant))
    free = {"lease_token": None, "lease_until": None, "due_at": due_at}
    return bool(tx.execute(sa.update(chat_table).where(mine).values(**{**free, **values})).rowcount)


def unseen(tx: Tx, account_id: str, run: str, *, at: dt.datetime) -> int:
    """Wants every living group that a walk through the list did not meet; whether it is gone is for its fetch to say."""
    mine = sa.and_(_chat.account_id == account_id, _chat.seen_in != run, _chat.state != GroupState.DISSOLVED)
    wish = {"wanted_no": _chat.wanted_no + 1, "due_at": at, "attempts": 0}
    return int(tx.execute(sa.update(chat_table).where(mine).values(**wish)).rowcount)


def owners(tx: Tx, account_id: str) -> list[str]:
    """Everybody who owns a living group."""
    mine = sa.and_(_chat.account_id == account_id, _chat.state != GroupState.DISSOLVED, _chat.owner != "")
    return list(tx.execute(sa.select(_chat.owner).where(mine).distinct().order_by(_chat.owner)).scalars())


def page(
    tx: Tx,
    *,
    account_id: str | None,
    owners: Sequence[str] | None,
    state: str | None,
    q: str | None,
    after: tuple[str, str] | None,
    limit: int,
) -> list[Row]:
    """Groups in order of account and id; `q` is a part of their names."""
    wanted = sa.select(chat_table).order_by(_chat.account_id, _chat.chat_id).limit(limit)
    if account_id:
        wanted = wanted.where(_chat.account_id == account_id)
    if owners is not None:
        wanted = wanted.where(_chat.owner.in_(list(owners)))
    if state:
        wanted = wanted.where(_chat.state == state)
    if q:
        wanted = wanted.where(_chat.name.icontains(q, autoescape=True))
    if after:
        wanted = wanted.where(sa.tuple_(_chat.account_id, _chat.chat_id) > after)
    return list(tx.execute(wanted))


# ------------------------------------------------------------------------------------------------ words


def add_word(tx: Tx, row: dict[str, Any]) -> bool:
    """Keeps what a callback said; False when it was kept before."""
    known = sa.and_(_word.account_id == row["account_id"], _word.callback_id == row["callback_id"])
    if tx.execute(sa.select(_word.callback_id).where(known)).first() is not None:
        return False
    tx.execute(sa.insert(chat_word_table).values(**row))
    return True


def words(tx: Tx, account_id: str, chat_id: str) -> list[Row]:
    """Everything that callbacks said of a group's members."""
    mine = sa.and_(_word.account_id == account_id, _word.chat_id == chat_id)
    return list(tx.execute(sa.select(chat_word_table).where(mine).order_by(_word.at, _word.callback_id)))


def forget_words(tx: Tx, before: dt.datetime) -> int:
    """Removes words that no list can contradict any more."""
    return int(tx.execute(sa.delete(chat_word_table).where(_word.at < before)).rowcount)


# ------------------------------------------------------------------------------------------------ stays


def stays(tx: Tx, account_id: str, chat_id: str) -> list[Row]:
    """Everybody's stays in a group."""
    return list(tx.execute(sa.select(chat_member_table).where(_stay.account_id == account_id, _stay.chat_id == chat_id)))


def add_stays(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    """Keeps new stays."""
    if rows:
        tx.execute(sa.insert(chat_member_table), list(rows))


def change_stay(tx: Tx, account_id: str, chat_id: str, userid: str, joined_at: dt.datetime, **values: Any) -> None:  # noqa: ANN401 - column values
    """Changes columns of a stay."""
    mine = sa.and_(_stay.account_id == account_id, _stay.chat_id == chat_id, _stay.userid == userid, _stay.joined_at == joined_at)
    tx.execute(sa.update(chat_member_table).where(mine).values(**values))


def name_member(tx: Tx, account_id: str, userid: str, member_no: int) -> int:
    """Gives the stays of somebody who was nobody known their number."""
    mine = sa.and_(_stay.account_id == account_id, _stay.userid == userid, _stay.is_staff.is_(False), _stay.member_no == 0)
    named_now = tx.execute(sa.update(chat_member_table).where(mine).values(member_no=member_no)).rowcount
    theirs = sa.and_(_change.account_id == account_id, _change.userid == userid, _change.member_no == 0)
    tx.execute(sa.update(chat_change_table).where(theirs).values(member_no=member_no, is_logged=False))
    return int(named_now)


def present(tx: Tx, account_id: str, chat_id: str, *, after: str, limit: int, with_left: bool) -> list[Row]:
    """Who is (or also was) in a group, in order of their ids."""
    mine = sa.and_(_stay.account_id == account_id, _stay.chat_id == chat_id, _stay.userid > after)
    wanted = sa.select(chat_member_table).where(mine if with_left else sa.and_(mine, _stay.left_at.is_(None)))
    return list(tx.execute(wanted.order_by(_stay.userid, _stay.joined_at).limit(limit)))


def numbers_in(tx: Tx, chat_id: str, at: dt.datetime | None) -> Iterable[int]:
    """The numbers of those who are in a group now, or were at an instant."""
    mine = sa.and_(_stay.chat_id == chat_id, _stay.member_no > 0)
    if at is None:
        mine = sa.and_(mine, _stay.left_at.is_(None))
    else:
        mine = sa.and_(mine, _stay.joined_at <= at, sa.or_(_stay.left_at.is_(None), _stay.left_at > at))
    return tx.execute(sa.select(_stay.member_no).where(mine).distinct()).scalars()


def open_stays(tx: Tx, at: dt.datetime | None) -> Iterable[tuple[int, str]]:
    """Number and group of everybody who is in a group now, or was at an instant."""
    mine = _stay.member_no > 0
    if at is None:
        mine = sa.and_(mine, _stay.left_at.is_(None))
    else:
        mine = sa.and_(mine, _stay.joined_at <= at, sa.or_(_stay.left_at.is_(None), _stay.left_at > at))
    for found in tx.execute(sa.select(_stay.member_no, _stay.chat_id).where(mine).distinct()):
        yield found.member_no, found.chat_id


def of_numbers(tx: Tx, numbers: Sequence[int]) -> list[Row]:
    """The stays of these numbers with the names of the groups, the latest first."""
    joined = chat_member_table.join(chat_table, sa.and_(_chat.account_id == _stay.account_id, _chat.chat_id == _stay.chat_id))
    wanted = sa.select(chat_member_table, _chat.name.label("chat_name"), _chat.owner).select_from(joined)
    return list(tx.execute(wanted.where(_stay.member_no.in_(list(numbers))).order_by(_stay.joined_at.desc())))


def forget(tx: Tx, numbers: Sequence[int]) -> int:
    """Takes the names off the stays and changes of these numbers; that somebody was there stays, nobody knows who."""
    mine = _stay.member_no.in_(list(numbers))
    blank = {"member_no": 0, "name": None, "name_masked": None, "unionid": ""}
    gone = tx.execute(sa.update(chat_member_table).where(mine).values(**blank)).rowcount
    tx.execute(sa.update(chat_change_table).where(_change.member_no.in_(list(numbers))).values(member_no=0, is_logged=True))
    return int(gone)


# ---------------------------------------------------------------------------------------------- changes


def add_changes(tx: Tx, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Appends what happened; gives those that were not known."""
    fresh = [one for one in rows if not _is_known(tx, one)]
    if fresh:
        tx.execute(sa.insert(chat_change_table), fresh)
    return fresh


def move_exit(tx: Tx, account_id: str, chat_id: str, userid: str, was: dt.datetime, now: dt.datetime, scene: int) -> None:
    """Corrects when somebody left, once a word told it."""
    mine = sa.and_(
        _change.account_id == account_id,
        _change.chat_id == chat_id,
        _change.verb == GroupVerb.LEFT,
        _change.userid == userid,
        _change.at == was,
    )
    tx.execute(sa.update(chat_change_table).where(mine).values(at=now, scene=scene))


def changes(tx: Tx, account_id: str, chat_id: str, *, before: int | None, limit: int) -> list[GroupChange]:
    """What happened in a group, the newest first."""
    wanted = sa.select(chat_change_table).where(_change.account_id == account_id, _change.chat_id == chat_id)
    if before is not None:
        wanted = wanted.where(_change.id < before)
    rows = tx.execute(wanted.order_by(_change.id.desc()).limit(limit))
    return [GroupChange(one.id, one.chat_id, GroupVerb(one.verb), one.userid, one.member_no, one.at, one.scene, one.state) for one in rows]


def unlogged(tx: Tx, *, limit: int) -> list[Row]:
    """Changes that the log of activity has not heard of."""
    return list(tx.execute(sa.select(chat_change_table).where(_change.is_logged.is_(False)).order_by(_change.id).limit(limit)))


def logged(tx: Tx, ids: Sequence[int]) -> None:
    """Notes that the log has heard of these."""
    tx.execute(sa.update(chat_change_table).where(_change.id.in_(list(ids))).values(is_logged=True))


def keep_day(tx: Tx, row: dict[str, Any]) -> None:
    """Keeps what was counted of an owner's groups on a day."""
    mine = sa.and_(
        chat_day_table.c.account_id == row["account_id"], chat_day_table.c.owner == row["owner"], chat_day_table.c.day == row["day"]
    )
    tx.execute(sa.delete(chat_day_table).where(mine))
    tx.execute(sa.insert(chat_day_table).values(**row))


def days(tx: Tx, account_id: str, first: dt.date, last: dt.date, owner: str | None) -> list[Row]:
    """What was counted on these days."""
    table = chat_day_table.c
    mine = sa.and_(table.account_id == account_id, table.day >= first, table.day <= last)
    wanted = sa.select(chat_day_table).where(mine if owner is None else sa.and_(mine, table.owner == owner))
    return list(tx.execute(wanted.order_by(table.day, table.owner)))


def _is_known(tx: Tx, one: dict[str, Any]) -> bool:
    mine = sa.and_(*(_change[name] == one[name] for name in ("account_id", "chat_id", "verb", "userid", "at")))
    return tx.execute(sa.select(_change.id).where(mine)).first() is not None
