"""Who may be spoken to, as sets: the answers of `may_contact` for everybody at once, from one scan that is kept.

An answer is kept until something of people changes; what it says of a member is what `may_contact` says of them.
"""

import datetime as dt
import functools
import threading
import weakref
from collections.abc import Collection, Hashable
from typing import NamedTuple

from pyroaring import BitMap

from wellspring.kernel import bus
from wellspring.kernel.stores.sql import Sql, Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import facts
from wellspring.people.contracts import ConsentState, IdentityKind
from wellspring.people.repo import identities, members, standing
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
        # Up to which number, and who came from where.
        self.sources: tuple[int, dict[str, BitMap]] = (0, {})

    def keep_sources(self, last: int, told: dict[str, BitMap]) -> None:
        with self.lock:
            self.sources = (last, told)

    def keep_words(self, mark: _Mark, words: dict[tuple[str, str], _Words], addressed: dict[str, BitMap]) -> None:
        with self.lock:
            self.mark, self.words, self.addressed = mark, words, addressed

    def keep_addressed(self, mark: _Mark, kind: str, found: BitMap) -> None:
        with self.lock:
            if self.mark == mark:
                self.addressed[kind] = found


# Beyond these one scan of everything is the quicker way.
_EVENTS_MAX, _TOUCHED_MAX = 5_000, 20_000
# After these anything may be different; and those that explain a change of who holds what.
_SWEEPING = frozenset({"people.erased", "people.import_taken_back"})
_MOVING = frozenset({"people.merged", "people.unmerged", "people.conflict_decided"})

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


def sources(ws: Workspace) -> dict[str, BitMap]:
    """Every member by the source that told of them first."""
    kept = _kept_of(ws)
    with ws.sql.read() as tx:
        gone, last = standing.departed(tx), members.last_no(tx)
        with kept.lock:
            known, told = kept.sources
        if last != known:
            newer = standing.sources_after(tx, known if last > known else 0)
            before = told if last > known else {}
            told = {name: before.get(name, BitMap()) | newer.get(name, BitMap()) for name in before.keys() | newer.keys()}
            ws.sql.once_true(functools.partial(kept.keep_sources, last, told))
        return {name: numbers - gone for name, numbers in told.items()}


def consented(ws: Workspace, purpose: str, channel: str) -> BitMap:
    """The members of whom `may_contact` is true for this purpose and channel."""
    with ws.sql.read() as tx:
        gone = standing.departed(tx)
        return _consented(ws, tx, gone, purpose, channel)


def objecting(ws: Workspace, purpose: str, channel: str) -> BitMap:
    """The members who said no for this purpose and channel: as persons, or of every address of theirs that anything was said of."""
    with ws.sql.read() as tx:
        gone = standing.departed(tx)
        agreed, refused, _, objected = (_held(ws, tx, one, gone) for one in _of(_words(ws, tx)[0], purpose, channel))
        return objected | (refused - agreed)


def addressed(ws: Workspace, kind: IdentityKind) -> BitMap:
    """The members who have an identifier of this kind."""
    with ws.sql.read() as tx:
        _words(ws, tx)
        return _held(ws, tx, _addressed(ws, tx, kind.value), standing.departed(tx))


def consents_known(ws: Workspace) -> list[tuple[str, str]]:
    """Every purpose and channel about which something was said."""
    with ws.sql.read() as tx:
        return sorted(_words(ws, tx)[0])


def withdrawals(ws: Workspace, *, since: dt.datetime) -> list[tuple[int, dt.datetime]]:
    """Who unsubscribed from marketing since, and when, under the numbers of today's holders."""
    with ws.sql.read() as tx:
        holders = memory.view_of(ws, tx).holders
        return [(holders.get(number, number), at) for batch in standing.withdrawn(tx, MARKETING, since) for number, at in batch]


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
    """What was said: from memory while nothing changed, with what changed read anew, or from one scan."""
    kept, now = _kept_of(ws), _mark(ws, tx)
    with kept.lock:
        mark, words, addressed = kept.mark, kept.words, kept.addressed
    if mark == now:
        return words, now
    touched = None if mark is None else _touched(tx, mark, now)
    if touched is None:
        words, addressed = {}, {}
        for scan in (standing.said_of_addresses, standing.said_of_persons):
            for batch in scan(tx, person=PERSON):
                _gather(words, batch)
    elif touched:
        words = {place: _Words(*(numbers - touched for numbers in said)) for place, said in words.items()}
        for batch in standing.said_of_addresses(tx, person=PERSON, numbers=list(touched)):
            _gather(words, batch)
        for batch in standing.said_of_keys(tx, {ws.keys.mark(PERSON, str(number)): number for number in touched}):
            _gather(words, batch)
        addressed = {kind: (numbers - touched) | standing.addressed_among(tx, kind, list(touched)) for kind, numbers in addressed.items()}
    ws.sql.once_true(functools.partial(kept.keep_words, now, words, addressed))
    return words, now


def _touched(tx: Tx, old: _Mark, now: _Mark) -> BitMap | None:
    """The numbers of whom something may be said now that was not before; None when that may be anybody."""
    events = bus.since(tx, "people.", old.told, limit=_EVENTS_MAX + 1)
    names = {name for name, _ in events}
    if len(events) > _EVENTS_MAX or names & _SWEEPING or now.said < old.said or now.told < old.told:
        return None
    if now.epoch != old.epoch and not names & _MOVING:
        return None
    spoken = standing.spoken_of_since(tx, old.said, limit=_TOUCHED_MAX)
    if spoken is None:
        return None
    touched = BitMap(spoken)
    for name, body in events:
        if name == "people.joined":
            touched.add_range(body["first_no"], body["last_no"] + 1)
        elif name == "people.changed":
            touched.update(body["member_nos"])
        elif name in ("people.merged", "people.unmerged"):
            touched.update([body["survivor_no"], *body["moved_nos"]])
    if len(touched) > _TOUCHED_MAX:
        return None
    # An identifier that went to somebody else may have stood under any number of its holder.
    for family in identities.families(tx, touched).values():
        touched.update(family)
    return touched


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
        ws.sql.once_true(functools.partial(kept.keep_addressed, now, kind, found))
    return found


def _mark(ws: Workspace, tx: Tx) -> _Mark:
    return _Mark(identities.epoch(tx), standing.last_statement(tx), bus.latest(ws.sql, tx, "people."))


def _kept_of(ws: Workspace) -> _Kept:
    found = _kept.get(ws.sql)
    if found is None:
        with _kept_lock:
            found = _kept.setdefault(ws.sql, _Kept())
    return found
