"""Whom a channel reaches, under which address, through whom, and who agreed: as sets and columns, never row by row.

A contact of WeCom agreed by becoming one, unless the workspace asks for more (`wecom_needs_consent`) or they objected.
"""

import weakref
from collections.abc import Hashable, Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from wellspring.channels.contracts.sends import Addresses, Channel, Relations
from wellspring.channels.repo import reaching as repo
from wellspring.channels.repo import sends
from wellspring.channels.rules import sends as rules
from wellspring.channels.settings import ChannelsSettings
from wellspring.kernel.stores import Sql
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import IdentityKind

MARKETING = "marketing"
# Up to so many are asked for by their numbers; more are found by reading everybody.
_FEW = 20_000
_WECOM = frozenset({Channel.WECOM, Channel.WECOM_GROUP, Channel.MOMENTS, Channel.TASK})
_OPENIDS = frozenset({Channel.OFFICIAL_ACCOUNT, Channel.MINI_PROGRAM})
_PERSONAL = {Channel.SMS: IdentityKind.PHONE, Channel.EMAIL: IdentityKind.EMAIL, Channel.ADS: IdentityKind.PHONE}


class _Held(NamedTuple):
    """Who holds merged numbers, both ways, as of one epoch."""

    epoch: Hashable
    holders: dict[int, int]
    merged: dict[int, list[int]]


_kept: "weakref.WeakKeyDictionary[Sql, _Held]" = weakref.WeakKeyDictionary()


class _Asked(NamedTuple):
    """The numbers to ask for (None for everybody), and who holds merged ones."""

    numbers: list[int] | None
    held: dict[int, int]


def relations(ws: Workspace, *, account_id: str, member_nos: BitMap, sender: str | None = None) -> Relations:
    """Who of the staff can write to each of these members through WeCom, under which address."""
    asked = _asked(ws, member_nos)
    with ws.sql.read() as tx:
        found = list(repo.relations(tx, account_id, asked.numbers, sender))
    rows = sorted(
        (asked.held.get(number, number), userid, began or 0, address)
        for number, address, userid, began in found
        if asked.held.get(number, number) in member_nos
    )
    members = np.array([row[0] for row in rows], dtype=np.uint32)
    last_at = np.array([row[2] for row in rows], dtype=np.int64)
    return Relations(members, [row[1] for row in rows], last_at, _firsts(members, last_at), [row[3] for row in rows])


def addresses(
    ws: Workspace, *, channel: Channel, account_id: str, member_nos: BitMap, sender: str = "", purpose: str = MARKETING
) -> Addresses:
    """One address of each member who has one on this channel (with this sender): of several the one that agreed, then the latest."""
    if channel in _PERSONAL:
        word = rules.ALL[channel].consent_channel or ""
        wanted = people.addresses_of_kind(ws, kind=_PERSONAL[channel], member_nos=member_nos, consented_for=(purpose, word))
        with ws.sql.read() as tx:
            dead = sends.dead(tx)
        alive = ((number, one) for number, one in zip(wanted.members.tolist(), wanted.addresses, strict=True) if one not in dead)
        return _one_each(alive, member_nos)
    if channel in _OPENIDS:
        asked = _asked(ws, member_nos)
        with ws.sql.read() as tx:
            found = list(repo.openids(tx, account_id, asked.numbers, needs_following=channel is Channel.OFFICIAL_ACCOUNT))
        return _one_each(((asked.held.get(number, number), openid) for number, openid in found), member_nos)
    if channel is Channel.WECOM_GROUP:
        asked = _asked(ws, member_nos)
        with ws.sql.read() as tx:
            stays = list(repo.chats(tx, account_id, asked.numbers))
        named = ((asked.held.get(number, number), chat_id) for number, chat_id, owner in stays if not sender or owner == sender)
        return _one_each(named, member_nos)
    if channel in _WECOM:
        known = relations(ws, account_id=account_id, member_nos=member_nos, sender=sender or None)
        latest = sorted(zip(known.members.tolist(), (-known.last_at).tolist(), known.addresses, strict=True))
        return _one_each(((number, address) for number, _, address in latest), member_nos)
    return _one_each(((number, str(number)) for number in member_nos & people.active_members(ws)), member_nos)


def reachable(ws: Workspace, channel: Channel, account_id: str) -> BitMap:
    """The members who have an address on the channel, whatever they agreed to."""
    # To a purpose that nobody ever spoke of: of what was agreed `consenting` tells.
    everybody = people.active_members(ws)
    return BitMap(addresses(ws, channel=channel, account_id=account_id, member_nos=everybody, purpose="").members)


def consenting(ws: Workspace, channel: Channel, purpose: str) -> BitMap:
    """The members who may be written to for a purpose: for marketing those who agreed, for service those who did not object."""
    word = rules.ALL[channel].consent_channel
    if word is None:
        return people.active_members(ws)
    by_policy = channel in _WECOM and not ws.settings.get(ChannelsSettings).wecom_needs_consent
    if purpose == MARKETING and not by_policy:
        return people.consented(ws, purpose, word)
    return people.active_members(ws) - people.objecting(ws, purpose, word)


def _asked(ws: Workspace, member_nos: BitMap) -> _Asked:
    known = _held(ws)
    if len(member_nos) > _FEW:
        return _Asked(None, known.holders)
    return _Asked(sorted({*member_nos, *(number for holder in member_nos for number in known.merged.get(holder, ()))}), known.holders)


def _held(ws: Workspace) -> _Held:
    """Who holds merged numbers, kept while nothing of that changes: many small questions ask it in a row."""
    epoch = people.holders_epoch(ws)
    kept = _kept.get(ws.sql)
    if kept is None or kept.epoch != epoch:
        holders = people.holders(ws)
        merged: dict[int, list[int]] = {}
        for number, holder in holders.items():
            merged.setdefault(holder, []).append(number)
        kept = _Held(epoch, holders, merged)
        if not ws.sql.is_writing:
            _kept[ws.sql] = kept
    return kept


def _firsts(members: npt.NDArray[np.uint32], last_at: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether each relation is the first that its member had: its guide counts as the owner."""
    order = np.lexsort((last_at, members))
    is_first = np.zeros(len(members), dtype=np.bool_)
    if len(members):
        ordered = members[order]
        is_first[order[np.append(True, ordered[1:] != ordered[:-1])]] = True
    return is_first


def _one_each(pairs: Iterable[tuple[int, str]], among: BitMap) -> Addresses:
    first: dict[int, str] = {}
    for number, address in pairs:
        if number in among:
            first.setdefault(number, address)
    numbers = sorted(first)
    return Addresses(np.array(numbers, dtype=np.uint32), [first[number] for number in numbers])
