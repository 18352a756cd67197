"""One journey through one span of time: everything that happened in it, minute by minute, as sets that move along edges.

What is given (events, who came into audiences, timers) decides everything that comes out, however the span was cut: an
hour at once ends where sixty ticks end. Within a minute come events, one of each subject at a time, in order of
time, and then the waits that end: who did something in the second in which their wait ran out did it (J13).
"""

import abc
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from wellspring.engagement.contracts.journeys import OUTSIDE
from wellspring.engagement.rules.journeys import nodes as kinds
from wellspring.engagement.rules.journeys.graph import Graph
from wellspring.engagement.rules.journeys.nodes import Node
from wellspring.engagement.rules.journeys.places import COOLING, GOAL, Key, Named, Places, grain_of
from wellspring.engagement.rules.journeys.world import (
    CONTROL,
    CONVERTED,
    ENTERING,
    ENTRY_RETRIES,
    EVER,
    INSIDE,
    THEN,
    Coming,
    Happening,
    Move,
    News,
    Span,
    World,
    fate_set,
)
from wellspring.kernel.sets.columns import from_column, to_column

# Who did what a wish is about: member, key (empty without one), minute.
_Said = tuple[int, str, int]


class Walk(abc.ABC):
    """The state of one journey while it walks; what changed stands in `places`, `named` and `moves` afterwards."""

    def __init__(self, graphs: Mapping[int, Graph], version: int, places: Places, named: Named, world: World) -> None:
        self.graphs, self.version, self.places, self.named, self.world = graphs, version, places, named, world
        self.moves: list[Move] = []
        self._queue: dict[tuple[int, str, bool], BitMap] = {}
        self._minute = 0
        self.heard = frozenset[str]().union(*(graph.heard() for graph in graphs.values()))

    @property
    def graph(self) -> Graph:
        """The version by which one comes in."""
        return self.graphs[self.version]

    # ------------------------------------------------------------------------------------------- moving

    def go(self, version: int, from_node: str, to_node: str | None, subjects: BitMap, reason: str, minute: int, *, stale: bool) -> None:
        """Subjects leave a node for another, or the journey where no way leads on; loops end by themselves (J18)."""
        graph = self.graphs[version]
        if not subjects:
            return
        if to_node is None:
            self.end(version, from_node, subjects, reason, minute)
            return
        if (from_node, to_node) in graph.backward:
            rest = self._lapped(graph, subjects)
            self.end(version, from_node, subjects - rest, "laps", minute)
            subjects = rest
        if subjects:
            self.moves.append(Move(version, minute, from_node, to_node, reason, subjects))
            self._push(version, to_node, subjects, stale=stale)

    def end(self, version: int, from_node: str, subjects: BitMap, reason: str, minute: int) -> None:
        """Subjects leave the journey."""
        if not subjects:
            return
        self.moves.append(Move(version, minute, from_node, OUTSIDE, reason, subjects))
        self.named.drop(INSIDE, subjects)
        self._forget_laps(subjects)
        entry = self.graph.entry
        if entry.reentry == "cooldown" and not self.world.is_keyed:
            self.places.put(Key(minute + entry.cooldown, 0, COOLING), subjects)

    def leave(self, subjects: BitMap, reason: str, minute: int, *, version: int | None = None) -> None:
        """Subjects (of a version) leave from wherever they stand, at once (J06); what was planned for them is taken back."""
        leaving, gone = subjects & self.named.get(INSIDE), BitMap()
        for place in self.places.nodes():
            if version is not None and place[0] != version:
                continue
            if place[1].startswith(ENTERING):
                self.places.take(*place, subjects)
            elif leaving and not place[1].startswith("@"):
                taken = self.places.take(*place, leaving)
                self.end(place[0], place[1].partition("#")[0], taken, reason, minute)
                gone |= taken
        if gone:
            self.world.withdraw(gone, reason)

    def convert(self, subjects: BitMap, minute: int, *, version: int | None = None) -> BitMap:
        """Counts a conversion once per entry and only while it counts (J10); gives who converted."""
        found = BitMap()
        for place in self.places.nodes():
            if place[1] == GOAL and version in {None, place[0]}:
                taken = self.places.take(place[0], GOAL, subjects)
                if taken:
                    self.moves.append(Move(place[0], minute, GOAL, GOAL, "goal", taken))
                found |= taken
        self.named.add(CONVERTED, found)
        return found

    # ------------------------------------------------------------------------------------------- time

    def run(self, span: Span, *, is_paused: bool = False) -> None:
        """Walks through the span; while the journey is paused people only leave, and waits that were answered are noted (J19)."""
        for minute, happenings, comings, news in _by_minute(span):
            if not is_paused:
                # An event tells that its minute has come, whatever a clock that was set back says.
                self._timers(minute - 1, span)
            for one_each in _rounds(happenings):
                self._happen(minute, one_each, span, is_paused=is_paused)
            for coming in comings:
                self._come(coming, span, is_paused=is_paused)
            for one in news:
                self.hear(one, minute, is_paused=is_paused)
        if not is_paused:
            self._timers(span.until, span)

    def _timers(self, until: int, span: Span) -> None:
        while (key := self.places.due(until)) is not None:
            self._due(key, self.places.clear(key), key.due if span.is_replay else span.until)
            self._work()

    def _due(self, key: Key, subjects: BitMap, now: int) -> None:
        if key.node in {COOLING, GOAL}:
            return
        if key.node.startswith(ENTERING):
            self.enter(subjects, key.due, attempt=int(key.node.removeprefix(ENTERING)))
            return
        graph, (node_id, _, then) = self.graphs[key.version], key.node.partition("#")
        # A step whose time is long past is walked through without a word, and what follows counts from now.
        is_stale = now - key.due > graph.stale_after
        self._minute = minute = now if is_stale else key.due
        node = graph.nodes[node_id]
        if then == "then":
            self.go(key.version, node_id, node.ports.get("then"), subjects, "event", minute, stale=is_stale)
        elif then:
            self._push(key.version, node_id if then == "here" else key.node, subjects, stale=is_stale)
        else:
            port, reason = ("timeout", "timeout") if node.settings.get("mode") in {"event", "message"} else ("next", "waited")
            self.go(key.version, node_id, node.ports.get(port), subjects, reason, minute, stale=is_stale)

    @abc.abstractmethod
    def hear(self, news: News, minute: int, *, is_paused: bool) -> None:
        """Takes in what became of messages."""

    def _push(self, version: int, node: str, subjects: BitMap, *, stale: bool) -> None:
        place = version, node, stale
        self._queue[place] = self._queue[place] | subjects if place in self._queue else subjects

    def _work(self) -> None:
        """Until everybody rests."""
        while self._queue:
            version, name, stale = next(iter(self._queue))
            subjects = self._queue.pop((version, name, stale))
            node_id, _, again = name.partition("#")
            attempt = int(again.removeprefix("again.")) if again else 0
            self.arrive(version, self.graphs[version].nodes[node_id], subjects, self._minute, stale=stale, attempt=attempt)

    @abc.abstractmethod
    def arrive(self, version: int, node: Node, subjects: BitMap, minute: int, *, stale: bool, attempt: int) -> None:
        """Does what a node does with those who come to it."""

    # ------------------------------------------------------------------------------------------- happenings

    def _happen(self, minute: int, found: Sequence[Happening], span: Span, *, is_paused: bool) -> None:
        by_wish: dict[tuple[int, str], list[_Said]] = {}
        for one in found:
            for version, what, key in one.wishes:
                by_wish.setdefault((version, what), []).append((one.member_no, key, one.minute))
        late = self._late(found, span)
        self._minute = minute
        for version, what in sorted(by_wish):
            said = by_wish[version, what]
            if what.startswith("exit."):
                self.leave(self._subjects(said) - late, what, minute, version=version)
            elif what == "goal":
                self._goal(version, self._subjects(said) - late, minute)
            elif what.startswith("node."):
                self._answer(version, what.removeprefix("node."), said, is_paused=is_paused)
        entering = by_wish.get((self.version, "entry"))
        if entering and not is_paused:
            self._enter_by(entering, minute)
        self._work()

    def _late(self, found: Sequence[Happening], span: Span) -> BitMap:
        behind = [one.minute for one in found if one.minute < span.since]
        return self.world.entered_after(min(behind)) if behind else BitMap()

    def _goal(self, version: int, subjects: BitMap, minute: int) -> None:
        goal = self.graphs[version].goal
        found = self.convert(subjects, minute, version=version)
        if goal is not None and goal.is_end:
            self.leave(found, "goal", minute, version=version)

    def _answer(self, version: int, node_id: str, said: Sequence[_Said], *, is_paused: bool) -> None:
        node = self.graphs[version].nodes[node_id]
        # What happened before the wait began does not answer it (J12); a wait's end tells when it began.
        length = kinds.minutes_of(node.settings["timeout"]) or 0
        by_minute: dict[int, list[_Said]] = {}
        for one in said:
            by_minute.setdefault(one[2], []).append(one)
        for minute in sorted(by_minute):
            taken = self.places.take(version, node_id, self._subjects(by_minute[minute]), until=minute + length + grain_of(length))
            if is_paused:
                self.places.put(Key(self._minute, version, node_id + THEN), taken)
            else:
                self.go(version, node_id, node.ports.get("then"), taken, "event", self._minute, stale=False)

    def _enter_by(self, said: Sequence[_Said], minute: int) -> None:
        if not self.world.is_keyed:
            self.enter(BitMap([member_no for member_no, _key, _minute in said]), minute, attempt=0)
        else:
            made = self.world.instances([(member_no, key) for member_no, key, _minute in said if key], makes=True)
            self.enter(BitMap(filter(None, made)), minute, attempt=0)

    def _come(self, coming: Coming, span: Span, *, is_paused: bool) -> None:
        self._minute = coming.minute
        if coming.what.startswith("exit."):
            leaving = self.world.of_members(coming.members, self.named.get(INSIDE))
            self.leave(leaving, coming.what, coming.minute, version=coming.version)
        elif not is_paused:
            # Whoever came by an audience or a date is known already: nothing is on its way. A day that was made up for too late
            # lets them in without the words that were meant for it (J19).
            is_stale = not span.is_replay and span.until - coming.minute > self.graph.stale_after
            self.enter(coming.members, coming.minute, attempt=len(ENTRY_RETRIES), stale=is_stale)
        self._work()

    def _subjects(self, said: Sequence[_Said]) -> BitMap:
        if not self.world.is_keyed:
            return BitMap([member_no for member_no, _key, _minute in said])
        # With a key only the run of that key is meant (J07, J14), without one every run of the member.
        keyed = BitMap(filter(None, self.world.instances([(member_no, key) for member_no, key, _minute in said if key], makes=False)))
        members = BitMap([member_no for member_no, key, _minute in said if not key])
        return keyed | self.world.of_members(members, self.named.get(INSIDE) | self.places.standing(GOAL)) if members else keyed

    # ------------------------------------------------------------------------------------------- coming in

    def enter(self, subjects: BitMap, minute: int, *, attempt: int, stale: bool = False) -> None:
        """Those come in who may: by the rule of coming again (J03, J04) and the condition, asked again a little later (J11)."""
        entry = self.graph.entry
        found = subjects - self.named.get(INSIDE)
        if not self.world.is_keyed:
            if entry.reentry == "never":
                found = found - self.named.get(EVER)
            elif entry.reentry == "cooldown":
                found = found - self.places.standing(COOLING)
        allowed = found
        if entry.condition is not None and found:
            allowed = self.world.of_members(self.world.where(entry.condition, minute), found)
        if attempt < len(ENTRY_RETRIES):
            self.places.put(Key(minute + ENTRY_RETRIES[attempt], 0, f"{ENTERING}{attempt + 1}"), found - allowed)
        if allowed:
            self._admit(allowed, minute, stale=stale)

    def _admit(self, subjects: BitMap, minute: int, *, stale: bool) -> None:
        graph, named = self.graph, self.named
        column = self.world.column(subjects)
        control = self.world.admit(from_column(column), minute)
        named.add(INSIDE, subjects)
        named.add(EVER, subjects)
        named.drop(CONTROL, subjects)
        named.add(CONTROL, chosen(subjects, np.isin(column, to_column(control))))
        named.drop(CONVERTED, subjects)
        self._meets_anew(graph, subjects)
        if graph.goal is not None:
            for place in self.places.nodes():
                if place[1] == GOAL:
                    self.places.take(place[0], GOAL, subjects)
            if graph.goal.since == "entry":
                self.places.put(Key(minute + graph.goal.within, self.version, GOAL), subjects)
        self._minute = minute
        self.moves.append(Move(self.version, minute, OUTSIDE, str(graph.start), "entered", subjects))
        self._push(self.version, str(graph.start), subjects, stale=stale)
        self._work()

    def _meets_anew(self, graph: Graph, subjects: BitMap) -> None:
        for node_id, node in graph.nodes.items():
            if node.kind in kinds.SENDING:
                self.named.drop(f"asked.{node_id}", subjects)
            if node_id in self.heard:
                for fate in kinds.FATES:
                    self.named.drop(fate_set(node_id, fate), subjects)

    # ------------------------------------------------------------------------------------------- laps

    def _lapped(self, graph: Graph, subjects: BitMap) -> BitMap:
        """Counts a lap; gives who may still go round, and they meet every message anew."""
        rest = carried = subjects - self.named.get(f"lap.{graph.laps_max}")
        level = 1
        while carried:
            before = self.named.get(f"lap.{level}")
            self.named.add(f"lap.{level}", carried)
            carried, level = carried & before, level + 1
        self._meets_anew(graph, rest)
        return rest

    def _forget_laps(self, subjects: BitMap) -> None:
        level = 1
        while found := self.named.get(f"lap.{level}"):
            if not found & subjects:
                return
            self.named.drop(f"lap.{level}", subjects)
            level += 1


def chosen(subjects: BitMap, which: npt.NDArray[np.bool_]) -> BitMap:
    """The subjects, in their order, of which it is true."""
    return from_column(to_column(subjects)[which])


def _by_minute(span: Span) -> Iterator[tuple[int, list[Happening], list[Coming], list[News]]]:
    found: dict[int, tuple[list[Happening], list[Coming], list[News]]] = {}
    for one in span.happenings:
        # What arrives late happens now; the order among late ones stays.
        found.setdefault(max(one.minute, span.since), ([], [], []))[0].append(one)
    for coming in span.comings:
        found.setdefault(max(coming.minute, span.since), ([], [], []))[1].append(coming)
    for news in span.news:
        found.setdefault(max(news.minute, span.since), ([], [], []))[2].append(news)
    for minute in sorted(found):
        yield minute, *found[minute]


def _rounds(happenings: Sequence[Happening]) -> Iterator[list[Happening]]:
    """The first event of each member, then the second of each, …: members do not depend on each other, their own order counts."""
    rounds: list[list[Happening]] = []
    times: dict[int, int] = {}
    for one in happenings:
        place = times.get(one.member_no, 0)
        times[one.member_no] = place + 1
        if place == len(rounds):
            rounds.append([])
        rounds[place].append(one)
    yield from rounds
