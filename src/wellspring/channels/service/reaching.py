"""Whom a channel reaches, under which address, through whom, and who agreed: as sets and columns, never row by row.

A contact of WeCom agreed by becoming one, unless the workspace asks for more (`wecom_needs_consent`) or they objected.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from pyroaring import BitMap

from wellspring.channels.contracts.sends import Addresses, Channel, Relations
from wellspring.channels.repo import reaching as repo
from wellspring.channels.repo import sends
from wellspring.channels.rules import sends as rules
from wellspring.channels.service import relating
from wellspring.channels.settings import ChannelsSettings
from wellspring.kernel.sets.columns import from_column
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import IdentityKind

MARKETING = "marketing"
_WECOM = frozenset({Channel.WECOM, Channel.WECOM_GROUP, Channel.MOMENTS, Channel.TASK})
_OPENIDS = frozenset({Channel.OFFICIAL_ACCOUNT, Channel.MINI_PROGRAM})
_PERSONAL = {Channel.SMS: IdentityKind.PHONE, Channel.EMAIL: IdentityKind.EMAIL, Channel.ADS: IdentityKind.PHONE}


class _Asked(NamedTuple):
    """The numbers to ask for (None for everybody), and who holds merged ones."""

    numbers: list[int] | None
    held: dict[int, int]


def relations(ws: Workspace, *, account_id: str, member_nos: BitMap, sender: str | None = None) -> Relations:
    """Who of the staff can write to each of these members through WeCom, under which address."""
    found = relating.columns(ws, account_id=account_id, member_nos=member_nos, sender=sender)
    userids = np.array(found.names, dtype=object)[found.guides].tolist() if len(found.guides) else []
    return Relations(found.members, userids, found.last_at, found.is_owner, found.addresses.astype(np.str_).tolist())


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
        known = relating.columns(ws, account_id=account_id, member_nos=member_nos, sender=sender or None)
        # The latest relation of each: its place is the first of its member in this order.
        order = np.lexsort((-known.last_at, known.members))
        members, first = np.unique(known.members[order], return_index=True)
        return Addresses(members, known.addresses[order][first].astype(np.str_).tolist())
    return _one_each(((number, str(number)) for number in member_nos & people.active_members(ws)), member_nos)


def reachable(ws: Workspace, channel: Channel, account_id: str) -> BitMap:
    """The members who have an address on the channel, whatever they agreed to; not to be changed."""
    if channel in _WECOM and channel is not Channel.WECOM_GROUP:
        return relating.everybody(ws, account_id)
    if channel in _PERSONAL:
        addressed = people.addressed(ws, _PERSONAL[channel])
        with ws.sql.read() as tx:
            marks = list(sends.dead(tx))
        doubtful = BitMap(people.members_of_marks(ws, marks=marks).values()) & addressed
        return addressed - (doubtful - _spoken(ws, channel, account_id, doubtful)) if doubtful else addressed
    return _spoken(ws, channel, account_id, people.active_members(ws))


def _spoken(ws: Workspace, channel: Channel, account_id: str, member_nos: BitMap) -> BitMap:
    # To a purpose that nobody ever spoke of: what was agreed is told by `consenting`.
    return from_column(addresses(ws, channel=channel, account_id=account_id, member_nos=member_nos, purpose="").members)


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
    known = relating.held(ws)
    return _Asked(None if len(member_nos) > relating.FEW else relating.numbers_of(known, member_nos), known.holders)


def _one_each(pairs: Iterable[tuple[int, str]], among: BitMap) -> Addresses:
    first: dict[int, str] = {}
    for number, address in pairs:
        if number in among:
            first.setdefault(number, address)
    numbers = sorted(first)
    return Addresses(np.array(numbers, dtype=np.uint32), [first[number] for number in numbers])
