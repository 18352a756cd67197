"""One brand under everything at once: campaigns, journeys edited in flight, merges, people who say no, faults, kills, clock jumps.

One process, one thread, one seed: the same seed does the same things in the same order.
"""

import datetime as dt
import hashlib
import random
from collections import Counter
from typing import Any

from pyroaring import BitMap

from tests.simulation.faults import Faults, Killed
from tests.simulation.graphs import drawn
from tests.simulation.oracle import Oracle
from tests.simulation.provider import Provider
from tests.support import people as persons
from tests.support.journeys import beat
from wellspring.channels.contracts.sends import Channel
from wellspring.engagement.contracts.journeys import JourneyKind, JourneyState
from wellspring.engagement.contracts.proof import Design, Terms
from wellspring.engagement.contracts.rules import CapRule, RuleDraft, RuleKind, SpanRule
from wellspring.engagement.contracts.touches import Origin, OriginKind, Purpose, Why
from wellspring.engagement.repo import ledger
from wellspring.engagement.service import (
    acting,
    dispatching,
    drawing,
    exposing,
    following,
    holding,
    journey_ticking,
    journeying,
    ruling,
    touching,
)
from wellspring.engagement.service.touching import Ask
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

CHANNELS = (Channel.SMS, Channel.EMAIL, Channel.WECOM)
ALIVE_MAX = 4
TURNS_MAX = 200
# Counting all caps anew costs as much as ten other looks.
COUNTED_EVERY = 10


class World:
    """Draws what happens next, lets it happen, and has it looked at."""

    def __init__(self, ws: Workspace, seed: int, *, members: int = 300) -> None:
        self.ws, self.rng = ws, random.Random(seed)
        self.faults = Faults(random.Random(seed + 1))
        self.trace = hashlib.blake2b(digest_size=8)
        self.did: Counter[str] = Counter()
        self._into: dict[int, int] = {}
        found = persons.resolve(ws, *(persons.claim(f"user_id:u{number}", at=ws.clock.now()) for number in range(members)))
        self.members = BitMap(found.member_nos)
        self.provider = Provider(random.Random(seed + 2), self.faults, self.members)
        self.oracle = Oracle(ws, self.provider, self.root)
        self._campaigns: list[Ask] = []
        self._journeys: list[str] = []
        self._count = self._acted = 0
        if seed % 2 == 0:
            # In every second world a cap stays as it is, so that it can be counted from outside.
            self.oracle.cap = 2
            self._cap(self.oracle.cap, 1)

    def root(self, number: int) -> int:
        """Who somebody is today."""
        while number in self._into:
            number = self._into[number]
        return number

    def step(self) -> None:
        """One action, killed or not, and the look at what is left of it."""
        action = self.rng.choices(list(ACTIONS), weights=list(ACTIONS.values()))[0]
        self.faults.is_armed = True
        try:
            getattr(self, f"_{action}")()
            self.did[action] += 1
        except Killed:
            self.did[f"{action} killed"] += 1
            self._restart()
        except WellspringError as refused:
            self.did[f"{action} refused: {refused.code}"] += 1
        finally:
            self.faults.is_armed = False
        self.oracle.held = self._held()
        self.oracle.look()
        self._acted += 1
        if self._acted % COUNTED_EVERY == 0:
            self.oracle.counts_hold()
        self._note(action)

    def end(self) -> None:
        """Lets everything come to its end, without faults."""
        for journey_id in self._journeys:
            if journeying.one(self.ws, journey_id).state in {JourneyState.RUNNING, JourneyState.PAUSED}:
                journeying.stop(self.ws, by=SYSTEM, journey_id=journey_id)
        for _ in range(60):
            self._move(dt.timedelta(hours=7))
            dispatching.drain(self.ws, turns=TURNS_MAX)
            self.oracle.look()
        self.oracle.counts_hold()
        self.oracle.finally_ended()

    # ------------------------------------------------------------------------------------------- actions

    def _campaign(self) -> None:
        self._count += 1
        origin_id, draw = f"cmp_{self._count}", self.rng
        purpose = Purpose.SERVICE if draw.random() < 0.1 else Purpose.MARKETING
        expires = self.ws.clock.now() + dt.timedelta(hours=draw.choice([6, 48, 200])) if draw.random() < 0.5 else None
        ask = Ask(
            Origin(OriginKind.CAMPAIGN, origin_id, 1),
            f"{origin_id}:1",
            "mat_1",
            draw.choice(CHANNELS),
            "acc_1",
            purpose,
            frozenset(draw.sample(["促销", "新品"], draw.randrange(2))),
            draw.randrange(5),
            expires,
            is_held_out_checked=True,
        )
        self._campaigns.append(ask)
        self._ask(ask)

    def _again(self) -> None:
        if self._campaigns:
            self._ask(self.rng.choice(self._campaigns))

    def _ask(self, ask: Ask) -> None:
        chosen = self._some(0.7)
        with self.ws.sql.write() as tx:
            now = self.ws.clock.now()
            if ask.purpose is Purpose.MARKETING:
                design = Design(control_basis_points=1_000, terms=Terms(window_days=7))
                about = {"origin_kind": "campaign", "origin_id": ask.origin.id}
                exposing.declare(self.ws, tx, **about, name=ask.origin.id, design=design, by=SYSTEM, at=now)
                chosen = chosen - exposing.decide(self.ws, tx, **about, members=chosen, at=now).held
            asked = touching.ask(self.ws, tx, ask, chosen, now)
        parts = [asked.planned, asked.repeated, *(one for _, one in asked.held), *asked.dropped.values()]
        assert sum(map(len, parts)) == len(chosen), "the parts of a plan overlap, or somebody is missing"
        assert BitMap().union(*parts) == chosen
        self.oracle.steps["planned"] += len(chosen)

    def _withdraw(self) -> None:
        if self._campaigns:
            ask = self.rng.choice(self._campaigns)
            members = None if self.rng.random() < 0.3 else self._some(0.4)
            with self.ws.sql.write() as tx:
                gone = touching.withdraw(self.ws, tx, origin=ask.origin, members=members, reason=Why.WITHDRAWN)
            self.oracle.steps["withdrawn"] += len(gone)

    def _launch(self) -> None:
        if len(self._alive()) >= ALIVE_MAX:
            return
        self._count += 1
        graph = drawn(self.rng)
        made = journeying.create(
            self.ws, by=SYSTEM, name=f"旅程{self._count}", kind=JourneyKind.JOURNEY, description="", draft=graph, sop=None
        )
        self._journeys.append(made.id)
        journeying.publish(self.ws, by=SYSTEM, journey_id=made.id, plan={}, note="")

    def _enter(self) -> None:
        for journey_id in self._alive(JourneyState.RUNNING):
            members = list(self._some(0.4))
            self.oracle.steps["at the door"] += len(members)
            journeying.enter(self.ws, by=SYSTEM, journey_id=journey_id, members=members, key=f"k{self.rng.randrange(3)}")

    def _edit(self) -> None:
        alive = self._alive()
        if not alive:
            return
        journey = journeying.one(self.ws, self.rng.choice(alive))
        is_keyed = "key" in journey.draft["entry"]
        graph = drawn(self.rng, is_keyed=is_keyed, entry=journey.draft["entry"])
        fates: dict[str, Any] = {}
        for node in [*journey.draft["nodes"], *(f"n{place}" for place in range(1, 12))]:
            target = self.rng.choice(list(graph["nodes"]))
            timers = self.rng.choice(["keep", "reschedule", "restart"])
            fates[node] = self.rng.choice([{"fate": "exit"}, {"fate": "move", "to": target, "timers": timers}, {"fate": "stay"}])
        journeying.save(
            self.ws, by=SYSTEM, journey_id=journey.id, revision=journey.revision, name=journey.name, description="", draft=graph, sop=None
        )
        journeying.publish(self.ws, by=SYSTEM, journey_id=journey.id, plan=fates, note="")

    def _pause(self) -> None:
        for journey_id in self._alive(JourneyState.RUNNING)[:1]:
            journeying.pause(self.ws, by=SYSTEM, journey_id=journey_id)

    def _resume(self) -> None:
        for journey_id in self._alive(JourneyState.PAUSED):
            journeying.resume(self.ws, by=SYSTEM, journey_id=journey_id)

    def _stop(self) -> None:
        for journey_id in self._alive()[:1]:
            journeying.stop(self.ws, by=SYSTEM, journey_id=journey_id)

    def _beat(self) -> None:
        beat(self.ws)
        while acting.step(self.ws):
            pass

    def _dispatch(self) -> None:
        for _ in range(self.rng.randrange(1, 12)):
            if not dispatching.step(self.ws):
                break

    def _clock(self) -> None:
        length = self.rng.choice([60, 600, 3_600, 3 * 3_600, 9 * 3_600, 30 * 3_600, 4 * 86_400, -1, -600, -3_600])
        self._move(dt.timedelta(seconds=length))

    def _merge(self) -> None:
        pair = self.rng.sample(list(self._living()), 2)
        ids = [persons.member_id(self.ws, number) for number in pair]
        # What the provider must know is changed with what the brand knows, not before: a merge that dies has not happened.
        found = people.merge(self.ws, by=SYSTEM, ids=ids, reason="one person")
        if found is not None:
            holders = people.holders(self.ws)
            loser = next(number for number in pair if number in holders)
            self._into[loser] = pair[0] if loser == pair[1] else pair[1]
            self.provider.members.discard(loser)
            if loser not in self.provider.agreed:
                self.provider.agreed.discard(self._into[loser])

    def _consent(self) -> None:
        for number in self._some(0.03):
            if self.rng.random() < 0.6:
                self.provider.agreed.discard(number)
            else:
                self.provider.agreed.add(number)

    def _reach(self) -> None:
        living = self._living()
        for number in self._some(0.02):
            self.provider.members.discard(number)
        for number in living - self.provider.members:
            if self.rng.random() < 0.5:
                self.provider.members.add(number)

    def _receipts(self) -> None:
        """Pushed by themselves: twice, in any order, some never."""
        keys = sorted(self.provider.taken)
        for key in self.rng.sample(keys, min(3, len(keys))):
            told = list(self.provider.ask(self.ws, channel=Channel.SMS, account_id="", provider_id=f"p-{key}"))
            self.rng.shuffle(told)
            with self.ws.sql.write() as tx:
                if ledger.parcel(tx, key) is not None:
                    for receipt in [*told, *told[: len(told) // 2]]:
                        following.heard(self.ws, tx, key, receipt)

    def _rule(self) -> None:
        with self.ws.sql.read() as tx:
            rules = ruling.listing(tx)
        quiet = [one for one in rules if one.draft.kind is RuleKind.QUIET]
        rules = rules if self.oracle.cap is None else quiet
        if rules and self.rng.random() < 0.5:
            one = self.rng.choice(rules)
            ruling.remove(self.ws, by=SYSTEM, rule_id=one.id)
            if one.draft.kind is RuleKind.QUIET:
                self.oracle.quiet = None
        elif not quiet and (self.oracle.cap is not None or self.rng.random() < 0.5):
            start, end = self.rng.choice([(21 * 60, 8 * 60), (12 * 60, 14 * 60)])
            ruling.add(self.ws, by=SYSTEM, draft=RuleDraft(RuleKind.QUIET, "勿扰", spans=(SpanRule(start, end),)))
            self.oracle.quiet = start, end
        elif self.oracle.cap is None:
            self._cap(self.rng.randrange(1, 4), self.rng.choice([1, 7]))

    def _holdout(self) -> None:
        if self.rng.random() < 0.3 and drawing.holdout(self.ws) is not None:
            drawing.refresh(self.ws, by=SYSTEM)
        else:
            drawing.resize(self.ws, by=SYSTEM, share_basis_points=self.rng.choice([200, 500, 1_000]), refresh_days=None, terms=Terms())

    # ------------------------------------------------------------------------------------------- helpers

    def _cap(self, times: int, days: int) -> None:
        draft = RuleDraft(RuleKind.CAP, f"上限{self._count}", cap=CapRule("all", "", times, is_calendar=True, length=days))
        ruling.add(self.ws, by=SYSTEM, draft=draft)

    def _move(self, length: dt.timedelta) -> None:
        assert isinstance(self.ws.clock, VirtualClock)
        self.ws.clock.move_to(self.ws.clock.now() + length)

    def _living(self) -> BitMap:
        return self.members - BitMap(self._into)

    def _some(self, share: float) -> BitMap:
        return BitMap(number for number in self._living() if self.rng.random() < share)

    def _alive(self, *states: JourneyState) -> list[str]:
        wanted = states or (JourneyState.RUNNING, JourneyState.PAUSED)
        return [one for one in self._journeys if journeying.one(self.ws, one).state in wanted]

    def _held(self) -> BitMap:
        with self.ws.sql.read() as tx:
            return holding.held_by_workspace(self.ws, tx, self.members)

    def _restart(self) -> None:
        """What a process forgets when it dies."""
        journey_ticking.forget(self.ws)
        holders = people.holders(self.ws)
        for number in holders:
            if number not in self._into:
                self._into[number] = holders[number]
                self.provider.members.discard(number)
        with self.ws.sql.read() as tx:
            rules = ruling.listing(tx)
        spans = [one.draft.spans[0] for one in rules if one.draft.kind is RuleKind.QUIET]
        self.oracle.quiet = (spans[0].start, spans[0].end) if spans else None

    def _note(self, action: str) -> None:
        said = f"{action} {sorted(self.oracle.steps.items())} {self.ws.clock.now()}\n"
        self.trace.update(said.encode())


# How often each happens, beside the others.
ACTIONS = {
    "campaign": 10,
    "again": 3,
    "withdraw": 2,
    "launch": 4,
    "enter": 14,
    "edit": 3,
    "pause": 1,
    "resume": 3,
    "stop": 1,
    "beat": 24,
    "dispatch": 28,
    "clock": 18,
    "merge": 2,
    "consent": 4,
    "reach": 2,
    "receipts": 6,
    "rule": 2,
    "holdout": 1,
}
