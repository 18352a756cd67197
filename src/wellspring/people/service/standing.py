"""Who may be spoken to, as sets: the answers of `may_contact` for everybody at once, from one scan that is kept.

An answer is kept until something of people changes; what it says of a member is what `may_contact` says of them.
"""

import threading
import weakref
from collections.abc import Collection, Hashable
from typing import NamedTuple

from pyroaring import BitMap

from wellspring.kernel import bus
from wellspring.kernel.stores.sql import Sql, Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import facts
from wellspring.people.contracts import ConsentState
from wellspring.people.repo import identities, standing
from wellspring.people.rules.consent import CHANNEL_KINDS, PERSON
from wellspring.people.service import memory

MARKETING = "marketing"
_SUBSCRIBED = ConsentState.SUBSCRIBED.value
_CAREFUL = frozenset({ConsentState.UNSUBSCRIBED.value, ConsentState.PENDING.value})


class _Mark(NamedTuple):
    """What changed last: who holds what, what was said, what was told."""

    epoch: int
    said: int
    told: int


class _Words(NamedTuple):
    """Of one purpose and channel: addresses that agreed or did not, persons who wished it or objected."""

    agreed: BitMap
    refused: BitMap
    wished: BitMap
    objected: BitMap


class _Kept:
    """One workspace's answers in this process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.mark: _Mark | None = None
        self.words: dict[tuple[str, str], _Words] = {}
        self.addressed: dict[str, BitMap] = {}


_kept: "weakref.WeakKeyDictionary[Sql, _Kept]" = weakref.WeakKeyDictionary()
_kept_lock = threading.Lock()
_adding = threading.Lock()


def version(ws: Workspace) -> Hashable:
    """Changes whenever an answer about consent, reach, homes or who is there may have changed."""
    with ws.sql.read() as tx:
        return _mark(ws, tx)


def active_members(ws: Workspace) -> BitMap:
    """Every member of today: all numbers ever given, without those merged into others and the erased."""
    with ws.sql.read() as tx:
        return standing.active(tx)


def served_by(ws: Workspace, unit_ids: Collection[str]) -> BitMap:
    """The members whose home is one of these units; units below them are for the caller to name."""
    with ws.sql.read() as tx:
        return standing.at_home(tx, unit_ids) - standing.departed(tx)


def served_by_unit(ws: Workspace) -> dict[str, BitMap]:
    """The members of every home unit."""
    with ws.sql.read() as tx:
        gone = standing.departed(tx)
        return {unit_id: numbers - gone for unit_id, numbers in standing.by_home(tx).items()}


def identified_members(ws: Workspace) -> BitMap:
    """The members known by more than a browser."""
    with ws.sql.read() as tx:
        return standing.identified(tx) - standing.departed(tx)


def made_sql(ws: Workspace) -> str:
    """When every member was made, as SELECT of `member_no` and `value`; those made since the last question are added first."""
    with _adding, ws.sql.read() as tx:
        for batch in standing.created_after(tx, facts.last_made(ws)):
            facts.add_made(ws, batch)
    return facts.made_sql()


def consented(ws: Workspace, purpose: str, channel: str) -> BitMap:
    """The members of whom `may_contact` is true for this purpose and channel."""
    with ws.sql.read() as tx:
        gone = standing.departed(tx)
        return _consented(ws, tx, gone, purpose, channel)


def consents_known(ws: Workspace) -> list[tuple[str, str]]:
    """Every purpose and channel about which something was said."""
    with ws.sql.read() as tx:
        return sorted(_words(ws, tx)[0])


def reachable(ws: Workspace, channel: str) -> BitMap:
    """The members who have an address for the channel and agreed to marketing on it."""
    kind = CHANNEL_KINDS.get(channel)
    with ws.sql.read() as tx:
        gone = standing.departed(tx)
        agreeing = _consented(ws, tx, gone, MARKETING, channel)
        if kind is None or not agreeing:
            return agreeing if kind is None else BitMap()
        spoken = _held(ws, tx, _of(_words(ws, tx)[0], MARKETING, channel).agreed, gone)
        # Whoever agreed as a person only, must have an address as well.
        unsure = agreeing - spoken
        return agreeing - (unsure - _held(ws, tx, _addressed(ws, tx, kind.value), gone)) if unsure else agreeing


def _consented(ws: Workspace, tx: Tx, gone: BitMap, purpose: str, channel: str) -> BitMap:
    agreed, refused, wished, objected = (_held(ws, tx, one, gone) for one in _of(_words(ws, tx)[0], purpose, channel))
    return (agreed | wished) - (refused - agreed) - objected


def _of(words: dict[tuple[str, str], _Words], purpose: str, channel: str) -> _Words:
    return words.get((purpose, channel)) or _Words(BitMap(), BitMap(), BitMap(), BitMap())


def _held(ws: Workspace, tx: Tx, numbers: BitMap, gone: BitMap) -> BitMap:
    """The members who hold these numbers now; the erased hold nothing."""
    moved = numbers & gone
    if not moved:
        return numbers.copy()
    holders = memory.view_of(ws, tx).holders
    return (numbers - moved) | (BitMap([holders[number] for number in moved if number in holders]) - gone)


def _words(ws: Workspace, tx: Tx) -> tuple[dict[tuple[str, str], _Words], _Mark]:
    """What was said, from memory while nothing changed."""
    kept, now = _kept_of(ws), _mark(ws, tx)
    with kept.lock:
        if kept.mark == now:
            return kept.words, now
    words: dict[tuple[str, str], _Words] = {}
    for scan in (standing.said_of_addresses, standing.said_of_persons):
        for batch in scan(tx, person=PERSON):
            _gather(words, batch)
    if not ws.sql.is_writing:
        with kept.lock:
            kept.mark, kept.words, kept.addressed = now, words, {}
    return words, now


def _gather(words: dict[tuple[str, str], _Words], batch: list[standing.Said]) -> None:
    gathered: dict[tuple[str, str, int], list[int]] = {}
    for purpose, channel, kind, state, number in batch:
        if kind == PERSON:
            place = 2 if state == _SUBSCRIBED else 3
        elif (wanted := CHANNEL_KINDS.get(channel)) is None or wanted.value != kind:
            continue
        else:
            place = 0 if state == _SUBSCRIBED else 1
        if state == _SUBSCRIBED or state in _CAREFUL:
            gathered.setdefault((purpose, channel, place), []).append(number)
    for (purpose, channel, place), numbers in gathered.items():
        words.setdefault((purpose, channel), _Words(BitMap(), BitMap(), BitMap(), BitMap()))[place].update(numbers)


def _addressed(ws: Workspace, tx: Tx, kind: str) -> BitMap:
    kept, now = _kept_of(ws), _mark(ws, tx)
    with kept.lock:
        found = kept.addressed.get(kind) if kept.mark == now else None
    if found is None:
        found = standing.addressed(tx, kind)
        if not ws.sql.is_writing:
            with kept.lock:
                if kept.mark == now:
                    kept.addressed[kind] = found
    return found


def _mark(ws: Workspace, tx: Tx) -> _Mark:
    return _Mark(identities.epoch(tx), standing.last_statement(tx), bus.latest(ws.sql, tx, "people."))


def _kept_of(ws: Workspace) -> _Kept:
    found = _kept.get(ws.sql)
    if found is None:
        with _kept_lock:
            found = _kept.setdefault(ws.sql, _Kept())
    return found
