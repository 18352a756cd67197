"""Who is and was in a group: the newest list held against the stays that are known and what callbacks said.

The outcome does not depend on the order in which words and lists came: a list tells who is there, a word tells when
somebody left and how, and somebody who came and went between two lists is known by words alone.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

# A callback and a list may name a moment of joining some seconds apart.
_SAME = dt.timedelta(seconds=60)


class Stay(NamedTuple):
    """Somebody's time in a group; still there while `left_at` is empty."""

    userid: str
    joined_at: dt.datetime
    left_at: dt.datetime | None = None
    was_removed: bool | None = None


class Word(NamedTuple):
    """What a callback said: these people joined or left then. `scene` of leaving: 0 by themselves, 1 removed."""

    verb: str
    userids: tuple[str, ...]
    at: dt.datetime
    scene: int


@dataclasses.dataclass(frozen=True)
class Step:
    """What has to be written: new stays, and stays whose end is known now or better than before."""

    came: Sequence[Stay]
    ended: Sequence[Stay]


def step(known: Iterable[Stay], listed: Mapping[str, dt.datetime] | None, words: Sequence[Word], *, at: dt.datetime) -> Step:
    """What a list (userid → joined at; None where no new one was asked for) and words change of the stays that are known."""
    stays = {(stay.userid, stay.joined_at): stay for stay in known}
    before = dict(stays)
    for userid, joined_at in (listed or {}).items():
        stays.setdefault((userid, joined_at), Stay(userid, joined_at))
    for userid, joined_at in _said(words, "joined"):
        if not any(stay.userid == userid and _spans(stay, joined_at) for stay in stays.values()):
            stays[userid, joined_at] = Stay(userid, joined_at)
    exits = _exits(words)
    for key, stay in stays.items():
        is_here = listed is not None and listed.get(stay.userid) == stay.joined_at
        stays[key] = _ended(stay, exits.get(stay.userid, ()), is_here=is_here, is_listed=listed is not None, at=at)
    came = [stay for key, stay in stays.items() if key not in before]
    ended = [stay for key, stay in stays.items() if key in before and stay != before[key]]
    return Step(sorted(came), sorted(ended))


def _ended(stay: Stay, exits: Sequence[tuple[dt.datetime, bool]], *, is_here: bool, is_listed: bool, at: dt.datetime) -> Stay:
    if is_here:
        return stay._replace(left_at=None, was_removed=None)
    said = next(((left_at, removed) for left_at, removed in exits if left_at >= stay.joined_at), None)
    if said is not None and (stay.left_at is None or stay.was_removed is None):
        # A list that was asked for after the word still names whoever is here; without one the word is enough.
        return stay._replace(left_at=said[0], was_removed=said[1])
    if stay.left_at is None and is_listed:
        return stay._replace(left_at=max(at, stay.joined_at))
    return stay


def _spans(stay: Stay, moment: dt.datetime) -> bool:
    """Whether the stay may be the one that began at about this moment."""
    return abs(stay.joined_at - moment) <= _SAME


def _said(words: Sequence[Word], verb: str) -> list[tuple[str, dt.datetime]]:
    return sorted({(userid, word.at) for word in words if word.verb == verb for userid in word.userids}, key=lambda one: (one[1], one[0]))


def _exits(words: Sequence[Word]) -> dict[str, list[tuple[dt.datetime, bool]]]:
    found: dict[str, list[tuple[dt.datetime, bool]]] = {}
    for word in sorted(words, key=lambda one: one.at):
        if word.verb == "left":
            for userid in word.userids:
                found.setdefault(userid, []).append((word.at, word.scene == 1))
    return found
