"""Which events match, and what is measured of them.

Sums and averages are exact: each value is rounded to four decimals (half to even), then added as a whole number.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil
from zoneinfo import ZoneInfo

from wellspring.audiences.rules.history import Event, History, counted_at
from wellspring.audiences.rules.tree import Measure, MeasureKind, Top, Value, Where, Zone, array_and_field
from wellspring.audiences.rules.values import is_number, matches
from wellspring.audiences.rules.windows import day_of, span
from wellspring.kernel.text import nfc

DECIMALS = 10_000
Number = int | float | Fraction


@dataclasses.dataclass(frozen=True, slots=True)
class Moment:
    """When and where is asked: the instant in milliseconds, the workspace's zone and the member's."""

    now: int
    zone: ZoneInfo
    member_zone: ZoneInfo

    def zone_of(self, whose: Zone) -> ZoneInfo:
        """The zone in which days are cut."""
        return self.member_zone if whose is Zone.MEMBER else self.zone

    def holds(self, value: Value, where: Where) -> bool:
        """Whether the comparison holds of a property's value."""
        return matches(value, where.comparison, now=self.now, zone=self.zone, member_zone=self.member_zone)


@dataclasses.dataclass(frozen=True, slots=True)
class Happened:
    """A matching event with the instant at which it counts."""

    at: int
    event: Event


def timeline(history: History, moment: Moment) -> list[Happened]:
    """Every event that counts by now, in order of time, equal times in order of arrival."""
    found = [(counted_at(event, moment.now), event) for event in history.events]
    counted = [Happened(at, event) for at, event in found if at is not None]
    return sorted(counted, key=lambda happened: (happened.at, happened.event.arrival_no))


def matching(events: Iterable[Happened], kind: str, where: Sequence[Where], moment: Moment) -> list[Happened]:
    """The events of that kind on which every condition holds."""
    wanted = nfc(kind)
    return [one for one in events if nfc(one.event.kind) == wanted and event_matches(one.event, where, moment)]


def event_matches(event: Event, where: Sequence[Where], moment: Moment) -> bool:
    """Whether all conditions hold on this one event, and those on an array's elements on one of them."""
    arrays = {array for one in where if (array := array_and_field(one.property)[0]) is not None}
    plain = [one for one in where if array_and_field(one.property)[0] is None]
    return all(moment.holds(property_of(event.props, one.property), one) for one in plain) and all(
        matching_lines(event, array, where, moment) for array in arrays
    )


def matching_lines(event: Event, array: str, where: Sequence[Where], moment: Moment) -> list[object]:
    """The elements of the event's array on which every condition about that array holds."""
    lines = _raw(event.props, array)
    conditions = [(array_and_field(one.property)[1], one) for one in where if array_and_field(one.property)[0] == array]
    if not isinstance(lines, list | tuple):
        return []
    return [line for line in lines if all(moment.holds(property_of(line, field), one) for field, one in conditions)]


def property_of(props: object, path: str) -> Value:
    """The value of a property; dots go into objects. An object is no value, and missing."""
    found = _raw(props, path)
    if isinstance(found, list | tuple):
        return tuple(part if isinstance(part, str | int | float) else None for part in found)
    return found if isinstance(found, str | int | float) else None


def measured(measure: Measure, events: Sequence[Happened], where: Sequence[Where], moment: Moment, zone: ZoneInfo) -> Number | None:
    """The measure of matching events; None where nothing can be measured (avg, min and max of nothing)."""
    if measure.kind is MeasureKind.COUNT:
        return len(events)
    if measure.kind is MeasureKind.DAYS:
        return len({day_of(one.at, zone) for one in events})
    values = _values(measure.property or "", events, where, moment)
    if measure.kind is MeasureKind.DISTINCT:
        return len({_identity(value) for value in values if value is not None and not isinstance(value, tuple)})
    numbers = [value for value in values if is_number(value) and isinstance(value, int | float)]
    if measure.kind is MeasureKind.SUM:
        return Fraction(sum(map(units, numbers)), DECIMALS)
    if not numbers:
        return None
    if measure.kind is MeasureKind.AVG:
        return Fraction(sum(map(units, numbers)), DECIMALS * len(numbers))
    return min(numbers) if measure.kind is MeasureKind.MIN else max(numbers)


def units(number: float) -> int:
    """Ten-thousandths, half to even."""
    return round(Fraction(str(number)) * DECIMALS)


def ranked_by(leaf: Top, history: History, moment: Moment) -> Number | None:
    """What the member is ranked by; None for one without any value, who is not among those that per cent are taken of."""
    start, end = span(leaf.window, now=moment.now, zone=moment.zone, member_zone=moment.member_zone)
    events = [one for one in timeline(history, moment) if start <= one.at < end]
    found = matching(events, leaf.event, leaf.where, moment)
    if not found:
        return None
    if leaf.measure.kind is MeasureKind.SUM and not any(
        is_number(value) for value in _values(leaf.measure.property or "", found, leaf.where, moment)
    ):
        return None
    value = measured(leaf.measure, found, leaf.where, moment, moment.zone_of(leaf.zone))
    return None if leaf.measure.kind is MeasureKind.DISTINCT and not value else value


def share_of(count: int, percent: float) -> int:
    """Per cent of a number, rounded up; in decimal, because 3,000 * 1.1 is 3,300.0000000000005."""
    return ceil(count * Fraction(str(percent)) / 100)


def top(values: Mapping[int, Number], percent: float) -> set[int]:
    """The member numbers with the highest values: per cent of all, rounded up; a tie at the edge goes to the lower number."""
    count = share_of(len(values), percent)
    return set(sorted(values, key=lambda member_no: (-Fraction(str(values[member_no])), member_no))[:count])


def _values(path: str, events: Sequence[Happened], where: Sequence[Where], moment: Moment) -> list[Value]:
    array, field = array_and_field(path)
    if array is None:
        return [property_of(one.event.props, field) for one in events]
    return [property_of(line, field) for one in events for line in matching_lines(one.event, array, where, moment)]


def _raw(props: object, path: str) -> object:
    found = props
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _identity(value: Value) -> tuple[str, Value]:
    if isinstance(value, bool):
        return ("boolean", value)
    return ("text", nfc(value)) if isinstance(value, str) else ("number", value)
