"""Orders that touches have caused: the living town says who and when, here they become orders of the brand's mini program.

A purchase gives the same order whenever it is asked for, so that telling one twice changes nothing.
"""

from collections.abc import Iterable
from datetime import timedelta

import numpy as np

from wecom_simulator.town import baskets, seasons
from wecom_simulator.town.actions import Action, day_of
from wecom_simulator.town.arrays import stream
from wecom_simulator.town.catalogue import catalogue
from wecom_simulator.town.client import Address, Connection
from wecom_simulator.town.days import Town
from wecom_simulator.town.shopping import IN_MINI, Sale

# Numbers of a day's own orders stay far below; a day has fewer than so many purchases of this kind.
_SEQUENCE_FIRST, _SEQUENCES = 5_000, 5_000
# A reminder meets shelves that are neither full nor empty.
_DUE = 0.5


class Touched:
    """Reads what the living town says was bought; asks only for what is new."""

    def __init__(self, town: Town, simulator: str) -> None:
        self._town = town
        self._connection = Connection(Address(simulator, "", ""))
        self._after = 0

    def fresh(self) -> list[Action]:
        """Give the orders since the last asking; an absent simulator has none."""
        try:
            rows = self._connection.call("GET", f"/simulator/truth?of=town_purchases&after={self._after}")
        except OSError:
            self._connection.close()
            return []
        bought: list[tuple[int, int, int]] = []
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, list):
                serial, at, person = (int(str(one)) for one in row)
                bought.append((serial, at, person))
        self._after = max((serial for serial, _, _ in bought), default=self._after)
        return orders(self._town, bought)


def orders(town: Town, bought: Iterable[tuple[int, int, int]]) -> list[Action]:
    """Turn purchases (serial, instant in seconds, person) into orders; who has no account buys unseen."""
    found = []
    for serial, at, person in bought:
        on = day_of(at * 1000)
        if town.people.registered_day[person] <= (on - town.opens_on).days:
            found.append(town.told(_sale(town, serial, at * 1000, person)))
    return found


def _sale(town: Town, serial: int, at_ms: int, person: int) -> Sale:
    day = (day_of(at_ms) - town.opens_on).days
    row = np.array([person], dtype=np.int64)
    taste = town.truth.affinity[row]
    due = np.full_like(taste, _DUE)
    rng = stream(town.seed, "touched", serial)
    choice = baskets.choose(rng, catalogue(), taste, due, town.stages(day, row), town.truth.price_sensitivity[row], row)
    reduction = seasons.reduction(town.opens_on + timedelta(days=day))
    basket = baskets.price(catalogue(), choice.product.tolist(), choice.quantity.tolist(), reduction=reduction, coupon=False, ships=True)
    return Sale(
        day=day,
        sequence=_SEQUENCE_FIRST + serial % _SEQUENCES,
        person=person,
        shop=IN_MINI,
        store=-1,
        guide=-1,
        at_ms=at_ms,
        basket=basket,
        shows_card=False,
        stored_share=0.0,
        paid=True,
        cancelled_at_ms=None,
        refunds=(),
    )
