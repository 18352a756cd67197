"""Visits to the mini program and the web: what people look at, search, and lay into the cart.

A visit before an order looks at what is then bought; the others follow taste. Before registering a person is
only a device; afterwards the account is named too. A day's browsing depends on nothing but the day and its orders.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from wecom_simulator.town import names
from wecom_simulator.town.actions import Action, Body, Kind, System, iso, midnight_ms
from wecom_simulator.town.arrays import Ints, pick, stream
from wecom_simulator.town.catalogue import CATEGORIES, catalogue
from wecom_simulator.town.people import MINI, People
from wecom_simulator.town.shopping import IN_MINI, Sale, Shopping
from wecom_simulator.town.truth import HOURS, Truth

VIEWS_MAX = 6

# How much of its browsing each kind does on the brand's own pages before it has registered.
_STRANGER = np.array([1.0, 0.15, 0.1, 0.8])

# Who has dropped out still looks in now and then: silence is never complete.
_GHOST = 0.03

_SEARCHES = ("便宜", "新品", "囤货装", "试用装", "满减", "组合装", "")


class Browsing:
    """Tells a day's visits."""

    def __init__(self, seed: int, opens_on: date, truth: Truth, people: People, shopping: Shopping) -> None:
        self._seed = seed
        self._opens_on = opens_on
        self._truth = truth
        self._people = people
        self._shopping = shopping
        self._first = people.first_seen_day

    def day(self, day: int, sales: tuple[Sale, ...]) -> list[Action]:
        """Tell the visits of one day, given its orders."""
        rng = stream(self._seed, "browsing.day", day)
        start = midnight_ms(self._opens_on + timedelta(days=day))
        visitors = self._visitors(rng, day)
        stage = self._shopping.stages(day, visitors)
        taste = np.cumsum(self._truth.affinity[visitors] * catalogue().stocked[stage], axis=1)
        views = np.minimum(1 + rng.poisson(1.3, len(visitors)), VIEWS_MAX)
        hours = pick(HOURS[self._truth.habit[visitors]], rng.random(len(visitors)))
        # The last five minutes of an hour are left free, so that no visit runs past midnight.
        times = hours * 3_600_000 + rng.integers(0, 3_300_000, len(visitors))
        band = np.minimum((self._truth.price_sensitivity[visitors] * 4).astype(np.int64), 3)
        draws = rng.random((len(visitors), VIEWS_MAX, 3))
        firsts = np.array(catalogue().first_of_category)
        actions: list[Action] = []
        shelves: list[tuple[Ints, Ints]] = []
        for view in range(VIEWS_MAX):
            # The second view on, half of the time, stays on the shelf of the one before.
            category = pick(taste, draws[:, view, 0] * taste[:, -1])
            if view:
                category = np.where(draws[:, view, 2] < 0.5, shelves[-1][0], category)
            slot = pick(catalogue().choice[band, stage, category], draws[:, view, 1])
            shelves.append((category, firsts[category] + slot))
        products = np.stack([product for _, product in shelves], axis=1).tolist()
        rest = draws[:, 0, 2].tolist()
        for visit, (person, at, count) in enumerate(zip(visitors.tolist(), times.tolist(), views.tolist(), strict=True)):
            seen = products[visit][:count]
            actions += self._visit(person, day, start + at, seen, rest[visit], f"v{visit}", carted=())
        for sale in sales:
            if sale.shop == IN_MINI:
                bought = [line.product for line in sale.basket.lines]
                begins = sale.at_ms - 240_000 - 45_000 * len(bought)
                actions += self._visit(sale.person, day, max(begins, start), bought, 1.0, f"o{sale.sequence}", carted=bought)
        return actions

    def _visitors(self, rng: np.random.Generator, day: int) -> Ints:
        people = self._people
        known = people.registered_day <= day
        alive = self._shopping.alive(day)
        here = (self._first <= day) & ((alive > 0) | (people.joined_day > day))
        reach = np.where(known, 1.0, _STRANGER[people.kind])
        rate = self._truth.browsing * reach * np.where(here, 1.0, _GHOST * (self._first <= day))
        counts = rng.poisson(rate)
        counts += (self._first == day) & (people.kind == MINI)
        return np.repeat(np.arange(len(people), dtype=np.int64), np.minimum(counts, 4))

    def _visit(
        self, person: int, day: int, at_ms: int, seen: list[int], draw: float, key: str, carted: list[int] | tuple[()]
    ) -> Iterator[Action]:
        """One visit: a screen, perhaps a search, the articles looked at, perhaps one laid into the cart."""
        who = self._who(person, day, draw)
        household = int(self._people.household[person])
        prefix = f"town-{self._seed}-{day}-{key}"
        system = System.WEB if self._on_web(person, draw) else System.MINI
        step = 0

        def tell(body: Body) -> Action:
            nonlocal step
            instant = at_ms + step * 21_000
            message: Body = {"messageId": f"{prefix}-{step}", "timestamp": iso(instant), **who, **body}
            step += 1
            return Action(instant, Kind.MESSAGE, system, household, person, message)

        yield tell(self._opening(person, draw))
        if 0.1 < draw < 0.2:
            category = CATEGORIES[catalogue().products[seen[0]].category].name
            query = f"{category} {_SEARCHES[int(draw * 1000) % len(_SEARCHES)]}".strip()
            yield tell({"type": "track", "event": "Products Searched", "properties": {"query": query}})
        for product in seen:
            yield tell({"type": "track", "event": "Product Viewed", "properties": _article(product)})
        for product in carted or (seen[-1:] if 0.2 < draw < 0.34 else ()):
            yield tell({"type": "track", "event": "Product Added", "properties": {**_article(product), "quantity": 1}})

    def _who(self, person: int, day: int, draw: float) -> Body:
        """Name the device, and the account once there is one; web browsers stay strangers until a sign-in."""
        people = self._people
        if self._on_web(person, draw):
            device = names.device(self._seed, person, 2)
            known = bool(people.web_login[person])
        else:
            device = names.device(self._seed, person, int(people.second_device[person] and draw > 0.9))
            known = True
        if known and people.registered_day[person] < day:
            return {"anonymousId": device, "userId": names.account(person)}
        return {"anonymousId": device}

    def _on_web(self, person: int, draw: float) -> bool:
        """A third of the visits of those who use the web at all."""
        return bool(self._people.web[person]) and 0.4 < draw < 0.75

    def _opening(self, person: int, draw: float) -> Body:
        if self._on_web(person, draw):
            return {
                "type": "page",
                "name": "官网首页",
                "properties": {"url": "https://heya.example.com/", "title": "禾芽官方商城"},
            }
        return {"type": "screen", "name": ("首页", "会员中心", "活动会场", "分类")[int(draw * 97) % 4], "properties": {}}


def _article(product: int) -> Body:
    article = catalogue().products[product]
    return {
        "sku": article.sku,
        "product": article.name,
        "category": CATEGORIES[article.category].name,
        "price": article.price_minor / 100,
    }
