"""What lies in a basket: which categories are due, which articles, how many, and at what price.

A category is due when the household's stock runs out: a purchase of q packs of u units lasts q·u cycles. What is
not due is rarely bought, so repurchase intervals gather around the cycles although orders come at random.
All money is integer fen, and the parts of an order add up to its total exactly.
"""

from dataclasses import dataclass

import numpy as np

from wecom_simulator.town.arrays import Floats, Ints, pick
from wecom_simulator.town.catalogue import CATEGORIES, PRICE_BANDS, Catalogue

LINES_MAX = 5

CHILD_PULL: Floats = np.array([1.0 if category.child_months is None else 3.0 for category in CATEGORIES])
"""Households with a child come for its things first."""

# (basket from, taken off) in fen: the brand's standing coupons.
COUPONS = ((9_900, 1_000), (19_900, 2_500), (39_900, 6_000))

FREE_SHIPPING_MINOR = 9_900
SHIPPING_MINOR = 800


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order; `total_minor` is what the customer owes for it."""

    product: int
    quantity: int
    price_minor: int
    discount_minor: int
    total_minor: int


@dataclass(frozen=True, slots=True)
class Basket:
    """The lines of one order with what was taken off and added."""

    lines: tuple[Line, ...]
    coupon_minor: int
    shipping_minor: int

    @property
    def discount_minor(self) -> int:
        """All that was taken off the lines."""
        return sum(line.discount_minor for line in self.lines)

    @property
    def total_minor(self) -> int:
        """What the customer owes."""
        return sum(line.total_minor for line in self.lines) + self.shipping_minor


@dataclass(frozen=True, slots=True)
class Choice:
    """What a day's buyers put into their baskets: one row per line, rows of an order together."""

    order: Ints
    category: Ints
    product: Ints
    quantity: Ints


def due_weight(day: int, due_on: Floats, cycles: Floats) -> Floats:
    """Weigh how much each category is wanted: near nothing while the shelf at home is full."""
    # 0.12 of a cycle is the width of the change: most repurchases fall within a quarter of the due day.
    lateness = np.clip((day - due_on) / (0.12 * cycles), -30, 30)
    return 0.006 + 1 / (1 + np.exp(-lateness))


def choose(
    rng: np.random.Generator, catalogue: Catalogue, taste: Floats, due: Floats, stage: Ints, sensitivity: Floats, loyalty: Ints
) -> Choice:
    """Fill one basket per row: tastes weighed by what is due; `loyalty` fixes each person's favourite on every shelf."""
    orders = len(taste)
    counts = np.minimum(1 + rng.poisson(1.9, orders), LINES_MAX)
    # Gumbel top-k: the k largest of log w + G are a draw of k without replacement (Vieira 2014).
    pull = np.where(stage[:, None] > 0, CHILD_PULL, 1.0) * catalogue.stocked[stage]
    weights = taste * due * pull
    keys = np.log(np.maximum(weights, 1e-12)) + rng.gumbel(size=weights.shape)
    ranked = np.argsort(-keys, axis=1)[:, :LINES_MAX]
    # Something is bought in any case; more only as far as it is due.
    needed = rng.random(ranked.shape) < np.take_along_axis(due * (pull > 0), ranked, axis=1)
    kept = (np.arange(LINES_MAX) < counts[:, None]) & needed
    kept[:, 0] = True
    order, place = np.nonzero(kept)
    category = ranked[order, place]
    band = np.minimum((sensitivity * PRICE_BANDS).astype(np.int64), PRICE_BANDS - 1)[order]
    draws = rng.random(len(order))
    # Three lines in four are the favourite: the same draw per person and shelf gives the same article.
    favourite = ((loyalty[order] * 2_654_435_761 + category * 40_503) % 65_536) / 65_536
    draws = np.where(rng.random(len(order)) < 0.75, favourite, draws)
    slot = pick(catalogue.choice[band, stage[order], category], draws)
    product = np.array(catalogue.first_of_category)[category] + slot
    extra = rng.random(len(order))
    quantity = 1 + (extra < 0.16 + 0.12 * sensitivity[order]) + (extra < 0.03)
    return Choice(order, category.astype(np.int64), product, quantity.astype(np.int64))


def price(catalogue: Catalogue, products: list[int], quantities: list[int], *, reduction: float, coupon: bool, ships: bool) -> Basket:
    """Price one basket: the sale's reduction line by line, then a coupon spread over the lines."""
    listed = [catalogue.products[product].price_minor for product in products]
    cuts = [int(amount * quantity * reduction + 0.5) for amount, quantity in zip(listed, quantities, strict=True)]
    owed = [amount * quantity - cut for amount, quantity, cut in zip(listed, quantities, cuts, strict=True)]
    taken = _coupon(sum(owed)) if coupon else 0
    parts = spread(taken, owed)
    lines = tuple(
        Line(product, quantity, amount, cut + part, due - part)
        for product, quantity, amount, cut, part, due in zip(products, quantities, listed, cuts, parts, owed, strict=True)
    )
    goods = sum(line.total_minor for line in lines)
    shipping = SHIPPING_MINOR if ships and goods < FREE_SHIPPING_MINOR else 0
    return Basket(lines, taken, shipping)


def spread(amount: int, shares: list[int]) -> list[int]:
    """Split an amount by shares to the last fen: largest remainders first (Hamilton's method)."""
    total = sum(shares)
    if not amount or not total:
        return [0] * len(shares)
    parts = [amount * share // total for share in shares]
    remainders = sorted(range(len(shares)), key=lambda place: -(amount * shares[place] % total))
    for place in remainders[: amount - sum(parts)]:
        parts[place] += 1
    return parts


def _coupon(goods_minor: int) -> int:
    return max((taken for least, taken in COUPONS if goods_minor >= least), default=0)
