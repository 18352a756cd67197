"""A journey without stores: time in minutes, events by name, an outside that remembers what it was asked."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from pyroaring import BitMap

from tests.support.journeys import line
from wellspring.engagement.rules.journeys import graph as graphs
from wellspring.engagement.rules.journeys.graph import Graph
from wellspring.engagement.rules.journeys.nodes import Node
from wellspring.engagement.rules.journeys.places import Named, Nothing, Places
from wellspring.engagement.rules.journeys.steps import Journeying
from wellspring.engagement.rules.journeys.world import Coming, Happening, News, Sent, Span
from wellspring.engagement.rules.zones import Zones
from wellspring.kernel.sets.columns import Column, from_column, to_column

SHANGHAI = ZoneInfo("Asia/Shanghai")
# 2026-03-18 12:00 in Shanghai, in minutes.
NOON = 29_563_440
DAY, HOUR = 1440, 60
__all__ = ["line"]


class World:
    """The outside: conditions and dates are what a test says, messages go to everybody unless it says otherwise."""

    def __init__(self, *, is_keyed: bool) -> None:
        self.zones, self.is_keyed = Zones((), SHANGHAI), is_keyed
        self.conditions: dict[str, BitMap] = {}
        self.texts: dict[str, dict[str, BitMap]] = {}
        self.sent: list[tuple[str, int, list[int], int]] = []
        self.acted: list[tuple[str, list[int]]] = []
        self.withdrawn: list[tuple[list[int], str]] = []
        self.control, self.capped, self.refused = BitMap(), BitMap(), BitMap()
        self.entered: list[tuple[int, int]] = []
        self.runs: dict[tuple[int, str], int] = {}
        self.holders: list[int] = [0]

    def where(self, definition: Mapping[str, Any], minute: int) -> BitMap:
        return self.conditions[str(definition["attribute"])]

    def dates(self, attribute: str) -> Mapping[str, BitMap]:
        return self.texts[attribute]

    def column(self, subjects: BitMap) -> Column:
        return np.asarray(self.holders, dtype=np.uint32)[to_column(subjects)] if self.is_keyed else to_column(subjects)

    def instances(self, found: Sequence[tuple[int, str]], *, makes: bool) -> list[int]:
        if not makes:
            return [self.runs.get(pair, 0) for pair in found]
        made = []
        for pair in found:
            if pair in self.runs:
                made.append(0)
            else:
                self.runs[pair] = len(self.holders)
                self.holders.append(pair[0])
                made.append(self.runs[pair])
        return made

    def of_members(self, members: BitMap, inside: BitMap) -> BitMap:
        return from_column(to_column(inside)[np.isin(self.column(inside), to_column(members))])

    def admit(self, members: BitMap, minute: int) -> BitMap:
        self.entered += [(minute, member) for member in members]
        return members & self.control

    def send(self, version: int, node: Node, subjects: BitMap, minute: int, time: int) -> Sent:
        capped, refused = subjects & self.capped, subjects & self.refused
        going = subjects - capped - refused
        self.sent.append((node.id, minute, list(going), time))
        return Sent(going, BitMap(), capped, {"unreachable": refused} if refused else {})

    def act(self, version: int, node: Node, subjects: BitMap, minute: int) -> None:
        self.acted.append((node.id, list(subjects)))

    def withdraw(self, subjects: BitMap, reason: str) -> None:
        self.withdrawn.append((list(subjects), reason))

    def entered_after(self, minute: int) -> BitMap:
        return BitMap(member for at, member in self.entered if at > minute)


class Trip:
    """One journey from its first minute on."""

    def __init__(self, graph: dict[str, Any], *, salt: str = "jny") -> None:
        self.graph = read(graph)
        self.world = World(is_keyed=self.graph.entry.is_keyed)
        self.places, self.named = Places(Nothing()), Named(Nothing())
        self.walk = Journeying({1: self.graph}, 1, self.places, self.named, self.world, salt=salt)
        self.now = NOON
        self.waiting: list[Happening] = []
        self.coming: list[Coming] = []
        self.news: list[News] = []

    def does(self, member: int, event: str, *, at: int | None = None, **props: str) -> "Trip":
        """A member does something at a minute (now)."""
        wishes = [
            (version, wish.what, props.get(wish.key, "") if wish.key else "")
            for version, graph in sorted(self.walk.graphs.items())
            for wish in graph.wishes()
            if wish.event == event and (wish.what != "entry" or version == self.walk.version)
        ]
        if wishes:
            self.waiting.append(Happening(member, self.now if at is None else at, tuple(wishes)))
        return self

    def comes(self, *members: int, what: str = "entry", at: int | None = None) -> "Trip":
        """Members come into the audience, or leave it."""
        self.coming.append(Coming(self.now if at is None else at, what, BitMap(members), 1))
        return self

    def hears(self, node: str, fate: str, *members: int, time: int = 1, key: str = "", at: int | None = None) -> "Trip":
        """It is told how far a message came, the first (second, …) that they got there."""
        self.news.append(News(self.now if at is None else at, node, time, fate, [(member, key) for member in members]))
        return self

    def ticks(self, minutes: int = 0, *, is_paused: bool = False, is_late: bool = False) -> "Trip":
        """Time passes, then one tick takes everything; one that `is_late` knows that it should have come before."""
        since, self.now = self.now, self.now + minutes
        happened, came = sorted(self.waiting, key=lambda one: one.minute), self.coming
        told, self.news = sorted(self.news, key=lambda one: one.minute), []
        self.waiting, self.coming = [], []
        self.walk.run(Span(since, self.now, happened, came, told, is_replay=not is_late), is_paused=is_paused)
        return self

    def at(self, node: str) -> set[int]:
        """Who stands at a node."""
        return {
            subject
            for key in self.places.keys()  # noqa: SIM118 - not a mapping
            if key.node.partition("#")[0] == node
            for subject in self.places.members(key)
        }

    def why(self, subject: int) -> list[str]:
        """Why a subject went from node to node."""
        return [move.reason for move in self.walk.moves if subject in move.subjects]

    def trace(self) -> list[tuple[int, str, str, str, list[int]]]:
        """Every move, those of one edge at one minute together."""
        found: dict[tuple[int, str, str, str], set[int]] = {}
        for move in self.walk.moves:
            found.setdefault((move.minute, move.from_node, move.to_node, move.reason), set()).update(move.subjects)
        return sorted((*edge, sorted(members)) for edge, members in found.items())

    def got(self, node: str) -> list[int]:
        """Who got a message, once per time."""
        return [member for name, _minute, members, _time in self.world.sent if name == node for member in members]


def read(graph: dict[str, Any]) -> Graph:
    found, faults = graphs.read(graph)
    assert found is not None, faults
    return found


def codes(graph: dict[str, Any]) -> set[str]:
    """What is to be said of a graph."""
    return {fault.code for fault in graphs.read(graph)[1]}
