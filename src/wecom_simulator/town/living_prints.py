"""Printed codes that come into the town's homes: cards in parcels, codes inside packages.

Whoever lays such a print into parcels tells the town where it leads. Who opens its page, and when, is a matter of their
taste and hours: money draws bargain hunters.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from wecom_simulator.registry import action
from wecom_simulator.town.living import Life, arm, hour_after
from wecom_simulator.town.truth import PERSUADABLE, SLEEPING_DOG
from wecom_simulator.world import World

CARD, PACKAGE = "card", "package"
_DAY = 86_400
# Parcels lie about: half of those who scan do so within two days of the delivery.
_MEAN_DAYS = 3.0
# Share of the prints that come to people one by one later, instead of lying in homes already.
_KEPT_BACK = 0.3
# Share of the packages of a batch that were sold by now.
_SOLD = 0.4


@dataclass(slots=True)
class Print:
    """A batch of prints: where each leads, which code of WeCom its page shows, and what it promises."""

    kind: str
    way: str
    hook: str
    urls: list[str]
    """Of cards one that all share, of packages one each."""
    count: int = 0
    left: list[int] = field(default_factory=list)
    """Places of prints that nobody has yet."""


@dataclass(slots=True)
class Prints:
    """Every batch of prints that the town was told of."""

    batches: dict[str, Print] = field(default_factory=dict)

    @property
    def ways(self) -> set[str]:
        """Codes that are behind a page: nobody finds them elsewhere."""
        return {batch.way for batch in self.batches.values()}


@action("小镇收到印刷品")
def town_prints(world: World, cards: list[dict[str, Any]] | None = None, packages: list[dict[str, Any]] | None = None) -> dict[str, int]:
    """Lay cards `{url, way, count, hook}` and packages `{urls, way}` into the parcels of people; of a known batch only what is new."""
    life, prints = world.part(Life), world.part(Prints)
    if not life.opens_on:
        raise ValueError("nobody lives here")
    for card in cards or []:
        batch = prints.batches.setdefault(str(card["url"]), Print(CARD, str(card["way"]), str(card.get("hook", "")), [str(card["url"])]))
        _deal(world, life, str(card["url"]), batch, int(card["count"]), 1 - _KEPT_BACK)
    for package in packages or []:
        urls = [str(url) for url in package["urls"]]
        batch = prints.batches.setdefault(urls[0], Print(PACKAGE, str(package["way"]), "", urls))
        _deal(world, life, urls[0], batch, len(batch.urls), _SOLD)
    arm(world, life)
    return {"batches": len(prints.batches), "prints": sum(batch.count for batch in prints.batches.values())}


def find_print(world: World, life: Life, number: int) -> bool:
    """Let somebody who is about to come find a print instead, if one is left; tells whether they did."""
    prints = world.part(Prints)
    keys = [key for key, batch in prints.batches.items() if batch.left]
    if not keys:
        return False
    key = life.random.choice(keys)
    life.plan(world.now(), "open_print", number, key, prints.batches[key].left.pop(), 1.0)
    return True


def _deal(world: World, life: Life, key: str, batch: Print, count: int, share: float) -> None:
    """Give the newly told prints to people who order, the more often the likelier; the rest is found later."""
    fresh = [*range(batch.count, count)]
    batch.count = max(batch.count, count)
    life.random.shuffle(fresh)
    dealt = round(len(fresh) * share)
    batch.left += fresh[dealt:]
    drawn, now = life.cast, world.now()
    able = np.flatnonzero(drawn.alive(now) & (drawn.people.registered_day <= drawn.day(now)))
    if not dealt or not len(able):
        return
    rng = np.random.default_rng([life.seed, 91, len(world.part(Prints).batches), batch.count])
    rates = drawn.truth.rate[able]
    people = rng.choice(able, size=min(dealt, len(able)), replace=False, p=rates / rates.sum())
    for number, place in zip(people.tolist(), fresh, strict=False):
        if life.random.random() < _interest(life, batch, number):
            delay = life.random.expovariate(1 / (_MEAN_DAYS * _DAY)) / life.pace
            life.plan(hour_after(life, number, int(now + delay)), "open_print", number, key, place)


def _interest(life: Life, batch: Print, number: int) -> float:
    """Give the chance that somebody scans a print, by what they like and what it promises."""
    true = life.cast.truth
    if batch.kind == PACKAGE:
        return 0.2 + 0.25 * float(true.price_sensitivity[number])
    bargain = float(true.price_sensitivity[number]) + (0.3 if true.coupon_hunter[number] else 0.0)
    chance = 0.08 + (0.32 * bargain if batch.hook == "cash" else 0.2 * (1.2 - bargain))
    return chance * {PERSUADABLE: 1.3, SLEEPING_DOG: 0.3}.get(int(true.response[number]), 1.0)
