"""Who can be written to under which address: contacts with those who follow them, followers, people of groups."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.channels.models.contacts import contact_table
from wellspring.channels.models.followers import follower_table
from wellspring.channels.models.groups import chat_member_table, chat_table
from wellspring.kernel.stores import Tx
from wellspring.kernel.stores.asking import ask

_contact = contact_table.c
_follower = follower_table.c
_stay = chat_member_table.c
_chat = chat_table.c
_BATCH = 50_000
_PIECE = 5_000


# Straight from the driver: of a million relations the statement layer alone would cost seconds. The join is written so that SQLite
# begins with the contacts: few are found by their numbers, and it would walk through all relations instead.
_RELATIONS = """
SELECT c.member_no, r.external_userid, r.userid, coalesce(r.created_at, r.added_at)
FROM channels_contact c
CROSS JOIN channels_relation r
LEFT JOIN channels_staff s ON s.account_id = r.account_id AND s.userid = r.userid
WHERE c.account_id = :account_id AND r.account_id = c.account_id AND r.external_userid = c.external_userid
AND r.state = 'following' AND NOT r.is_half AND c.member_no > 0
AND (s.userid IS NULL OR (s.is_active AND s.can_contact))
"""


def relations(tx: Tx, account_id: str, numbers: Sequence[int] | None, userid: str | None) -> list[tuple[int, str, str, int | None]]:
    """Number, address, userid and begin (milliseconds) of every full relation with staff who may serve customers.

    Staff of whom no sync told yet may serve; those of whom one told that they left may not.
    """
    text, params = _RELATIONS, {"account_id": account_id}
    if userid is not None:
        text, params = f"{text} AND r.userid = :userid", {**params, "userid": userid}
    if numbers is None:
        return list(ask(tx, text, params))
    few = f"{text} AND c.member_no IN :numbers"
    return [row for piece in _pieces(numbers) for row in ask(tx, few, {**params, "numbers": list(piece or ())})]


def staff_synced_at(tx: Tx, account_id: str) -> int:
    """When it was last told who of the staff may serve, in milliseconds."""
    found: int = ask(
        tx, "SELECT coalesce(max(synced_at), 0) FROM channels_staff WHERE account_id = :account_id", {"account_id": account_id}
    )[0][0]
    return found


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
