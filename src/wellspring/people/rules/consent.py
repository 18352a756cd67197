"""The consent in force, from everything that was ever said about one purpose, channel and address.

It does not depend on the order of arrival. Unsubscribing is always a person's act; subscribing is one only when the
record says so (`explicit`). After an unsubscription only a later explicit opt-in subscribes again (P03, N06); a
pending double opt-in never counts as subscribed, and a list that claims "subscribed" does not complete it (P02).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from wellspring.people.contracts import ConsentState, IdentityKind

# The identity that a channel speaks to; a channel that is not here is about the person.
CHANNEL_KINDS: Mapping[str, IdentityKind] = {
    "sms": IdentityKind.PHONE,
    "phone": IdentityKind.PHONE,
    "call": IdentityKind.PHONE,
    "email": IdentityKind.EMAIL,
    "wecom": IdentityKind.EXTERNAL_USERID,
    "official_account": IdentityKind.OPENID,
    "mini_program": IdentityKind.OPENID,
    "push": IdentityKind.DEVICE,
}
PERSON = "person"
# Ties at one instant: the more careful state wins.
_CARE = {
    ConsentState.UNSUBSCRIBED: 4,
    ConsentState.PENDING: 3,
    ConsentState.SUBSCRIBED: 2,
    ConsentState.NEVER_ASKED: 1,
    ConsentState.UNKNOWN: 0,
}


class Said(NamedTuple):
    """One statement, as far as it decides."""

    state: ConsentState
    at: dt.datetime
    explicit: bool


def settle(said: Sequence[Said]) -> int:
    """The index of the statement that is in force; -1 when nothing was said."""
    if not said:
        return -1
    acts = [
        place
        for place, word in enumerate(said)
        if word.state is ConsentState.UNSUBSCRIBED or (word.state is ConsentState.SUBSCRIBED and word.explicit)
    ]
    last = max(acts, key=lambda place: _order(said[place]), default=-1)
    if last >= 0 and said[last].state is ConsentState.SUBSCRIBED:
        return last
    pending = [place for place, word in enumerate(said) if word.state is ConsentState.PENDING and (last < 0 or word.at > said[last].at)]
    if pending:
        return max(pending, key=lambda place: _order(said[place]))
    if last >= 0:
        return last
    listed = [place for place, word in enumerate(said) if word.state is ConsentState.SUBSCRIBED]
    return max(listed or range(len(said)), key=lambda place: _order(said[place]))


def _order(word: Said) -> tuple[dt.datetime, int]:
    return word.at, _CARE[word.state]


def strictest(states: Sequence[ConsentState]) -> ConsentState:
    """Of several states that all apply (a person's and an address's), the one that allows least."""
    if not states:
        return ConsentState.UNKNOWN
    careful = (ConsentState.UNSUBSCRIBED, ConsentState.PENDING)
    for state in careful:
        if state in states:
            return state
    return ConsentState.SUBSCRIBED if ConsentState.SUBSCRIBED in states else max(states, key=_CARE.__getitem__)
