"""What is true of each customer and is never sent: rates, drop-out, tastes, responses.

Orders follow the Pareto/NBD model (Schmittlein, Morrison & Colombo 1987; Fader, Hardie & Lee 2005, "Counting
Your Customers the Easy Way", compares it with BG/NBD): while alive, customer i buys as a Poisson process of
rate λᵢ per day, and lives an exponential time of rate μᵢ. λ ~ Gamma(r, α) and μ ~ Gamma(s, β), independent.
The town's files keep these numbers apart; only tests read them, to hold estimates against them.
"""

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from wecom_simulator.town.arrays import Flags, Floats, Ints, stream
from wecom_simulator.town.catalogue import CATEGORIES

RATE_SHAPE, RATE_PER_DAY = 0.85, 0.029
"""r and the mean r/α of the purchase rates: about one order a month while alive, half of the people far fewer."""

DROPOUT_SHAPE, DROPOUT_DAYS = 1.1, 340.0
"""s and β of the drop-out rates: a quarter of the customers is lost within about 100 days."""

CYCLE_SPREAD = 0.25
"""Sigma of the lognormal by which a household's cycle differs from its category's."""

TOUCH_CHANNELS = ("wecom", "guide", "mini_program", "official_account", "sms", "email")

# Orders that one touch adds within seven days for a persuadable customer, by channel.
_TOUCH_ORDERS = np.array([0.060, 0.090, 0.030, 0.025, 0.035, 0.008])

PERSUADABLE, INDIFFERENT, SLEEPING_DOG = 0, 1, 2
"""Kinds of response: a touch helps, does nothing, or costs an order that would have come by itself."""

# fmt: off
# Share of a person's doings by hour, in six habits: early, office, lunch, evening, night with a baby, any time.
_HABITS = np.array([
    (1, 0, 0, 0, 1, 4, 9, 12, 12, 9, 7, 6, 6, 4, 3, 3, 3, 4, 5, 5, 4, 2, 1, 1),
    (0, 0, 0, 0, 0, 0, 1, 3, 6, 9, 10, 9, 7, 6, 8, 9, 9, 7, 4, 3, 4, 4, 2, 1),
    (0, 0, 0, 0, 0, 0, 1, 2, 3, 3, 4, 9, 18, 15, 6, 3, 3, 4, 5, 6, 7, 6, 4, 2),
    (1, 0, 0, 0, 0, 0, 0, 1, 2, 2, 3, 3, 4, 4, 3, 3, 3, 4, 7, 11, 16, 17, 11, 4),
    (9, 7, 5, 4, 3, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 3, 2, 2, 3, 4, 5, 8, 11, 12),
    (2, 1, 0, 0, 0, 1, 2, 4, 5, 6, 7, 7, 7, 6, 6, 6, 6, 6, 6, 6, 7, 7, 5, 3),
], dtype=np.float64)
# fmt: on
HOURS: Floats = np.cumsum(_HABITS / _HABITS.sum(axis=1, keepdims=True), axis=1)
"""Cumulative share by hour of each habit."""

_HABIT_WEIGHTS = np.array([0.13, 0.17, 0.15, 0.28, 0.12, 0.15])


@dataclass(frozen=True, slots=True)
class Truth:
    """One row per customer in each array; the customer's number is the row."""

    rate: Floats
    """λ: orders per day while alive."""
    dropout: Floats
    """μ: deaths per day."""
    lifetime_days: Floats
    """The days from joining to drop-out that came of μ."""
    affinity: Floats
    """Taste for each category; rows add up to 1."""
    cycle_days: Floats
    """Days that one unit of each category lasts in this household."""
    price_sensitivity: Floats
    """0 buys what it likes, 1 buys what is cheap."""
    coupon_hunter: Flags
    refund_propensity: Floats
    """Chance that an order is sent back, in part or in whole."""
    browsing: Floats
    """Visits without an order, per day while alive."""
    habit: Ints
    """Row of HOURS by which this person's hours are drawn."""
    response: Ints
    """PERSUADABLE, INDIFFERENT or SLEEPING_DOG."""
    touch_uplift: Floats
    """Orders that one touch adds (or costs) within seven days, per channel of TOUCH_CHANNELS."""
    channel_preference: Floats
    """Share of attention by channel of TOUCH_CHANNELS; rows add up to 1."""
    mute_propensity: Floats
    """Chance to mute after one unwanted touch."""
    delete_propensity: Floats
    """Chance to delete the guide after one unwanted touch."""
    unsubscribe_rate: Floats
    """Withdrawals of consent per day, touched or not."""

    def expected_orders(self, days: Floats) -> Floats:
        """Give the mean number of orders in so many days after joining: λ/μ · (1 - exp(-μt)).

        Equation (2) of Fader & Hardie, "A Note on Deriving the Pareto/NBD Model" (2005), for known λ and μ.
        """
        return self.rate / self.dropout * -np.expm1(-self.dropout * days)


def draw(seed: int, people: int) -> Truth:
    """Draw the hidden truths of so many people."""
    rng = stream(seed, "truth.rates")
    rate = rng.gamma(RATE_SHAPE, RATE_PER_DAY / RATE_SHAPE, people)
    # A floor of one death in a century keeps the exponential finite.
    dropout = np.maximum(rng.gamma(DROPOUT_SHAPE, 1 / DROPOUT_DAYS, people), 1 / 36_500)
    lifetime = rng.exponential(1 / dropout)
    affinity, cycles = _tastes(seed, people)
    rng = stream(seed, "truth.money")
    hunter = rng.random(people) < 0.18
    prone = rng.random(people) < 0.04
    refunds = np.where(prone, rng.beta(4, 9, people), rng.beta(1.2, 34, people))
    sensitivity = np.clip(rng.beta(2, 2.6, people) + 0.3 * hunter, 0, 1)
    uplift, response, preference = _responses(seed, sensitivity)
    rng = stream(seed, "truth.habits")
    return Truth(
        rate=rate,
        dropout=dropout,
        lifetime_days=lifetime,
        affinity=affinity,
        cycle_days=cycles,
        price_sensitivity=sensitivity,
        coupon_hunter=hunter,
        refund_propensity=refunds,
        browsing=0.3 * rate + rng.gamma(0.6, 0.009, people),
        habit=rng.choice(len(_HABITS), people, p=_HABIT_WEIGHTS).astype(np.int64),
        response=response,
        touch_uplift=uplift,
        channel_preference=preference,
        mute_propensity=rng.beta(1.2, 28, people),
        delete_propensity=rng.beta(1.0, 60, people),
        unsubscribe_rate=rng.gamma(0.5, 1 / 2_500, people),
    )


def _tastes(seed: int, people: int) -> tuple[Floats, Floats]:
    rng = stream(seed, "truth.tastes")
    appeal = np.array([category.appeal for category in CATEGORIES])
    taste = rng.gamma(0.8, 1, (people, len(CATEGORIES))) * appeal + 0.01
    cycles = np.array([category.cycle_days for category in CATEGORIES])
    own = rng.lognormal(0, CYCLE_SPREAD, (people, len(CATEGORIES)))
    return taste / taste.sum(axis=1, keepdims=True), cycles * own


def _responses(seed: int, sensitivity: Floats) -> tuple[Floats, Ints, Floats]:
    """Draw what touches do: a third is persuadable, the keener on prices the more; one in twenty is put off."""
    people = len(sensitivity)
    rng = stream(seed, "truth.responses")
    draws = rng.random(people)
    response = np.where(draws < 0.15 + 0.4 * sensitivity, PERSUADABLE, INDIFFERENT)
    response = np.where(draws > 0.95, SLEEPING_DOG, response).astype(np.int64)
    preference = rng.dirichlet(np.array([2.4, 1.6, 1.6, 1.0, 0.9, 0.3]), people)
    # A channel that holds an average share of the attention works at its average strength.
    strength = preference * len(TOUCH_CHANNELS) * _TOUCH_ORDERS * rng.lognormal(-0.08, 0.4, (people, 1))
    sign = np.select([response == PERSUADABLE, response == SLEEPING_DOG], [1.0, -0.4], 0.0)
    return strength * sign[:, None], response, preference


def write(truth: Truth, path: Path) -> None:
    """Write the truths to a file of their own, for tests and research; Wellspring never reads it."""
    arrays: dict[str, np.ndarray] = {field.name: getattr(truth, field.name) for field in fields(truth)}
    with path.open("wb") as target:
        np.savez_compressed(target, allow_pickle=False, **arrays)


def read(path: Path) -> Truth:
    """Read what `write` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        return Truth(**{field.name: stored[field.name] for field in fields(Truth)})
