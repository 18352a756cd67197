"""One small town and its first months, drawn once for all tests that only look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pytest

from wecom_simulator.town.actions import Action, Kind
from wecom_simulator.town.days import Town

OPENS_ON = date(2025, 9, 1)
CUSTOMERS = 1_500
DAYS = 120


@dataclass(frozen=True)
class Told:
    """A town with everything it told."""

    town: Town
    before: Sequence[Action]
    days: Sequence[Sequence[Action]]

    @property
    def actions(self) -> list[Action]:
        return [*self.before, *(action for day in self.days for action in day)]

    def of(self, kind: Kind) -> list[Action]:
        return [action for action in self.actions if action.kind is kind]


@pytest.fixture(scope="session")
def told() -> Told:
    town = Town(11, OPENS_ON, CUSTOMERS)
    return Told(town, town.before(), [actions for _, actions in town.days(OPENS_ON, DAYS)])
