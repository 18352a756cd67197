"""What goes into requests and answers about marketing calendars and the calendar of deliveries."""

import datetime as dt
from typing import Annotated

import pydantic

from wellspring.engagement.contracts.campaigns import NODES_MAX, Node, Planned
from wellspring.engagement.http.shapes_campaigns import MonthDay, Name, Version
from wellspring.kernel.web import In, Moment, Out, Part


class CalendarNodeIn(Part):
    """A day of a calendar: each month, or once."""

    name: Name
    month_day: MonthDay | None = None
    on: dt.date | None = None

    def node(self) -> Node:
        """As a contract."""
        return Node(self.name, self.month_day, self.on)


class CalendarIn(In):
    """A marketing calendar; with `version` a change of one."""

    name: Name
    nodes: Annotated[list[CalendarNodeIn], pydantic.Field(min_length=1, max_length=NODES_MAX)]
    version: Version | None = None


class CalendarNodeOut(Out):
    """A day of a calendar."""

    name: str
    month_day: int | None
    on: dt.date | None


class CalendarOut(Out):
    """A marketing calendar."""

    id: str
    name: str
    nodes: list[CalendarNodeOut]
    version: int


class CalendarsOut(Out):
    """All marketing calendars."""

    rows: list[CalendarOut]


class DeliveryOut(Out):
    """One thing on the calendar of deliveries."""

    at: Moment
    kind: str
    id: str
    name: str
    state: str
    members: int
    is_ahead: bool


class DeliveriesOut(Out):
    """What went and what will go."""

    rows: list[DeliveryOut]


def deliveries_out(found: list[Planned]) -> DeliveriesOut:
    """A calendar of deliveries as an answer."""
    return DeliveriesOut(rows=[DeliveryOut.model_validate(one) for one in found])
