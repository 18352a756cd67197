"""Who buys on a day, where and when, and what later becomes of the order.

A day's buyers are Poisson counts of λ times the season among those alive, so that orders follow the Pareto/NBD
truth exactly; what they buy depends on what is due at home (`baskets`). Customers of an outside shop or with a
card join by buying. The shopping walks from day to day because stocks run down; it never looks at touches.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from wecom_simulator.town import baskets, seasons
from wecom_simulator.town.actions import DAY_MS, midnight_ms
from wecom_simulator.town.arrays import Floats, Ints, pick, stream
from wecom_simulator.town.baskets import Basket
from wecom_simulator.town.catalogue import STAGE_MONTHS, catalogue
from wecom_simulator.town.geography import GUIDES_PER_STORE, Geography
from wecom_simulator.town.people import SHOP, STORE, People
from wecom_simulator.town.truth import HOURS, Truth

SHOPS = ("mini", "tmall", "douyin", "store")
IN_MINI, IN_TMALL, IN_DOUYIN, IN_STORE = range(4)

# How people of each kind spread their orders over SHOPS, as far as they use them.
_MIX = np.array([(6.0, 1.4, 1.2, 1.6), (2.5, 4.0, 4.0, 0.3), (2.0, 0.8, 0.8, 6.0), (0.0, 0.0, 0.0, 1.0)])

UNPAID_SHARE = 0.035
CANCELLED_OF_UNPAID = 0.6
SHOWS_CARD = 0.88

# Stores open at ten and close at half past nine.
_STORE_OPENS_MS, _STORE_CLOSES_MS = 36_300_000, 76_800_000


@dataclass(frozen=True, slots=True)
class Refund:
    """Money going back; `line` is None when the whole order is returned."""

    number: int
    at_ms: int
    line: int | None
    quantity: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Sale:
    """One order with its hidden buyer (`person`) and what will become of it."""

    day: int
    sequence: int
    person: int
    shop: int
    store: int
    guide: int
    at_ms: int
    basket: Basket
    shows_card: bool
    stored_share: float
    """Part of the price that is paid from a stored-value card."""
    paid: bool
    cancelled_at_ms: int | None
    refunds: tuple[Refund, ...]

    @property
    def paid_minor(self) -> int:
        """What was paid: all of it or nothing."""
        return self.basket.total_minor if self.paid else 0


class Shopping:
    """Walks through the days; `next_day` must be asked for them in order from day 0."""

    def __init__(self, seed: int, opens_on: date, geography: Geography, truth: Truth, people: People) -> None:
        self.day = 0
        self._seed = seed
        self._opens_on = opens_on.toordinal()
        self._geography = geography
        self._truth = truth
        self._people = people
        rng = stream(seed, "shopping.start")
        start = np.maximum(people.joined_day, 0)[:, None]
        self._due_on = start + rng.uniform(-0.8, 0.8, truth.cycle_days.shape) * truth.cycle_days
        self._mix = _MIX[people.kind] * rng.gamma(1.5, 1, (len(people), len(SHOPS)))
        self._mix[:, IN_TMALL] *= people.tmall
        self._mix[:, IN_DOUYIN] *= people.douyin
        self._mix[:, IN_STORE] *= people.store >= 0
        self._dies = people.joined_day + truth.lifetime_days

    def next_day(self) -> tuple[Sale, ...]:
        """Let one day pass and return its orders."""
        day = self.day
        self.day += 1
        on = date.fromordinal(self._opens_on + day)
        rng = stream(self._seed, "shopping.day", day)
        buyers = self._buyers(rng, day, on)
        shops = self._shops(rng, day, buyers)
        buyers, shops = buyers[shops >= 0], shops[shops >= 0]
        choice = self._choose(rng, day, buyers)
        cuts = np.searchsorted(choice.order, np.arange(len(buyers) + 1))
        times = midnight_ms(on) + self._times(rng, day, buyers, shops)
        reduction = seasons.reduction(on)
        sales = []
        for place, draws in enumerate(rng.random((len(buyers), 9)).tolist()):
            lines = slice(int(cuts[place]), int(cuts[place + 1]))
            person, shop = int(buyers[place]), int(shops[place])
            basket = baskets.price(
                catalogue(),
                choice.product[lines].tolist(),
                choice.quantity[lines].tolist(),
                reduction=reduction,
                coupon=draws[0] < self._coupon_chance(person),
                ships=shop != IN_STORE,
            )
            sales.append(self._sale(day, place + 1, person, shop, int(times[place]), basket, draws))
        return tuple(sales)

    def stages(self, day: int, persons: Ints) -> Ints:
        """Give the stage of each one's child today."""
        months = self._people.child_months(day)[persons]
        stage = np.searchsorted(np.array(STAGE_MONTHS[:-1]), months, side="right")
        return np.where(months < STAGE_MONTHS[-1], stage, 0).astype(np.int64)

    def alive(self, day: int) -> Floats:
        """Give 1 for each person who has joined and not dropped out."""
        return ((self._people.joined_day <= day) & (day < self._dies)).astype(np.float64)

    def _buyers(self, rng: np.random.Generator, day: int, on: date) -> Ints:
        truth, people = self._truth, self._people
        season = np.where(truth.coupon_hunter, seasons.weight(on, hunter=True), seasons.weight(on, hunter=False))
        counts = rng.poisson(truth.rate * season * self.alive(day))
        counts += (people.joined_day == day) & ((people.kind == SHOP) | (people.kind == STORE))
        return np.repeat(np.arange(len(people), dtype=np.int64), counts)

    def _shops(self, rng: np.random.Generator, day: int, buyers: Ints) -> Ints:
        """Choose each one's shop among those open to it; -1 where there is none."""
        open_ = self._mix[buyers].copy()
        open_[:, IN_MINI] *= self._people.registered_day[buyers] <= day
        joins = (self._people.joined_day[buyers] == day) & (self._people.kind[buyers] == STORE)
        open_[joins, :IN_STORE] = 0
        total = open_.sum(axis=1, keepdims=True)
        shares = np.cumsum(np.divide(open_, total, out=np.zeros_like(open_), where=total > 0), axis=1)
        return np.where(total[:, 0] > 0, pick(shares, rng.random(len(buyers))), -1)

    def _choose(self, rng: np.random.Generator, day: int, buyers: Ints) -> baskets.Choice:
        stage = self.stages(day, buyers)
        truth = self._truth
        due = baskets.due_weight(day, self._due_on[buyers], truth.cycle_days[buyers])
        choice = baskets.choose(rng, catalogue(), truth.affinity[buyers], due, stage, truth.price_sensitivity[buyers], buyers)
        person = buyers[choice.order]
        lasts = truth.cycle_days[person, choice.category] * choice.quantity * catalogue().units[choice.product]
        # Stock left over is kept, up to one cycle: people do not hoard for ever.
        left = np.clip(self._due_on[person, choice.category] - day, 0, truth.cycle_days[person, choice.category])
        self._due_on[person, choice.category] = day + left + lasts
        return choice

    def _times(self, rng: np.random.Generator, day: int, buyers: Ints, shops: Ints) -> Ints:
        hour = pick(HOURS[self._truth.habit[buyers]], rng.random(len(buyers)))
        time = hour * 3_600_000 + rng.integers(0, 3_600_000, len(buyers))
        in_store = rng.integers(_STORE_OPENS_MS, _STORE_CLOSES_MS, len(buyers))
        time = np.where(shops == IN_STORE, in_store, time)
        people = self._people
        # Whoever registers or takes a card today buys at least three minutes later.
        fresh = (people.registered_day[buyers] == day) | (people.card_day[buyers] == day)
        return np.where(fresh, np.maximum(time, people.moment_ms[buyers] + 180_000 + time % 600_000), time)

    def _coupon_chance(self, person: int) -> float:
        if self._truth.coupon_hunter[person]:
            return 0.85
        return 0.08 + 0.4 * float(self._truth.price_sensitivity[person])

    def _sale(self, day: int, sequence: int, person: int, shop: int, at_ms: int, basket: Basket, draws: list[float]) -> Sale:
        """Decide store and guide, whether it is paid, and what comes back."""
        store, guide = self._till(person, draws) if shop == IN_STORE else (-1, -1)
        paid = shop == IN_STORE or draws[5] >= UNPAID_SHARE
        cancelled = not paid and draws[6] < CANCELLED_OF_UNPAID
        returned = paid and draws[5] > 1 - self._truth.refund_propensity[person]
        return Sale(
            day=day,
            sequence=sequence,
            person=person,
            shop=shop,
            store=store,
            guide=guide,
            at_ms=at_ms,
            basket=basket,
            shows_card=draws[1] < SHOWS_CARD,
            # One order in twelve is paid in part from a stored-value card.
            stored_share=0.2 + 0.6 * draws[8] * 12 if draws[8] < 1 / 12 else 0.0,
            paid=paid,
            cancelled_at_ms=at_ms + DAY_MS + int(draws[7] * 3_600_000) if cancelled else None,
            refunds=_refunds(at_ms, basket, draws) if returned else (),
        )

    def _till(self, person: int, draws: list[float]) -> tuple[int, int]:
        """Choose store and guide: mostly the home store, and there half of the time the own guide."""
        stores = self._geography.stores_of_city[int(self._people.city[person])]
        home, own = int(self._people.store[person]), int(self._people.guide[person])
        store = home if draws[2] < 0.85 else stores[int(draws[3] * len(stores))]
        if store == home and draws[4] < 0.5:
            return store, own
        return store, store * GUIDES_PER_STORE + int(draws[4] * GUIDES_PER_STORE)


def _refunds(at_ms: int, basket: Basket, draws: list[float]) -> tuple[Refund, ...]:
    """Send back everything (55 %), or one line; rarely another line some days after."""
    later = at_ms + (1 + int(draws[6] * 12)) * DAY_MS + int(draws[7] * 7_200_000)
    if draws[7] < 0.55 or len(basket.lines) == 1:
        return (Refund(1, later, None, 0, basket.total_minor),)
    first = int(draws[6] * 997) % len(basket.lines)
    returned = [_line_refund(basket, 1, first, later)]
    if draws[7] > 0.92:
        returned.append(_line_refund(basket, 2, (first + 1) % len(basket.lines), later + 2 * DAY_MS))
    return tuple(returned)


def _line_refund(basket: Basket, number: int, place: int, at_ms: int) -> Refund:
    """Send back one line, or one pack of it; what was paid for a pack is rounded down to the fen."""
    line = basket.lines[place]
    quantity = 1 if number == 1 else line.quantity
    return Refund(number, at_ms, place, quantity, line.total_minor * quantity // line.quantity)
