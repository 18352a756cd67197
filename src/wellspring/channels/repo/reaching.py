"""Who can be written to under which address: contacts with those who follow them, followers, people of groups."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.channels.models.contacts import contact_table, relation_table, staff_table
from wellspring.channels.models.followers import follower_table
from wellspring.channels.models.groups import chat_member_table, chat_table
from wellspring.kernel.stores import Tx

_contact = contact_table.c
_relation = relation_table.c
_staff = staff_table.c
_follower = follower_table.c
_stay = chat_member_table.c
_chat = chat_table.c
_BATCH = 50_000
_PIECE = 5_000


def relations(tx: Tx, account_id: str, numbers: Sequence[int] | None, userid: str | None) -> Iterator[tuple[int, str, str, int | None]]:
    """Number, address, userid and begin (milliseconds) of every full relation with staff who may serve customers."""
    began = sa.type_coerce(sa.func.coalesce(_relation.created_at, _relation.added_at), sa.BigInteger)
    serving = sa.and_(_staff.account_id == _relation.account_id, _staff.userid == _relation.userid)
    joined = relation_table.join(
        contact_table, sa.and_(_contact.account_id == _relation.account_id, _contact.external_userid == _relation.external_userid)
    ).outerjoin(staff_table, serving)
    # Staff of whom no sync told yet may serve; those of whom one told that they left may not.
    usable = sa.or_(_staff.userid.is_(None), sa.and_(_staff.is_active, _staff.can_contact))
    mine = sa.and_(_relation.account_id == account_id, _relation.state == "following", _relation.is_half.is_(False), _contact.member_no > 0)
    wanted = sa.select(_contact.member_no, _relation.external_userid, _relation.userid, began).select_from(joined).where(mine, usable)
    if userid is not None:
        wanted = wanted.where(_relation.userid == userid)
    yield from _rows(tx, wanted.order_by(_contact.member_no), _contact.member_no, numbers)


def openids(tx: Tx, account_id: str, numbers: Sequence[int] | None, *, needs_following: bool) -> Iterator[tuple[int, str]]:
    """Number and openid of the people of an Official Account who follow it, or of a Mini Program."""
    wanted = sa.select(_follower.member_no, _follower.openid).where(_follower.account_id == account_id, _follower.member_no > 0)
    if needs_following:
        wanted = wanted.where(_follower.is_following)
    yield from _rows(tx, wanted.order_by(_follower.member_no), _follower.member_no, numbers)


def chats(tx: Tx, account_id: str, numbers: Sequence[int] | None) -> Iterator[tuple[int, str, str]]:
    """Number, group and its owner of everybody who is in a group that stands."""
    joined = chat_member_table.join(chat_table, sa.and_(_chat.account_id == _stay.account_id, _chat.chat_id == _stay.chat_id))
    here = sa.and_(_stay.account_id == account_id, _stay.left_at.is_(None), _stay.is_staff.is_(False), _stay.member_no > 0)
    wanted = sa.select(_stay.member_no, _stay.chat_id, _chat.owner).select_from(joined).where(here, _chat.dissolved_at.is_(None))
    yield from _rows(tx, wanted.order_by(_stay.member_no), _stay.member_no, numbers)


def names(tx: Tx, account_id: str, numbers: Sequence[int]) -> dict[int, bytes]:
    """The sealed names under which contacts are known."""
    mine = sa.and_(_contact.account_id == account_id, _contact.member_no.in_(list(numbers)), _contact.name.is_not(None))
    return {row.member_no: row.name for row in tx.execute(sa.select(_contact.member_no, _contact.name).where(mine))}


def _rows(
    tx: Tx, wanted: sa.Select[*tuple[Any, ...]], column: sa.ColumnElement[int], numbers: Sequence[int] | None
) -> Iterator[tuple[Any, ...]]:
    for piece in _pieces(numbers):
        part = wanted if piece is None else wanted.where(column.in_(piece))
        for batch in tx.execute(part.execution_options(yield_per=_BATCH)).partitions():
            yield from (tuple(row) for row in batch)


def _pieces(numbers: Sequence[int] | None) -> Iterable[Sequence[int] | None]:
    if numbers is None:
        return [None]
    return [numbers[start : start + _PIECE] for start in range(0, len(numbers), _PIECE)]
