"""Keeping the mirror of attributes true: everything that people told since the last time, taken over before anyone is asked.

Readers and ticks call `refresh` first, so an attribute told a moment ago counts at once. Doing it twice is harmless.
"""

import dataclasses
import threading
import weakref
from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from pyroaring import BitMap

from wellspring.activity import api as activity
from wellspring.audiences.facts import held, mirror, value_sets
from wellspring.audiences.models import place_table
from wellspring.kernel import bus, failpoints
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

_NAMES = ("people.joined", "people.changed", "people.merged", "people.unmerged", "people.erased", "activity.import_undone")
# Members read at a time; a refill of millions stays flat in memory.
_PIECE = 20_000
# Above so many members it is cheaper to ask nothing about names that may have gone.
_BLANKED_MAX = 200_000


@dataclasses.dataclass(frozen=True)
class Place:
    """How far people's telling was taken over, the highest member number then, and where it last said anything.

    While `epoch` is the same, no member, attribute or holder changed, and nothing was taken out of the log.
    """

    told_id: int
    last_no: int
    epoch: int


@dataclasses.dataclass
class News:
    """What was told since a place: members made, changed, merged, erased, and whether the log itself was rewritten."""

    joined: set[int] = dataclasses.field(default_factory=set)
    changed: set[int] = dataclasses.field(default_factory=set)
    erased: set[int] = dataclasses.field(default_factory=set)
    has_merges: bool = False
    is_rewritten: bool = False

    @property
    def touched(self) -> set[int]:
        """Everyone of whom something may read differently now."""
        return self.joined | self.changed | self.erased


_places: "weakref.WeakKeyDictionary[Workspace, Place]" = weakref.WeakKeyDictionary()
_locks: "weakref.WeakKeyDictionary[Workspace, threading.Lock]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()


def refresh(ws: Workspace) -> Place:
    """Brings the mirror up to everything told so far; gives the place."""
    with _guard:
        lock = _locks.setdefault(ws, threading.Lock())
    with lock:
        # Rows first, place after: a crash between them only has them written again, and no writer of people waits for us.
        place = _taken_over(ws, _places.get(ws) or _stored(ws))
        _places[ws] = place
    return place


def rebuild(ws: Workspace) -> Place:
    """Empties the mirror and fills it anew."""
    with _guard:
        lock = _locks.setdefault(ws, threading.Lock())
    with lock:
        mirror.clear(ws)
        place = _taken_over(ws, None)
        _places[ws] = place
    return place


def news_since(ws: Workspace, told_id: int) -> News:
    """What people told after a place."""
    with ws.sql.read() as tx:
        return _news(bus.told_since(tx, told_id, _NAMES)[1])


def _stored(ws: Workspace) -> Place | None:
    with ws.sql.read() as tx:
        row = tx.execute(sa.select(place_table)).first()
    return None if row is None else Place(row.told_id, row.last_no, row.told_id)


def _taken_over(ws: Workspace, known: Place | None) -> Place:
    with ws.sql.read() as tx:
        newest, told = bus.told_since(tx, 0 if known is None else known.told_id, () if known is None else _NAMES)
    if known is not None and newest == known.told_id:
        return known
    # Read after the outbox: a member made since is told of later, and then filled again.
    place = Place(newest, people.last_member_no(ws), newest if known is None or told else known.epoch)
    if known is None:
        activity.catch_up(ws)
        _fill(ws, range(1, place.last_no + 1), version=newest)
        value_sets.of(ws).follow(ws, epoch=place.epoch, changed=None)
    elif told:
        news = _news(told)
        _take(ws, news, version=newest)
        value_sets.of(ws).follow(ws, epoch=place.epoch, changed=None if news.is_rewritten else BitMap(news.touched))
    else:
        # Nothing of people: the stored place may lag, reading the same again finds nothing either.
        return place
    failpoints.hit("audiences.mirror.before_commit")
    with ws.sql.write() as tx:
        tx.execute(sa.delete(place_table))
        tx.execute(sa.insert(place_table).values(id=1, told_id=place.told_id, last_no=place.last_no))
    return place


def _news(told: Iterable[tuple[str, dict[str, list[int]]]]) -> News:
    news = News()
    for name, body in told:
        if name == "people.joined":
            news.joined.update(range(int(str(body["first_no"])), int(str(body["last_no"])) + 1))
        elif name == "people.changed":
            news.changed.update(body["member_nos"])
        elif name == "people.erased":
            news.erased.update(body["member_nos"])
        elif name == "activity.import_undone":
            news.is_rewritten = True
        else:
            news.has_merges = True
            news.changed.update(body["moved_nos"])
            news.changed.add(int(str(body["survivor_no"])))
    return news


def _take(ws: Workspace, news: News, *, version: int) -> None:
    if news.has_merges:
        activity.catch_up(ws)
    if news.erased:
        mirror.forget(ws, sorted(news.erased))
    if news.erased or news.is_rewritten:
        held.of(ws).forget()
    changed = sorted(news.changed - news.erased)
    is_few = 0 < len(changed) <= _BLANKED_MAX
    blanked = mirror.names_of(ws, changed) if is_few else set()
    taken_back = mirror.observed_of(ws, changed) if blanked else set()
    kept = _fill(ws, sorted(news.touched - news.erased), version=version, taken_back=taken_back)
    if taken_back:
        # An undone import takes observations back. Deleting rewrites whole parts of the table, so it is for them alone.
        numbers = sorted({number for _name, number, _at, _digest in taken_back})
        mirror.forget(ws, numbers, observations_only=True)
        _fill(ws, numbers, version=version)
    gone = [(name, number, mirror.typed("null", "")) for name, number in blanked - kept]
    mirror.write(ws, gone, version=version)


def _fill(ws: Workspace, numbers: Iterable[int], *, version: int, taken_back: set[mirror.Observed] | None = None) -> set[tuple[str, int]]:
    """Writes values and observations of these members; gives which names they have. What was observed is no longer `taken_back`."""
    kept: set[tuple[str, int]] = set()
    for piece in _pieces(numbers):
        values = []
        for rows in people.attribute_rows(ws, piece):
            values += [(row.name, row.member_no, mirror.typed(row.kind, row.text)) for row in rows]
        wanted = set(piece)
        for member in people.member_rows(ws, piece[0], piece[-1]):
            if member.identified and member.member_no in wanted:
                values.append((mirror.IDENTIFIED, member.member_no, ("boolean", "", 1.0, ())))
        kept.update((name, number) for name, number, _value in values)
        mirror.write(ws, values, version=version)
        for observed in people.observation_rows(ws, piece):
            if taken_back:
                taken_back.difference_update((row.name, row.owner_no, row.at, row.digest) for row in observed)
            mirror.write_observations(
                ws,
                [(row.name, row.owner_no, row.at, row.digest, row.recorded_at, mirror.typed(row.kind, row.text)) for row in observed],
                version=version,
            )
    return kept


def _pieces(numbers: Iterable[int]) -> Iterator[list[int]]:
    piece: list[int] = []
    for number in numbers:
        piece.append(number)
        if len(piece) == _PIECE:
            yield piece
            piece = []
    if piece:
        yield piece
