"""A dry run: the same walk over what happened, with a clock of its own and a planner that writes nothing.

Events come by the time at which they happened, audiences are asked as they were at the beginning of each day. Consent,
reach, zones and rules are those of today, and the only touches that caps know of are the journey's own. What a run costs
is what its messages would have cost.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from pyroaring import BitMap

from wellspring.activity.contracts import Flag
from wellspring.audiences import api as audiences
from wellspring.audiences.contracts import Wanted
from wellspring.channels.contracts.sends import Channel
from wellspring.engagement.contracts.journeys import OUTSIDE, DryRun, DrySend, Flow
from wellspring.engagement.contracts.touches import Origin, OriginKind, Purpose, Why
from wellspring.engagement.errors.journeys import DryRunTooLong, GraphInvalid
from wellspring.engagement.repo.batches import touching_of
from wellspring.engagement.rules import planning
from wellspring.engagement.rules.caps import Counters
from wellspring.engagement.rules.journeys import graph as graphs_read
from wellspring.engagement.rules.journeys import nodes as kinds
from wellspring.engagement.rules.journeys import timing
from wellspring.engagement.rules.journeys.graph import Graph
from wellspring.engagement.rules.journeys.nodes import Node
from wellspring.engagement.rules.journeys.places import GOAL, Named, Nothing, Places
from wellspring.engagement.rules.journeys.steps import CLOCK_DEFAULT, Journeying
from wellspring.engagement.rules.journeys.world import INSIDE, Coming, Happening, Sent, Span
from wellspring.engagement.rules.planning import Message
from wellspring.engagement.service import instancing, journey_ticking, journeying, knowing, standing
from wellspring.engagement.service.standing import Gathered
from wellspring.engagement.settings import EngagementSettings
from wellspring.kernel import arms
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.sets import from_column, to_column
from wellspring.kernel.sets.columns import Column
from wellspring.kernel.workspace import Workspace

# A quarter: longer than any cycle that a journey of weeks needs to be judged by, and a few seconds of work.
DAYS_MAX = 92
_DAY = 1440
_VERSION = 1
_SALT = "dry-run"


@dataclasses.dataclass
class _Tally:
    """What one node's messages came to."""

    asked: int = 0
    sent: int = 0
    held: int = 0
    dropped: dict[str, int] = dataclasses.field(default_factory=dict)
    # The runs of a keyed journey that would get it: their texts may speak of an order.
    runs: BitMap = dataclasses.field(default_factory=BitMap)


class Past:
    """The outside of a replay."""

    def __init__(self, ws: Workspace, graph: Graph, until: dt.datetime) -> None:
        self._ws, self._graph, self._until = ws, graph, until
        self.zones, self.is_keyed = knowing.zones(ws), graph.entry.is_keyed
        self.tallies: dict[str, _Tally] = {}
        self.sent_on: dict[dt.date, int] = {}
        self.control = BitMap()
        self._counters, self._gathered = Counters(), dict[tuple[str, str, str], Gathered]()
        self._where: dict[tuple[str, int], BitMap] = {}
        self._texts: dict[str, Mapping[str, BitMap]] = {}
        self._runs: dict[tuple[int, str], int] = {}
        self._members: list[int] = [0]
        self._keys = [""]
        self._zone = knowing.project_zone(ws)

    def where(self, definition: Mapping[str, object], minute: int) -> BitMap:
        """As it was at the beginning of the minute's day."""
        day = minute // _DAY
        place = knowing.name_of(definition), day
        if place not in self._where:
            self._where[place] = held_at(self._ws, definition, min(timing.instant_of(day * _DAY), self._until))
        return self._where[place]

    def dates(self, attribute: str) -> Mapping[str, BitMap]:
        """As they are today."""
        if attribute not in self._texts:
            self._texts[attribute] = audiences.texts_of(self._ws, attribute=attribute)
        return self._texts[attribute]

    def column(self, subjects: BitMap) -> Column:
        """The member of each subject."""
        if not self.is_keyed:
            return to_column(subjects)
        found: Column = np.asarray(self._members, dtype=np.uint32)[to_column(subjects)]
        return found

    def instances(self, found: Sequence[tuple[int, str]], *, makes: bool) -> list[int]:
        """Runs are numbered in memory."""
        if not makes:
            return [self._runs.get(pair, 0) for pair in found]
        made = []
        for pair in found:
            if pair not in self._runs:
                self._runs[pair] = len(self._members)
                self._members.append(pair[0])
                self._keys.append(pair[1])
                made.append(self._runs[pair])
        return made

    def runs(self, subjects: BitMap) -> list[tuple[int, str]]:
        """Member and key of each run, in the order in which they came in."""
        return [(self._members[no], self._keys[no]) for no in subjects]

    def of_members(self, members: BitMap, inside: BitMap) -> BitMap:
        """The runs of these members."""
        if not self.is_keyed:
            return members & inside
        return from_column(to_column(inside)[np.isin(self.column(inside), to_column(members))])

    def admit(self, members: BitMap, minute: int) -> BitMap:  # noqa: ARG002 - the live outside needs it
        """As many as would be left alone; who it would be is decided when it goes live."""
        share = self._graph.holdout_basis_points
        if not share:
            return BitMap()
        column = to_column(members)
        held = from_column(column[arms.held_by([arms.Holdout(_SALT, share)], column) != arms.OUTSIDE])
        self.control |= held
        return held

    def send(self, version: int, node: Node, subjects: BitMap, minute: int, time: int) -> Sent:  # noqa: ARG002 - as above
        """Plans with counters of its own."""
        tally, members = self.tallies.setdefault(node.id, _Tally()), from_column(self.column(subjects))
        tally.asked += len(subjects)
        said, at = node.settings, timing.instant_of(minute)
        purpose = Purpose(said.get("purpose", Purpose.MARKETING))
        channel = Channel(said.get("channel", Channel.TASK))
        origin = Origin(OriginKind.JOURNEY, _SALT, _VERSION, node.id)
        touch = touching_of(origin, channel.value, frozenset(said.get("tags", ())), said.get("priority", 0), purpose)
        known = self._known(origin, channel, said.get("account_id", ""), purpose, touch)
        lasts = dt.timedelta(minutes=kinds.minutes_of(said.get("expires", "2d")) or 1)
        now = dataclasses.replace(known.standing, counters=self._counters)
        planned = planning.plan(members, Message(touch, at + lasts), now, known.rules, at)
        self._counters.reserve(touch, planned.allowed, at, now.zones)
        for later, waiting in planned.held:
            self._counters.reserve(touch, waiting, later, now.zones)
        return self._sent(subjects, planned, tally, at)

    def act(self, version: int, node: Node, subjects: BitMap, minute: int) -> None:
        """Nothing is owed."""

    def withdraw(self, subjects: BitMap, reason: str) -> None:
        """Nothing was planned."""

    def entered_after(self, minute: int) -> BitMap:  # noqa: ARG002 - the past comes in order
        """Nothing is late in the past."""
        return BitMap()

    def _known(self, origin: Origin, channel: Channel, account_id: str, purpose: Purpose, touch: Any) -> Gathered:  # noqa: ANN401 - the caps' own
        place = channel.value, account_id, purpose.value
        if place not in self._gathered:
            wanted = standing.Asked(origin, _SALT, channel, account_id, purpose, touch, is_held_out_checked=True)
            with self._ws.sql.read() as tx:
                everybody = journey_ticking.everybody(self._ws)
                self._gathered[place] = standing.gather(self._ws, tx, wanted, everybody, self._until, with_bookings=False)
        return self._gathered[place]

    def _sent(self, subjects: BitMap, planned: planning.Plan, tally: _Tally, at: dt.datetime) -> Sent:
        held_members = BitMap().union(*(members for _at, members in planned.held))
        going, held = self.of_members(planned.allowed, subjects), self.of_members(held_members, subjects)
        dropped = {
            Why(reason.value).value: found
            for reason, members in planned.dropped.items()
            if (found := self.of_members(members - held_members, subjects))
        }
        tally.sent, tally.held = tally.sent + len(going), tally.held + len(held)
        if self.is_keyed:
            tally.runs |= going | held
        for reason, members in dropped.items():
            tally.dropped[reason] = tally.dropped.get(reason, 0) + len(members)
        day = at.astimezone(self._zone).date()
        self.sent_on[day] = self.sent_on.get(day, 0) + len(going) + len(held)
        capped = dropped.pop(Why.CAPPED.value, BitMap())
        # Nobody knows what would have become of it: it arrives at once, and nobody reads or answers it.
        return Sent(going, held, capped, dropped, {"delivered": going | held})


def dry_run(ws: Workspace, *, draft: object, since: dt.datetime, until: dt.datetime) -> DryRun:
    """Replays a graph over a span of the past. Raises GraphInvalid, DryRunTooLong."""
    until = min(until, ws.clock.now())
    if until - since > dt.timedelta(days=DAYS_MAX) or until <= since:
        raise DryRunTooLong(days=DAYS_MAX)
    wrong = [fault for fault in journeying.faults(ws, _filled(draft)) if not fault.is_warning]
    graph, _faults = graphs_read.read(_filled(draft))
    if wrong or graph is None:
        raise GraphInvalid(journeying.told(wrong))
    world, named = Past(ws, graph, until), Named(Nothing())
    walk = Journeying({_VERSION: graph}, _VERSION, Places(Nothing()), named, world, salt=_SALT)
    happened, came = _happenings(ws, graph, since, until), _comings(ws, graph, since, until)
    walk.run(Span(timing.floor_minute(since), timing.floor_minute(until), happened, came, is_replay=True))
    return _told(ws, graph, walk, world, since, until)


def held_at(ws: Workspace, definition: Mapping[str, object], at: dt.datetime) -> BitMap:
    """For whom a condition held at an instant; for nobody where it cannot be answered."""
    try:
        return audiences.members_of(ws, definition=definition, at=at)
    except WellspringError:
        return BitMap()


def _filled(draft: object) -> object:
    """The draft with a stand-in for material and accounts that are not chosen yet: a replay does not write to anybody."""
    if not isinstance(draft, dict) or not isinstance(draft.get("nodes"), dict):
        return draft
    nodes = {
        name: {**node, "content_id": node.get("content_id") or "?"} if isinstance(node, dict) and "content_id" in node else node
        for name, node in draft["nodes"].items()
    }
    return {**draft, "nodes": nodes}


def _happenings(ws: Workspace, graph: Graph, since: dt.datetime, until: dt.datetime) -> list[Happening]:
    wishes = list(graph.wishes())
    if not wishes:
        return []
    wanted = [Wanted(wish.event, wish.where, wish.key) for wish in wishes]
    is_each = graph.entry.reentry == "every" and not graph.entry.key
    found = []
    for event in audiences.happened(ws, wanted=wanted, since=since, until=until):
        if event.flags & Flag.FUTURE:
            continue
        mine = tuple(
            (_VERSION, wishes[place].what, f"#{event.arrival_no}" if is_each and wishes[place].what == "entry" else key)
            for place, key in event.wishes
        )
        found.append(Happening(event.member_no, timing.ceil_minute(event.at), mine))
    return found


def _comings(ws: Workspace, graph: Graph, since: dt.datetime, until: dt.datetime) -> list[Coming]:
    entry, found = graph.entry, list[Coming]()
    zone = knowing.project_zone(ws)
    if entry.kind == "date":
        clock, day = kinds.minute_of_day(entry.settings.get("clock", CLOCK_DEFAULT)), since.astimezone(zone).date()
        while (minute := timing.at_clock(day, clock, zone)) <= timing.floor_minute(until):
            if minute > timing.floor_minute(since):
                found.append(Coming(minute, "entry", journey_ticking.dated(ws, entry.settings, day, at=timing.instant_of(minute))))
            day += dt.timedelta(days=1)
    for audience_id in graph.audiences():
        found += _followed(ws, graph, audience_id, since, until)
    return [coming for coming in found if coming.members]


def _followed(ws: Workspace, graph: Graph, audience_id: str, since: dt.datetime, until: dt.datetime) -> list[Coming]:
    entry, found = graph.entry, list[Coming]()
    is_entry = entry.kind == "audience" and entry.settings["audience"] == audience_id
    who = entry.settings.get("who", "both") if is_entry else ""
    before, at = held_at(ws, {"audience": audience_id}, since), since
    if who in {"current", "both"}:
        found.append(Coming(timing.floor_minute(since), "entry", before))
    while at < until:
        at = min(at + dt.timedelta(days=1), until)
        # What happened in the same minute comes before: it is why they came.
        now, minute = held_at(ws, {"audience": audience_id}, at), timing.floor_minute(at) + 1
        if who in {"future", "both"}:
            found.append(Coming(minute, "entry", now - before))
        for place, said in enumerate(graph.exits):
            if said.get("audience") == audience_id:
                left = before - now if said.get("when", "left") == "left" else now - before
                found.append(Coming(minute, f"exit.{place}", left, _VERSION))
        before = now
    return found


def _told(ws: Workspace, graph: Graph, walk: Journeying, world: Past, since: dt.datetime, until: dt.datetime) -> DryRun:
    flows: dict[tuple[str, str, str], int] = {}
    entered_on: dict[dt.date, int] = {}
    zone = knowing.project_zone(ws)
    for move in walk.moves:
        edge = move.from_node, move.to_node, move.reason
        flows[edge] = flows.get(edge, 0) + len(move.subjects)
        if move.from_node == OUTSIDE:
            day = timing.instant_of(move.minute).astimezone(zone).date()
            entered_on[day] = entered_on.get(day, 0) + len(move.subjects)
    prices = {Channel.SMS.value: ws.settings.get(EngagementSettings).sms_price_minor}
    sends = [_send(ws, graph, node, world, prices) for node_id, node in graph.nodes.items() if node_id in world.tallies]
    days = sorted({*entered_on, *world.sent_on})
    return DryRun(
        since=since,
        until=until,
        entered=sum(entered_on.values()),
        held_out=len(world.control),
        finished=sum(count for (_from, to, _why), count in flows.items() if to == OUTSIDE),
        converted=sum(count for (_from, to, _why), count in flows.items() if to == GOAL),
        sends=sends,
        flows=[Flow(_VERSION, *edge, times=count) for edge, count in sorted(flows.items(), key=lambda pair: pair[0])],
        by_day=[(day, entered_on.get(day, 0), world.sent_on.get(day, 0)) for day in days],
        cost_minor=sum(send.cost_minor for send in sends),
        notes=_notes(graph, has_rest=bool(walk.named.get(INSIDE))),
    )


def _notes(graph: Graph, *, has_rest: bool) -> tuple[str, ...]:
    """What a run took for granted."""
    heard = ("messages_arrive",) if graph.heard() else ()
    return ("daily_audiences", "consent_of_today", "own_touches_only", *heard, *(("still_inside",) if has_rest else ()))


def _send(ws: Workspace, graph: Graph, node: Node, world: Past, prices: Mapping[str, int]) -> DrySend:
    channel, tally = str(node.settings.get("channel", "task")), world.tallies[node.id]
    going = tally.sent + tally.held
    entry = {"trigger": {"event": graph.entry.settings.get("event", "")}, "key": graph.entry.key}
    unfilled, sample = instancing.shown(ws, entry, str(node.settings.get("content_id", "")), world.runs(tally.runs))
    cost = going * prices.get(channel, 0)
    return DrySend(node.id, node.name, channel, tally.asked, tally.sent, tally.held, tally.dropped, cost, unfilled, sample)
