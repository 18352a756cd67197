"""Uploaded files and what they are called at each account; customers and quota of acquisition links."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.channels.contracts.ways import EntranceKind, LinkCustomer, Media, Quota
from wellspring.channels.models.entrances import entrance_table, link_customer_table, media_table, quota_table
from wellspring.kernel.clock import from_millis, to_millis
from wellspring.kernel.stores import Tx

_media = media_table.c
_customer = link_customer_table.c


def found(tx: Tx, account_id: str, file_id: str, kind: str) -> Media | None:
    """What the file is called there."""
    mine = sa.and_(_media.account_id == account_id, _media.file_id == file_id, _media.kind == kind)
    row = tx.execute(sa.select(_media.media_id, _media.expires_at).where(mine)).first()
    return Media(row.media_id, row.expires_at) if row else None


def keep(tx: Tx, account_id: str, file_id: str, kind: str, media: Media, *, at: dt.datetime) -> None:
    """Notes what the file is called there from now on."""
    mine = sa.and_(_media.account_id == account_id, _media.file_id == file_id, _media.kind == kind)
    values = {"media_id": media.media_id, "made_at": at, "expires_at": media.expires_at}
    if not tx.execute(sa.update(media_table).where(mine).values(**values)).rowcount:
        tx.execute(sa.insert(media_table).values(account_id=account_id, file_id=file_id, kind=kind, **values))


def forget_expired(tx: Tx, before: dt.datetime) -> int:
    """Removes what cannot be used any more."""
    return int(tx.execute(sa.delete(media_table).where(_media.expires_at < before)).rowcount)


def keep_customers(tx: Tx, entrance_id: str, customers: Sequence[LinkCustomer], *, at: dt.datetime) -> list[LinkCustomer]:
    """Takes a page of the platform's list of a link's customers and gives the new ones; whoever left the list stays."""
    listed = {(one.external_userid, one.userid): one for one in customers}
    mine = sa.and_(_customer.entrance_id == entrance_id, _customer.external_userid.in_({one.external_userid for one in customers}))
    known = {(row.external_userid, row.userid): row for row in tx.execute(sa.select(link_customer_table).where(mine))}
    fresh = [one for pair, one in listed.items() if pair not in known]
    if fresh:
        tx.execute(sa.insert(link_customer_table), [_row(entrance_id, one, at) for one in fresh])
    for pair, one in listed.items():
        row = known.get(pair)
        if row is not None and (row.state, row.has_written) != (one.state, one.has_written):
            mine = sa.and_(
                _customer.entrance_id == entrance_id, _customer.external_userid == one.external_userid, _customer.userid == one.userid
            )
            tx.execute(sa.update(link_customer_table).where(mine).values(state=one.state, has_written=one.has_written, seen_at=at))
    return fresh


def link_of(tx: Tx, account_id: str, external_userid: str, userid: str) -> str | None:
    """Through which of an account's links somebody came to a member; of several the one that was listed last."""
    links, entrance = entrance_table.join(link_customer_table, _customer.entrance_id == entrance_table.c.id), entrance_table.c
    mine = sa.and_(entrance.account_id == account_id, entrance.kind == EntranceKind.LINK)
    pair = sa.and_(_customer.external_userid == external_userid, _customer.userid == userid)
    wanted = sa.select(_customer.entrance_id).select_from(links).where(mine, pair)
    return tx.execute(wanted.order_by(_customer.seen_at.desc()).limit(1)).scalar()


def customers(tx: Tx, entrance_id: str, *, after: str, limit: int) -> list[LinkCustomer]:
    """Who came through a link, in order of their ids."""
    wanted = sa.select(link_customer_table).where(_customer.entrance_id == entrance_id, _customer.external_userid > after)
    rows = tx.execute(wanted.order_by(_customer.external_userid, _customer.userid).limit(limit))
    return [LinkCustomer(row.external_userid, row.userid, row.state, row.has_written) for row in rows]


def quota(tx: Tx, account_id: str) -> tuple[Quota, str, dt.datetime] | None:
    """What was left of the quota when it was last asked, the platform's last word about it, and when that was."""
    row = tx.execute(sa.select(quota_table).where(quota_table.c.account_id == account_id)).first()
    if row is None:
        return None
    expiring = tuple((from_millis(one["at"]), int(one["balance"])) for one in row.expiring)
    return Quota(row.total, row.balance, expiring), row.word, row.at


def keep_quota(tx: Tx, account_id: str, quota: Quota | None, *, word: str | None, at: dt.datetime) -> None:
    """Notes what is left, or what a callback said of it."""
    values: dict[str, Any] = {"at": at}
    if quota is not None:
        expiring: list[Mapping[str, Any]] = [{"at": to_millis(until), "balance": balance} for until, balance in quota.expiring]
        values |= {"total": quota.total, "balance": quota.balance, "expiring": expiring}
    if word is not None:
        values["word"] = word
    if not tx.execute(sa.update(quota_table).where(quota_table.c.account_id == account_id).values(**values)).rowcount:
        blank = {"total": 0, "balance": 0, "expiring": [], "word": ""}
        tx.execute(sa.insert(quota_table).values(**{"account_id": account_id, **blank, **values}))


def _row(entrance_id: str, one: LinkCustomer, at: dt.datetime) -> dict[str, Any]:
    return {
        "entrance_id": entrance_id,
        "external_userid": one.external_userid,
        "userid": one.userid,
        "state": one.state,
        "has_written": one.has_written,
        "seen_at": at,
    }
