"""The simulated world: people of WeChat, corps, what is to happen later, and the callbacks that wait to be posted.

Everything is in memory behind one lock; whoever reads or writes state holds `world.lock` (endpoints, actions and
timers already do). Parts of the simulator keep their own state at `world.part(Type)` or `corp.part(Type)`.
"""

import heapq
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

from wecom_simulator.clock import Clock
from wecom_simulator.corp import App, Corp, default_corp, derived, part_of
from wecom_simulator.events import Event, wecom_xml
from wecom_simulator.outbox import Outbox, Receiver
from wecom_simulator.registry import TIMERS

Part = TypeVar("Part")

# Which permission an app needs to hear of an event; that of customers, if it is not named here.
_HEARD_BY = {"change_contact": "directory", "customer_acquisition": "acquisition"}


@dataclass(slots=True)
class Person:
    """A user of WeChat. Openids are derived (`world.openid`), so that a million people stay small."""

    unionid: str
    nickname: str
    gender: int = 0
    phone: str | None = None

    @property
    def avatar(self) -> str:
        """The address of the picture."""
        return f"http://wx.qlogo.cn/mmhead/{self.unionid[-12:]}/0"


@dataclass(order=True, slots=True)
class Later:
    """Something that happens at its time."""

    at: int
    number: int
    name: str = field(compare=False)
    arguments: dict[str, Any] = field(compare=False)


class World:
    """All state of one simulator."""

    def __init__(self, clock: Clock | None = None, *, seed: int = 1) -> None:
        self.clock = clock or Clock()
        self.seed = seed
        self.random = Random(seed)
        self.lock = threading.RLock()
        self.people: dict[str, Person] = {}
        self.openids: dict[tuple[str, str], str] = {}
        self.corps: dict[str, Corp] = {}
        self.parts: dict[str, Any] = {}
        self.timers: list[Later] = []
        self.outbox = Outbox()
        self.receivers: dict[str, Receiver] = {}
        # Counts everything that changed state: a snapshot is written only when it moved.
        self.version = 0
        self._numbered = 0
        corp = default_corp(seed)
        self.corps[corp.corpid] = corp

    # ------------------------------------------------------------------------------------- state

    @property
    def corp(self) -> Corp:
        """The first corp, which is the only one unless a test adds another."""
        return next(iter(self.corps.values()))

    def part(self, kind: type[Part]) -> Part:
        """The world's one object of a type, made when it is first asked for."""
        return part_of(self.parts, kind)

    def now(self) -> int:
        """The present in whole seconds."""
        return self.clock.now()

    def number(self) -> int:
        """A number that is given once."""
        self._numbered += 1
        return self._numbered

    def identifier(self, prefix: str, size: int = 28) -> str:
        """A fresh identifier, the same in every run with the same seed."""
        return prefix + derived(prefix, self.seed, self.number(), size=size)

    def person(self, unionid: str) -> Person:
        """A person by unionid; KeyError for a stranger."""
        return self.people[unionid]

    def new_person(self, nickname: str, *, gender: int = 0, phone: str | None = None, unionid: str = "") -> Person:
        """Somebody comes to WeChat."""
        found = Person(unionid or self.identifier("o6_b", 24), nickname, gender, phone)
        self.people[found.unionid] = found
        return found

    def openid(self, person: Person, appid: str) -> str:
        """Who the person is towards an Official Account, a Mini Program or a corp."""
        found = "o" + derived("openid", appid, person.unionid, size=27)
        self.openids[(appid, found)] = person.unionid
        return found

    def by_openid(self, appid: str, openid: str) -> Person | None:
        """The person who was told to the app under this openid."""
        return self.people.get(self.openids.get((appid, openid), ""))

    # -------------------------------------------------------------------------------------- time

    def later(self, at: int, name: str, /, **arguments: Any) -> None:
        """Starts the timer `name` with the arguments when the clock reaches `at`."""
        heapq.heappush(self.timers, Later(at, self.number(), name, arguments))

    def tick(self) -> int:
        """Starts every timer that is due and tells how many there were."""
        done = 0
        while True:
            with self.lock:
                if not self.timers or self.timers[0].at > self.now():
                    return done
                due = heapq.heappop(self.timers)
                self.version += 1
                TIMERS[due.name](self, **due.arguments)
            done += 1

    def advance(self, until: int, *, between: Callable[[], None] | None = None) -> None:
        """Moves a virtual clock forward, stopping at each timer's own instant."""
        while True:
            with self.lock:
                at = self.timers[0].at if self.timers else until
                self.clock.set(max(self.clock.instant(), min(at, until)))
            if not self.tick() and self.now() >= until:
                return
            if between:
                between()

    # --------------------------------------------------------------------------------- callbacks

    def emit(self, event: Event, *, corp: Corp | None = None, by: App | None = None) -> None:
        """Calls back every app that may know, but not the app whose own call made the change."""
        corp = corp or self.corp
        event.at = event.at or self.now()
        heard_by = _HEARD_BY.get(event.name, "customer")
        for app in corp.apps.values():
            if app is not by and heard_by in app.permissions:
                self.post(receiver_key(corp, app), wecom_xml(event, corp.corpid), title=event.title, at=event.at)

    def post(self, receiver: str, body: bytes, *, title: str, at: int = 0) -> None:
        """Lets a plain message be encrypted and posted to a receiver (`world.receivers`); without one it is only logged."""
        self.version += 1
        known = self.receivers.get(receiver)
        self.outbox.add(self.number(), receiver, body, title=title, at=at or self.now(), has_receiver=bool(known and known.url))

    # ---------------------------------------------------------------------------------- snapshot

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self.lock = threading.RLock()


def receiver_key(corp: Corp, app: App) -> str:
    """The name of an app's callback address among the receivers."""
    return f"wecom:{corp.corpid}:{app.agent_id}"
