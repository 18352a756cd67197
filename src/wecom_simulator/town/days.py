"""The town itself: everything that happens, day by day, from a seed and an opening date.

`Town.day(date)` gives the same actions whether the days before were asked for or not, in a year or alone: each
day draws from its own streams, and what carries over (stocks at home, orders to be returned) is walked through.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from wecom_simulator.town import people, truth
from wecom_simulator.town.actions import Action, in_order
from wecom_simulator.town.arrays import Ints
from wecom_simulator.town.browsing import Browsing
from wecom_simulator.town.geography import Geography, geography
from wecom_simulator.town.milestones import Milestones
from wecom_simulator.town.orders import Orders
from wecom_simulator.town.shopping import Sale, Shopping

CUSTOMERS = 10_000
"""Customers who have joined by the end of the first year: a year of theirs loads in about 90 seconds on two quiet cores."""


class Town:
    """A brand and its customers."""

    def __init__(self, seed: int, opens_on: date, customers: int = CUSTOMERS) -> None:
        self.seed = seed
        self.opens_on = opens_on
        self.geography: Geography = geography(seed)
        self.truth = truth.draw(seed, people.count(seed, customers))
        self.people = people.draw(seed, self.geography, customers, self.truth.unsubscribe_rate)
        self.milestones = Milestones(seed, opens_on, self.geography, self.people)
        self._restart()

    def _restart(self) -> None:
        self._latest: tuple[int, tuple[Action, ...]] = (-1, ())
        self._shopping = Shopping(self.seed, self.opens_on, self.geography, self.truth, self.people)
        self._orders = Orders(self.seed, self.opens_on, self.geography, self.people, self._shopping)
        self._browsing = Browsing(self.seed, self.opens_on, self.truth, self.people, self._shopping)

    def before(self) -> tuple[Action, ...]:
        """Tell what was known of the old customers when the town opened."""
        days = range(self.milestones.first_day, 0)
        return in_order(action for day in days for action in self.milestones.day(day))

    def day(self, on: date) -> tuple[Action, ...]:
        """Tell everything that happens on a date, in order; dates before the opening are empty."""
        day = (on - self.opens_on).days
        if day < 0:
            return ()
        # A clock that goes on by the hour asks for the same day again and again.
        if day == self._latest[0]:
            return self._latest[1]
        if day < self._shopping.day:
            self._restart()
        while self._shopping.day < day:
            self._orders.next_day()
        actions = self.milestones.day(day)
        actions += self._orders.next_day()
        actions += self._browsing.day(day, self._orders.sales)
        self._latest = (day, in_order(actions))
        return self._latest[1]

    def told(self, sale: Sale) -> Action:
        """Tell a sale that is none of a day's own."""
        return self._orders.told(sale)

    def stages(self, day: int, persons: Ints) -> Ints:
        """Give the stage of each one's child on a day."""
        return self._shopping.stages(day, persons)

    def days(self, first: date, count: int) -> Iterator[tuple[date, tuple[Action, ...]]]:
        """Tell so many days in a row."""
        for offset in range(count):
            on = first + timedelta(days=offset)
            yield on, self.day(on)
