"""Contacts, relations, their history and the staff, as rows."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.channels.models import change_table, contact_table, relation_table, staff_table
from wellspring.kernel.clock import from_millis, to_millis
from wellspring.kernel.stores import Tx
from wellspring.kernel.stores.asking import ask, tell

Row = sa.RowMapping
Key = tuple[str, str]


def contact(tx: Tx, account_id: str, external_userid: str) -> Row | None:
    """One contact's row."""
    columns = contact_table.c
    mine = sa.and_(columns.account_id == account_id, columns.external_userid == external_userid)
    return tx.execute(sa.select(contact_table).where(mine)).mappings().first()


def contacts(tx: Tx, account_id: str, external_userids: Collection[str]) -> dict[str, Row]:
    """Contacts by id; those that are not there are left out."""
    columns = contact_table.c
    mine = sa.and_(columns.account_id == account_id, columns.external_userid.in_(list(external_userids)))
    return {row["external_userid"]: row for row in tx.execute(sa.select(contact_table).where(mine)).mappings()}


def put_contact(tx: Tx, account_id: str, external_userid: str, values: Mapping[str, Any], *, is_new: bool) -> None:
    """Writes a contact's row."""
    if is_new:
        tx.execute(sa.insert(contact_table).values(account_id=account_id, external_userid=external_userid, **values))
        return
    columns = contact_table.c
    mine = sa.and_(columns.account_id == account_id, columns.external_userid == external_userid)
    tx.execute(sa.update(contact_table).where(mine).values(**values))


def taken_no(tx: Tx, account_id: str, external_userid: str) -> int:
    """The number of the newest truth taken, 0 before the first."""
    text = "SELECT taken_no FROM channels_contact WHERE account_id = :account_id AND external_userid = :external_userid"
    found = ask(tx, text, {"account_id": account_id, "external_userid": external_userid})
    return int(found[0][0]) if found else 0


def relation(tx: Tx, account_id: str, external_userid: str, userid: str) -> Row | None:
    """One relation's row."""
    columns = relation_table.c
    mine = sa.and_(columns.account_id == account_id, columns.external_userid == external_userid, columns.userid == userid)
    return tx.execute(sa.select(relation_table).where(mine)).mappings().first()


def relations(tx: Tx, account_id: str, external_userids: Collection[str]) -> list[Row]:
    """The relations of these contacts, in order of beginning."""
    columns = relation_table.c
    mine = sa.and_(columns.account_id == account_id, columns.external_userid.in_(list(external_userids)))
    return list(tx.execute(sa.select(relation_table).where(mine).order_by(columns.added_at, columns.userid)).mappings())


def put_relation(tx: Tx, key: tuple[str, str, str], values: Mapping[str, Any], *, is_new: bool) -> None:
    """Writes a relation's row."""
    account_id, external_userid, userid = key
    if is_new:
        named = {"account_id": account_id, "external_userid": external_userid, "userid": userid}
        tx.execute(sa.insert(relation_table).values(**named, **values))
        return
    columns = relation_table.c
    mine = sa.and_(columns.account_id == account_id, columns.external_userid == external_userid, columns.userid == userid)
    tx.execute(sa.update(relation_table).where(mine).values(**values))


def is_followed(tx: Tx, account_id: str, external_userid: str) -> bool:
    """Whether anybody follows the contact and is followed back."""
    columns = relation_table.c
    mine = sa.and_(columns.account_id == account_id, columns.external_userid == external_userid, columns.state == "following")
    return tx.execute(sa.select(columns.userid).where(mine).limit(1)).first() is not None


def changes(tx: Tx, key: tuple[str, str, str]) -> list[Row]:
    """What happened to a relation, in order."""
    columns = change_table.c
    account_id, external_userid, userid = key
    mine = sa.and_(columns.account_id == account_id, columns.external_userid == external_userid, columns.userid == userid)
    return list(tx.execute(sa.select(change_table).where(mine).order_by(columns.at, columns.id)).mappings())


def add_change(tx: Tx, row: Mapping[str, Any]) -> None:
    """Writes one line of a relation's history."""
    tx.execute(sa.insert(change_table).values(**row))


def adopt_change(tx: Tx, change_id: int, *, verb: str, at: dt.datetime) -> None:
    """A change that a sync had found has its event by now, and the event's instant."""
    tx.execute(sa.update(change_table).where(change_table.c.id == change_id).values(verb=verb, at=at, is_found=False))


def unlogged(tx: Tx, limit: int) -> list[Row]:
    """Changes that the activity log has not got yet, oldest first."""
    is_open = change_table.c.is_logged.is_(False)
    return list(tx.execute(sa.select(change_table).where(is_open).order_by(change_table.c.id).limit(limit)).mappings())


def has_unlogged(tx: Tx) -> bool:
    """Whether there is one; asked several times a second."""
    text = "SELECT 1 FROM channels_relation_change WHERE is_logged = 0 LIMIT 1"
    return bool(ask(tx, text if tx.dialect.name == "sqlite" else text.replace("is_logged = 0", "NOT is_logged")))


def mark_logged(tx: Tx, ids: Sequence[int]) -> None:
    """The activity log has these."""
    tx.execute(sa.update(change_table).where(change_table.c.id.in_(ids)).values(is_logged=True))


def staff_ids(tx: Tx, account_id: str, userids: Collection[str]) -> dict[str, str | None]:
    """The persons in the organisation behind userids; those that were never heard of are left out."""
    columns = staff_table.c
    wanted = sa.select(columns.userid, columns.staff_id).where(columns.account_id == account_id, columns.userid.in_(list(userids)))
    return {row.userid: row.staff_id for row in tx.execute(wanted)}


def add_staff(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds staff members; whoever is there stays as they are."""
    text = (
        "INSERT INTO channels_staff (account_id, userid, staff_id, is_chosen, name, is_active, can_contact, synced_at)"
        " VALUES (:account_id, :userid, :staff_id, :is_chosen, :name, :is_active, :can_contact, :synced_at)"
        " ON CONFLICT (account_id, userid) DO NOTHING"
    )
    tell(tx, text, [{**row, "synced_at": to_millis(row["synced_at"])} for row in rows])


def change_staff(tx: Tx, account_id: str, userids: Collection[str], values: Mapping[str, Any]) -> int:
    """Changes staff members; gives how many."""
    columns = staff_table.c
    mine = sa.and_(columns.account_id == account_id, columns.userid.in_(list(userids)))
    return tx.execute(sa.update(staff_table).where(mine).values(**values)).rowcount


def staff(tx: Tx, account_id: str) -> list[Row]:
    """Everybody of an account, with how many contacts follow them back."""
    columns, kept = staff_table.c, relation_table.c
    counted = (
        sa.select(kept.userid, sa.func.count().label("contacts"))
        .where(kept.account_id == account_id, kept.state == "following")
        .group_by(kept.userid)
        .subquery()
    )
    wanted = sa.select(staff_table, sa.func.coalesce(counted.c.contacts, 0).label("contacts")).outerjoin(
        counted, counted.c.userid == columns.userid
    )
    return list(tx.execute(wanted.where(columns.account_id == account_id).order_by(columns.userid)).mappings())


def first_at(row: Row | None) -> dt.datetime | None:
    """When the corp first met a contact."""
    return row["first_added_at"] if row is not None else None


def instant(millis: int | None) -> dt.datetime | None:
    """A kept instant of a plain question."""
    return None if millis is None else from_millis(millis)
