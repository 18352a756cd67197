"""The tick of journeys: everything that arrived, came or ran out since the last one, for every journey, in one transaction.

The log is read once for all of them, and a journey that nothing concerns costs nothing. What a walk decides depends on
what is given to it alone, so a tick that was cut off is simply done again.
"""

import dataclasses
import datetime as dt
import time
import weakref
from collections.abc import Mapping, Sequence
from typing import Any

from pyroaring import BitMap

from wellspring.activity import api as activity
from wellspring.activity.contracts import Flag
from wellspring.audiences import api as audiences
from wellspring.audiences.contracts import Arrived, Passage, Wanted
from wellspring.engagement.contracts.journeys import OUTSIDE, Journey, JourneyState
from wellspring.engagement.events.journeys import JourneyMoved
from wellspring.engagement.repo import journeys as repo
from wellspring.engagement.repo import places as standing
from wellspring.engagement.rules.journeys import graph as graphs_read
from wellspring.engagement.rules.journeys import merging, nodes, timing
from wellspring.engagement.rules.journeys.graph import Graph
from wellspring.engagement.rules.journeys.places import Named, Places
from wellspring.engagement.rules.journeys.steps import CLOCK_DEFAULT, Journeying
from wellspring.engagement.rules.journeys.world import INSIDE, Coming, Happening, Move, News, Span
from wellspring.engagement.service import hearing, knowing
from wellspring.engagement.service.knowing import Knowledge
from wellspring.engagement.service.living import Live
from wellspring.kernel import bus, failpoints
from wellspring.kernel.errors import StoreUnavailable, WellspringError
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

_TOLD = ("people.merged",)
# What tells of no present behaviour never lets anybody in; what comes late may still end a run or answer a wait.
_NEVER = Flag.FUTURE | Flag.HISTORICAL
# Missed days of a date entry are made up for so far back, in minutes; and what is judged as of now is so old at most.
DATES_BACK = 7 * 1440
_PRESENT = 60
_parsed: "weakref.WeakKeyDictionary[Workspace, dict[tuple[str, int], Graph]]" = weakref.WeakKeyDictionary()


@dataclasses.dataclass
class Concern:
    """A journey with what happened to it."""

    journey: Journey
    cursor: dict[str, Any]
    graphs: Mapping[int, Graph]
    happenings: list[Happening] = dataclasses.field(default_factory=list)
    comings: list[Coming] = dataclasses.field(default_factory=list)
    news: list[News] = dataclasses.field(default_factory=list)
    is_due: bool = False
    before: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def is_concerned(self) -> bool:
        """Whether anything has to be done."""
        return bool(self.happenings or self.comings or self.news or self.is_due or self.cursor != self.before)


# Who wants an event: the journey, from which arrival on, by which version, for what, and whether each one is a run of its own.
_Place = tuple[Concern, int, int, str, bool]


@dataclasses.dataclass(frozen=True)
class Seen:
    """What was read before the transaction: the clock that it stands on, and how far it was read."""

    tick: int
    since: int
    watermark: int
    upto: int
    told_id: int
    told: Sequence[tuple[str, dict[str, Any]]]
    now: dt.datetime


def wants(ws: Workspace) -> bool:
    """Whether a journey runs."""
    with ws.sql.read() as tx:
        return repo.is_any_alive(tx)


def tick(ws: Workspace) -> int:
    """One heartbeat; gives how many moves were made."""
    begun = time.monotonic()
    seen, concerns = _look(ws)
    if seen is None:
        return 0
    busy = [one for one in concerns if one.is_concerned]
    if not busy and not seen.told and seen.upto == seen.watermark:
        return 0
    knowledge = knowing.gather(ws, [graph for one in busy for graph in one.graphs.values()])
    failpoints.hit("engagement.journeys.gathered")
    moved = 0
    with ws.sql.write() as tx:
        ws.sql.lock(tx, repo.LOCK)
        clock = repo.clock(tx)
        if clock is not None and clock.tick != seen.tick:
            # Another process was faster: what it did stands, and the next tick goes on from there.
            return 0
        if any(_is_changed(tx, one.journey) for one in concerns):
            # Published, paused or stopped meanwhile: nothing is lost by doing it all again with what stands now.
            return 0
        merged = _merged(tx, concerns, seen)
        for one in busy:
            moved += _walked(ws, tx, one, knowledge, seen)
            failpoints.hit("engagement.journeys.walked")
        took = round((time.monotonic() - begun) * 1000)
        repo.put_clock(tx, tick=seen.tick + 1, watermark=seen.upto, told_id=seen.told_id, at=seen.now, took_ms=took)
        failpoints.hit("engagement.journeys.before_commit")
    failpoints.hit("engagement.journeys.committed")
    return moved + merged


def graph_of(ws: Workspace, journey_id: str, version: int, written: object) -> Graph:
    """A published graph, read once per process: it never changes."""
    known = _parsed.setdefault(ws, {})
    if (journey_id, version) not in known:
        found, _faults = graphs_read.read(written)
        if found is None:
            raise AssertionError(f"journey {journey_id} was published as something that cannot run")
        known[journey_id, version] = found
    return known[journey_id, version]


def forget(ws: Workspace) -> None:
    """Drops what this process keeps of a workspace."""
    _parsed.pop(ws, None)


def versions_in(tx: Tx, ws: Workspace, journey: Journey) -> dict[int, Graph]:
    """The current version and every other with somebody in it."""
    wanted = {journey.version, *standing.versions(tx, journey.id)}
    return {number: graph_of(ws, journey.id, number, written) for number, written in repo.graphs(tx, journey.id, sorted(wanted)).items()}


def _look(ws: Workspace) -> tuple[Seen | None, list[Concern]]:
    now, upto = ws.clock.now(), activity.watermark(ws)
    # Read before what was told: a merge that is known here is among what was told, or of an earlier tick.
    holders = people.holders(ws)
    with ws.sql.read() as tx:
        clock = repo.clock(tx)
        if clock is None:
            return None, []
        told_id, told = bus.told_since(tx, clock.told_id, _TOLD)
        due = standing.is_due(tx, timing.floor_minute(now))
        concerns = [
            Concern(one, cursor, versions_in(tx, ws, one), is_due=one.id in due and one.state is JourneyState.RUNNING, before=dict(cursor))
            for one, cursor in repo.alive(tx)
        ]
        sends = hearing.read(tx, (graph for one in concerns for graph in one.graphs.values()), after=clock.told_id, upto=told_id)
    if not concerns:
        return None, []
    seen = Seen(clock.tick, timing.floor_minute(clock.at), clock.watermark, upto, told_id, told, now)
    holder = hearing.holder_of(holders, (body for _name, body in told))
    for one in concerns:
        one.news = hearing.news_of(sends, one.journey.id, one.graphs, holder, now=now)
    _arrive(ws, concerns, seen)
    passages: dict[tuple[str, int], list[Passage]] = {}
    for one in concerns:
        _follow(ws, one, passages, seen)
        _dates(ws, one, timing.floor_minute(now))
    return seen, concerns


def _arrive(ws: Workspace, concerns: Sequence[Concern], seen: Seen) -> None:
    wanted: dict[str, Wanted] = {}
    places: dict[str, list[_Place]] = {}
    for one in concerns:
        since = int(one.cursor.get("since", 0))
        for version, graph in one.graphs.items():
            for wish in graph.wishes():
                if wish.what == "entry" and version != one.journey.version:
                    continue
                name = repr((wish.event, wish.where, wish.key))
                wanted.setdefault(name, Wanted(wish.event, wish.where, wish.key))
                is_each = wish.what == "entry" and graph.entry.reentry == "every" and not graph.entry.key
                places.setdefault(name, []).append((one, since, version, wish.what, is_each))
    names = list(wanted)
    found = audiences.arrivals(ws, wanted=list(wanted.values()), after=seen.watermark, upto=seen.upto) if names else []
    for event in found:
        _hand_out(event, names, places)


def _hand_out(event: Arrived, names: Sequence[str], places: Mapping[str, Sequence[_Place]]) -> None:
    if event.flags & _NEVER:
        return
    is_late, number = bool(event.flags & Flag.LATE), event.arrival_no
    wishes: dict[int, tuple[Concern, list[tuple[int, str, str]]]] = {}
    for place, key in event.wishes:
        for one, since, version, what, is_each in places[names[place]]:
            if number > since and not (is_late and what == "entry"):
                said = f"#{number}" if is_each else key
                wishes.setdefault(id(one), (one, []))[1].append((version, what, said))
    minute = timing.ceil_minute(event.at)
    for one, mine in wishes.values():
        one.happenings.append(Happening(event.member_no, minute, tuple(mine)))


def _follow(ws: Workspace, one: Concern, passages: dict[tuple[str, int], list[Passage]], seen: Seen) -> None:
    followed = dict(one.cursor.get("audiences", {}))
    for version, graph in one.graphs.items():
        for audience_id in graph.audiences():
            if audience_id not in followed:
                found = audiences.find(ws, audience_id=audience_id)
                followed[audience_id] = found.version if found else 0
            place = audience_id, int(followed[audience_id])
            if place not in passages:
                passages[place] = audiences.changes_since(ws, audience_id=audience_id, version=place[1])
            for passage in passages[place]:
                minute = min(timing.ceil_minute(round(passage.at.timestamp() * 1000)), timing.floor_minute(seen.now) + 1)
                _passed(one, version, graph, audience_id, passage, minute)
    for audience_id in list(followed):
        found_here = passages.get((audience_id, int(followed[audience_id])))
        if found_here:
            followed[audience_id] = found_here[-1].version
    if followed:
        one.cursor["audiences"] = followed


def _passed(one: Concern, version: int, graph: Graph, audience_id: str, passage: Passage, minute: int) -> None:
    for place, said in enumerate(graph.exits):
        if said.get("audience") == audience_id:
            members = passage.left if said.get("when", "left") == "left" else passage.entered
            if members:
                one.comings.append(Coming(minute, f"exit.{place}", members, version))
    entry = graph.entry
    follows = entry.kind == "audience" and entry.settings["audience"] == audience_id and entry.settings.get("who", "both") != "current"
    if version == one.journey.version and follows and passage.entered:
        one.comings.append(Coming(minute, "entry", passage.entered))


def _dates(ws: Workspace, one: Concern, now: int) -> None:
    """Each day at its time of day, whose date it is.

    Days that were slept through are judged once each, in order, as of their own time; those longer ago than a week are counted only.
    """
    entry = one.graphs[one.journey.version].entry
    if entry.kind != "date" or one.journey.state is not JourneyState.RUNNING:
        return
    zone = knowing.project_zone(ws)
    clock = nodes.minute_of_day(entry.settings.get("clock", CLOCK_DEFAULT))
    last = int(one.cursor.get("date", now))
    day, skipped, newest = timing.instant_of(last).astimezone(zone).date(), 0, last
    while (minute := timing.at_clock(day, clock, zone)) <= now:
        if minute > last:
            found = _judged(ws, entry.settings, day, minute, now)
            skipped += found is None
            one.comings.append(Coming(minute, "entry", found or BitMap()))
        newest = max(newest, minute)
        day += dt.timedelta(days=1)
    one.comings = [coming for coming in one.comings if coming.members]
    # The place is noted when something came round, not at every beat.
    if newest > last or "date" not in one.cursor:
        one.cursor["date"] = newest
    if skipped:
        one.cursor["days_skipped"] = int(one.cursor.get("days_skipped", 0)) + skipped


def _judged(ws: Workspace, said: Mapping[str, Any], day: dt.date, minute: int, now: int) -> BitMap | None:
    """Whose date a day is, as of its own minute, so that days meet without a gap; None where nobody can tell any more."""
    if minute <= now - DATES_BACK:
        return None
    # What cannot be asked of the past is asked now, unless that is another day's answer.
    for at in (timing.instant_of(minute), None) if now - minute <= _PRESENT else (timing.instant_of(minute),):
        try:
            return dated(ws, said, day, at=at)
        except StoreUnavailable:
            # Nobody's day is lost by it: the next beat asks again.
            raise
        except WellspringError:
            continue
    return None


def everybody(ws: Workspace) -> BitMap:
    """Every active member."""
    return people.active_members(ws)


def dated(ws: Workspace, said: Mapping[str, Any], day: dt.date, *, at: dt.datetime | None = None) -> BitMap:
    """Whose date plus some days is this day; of what another domain computes as of an instant."""
    days = int(said.get("days", 0))
    if "attribute" in said:
        texts = audiences.texts_of(ws, attribute=str(said["attribute"]))
        return timing.reached(texts, day, days=days, is_yearly=bool(said.get("is_yearly", True)))
    # Of an instant that another domain computes: it lies in the day that begins so many days from now.
    ahead = -days

    def within(side: str, length: int) -> BitMap:
        definition = {"trait": str(said["trait"]), f"within_{side}": f"{length}d"}
        return audiences.members_of(ws, definition=definition, at=at) if length else BitMap()

    if ahead > 0:
        return within("next", ahead) - within("next", ahead - 1)
    return within("last", days + 1) - within("last", days)


def _merged(tx: Tx, concerns: Sequence[Concern], seen: Seen) -> int:
    if not seen.told:
        return 0
    minute, moved = timing.floor_minute(seen.now), 0
    for one in concerns:
        shelf = standing.StoredShelf(tx, one.journey.id)
        places, named = Places(shelf), Named(shelf)
        moves: list[Move] = []
        is_keyed = one.graphs[one.journey.version].entry.is_keyed
        for _name, body in seen.told:
            survivor, loser = int(body["survivor_no"]), int(body["loser_no"])
            if is_keyed:
                moves += _keyed_merge(tx, one, places, named, survivor=survivor, loser=loser, minute=minute)
            else:
                moves += merging.merge(places, named, one.graphs.values(), survivor=survivor, loser=loser, minute=minute)
        standing.write(tx, one.journey.id, places, named)
        standing.append(tx, one.journey.id, moves, tick=seen.tick + 1, at=seen.now)
        moved += len(moves)
    return moved


def _keyed_merge(tx: Tx, one: Concern, places: Places, named: Named, *, survivor: int, loser: int, minute: int) -> list[Move]:
    """Runs go over with their member; of two of one key the survivor's goes on (N04)."""
    own = {key for _no, _member, key in standing.runs_of(tx, one.journey.id, [survivor])}
    theirs = standing.runs_of(tx, one.journey.id, [loser])
    twice = BitMap(no for no, _member, key in theirs if key in own)
    standing.move_instances(tx, one.journey.id, [no for no, _member, key in theirs if key not in own], member_no=survivor)
    if not twice:
        return []
    named.drop(INSIDE, twice)
    moves = []
    for version, node in places.nodes():
        taken = places.take(version, node, twice)
        if taken and not node.startswith("@"):
            moves.append(Move(version, minute, node.partition("#")[0], OUTSIDE, "merged", taken))
    return moves


def _is_changed(tx: Tx, journey: Journey) -> bool:
    return repo.stand(tx, journey.id) != (journey.state.value, journey.version)


def _walked(ws: Workspace, tx: Tx, one: Concern, knowledge: Knowledge, seen: Seen) -> int:
    shelf = standing.StoredShelf(tx, one.journey.id)
    places, named = Places(shelf), Named(shelf)
    graph = one.graphs[one.journey.version]
    tick_no = seen.tick + 1
    world = Live(ws, tx, one.journey.id, named, knowledge, is_keyed=graph.entry.is_keyed, tick=tick_no, at=seen.now)
    walk = Journeying(one.graphs, one.journey.version, places, named, world, salt=one.journey.id)
    span = Span(seen.since, timing.floor_minute(seen.now), one.happenings, one.comings, one.news)
    walk.run(span, is_paused=one.journey.state is JourneyState.PAUSED)
    standing.write(tx, one.journey.id, places, named)
    standing.append(tx, one.journey.id, walk.moves, tick=tick_no, at=seen.now)
    if one.cursor != one.before:
        repo.update(tx, one.journey.id, {"cursor": one.cursor})
    if walk.moves:
        entered = sum(len(move.subjects) for move in walk.moves if move.from_node == OUTSIDE)
        ended = sum(len(move.subjects) for move in walk.moves if move.to_node == OUTSIDE)
        bus.tell(ws.sql, tx, JourneyMoved(one.journey.id, tick_no, entered, ended), at=seen.now)
    return len(walk.moves)
