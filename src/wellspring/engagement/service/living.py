"""The outside of a journey that runs: what was gathered for the tick, runs and holdouts in the store, the planner, and what is owed."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
from pyroaring import BitMap

from wellspring.channels.contracts.sends import Channel
from wellspring.engagement.contracts.touches import Origin, OriginKind, Purpose, Why
from wellspring.engagement.repo import effects, journeys, places
from wellspring.engagement.rules.journeys import nodes as kinds
from wellspring.engagement.rules.journeys.nodes import Kind, Node
from wellspring.engagement.rules.journeys.places import Named
from wellspring.engagement.rules.journeys.world import INSIDE, Sent
from wellspring.engagement.rules.senders import Choice
from wellspring.engagement.service import exposing, touching
from wellspring.engagement.service.knowing import Knowledge
from wellspring.kernel.ids import new_id
from wellspring.kernel.sets import from_column, to_column
from wellspring.kernel.sets.columns import Column
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

# What a message is good for where nobody says: a night, and a day of guides who have much to do.
EXPIRES_DEFAULT = "2d"
_NOBODY = BitMap()


def ask_of(node: Node, *, origin: Origin, scope: str, at: dt.datetime) -> touching.Ask:
    """What a node that sends asks of the planner at an instant."""
    said = node.settings
    lasts = dt.timedelta(minutes=kinds.minutes_of(said.get("expires", EXPIRES_DEFAULT)) or 1)
    wanted = tuple(Choice(name) for name in said.get("senders", ()) if name in set(Choice))
    ask = touching.Ask(
        origin=origin,
        scope=scope,
        content_id=said.get("content_id", ""),
        channel=Channel(said.get("channel", Channel.TASK)),
        account_id=said.get("account_id", ""),
        purpose=Purpose(said.get("purpose", Purpose.MARKETING)),
        tags=frozenset(said.get("tags", ())),
        priority=said.get("priority", 0),
        expires_at=at + lasts,
    )
    return dataclasses.replace(ask, senders=wanted) if wanted else ask


class Live:
    """One journey's outside during one tick."""

    def __init__(
        self, ws: Workspace, tx: Tx, journey_id: str, named: Named, knowledge: Knowledge, *, is_keyed: bool, tick: int, at: dt.datetime
    ) -> None:
        self._ws, self._tx, self._id, self._named = ws, tx, journey_id, named
        self._knowledge, self._tick, self._at = knowledge, tick, at
        self.zones, self.is_keyed = knowledge.zones, is_keyed
        self._held: dict[int, tuple[int, str]] = {}

    def where(self, definition: Mapping[str, object], minute: int) -> BitMap:  # noqa: ARG002 - a replay asks by the minute
        """The members for whom a condition holds."""
        return self._knowledge.where(definition)

    def dates(self, attribute: str) -> Mapping[str, BitMap]:
        """The members of each text that is the value of an attribute."""
        return self._knowledge.texts[attribute]

    def column(self, subjects: BitMap) -> Column:
        """The member of each subject, in their order."""
        if not self.is_keyed:
            return to_column(subjects)
        held = self._holders(subjects)
        return np.fromiter((held[no][0] for no in subjects), dtype=np.uint32, count=len(subjects))

    def instances(self, found: Sequence[tuple[int, str]], *, makes: bool) -> list[int]:
        """The run of each member and key; with `makes` those that never were are made, and 0 stands for those that were."""
        known = places.instances_of(self._tx, self._id, found)
        if not makes:
            return [known.get(pair, 0) for pair in found]
        fresh = list(dict.fromkeys(pair for pair in found if pair not in known))
        if not fresh:
            return [0] * len(found)
        first = journeys.take_instances(self._tx, self._id, len(fresh))
        rows = [(first + place, member_no, key) for place, (member_no, key) in enumerate(fresh)]
        places.add_instances(self._tx, self._id, rows, at=self._at)
        return [no for no, _member, _key in rows]

    def of_members(self, members: BitMap, inside: BitMap) -> BitMap:
        """The runs of these members among some."""
        if not self.is_keyed or not members or not inside:
            return members & inside if not self.is_keyed else _NOBODY
        if len(members) < len(inside):
            return BitMap(no for no, _member, _key in places.runs_of(self._tx, self._id, list(members))) & inside
        return from_column(to_column(inside)[np.isin(self.column(inside), to_column(members))])

    def admit(self, members: BitMap, minute: int) -> BitMap:  # noqa: ARG002 - a replay asks by the minute
        """Those who are left alone; everybody is noted as met, control and treatment at one instant (E04)."""
        split = exposing.decide(self._ws, self._tx, origin_kind=OriginKind.JOURNEY.value, origin_id=self._id, members=members, at=self._at)
        return split.held

    def send(self, version: int, node: Node, subjects: BitMap, minute: int, time: int) -> Sent:  # noqa: ARG002 - as above
        """Asks the planner; of several runs of one member each is a turn of its own."""
        found = Sent(BitMap(), BitMap(), BitMap(), {})
        if not self.is_keyed:
            return _sent(touching.ask(self._ws, self._tx, self._ask(version, node, time, None), subjects, self._at), None)
        for turn in self._turns(subjects):
            asked = touching.ask(self._ws, self._tx, self._ask(version, node, time, turn), BitMap(turn), self._at)
            found = _joined(found, _sent(asked, turn))
        return found

    def act(self, version: int, node: Node, subjects: BitMap, minute: int) -> None:  # noqa: ARG002 - as above
        """Writes down what is owed."""
        content: dict[str, object] = {"settings": dict(node.settings)}
        if self.is_keyed:
            held = self._holders(subjects)
            content["keys"] = [[held[no][0], held[no][1]] for no in subjects]
        state = effects.PROMISED if node.kind in {Kind.COUPON, Kind.POINTS} else effects.WAITING
        values = {"id": new_id("eff"), "journey_id": self._id, "version": version, "node": node.id, "tick": self._tick}
        values |= {"kind": node.kind.value, "content": content, "state": state, "done": 0, "attempts": 0, "at": self._at}
        effects.insert(self._tx, values, from_column(self.column(subjects)))
        if state == effects.WAITING:
            self._ws.sql.after_commit(effects.ring)

    def withdraw(self, subjects: BitMap, reason: str) -> None:  # noqa: ARG002 - the ledger tells why by itself
        """Takes back what was planned; of somebody with another run that goes on, nothing."""
        members = from_column(self.column(subjects))
        if self.is_keyed:
            members = members - from_column(self.column(self.of_members(members, self._named.get(INSIDE))))
        if members:
            origin = Origin(OriginKind.JOURNEY, self._id, 0)
            touching.withdraw(self._ws, self._tx, origin=origin, members=members, reason=Why.WITHDRAWN, any_node=True)

    def entered_after(self, minute: int) -> BitMap:
        """Subjects that came in after a minute."""
        return places.entered_after(self._tx, self._id, minute)

    def _ask(self, version: int, node: Node, time: int, turn: Mapping[int, int] | None) -> touching.Ask:
        origin = Origin(OriginKind.JOURNEY, self._id, version, node.id)
        return dataclasses.replace(
            ask_of(node, origin=origin, scope=f"journey/{self._id}/{node.id}/{time}", at=self._at),
            # Its own control was left out already; that of the workspace may have been drawn anew since somebody entered.
            is_held_out_checked=True,
            keys=None if turn is None else {member: self._held[no][1] for member, no in turn.items()},
        )

    def _turns(self, subjects: BitMap) -> list[dict[int, int]]:
        """Subjects by member, so that each member stands once in each turn."""
        turns: list[dict[int, int]] = []
        held = self._holders(subjects)
        for no in subjects:
            member = held[no][0]
            turn = next((turn for turn in turns if member not in turn), None)
            if turn is None:
                turns.append({member: no})
            else:
                turn[member] = no
        return turns

    def _holders(self, subjects: BitMap) -> Mapping[int, tuple[int, str]]:
        missing = [no for no in subjects if no not in self._held]
        if missing:
            self._held.update(places.holders(self._tx, self._id, missing))
        return self._held


def _sent(asked: touching.Asked, by_member: Mapping[int, int] | None) -> Sent:
    def subjects(members: BitMap) -> BitMap:
        return members if by_member is None else BitMap(by_member[member] for member in members)

    dropped = {reason: subjects(members) for reason, members in asked.dropped.items() if members}
    if asked.repeated:
        dropped["repeated"] = subjects(asked.repeated)
    capped = dropped.pop(Why.CAPPED.value, BitMap())
    held = BitMap().union(*(members for _at, members in asked.held))
    return Sent(subjects(asked.planned), subjects(held), capped, dropped)


def _joined(first: Sent, second: Sent) -> Sent:
    dropped = dict(first.dropped)
    for reason, members in second.dropped.items():
        dropped[reason] = dropped.get(reason, BitMap()) | members
    return Sent(first.planned | second.planned, first.held | second.held, first.capped | second.capped, dropped)
