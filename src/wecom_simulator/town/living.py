"""The town lives in the simulated WeCom: its customers arrive, read, answer, leave; its guides confirm, late or never.

What will happen stands in one heap; a single timer of the world waits for the first of it, so that a clock that is
moved stops at each doing. `advance` moves a virtual clock through it.
"""

import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

import numpy as np

from wecom_simulator.clock import parse
from wecom_simulator.external import friends, rules
from wecom_simulator.registry import action, timer, truth
from wecom_simulator.town import living_cast, living_talk, names
from wecom_simulator.town.actions import day_of
from wecom_simulator.town.days import CUSTOMERS
from wecom_simulator.town.living_cast import Cast
from wecom_simulator.town.truth import HOURS
from wecom_simulator.world import World

_TIMER = "town.next"
# How often the town looks for what the brand sent and asked of it.
_LOOK_SECONDS, _LOOK_SECONDS_REAL = 600, 5
_DAY = 86_400
# Share of the guides who publish a moment of their own on a day.
_POSTS_A_DAY = 0.1
# Chance of a day that somebody of another corp adds a guide: a supplier, a kindergarten that buys for its children.
_PARTNERS_A_DAY = 0.5
# How often a stranger is drawn before it is given up: nearly everybody may be a contact already.
_TRIES = 200

Coming = tuple[int, int, str, tuple[Any, ...]]


@dataclass(slots=True)
class Life:
    """What the town keeps: whose it is, what is to happen, and what it has seen already."""

    seed: int = 0
    opens_on: str = ""
    customers: int = 0
    pace: float = 1.0
    """How many times faster than life guides and customers react: a demonstration cannot wait for hours."""
    arrivals_per_hour: float = 0.0
    """Additional people who come by the brand's codes, drawn from its buyers who are no contacts yet."""
    coming: list[Coming] = field(default_factory=list)
    count: int = 0
    armed_at: int = 0
    random: Random = field(default_factory=Random)
    numbers: dict[str, int] = field(default_factory=dict)
    """Which of the town's people stands behind an external id."""
    seen_received: int = 0
    seen_masses: int = 0
    seen_moments: int = 0
    asked: set[tuple[str, str, int]] = field(default_factory=set)
    """Requests and hand-overs that somebody is thinking about already."""
    stream: int = 0
    """Which stream of additional people is the present one; a change of pace begins another."""
    muted: set[tuple[str, str]] = field(default_factory=set)
    """Relations that the customer has muted: nothing sent there is read any more."""
    clicks: deque[tuple[int, str, str]] = field(default_factory=lambda: deque(maxlen=10_000))
    """Instant, unionid and address of links that were opened."""
    purchases: deque[tuple[int, int, int]] = field(default_factory=lambda: deque(maxlen=100_000))
    """Serial, instant and person of orders that a touch has caused, for whoever tells the brand's orders."""
    tally: dict[str, int] = field(default_factory=dict)
    published: list[str] = field(default_factory=list)
    """Addresses of acquisition links as the brand's advertisements show them, with whatever stands behind them."""

    @property
    def cast(self) -> Cast:
        """The people, drawn again where they are needed."""
        return living_cast.cast(self.seed, date.fromisoformat(self.opens_on), self.customers)

    def plan(self, at: float, name: str, *arguments: Any) -> None:
        """Let something happen later."""
        self.count += 1
        heapq.heappush(self.coming, (int(at), self.count, name, arguments))

    def counts(self, what: str) -> None:
        """Count something that happened."""
        self.tally[what] = self.tally.get(what, 0) + 1


Doing = Callable[..., None]

DOINGS: dict[str, Doing] = {}


def doing(run: Doing) -> Doing:
    """Register what can be planned, under its function's name."""
    DOINGS[str(getattr(run, "__name__", ""))] = run
    return run


@action("小镇入住")
def town(
    world: World,
    seed: int = 7,
    customers: int = CUSTOMERS,
    until: str = "",
    days: int = 365,
    pace: float = 1.0,
    arrivals_per_hour: float = 0.0,
) -> dict[str, int]:
    """Let the town's people be contacts as they were at an instant (now), and live on from there."""
    life, corp = world.part(Life), world.corp
    if life.opens_on:
        raise ValueError("the town lives here already")
    at = parse(until) if until else world.now()
    life.seed, life.customers = seed, customers
    life.opens_on = date.fromordinal(day_of(at * 1000).toordinal() - days).isoformat()
    life.random = Random(seed)
    world.corp.settings.welcome_by_machine = world.clock.virtual
    drawn = life.cast
    living_cast.found_staff(corp, drawn.geography)
    # Between the instant of the history and now, time may have passed: whoever came meanwhile is there too.
    numbers = living_cast.settle_past(world, corp, drawn, max(at, world.now()))
    living_talk.settle_talk(friends.of(corp), seed, world.now())
    for number in numbers.tolist():
        life.numbers[names.external_userid(seed, number)] = number
    life.plan(world.now(), "look")
    life.plan(world.now(), "day", drawn.day(world.now()))
    town_pace(world, pace, arrivals_per_hour)
    return {"contacts": len(numbers), "staff": len(corp.staff), "groups": len(friends.of(corp).groups)}


@action("小镇节奏")
def town_pace(world: World, pace: float = 1.0, arrivals_per_hour: float = 0.0) -> dict[str, float]:
    """Let the town live faster or slower, with more or fewer people coming."""
    life = world.part(Life)
    if not life.opens_on or pace <= 0 or arrivals_per_hour < 0:
        raise ValueError("nobody lives here, or not at such a pace")
    life.pace, life.arrivals_per_hour, life.stream = pace, arrivals_per_hour, life.stream + 1
    life.plan(world.now() + 1, "passer_by", life.stream)
    arm(world, life)
    return {"pace": pace, "arrivals_per_hour": arrivals_per_hour}


@action("小镇广告")
def town_links(world: World, urls: list[str]) -> dict[str, int]:
    """Let people see these acquisition links instead of bare ones."""
    life = world.part(Life)
    life.published = [str(url) for url in urls]
    return {"links": len(life.published)}


@truth("town_clicks")
def clicks(world: World) -> list[tuple[int, str, str]]:
    """Tell which links were opened, so that whoever plays the phones can open them."""
    return [*world.part(Life).clicks]


@truth("town_purchases")
def purchases(world: World, after: str = "0") -> list[tuple[int, int, int]]:
    """Tell the orders that touches have caused, after a serial."""
    return [row for row in world.part(Life).purchases if row[0] > int(after)]


@truth("town_effects")
def effects(world: World) -> list[tuple[str, float, int]]:
    """Tell of each contact whom mass messages reached the external id, the orders that these add in the mean, and all that touches added.

    Who is put off by a message buys no less in this town: they mute or leave. What guides post and say of their own comes
    to everybody alike, so it is in the last number only.
    """
    life, external = world.part(Life), friends.of(world.corp)
    uplift = np.maximum(life.cast.truth.touch_uplift[:, 0], 0.0)
    mean: dict[str, float] = {}
    for row in external.received:
        if row.kind == "mass" and row.external_userid in life.numbers:
            added = float(uplift[life.numbers[row.external_userid]])
            mean[row.external_userid] = mean.get(row.external_userid, 0.0) + added
    bought: dict[int, int] = {}
    for _serial, _at, person in life.purchases:
        bought[person] = bought.get(person, 0) + 1
    return [(one, added, bought.get(life.numbers[one], 0)) for one, added in sorted(mean.items())]


@truth("town")
def tally(world: World) -> dict[str, Any]:
    """Tell what has happened in the town since it moved in."""
    life = world.part(Life)
    return {"tally": dict(sorted(life.tally.items())), "coming": len(life.coming), "muted": len(life.muted)}


def advance(world: World, until: int) -> int:
    """Move a virtual clock to an instant, with everything on the way; tells how many things happened."""
    life = world.part(Life)
    before = sum(life.tally.values())
    world.advance(until)
    return sum(life.tally.values()) - before


def arm(world: World, life: Life) -> None:
    """Wait for the first of what is coming."""
    if life.coming and (not life.armed_at or life.coming[0][0] < life.armed_at):
        life.armed_at = max(life.coming[0][0], world.now())
        world.later(life.armed_at, _TIMER)


@timer(_TIMER)
def fall_due(world: World) -> None:
    """Let happen what is due, and wait for the next."""
    life = world.part(Life)
    now = world.now()
    if life.armed_at > now:
        return
    while life.coming and life.coming[0][0] <= now:
        _, _, name, arguments = heapq.heappop(life.coming)
        DOINGS[name](world, life, *arguments)
    life.armed_at = 0
    arm(world, life)


def look_again(world: World, life: Life) -> None:
    """Look again after a while: soon where people watch, seldom where a clock is moved by hours."""
    life.plan(world.now() + (_LOOK_SECONDS if world.clock.virtual else _LOOK_SECONDS_REAL), "look")


@doing
def day(world: World, life: Life, number: int) -> None:
    """Plan a day: who comes, who writes, who leaves, at their own hours."""
    drawn, now = life.cast, world.now()
    midnight = now - (now + 8 * 3600) % _DAY
    life.plan(midnight + _DAY, "day", number + 1)
    if now == midnight:
        living_talk.talk(friends.of(world.corp), life.seed, rules.day_of(now) - 1)
    for who in np.flatnonzero(drawn.people.wecom_day == number).tolist():
        if (at := drawn.contact_at(who)) >= now:
            life.plan(at, "arrive", who)
    _plan_contacts(life, drawn, number, now, midnight)
    # Drawn apart, so that everything else happens as it would without them.
    partner = Random(f"{life.seed}/partner/{number}")
    if partner.random() < _PARTNERS_A_DAY and (comes_at := midnight + partner.uniform(9, 19) * 3600) >= now:
        life.plan(comes_at, "partner", number)
    for staff in world.corp.staff.values():
        posts_at = midnight + life.random.uniform(10, 21) * 3600
        if staff.is_active and life.random.random() < _POSTS_A_DAY and posts_at >= now:
            life.plan(posts_at, "own_moment", staff.userid)


@doing
def passer_by(world: World, life: Life, stream_number: int) -> None:
    """Let one more buyer come who is no contact yet, at even pace: a demonstration has no night."""
    if stream_number != life.stream or not life.arrivals_per_hour:
        return
    people, day = life.cast.people, life.cast.day(world.now())
    contacts = friends.of(world.corp).contacts
    for _ in range(_TRIES):
        who = life.random.randrange(len(people))
        one = names.external_userid(life.seed, who)
        if people.registered_day[who] <= day and one not in life.numbers and one not in contacts:
            DOINGS["arrive"](world, life, who)
            break
    life.plan(world.now() + max(1.0, life.random.expovariate(life.arrivals_per_hour / 3600)), "passer_by", stream_number)


def _plan_contacts(life: Life, drawn: Cast, day: int, now: int, midnight: int) -> None:
    """Draw which contacts write, leave, refer a friend or speak in a group today, and at which hour of their habit."""
    if not life.numbers:
        return
    numbers = np.fromiter(life.numbers.values(), dtype=np.int64)
    rng = np.random.default_rng([life.seed, 77, day + 2**20])
    alive = drawn.alive(now)[numbers]
    browsing, gone = drawn.truth.browsing[numbers] * alive, drawn.truth.delete_propensity[numbers]
    chances = {
        "write": np.minimum(browsing * 0.25, 0.5),
        "leave": gone * np.where(alive, 0.02, 0.06),
        "refer": browsing * 0.01,
        "chatter": browsing * 0.1,
        "leave_group": gone * 0.05,
    }
    draws = rng.random((len(numbers), len(chances)))
    hours = HOURS[drawn.truth.habit[numbers]]
    for column, (name, chance) in enumerate(chances.items()):
        chosen = np.flatnonzero(draws[:, column] < chance)
        hour = np.sum(rng.random(len(chosen))[:, None] >= hours[chosen], axis=1)
        instants = midnight + (np.minimum(hour, 23) + rng.random(len(chosen))) * 3600
        for number, at in zip(numbers[chosen].tolist(), instants.tolist(), strict=True):
            if at >= now:
                life.plan(at, name, number)


def hour_after(life: Life, number: int, at: int) -> float:
    """Draw when somebody takes up the phone next, by the hours of their habit."""
    shares = HOURS[life.cast.truth.habit[number]]
    midnight = at - (at + 8 * 3600) % _DAY
    draw = life.random.random()
    hour = next((place for place, share in enumerate(shares) if draw < share), 23)
    instant = midnight + (hour + life.random.random()) * 3600
    return at + (instant - at if instant > at else instant + _DAY - at) / life.pace
