"""Runs of sync and their places, and the sets of rows that a page of contacts becomes."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.channels.models import change_table, contact_table, place_table, relation_table, sync_table
from wellspring.kernel.stores import Tx
from wellspring.kernel.stores.asking import ask, tell

Row = sa.RowMapping
_OPEN = ("queued", "running")
Key = tuple[str, str]


def add(tx: Tx, row: Mapping[str, Any]) -> None:
    """Writes a new run."""
    tx.execute(sa.insert(sync_table).values(**row))


def get(tx: Tx, sync_id: str) -> Row | None:
    """One run."""
    return tx.execute(sa.select(sync_table).where(sync_table.c.id == sync_id)).mappings().first()


def open_run(tx: Tx, account_id: str) -> Row | None:
    """The run of an account that is not over."""
    columns = sync_table.c
    return tx.execute(sa.select(sync_table).where(columns.account_id == account_id, columns.state.in_(_OPEN))).mappings().first()


def listing(tx: Tx, account_id: str | None, limit: int) -> list[Row]:
    """The newest first."""
    wanted = sa.select(sync_table).order_by(sync_table.c.id.desc()).limit(limit)
    return list(tx.execute(wanted.where(sync_table.c.account_id == account_id) if account_id else wanted).mappings())


def change(tx: Tx, sync_id: str, values: Mapping[str, Any], *, among: Collection[str] = _OPEN) -> int:
    """Changes a run that is in one of these states; gives how many rows that were."""
    mine = sa.and_(sync_table.c.id == sync_id, sync_table.c.state.in_(list(among)))
    return tx.execute(sa.update(sync_table).where(mine).values(**values)).rowcount


def count(tx: Tx, sync_id: str, *, contacts: int, changed: int) -> None:
    """Adds to what a run has seen."""
    columns = sync_table.c
    grown = {"contacts": columns.contacts + contacts, "relations": columns.relations + contacts, "changed": columns.changed + changed}
    tx.execute(sa.update(sync_table).where(columns.id == sync_id).values(**grown))


def add_places(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Writes the parts that a run walks."""
    if rows:
        tx.execute(sa.insert(place_table), list(rows))


def places(tx: Tx, sync_id: str) -> list[Row]:
    """The parts that are not done."""
    columns = place_table.c
    wanted = sa.select(place_table).where(columns.sync_id == sync_id, columns.is_done.is_(False)).order_by(columns.number)
    return list(tx.execute(wanted).mappings())


def move_place(tx: Tx, sync_id: str, number: int, *, cursor: str, is_done: bool) -> None:
    """Keeps how far a part is."""
    columns = place_table.c
    mine = sa.and_(columns.sync_id == sync_id, columns.number == number)
    tx.execute(sa.update(place_table).where(mine).values(cursor=cursor, is_done=is_done))


def forget_places(tx: Tx, sync_id: str) -> None:
    """The run is over."""
    tx.execute(sa.delete(place_table).where(place_table.c.sync_id == sync_id))


def relations_of_pairs(tx: Tx, account_id: str, pairs: Collection[Key]) -> dict[Key, Row]:
    """Relations by (external_userid, userid)."""
    columns = relation_table.c
    ids = sorted({external_userid for external_userid, _ in pairs})
    wanted = sa.select(relation_table).where(columns.account_id == account_id, columns.external_userid.in_(ids))
    found = {(row["external_userid"], row["userid"]): row for row in tx.execute(wanted).mappings()}
    return {key: row for key, row in found.items() if key in pairs}


def changes_of_pairs(tx: Tx, account_id: str, pairs: Collection[Key]) -> dict[Key, list[Row]]:
    """Histories by (external_userid, userid), each in order."""
    if not pairs:
        return {}
    columns = change_table.c
    ids = sorted({external_userid for external_userid, _ in pairs})
    wanted = sa.select(change_table).where(columns.account_id == account_id, columns.external_userid.in_(ids)).order_by(columns.at)
    found: dict[Key, list[Row]] = {}
    for row in tx.execute(wanted).mappings():
        found.setdefault((row["external_userid"], row["userid"]), []).append(row)
    return {key: rows for key, rows in found.items() if key in pairs}


def see(tx: Tx, account_id: str, sync_id: str, pairs: Sequence[Key]) -> None:
    """Notes that a run saw these relations, which did not change."""
    text = (
        "UPDATE channels_relation SET seen_in = :sync_id"
        " WHERE account_id = :account_id AND external_userid = :external_userid AND userid = :userid"
    )
    named = [{"sync_id": sync_id, "account_id": account_id, "external_userid": pair[0], "userid": pair[1]} for pair in pairs]
    tell(tx, text, named)


def insert_contacts(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Writes contacts that are new, all with the same columns."""
    if rows:
        tx.execute(sa.insert(contact_table), list(rows))


def insert_relations(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Writes relations that are new, all with the same columns."""
    if rows:
        tx.execute(sa.insert(relation_table), list(rows))


def insert_changes(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Writes lines of histories, all with the same columns."""
    if rows:
        tx.execute(sa.insert(change_table), list(rows))


def unseen(tx: Tx, account_id: str, sync_id: str, userids: Collection[str], *, before: dt.datetime, limit: int) -> list[str]:
    """Contacts with a relation to this staff that the platform was said to keep and that a run did not see."""
    columns = relation_table.c
    mine = sa.and_(columns.account_id == account_id, columns.userid.in_(list(userids)), columns.seen_in != sync_id)
    kept = sa.and_(sa.or_(columns.is_followed.is_(True), columns.is_followed.is_(None)), columns.changed_at < before)
    wanted = sa.select(columns.external_userid).distinct().where(mine, kept).order_by(columns.external_userid).limit(limit)
    return list(tx.execute(wanted).scalars())


def taken_real(tx: Tx, account_id: str, external_userids: Sequence[str]) -> dict[str, int]:
    """When the machine last took each contact's own truth, in microseconds."""
    text = "SELECT external_userid, taken_real FROM channels_contact WHERE account_id = :account_id AND external_userid IN :ids"
    return {row[0]: int(row[1]) for row in ask(tx, text, {"account_id": account_id, "ids": list(external_userids)})}
