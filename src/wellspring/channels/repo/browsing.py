"""Questions of people who look at contacts, and of the layers above that know a contact's id or a member."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from wellspring.channels.models import contact_table, relation_table
from wellspring.kernel.clock import from_millis
from wellspring.kernel.stores import Tx

Row = sa.RowMapping


class Wanted(NamedTuple):
    """What a list is asked for; `before` is the place after the last row shown."""

    account_id: str | None
    userid: str | None
    state: str | None
    since: dt.datetime | None
    until: dt.datetime | None
    before: tuple[int, str, str] | None
    limit: int


def contacts(tx: Tx, wanted: Wanted) -> Sequence[Row]:
    """Contacts by the instant they were added last, the newest first, each with its place in milliseconds."""
    columns = contact_table.c
    place = sa.func.coalesce(sa.type_coerce(columns.last_added_at, sa.BigInteger), 0)
    query = sa.select(contact_table, place.label("place")).where(columns.member_no > 0)
    if wanted.account_id:
        query = query.where(columns.account_id == wanted.account_id)
    if wanted.since:
        query = query.where(columns.last_added_at >= wanted.since)
    if wanted.until:
        query = query.where(columns.last_added_at < wanted.until)
    if wanted.userid or wanted.state:
        query = query.where(_related(wanted))
    if wanted.before is not None:
        at, account_id, external_userid = wanted.before
        after = sa.tuple_(columns.account_id, columns.external_userid) > (account_id, external_userid)
        query = query.where(sa.or_(place < at, sa.and_(place == at, after)))
        query = query.where(sa.or_(columns.last_added_at <= from_millis(at), columns.last_added_at.is_(None)))
    order = (place.desc(), columns.account_id, columns.external_userid)
    return tx.execute(query.order_by(*order).limit(wanted.limit)).mappings().all()


def of_members(tx: Tx, numbers: Collection[int]) -> Sequence[Row]:
    """The contacts of these member numbers."""
    return tx.execute(sa.select(contact_table).where(contact_table.c.member_no.in_(list(numbers)))).mappings().all()


def by_external_userid(tx: Tx, external_userid: str) -> Row | None:
    """A contact by its id alone; ids are the platform's, so two accounts of one corp name the same person."""
    query = sa.select(contact_table).where(contact_table.c.external_userid == external_userid).order_by(contact_table.c.account_id)
    return tx.execute(query.limit(1)).mappings().first()


def _related(wanted: Wanted) -> sa.ColumnElement[bool]:
    mine, columns = relation_table.c, contact_table.c
    same = [mine.account_id == columns.account_id, mine.external_userid == columns.external_userid]
    if wanted.userid:
        same.append(mine.userid == wanted.userid)
    if wanted.state:
        same.append(mine.state == wanted.state)
    return sa.exists().where(*same)
