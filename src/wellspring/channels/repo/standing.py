"""Who follows whom, for everybody at once: now from the relations, then from what happened to them."""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

import sqlalchemy as sa

from wellspring.channels.models.contacts import change_table, contact_table, relation_table
from wellspring.kernel.stores import Tx

_contact = contact_table.c
_relation = relation_table.c
_change = change_table.c
_BEGINNINGS = frozenset({"added", "half"})
_ENDS = frozenset({"lost", "deleted", "transferred"})


class Followed(NamedTuple):
    """One relation that stands: the contact's number, the corp, the member of staff, and how it began."""

    number: int
    account_id: str
    userid: str
    add_way: int
    state: str


def now(tx: Tx) -> Iterator[Followed]:
    """Every relation that stands."""
    joined = relation_table.join(
        contact_table, sa.and_(_contact.account_id == _relation.account_id, _contact.external_userid == _relation.external_userid)
    )
    wanted = sa.select(_contact.member_no, _relation.account_id, _relation.userid, _relation.add_way, _relation.state_text)
    for row in tx.execute(wanted.select_from(joined).where(_relation.state == "following", _contact.member_no > 0)):
        yield Followed(*row)


def then(tx: Tx, at: dt.datetime) -> Iterator[Followed]:
    """Every relation that stood at an instant: what happened last until then was a beginning."""
    wanted = sa.select(
        _change.account_id, _change.external_userid, _change.userid, _change.verb, _change.member_no, _change.add_way, _change.state_text
    ).where(_change.at <= at, _change.verb.in_(_BEGINNINGS | _ENDS))
    # At one instant the end came after the beginning, as it is for a relation that stands.
    last = sa.case((_change.verb.in_(_ENDS), 1), else_=0)
    standing: dict[tuple[str, str, str], Followed] = {}
    for row in tx.execute(wanted.order_by(_change.at, last, _change.id)):
        key = (row.account_id, row.external_userid, row.userid)
        if row.verb in _ENDS:
            standing.pop(key, None)
        else:
            standing[key] = Followed(row.member_no, row.account_id, row.userid, row.add_way, row.state_text)
    yield from (one for one in standing.values() if one.number > 0)


def ever(tx: Tx, at: dt.datetime | None) -> set[int]:
    """The numbers of everybody who ever was a contact."""
    if at is None:
        return set(tx.execute(sa.select(_contact.member_no).where(_contact.member_no > 0)).scalars())
    mine = sa.and_(_change.at <= at, _change.verb.in_(_BEGINNINGS), _change.member_no > 0)
    return set(tx.execute(sa.select(_change.member_no).where(mine).distinct()).scalars())
