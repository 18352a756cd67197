"""What each kind of node does with the set that comes to it: hold it, part it, ask for a message, owe something, or let go."""

from collections.abc import Callable, Mapping

import numpy as np
from pyroaring import BitMap

from wellspring.engagement.rules.journeys import nodes as kinds
from wellspring.engagement.rules.journeys import shares, timing
from wellspring.engagement.rules.journeys.graph import Graph
from wellspring.engagement.rules.journeys.hearing import Hearing
from wellspring.engagement.rules.journeys.nodes import Kind, Node
from wellspring.engagement.rules.journeys.places import GOAL, Key, Named, Places, due_after
from wellspring.engagement.rules.journeys.walk import chosen
from wellspring.engagement.rules.journeys.world import AGAIN, CONTROL, World
from wellspring.kernel import buckets
from wellspring.kernel.sets.columns import from_column

# Who meets a full cap and is told to wait is asked so often again, then goes on without the message (F04).
CAPPED_ATTEMPTS_MAX = 5
CAPPED_FOR_DEFAULT = "1d"
CLOCK_DEFAULT = "10:00"


class Journeying(Hearing):
    """A walk that knows every kind of node."""

    def __init__(self, graphs: Mapping[int, Graph], version: int, places: Places, named: Named, world: World, *, salt: str) -> None:
        super().__init__(graphs, version, places, named, world)
        self._salt = salt
        self._doing: dict[Kind, Callable[[int, Node, BitMap, int, bool, int], None]] = {
            Kind.WAIT: self._wait,
            Kind.SPLIT: self._split,
            Kind.GOAL: self._reach,
            Kind.EXIT: self._exit,
            **dict.fromkeys(kinds.SENDING, self._send),
            **dict.fromkeys(kinds.ACTING, self._act),
        }

    def arrive(self, version: int, node: Node, subjects: BitMap, minute: int, *, stale: bool, attempt: int) -> None:
        """Does what the node does."""
        self._doing[node.kind](version, node, subjects, minute, stale, attempt)

    # ------------------------------------------------------------------------------------------- waiting

    def _wait(self, version: int, node: Node, subjects: BitMap, minute: int, stale: bool, _attempt: int) -> None:  # noqa: FBT001 - all alike
        said = node.settings
        match said["mode"]:
            case "duration":
                self.places.put(Key(due_after(minute, kinds.minutes_of(said["for"]) or 1), version, node.id), subjects)
            case "event":
                self.places.put(Key(due_after(minute, kinds.minutes_of(said["timeout"]) or 1), version, node.id), subjects)
            case "message":
                left = subjects
                for fate, here in self.by_fate(node, subjects, said["fates"]):
                    # What is known already is not waited for.
                    self.go(version, node.id, node.ports.get("then"), here, f"fate.{fate}", minute, stale=stale)
                    left = left - here
                self.places.put(Key(due_after(minute, kinds.minutes_of(said["timeout"]) or 1), version, node.id), left)
            case "time":
                clock, days = kinds.minute_of_day(said["clock"]), frozenset(said.get("weekdays", ()))
                ahead = said.get("days", 0)
                for due, members in timing.by_clock(self._members(subjects), minute, clock, self.world.zones, days, ahead):
                    self.places.put(Key(due, version, node.id), self.world.of_members(members, subjects))
            case _:
                self._until_date(version, node, subjects, minute, stale=stale)

    def _until_date(self, version: int, node: Node, subjects: BitMap, minute: int, *, stale: bool) -> None:
        said = node.settings
        waiting, past = timing.by_date(
            self._members(subjects),
            minute,
            self.world.dates(said["attribute"]),
            days=said.get("days", 0),
            clock=kinds.minute_of_day(said.get("clock", CLOCK_DEFAULT)),
            is_yearly=said.get("is_yearly", False),
            zones=self.world.zones,
        )
        for due, members in waiting:
            self.places.put(Key(due, version, node.id), self.world.of_members(members, subjects))
        behind = self.world.of_members(past, subjects)
        # A date that lies behind, or that nobody knows, is never a reason to send at once (J15).
        if said["past"] == "exit":
            self.end(version, node.id, behind, "date_past", minute)
        elif said["past"] == "skip" and node.next is not None:
            after = self.graphs[version].nodes[node.next].next
            self.go(version, node.id, after, behind, "date_past", minute, stale=stale)
        else:
            self.go(version, node.id, node.next, behind, "date_past", minute, stale=stale)

    # ------------------------------------------------------------------------------------------- parting

    def _split(self, version: int, node: Node, subjects: BitMap, minute: int, stale: bool, _attempt: int) -> None:  # noqa: FBT001 - as above
        left = subjects
        if node.settings["mode"] == "first":
            for branch in node.settings["branches"]:
                # The first that holds takes them, the others do not see them any more (J16).
                here = self.world.of_members(self.world.where(branch["if"], minute), left) if left else left
                self.go(version, node.id, node.ports[branch["id"]], here, f"branch.{branch['id']}", minute, stale=stale)
                left = left - here
            self.go(version, node.id, node.ports["else"], left, "branch.else", minute, stale=stale)
            return
        if node.settings["mode"] == "fate":
            branches = node.settings["branches"]
            for branch, (_fate, here) in zip(branches, self.by_fate(node, subjects, [one["fate"] for one in branches]), strict=True):
                self.go(version, node.id, node.ports[branch["id"]], here, f"branch.{branch['id']}", minute, stale=stale)
                left = left - here
            self.go(version, node.id, node.ports["else"], left, "branch.else", minute, stale=stale)
            return
        spans = node.settings.get("spans") or shares.dealt({arm["id"]: arm["weight"] for arm in node.settings["arms"]})
        drawn = buckets.of_numbers(f"{self._salt}:{node.id}", self.world.column(subjects))
        for arm in node.ports:
            held = np.zeros(len(drawn), dtype=np.bool_)
            for first, end, name in spans:
                if name == arm:
                    held |= (drawn >= first) & (drawn < end)
            self.go(version, node.id, node.ports[arm], chosen(subjects, held), f"arm.{arm}", minute, stale=stale)

    # ------------------------------------------------------------------------------------------- sending

    def _send(self, version: int, node: Node, subjects: BitMap, minute: int, stale: bool, attempt: int) -> None:  # noqa: FBT001 - as above
        def on(members: BitMap, reason: str) -> None:
            self.go(version, node.id, node.next, members, reason, minute, stale=stale)

        if stale:
            self.note(node.id, "failed", subjects)
            on(subjects, "stale")
            return
        asked = f"asked.{node.id}"
        repeated = subjects & self.named.get(asked)
        on(repeated, "repeated")
        left = subjects - repeated
        if node.settings.get("purpose", "marketing") == "marketing":
            control = left & self.named.get(CONTROL)
            on(control, "held_out")
            left = left - control
        # Whoever comes for the second time, by a lap or by entering anew, is a scope of its own to the ledger.
        time = 1
        while left:
            before = self.named.get(f"times.{node.id}.{time}")
            self._ask(version, node, left - before, minute, (time, attempt), on)
            left, time = left & before, time + 1

    def _ask(
        self, version: int, node: Node, subjects: BitMap, minute: int, turn: tuple[int, int], on: Callable[[BitMap, str], None]
    ) -> None:
        if not subjects:
            return
        time, attempt = turn
        sent = self.world.send(version, node, subjects, minute, time)
        going = sent.planned | sent.held
        self.named.add(f"asked.{node.id}", going)
        self.named.add(f"times.{node.id}.{time}", going)
        for fate, members in sent.fates.items():
            self.note(node.id, fate, members)
        self._message_at(version, going, minute)
        on(sent.planned, "sent")
        on(sent.held, "held")
        for reason in sorted(sent.dropped):
            self.note(node.id, "failed", sent.dropped[reason])
            if node.settings.get("dropped") == "exit":
                self.end(version, node.id, sent.dropped[reason], reason, minute)
            else:
                on(sent.dropped[reason], reason)
        self._capped(version, node, sent.capped, minute, attempt, on)

    def _capped(self, version: int, node: Node, subjects: BitMap, minute: int, attempt: int, on: Callable[[BitMap, str], None]) -> None:
        wish = node.settings.get("capped", "go_on")
        if wish == "exit":
            self.end(version, node.id, subjects, "capped", minute)
        elif wish == "wait" and attempt < CAPPED_ATTEMPTS_MAX:
            length = kinds.minutes_of(node.settings.get("capped_for", CAPPED_FOR_DEFAULT)) or 1
            self.places.put(Key(due_after(minute, length), version, f"{node.id}{AGAIN}.{attempt + 1}"), subjects)
        else:
            self.note(node.id, "failed", subjects)
            on(subjects, "capped")

    def _message_at(self, version: int, subjects: BitMap, minute: int) -> None:
        """A goal that counts from the last message counts from this one."""
        goal = self.graphs[version].goal
        if goal is None or goal.since != "message" or not subjects:
            return
        for place in self.places.nodes():
            if place[1] == GOAL:
                self.places.take(place[0], GOAL, subjects)
        self.places.put(Key(minute + goal.within, version, GOAL), subjects)

    # ------------------------------------------------------------------------------------------- the rest

    def _act(self, version: int, node: Node, subjects: BitMap, minute: int, stale: bool, _attempt: int) -> None:  # noqa: FBT001 - as above
        self.world.act(version, node, subjects, minute)
        self.go(version, node.id, node.next, subjects, "done", minute, stale=stale)

    def _reach(self, version: int, node: Node, subjects: BitMap, minute: int, stale: bool, _attempt: int) -> None:  # noqa: FBT001 - as above
        self.convert(subjects, minute)
        self.go(version, node.id, node.next, subjects, "reached", minute, stale=stale)

    def _exit(self, version: int, node: Node, subjects: BitMap, minute: int, _stale: bool, _attempt: int) -> None:  # noqa: FBT001 - as above
        self.end(version, node.id, subjects, node.settings.get("reason") or "exit", minute)

    def _members(self, subjects: BitMap) -> BitMap:
        return from_column(self.world.column(subjects)) if self.world.is_keyed else subjects
