"""Reads what leaves are made of: comparisons, windows, measures and `where`."""

from collections.abc import Callable, Collection, Mapping
from zoneinfo import ZoneInfo

from wellspring.audiences.rules import fields as read
from wellspring.audiences.rules.durations import DAY, millis_of
from wellspring.audiences.rules.faults import Faults
from wellspring.audiences.rules.fields import Fields
from wellspring.audiences.rules.tree import (
    Between,
    Calendar,
    Comparison,
    Duration,
    Measure,
    MeasureKind,
    Op,
    Rolling,
    Unit,
    Value,
    Where,
    Window,
    Zone,
)
from wellspring.audiences.rules.values import has_offset, instant

WHERE_MAX = 20
LIST_MAX = 5_000
ANY_OPS = frozenset(Op)
NUMBER_OPS = frozenset({Op.IS, Op.IS_NOT, Op.IN, Op.NOT_IN, Op.GT, Op.GTE, Op.LT, Op.LTE, Op.BETWEEN, Op.EXISTS, Op.MISSING})
INSTANT_OPS = frozenset({Op.BEFORE, Op.AFTER, Op.WITHIN_LAST, Op.WITHIN_NEXT, Op.ANNIVERSARY, Op.EXISTS, Op.MISSING})

_UTC = ZoneInfo("UTC")
_CALENDAR = {f"calendar {unit}": unit for unit in Unit}


def comparison(fields: Fields, ops: Collection[Op], *, has_window: bool) -> Comparison | None:
    """The one comparison among the keys, None where there is none.

    `has_window` tells whether `between` of two instants and `in` of a zone's name belong to the leaf's window.
    """
    found = [op for op in Op if op in fields and not (has_window and _is_of_window(fields, op))]
    if not found:
        return None
    if len(found) > 1:
        fields.faults.add(fields.path, "several_comparisons", keys=", ".join(found))
    for op in found:
        fields.take(op)
    op = found[0]
    if op not in ops:
        fields.fault(op, "comparison_unfit", key=op)
        return None
    value, path = fields.take(op), fields.at(op)
    if op in {Op.EXISTS, Op.MISSING}:
        return _presence(op, value, fields)
    only_numbers = Op.CONTAINS not in ops
    if only_numbers and op in {Op.IS, Op.IS_NOT}:
        return Comparison(op, read.number(value, path, fields.faults))
    if only_numbers and op in {Op.IN, Op.NOT_IN}:
        return Comparison(op, _several(value, path, fields.faults, read.number))
    if op is Op.BETWEEN and _are_texts(value):
        fields.fault(op, "between_not_window")
        return None
    return Comparison(op, _VALUES[op](value, path, fields.faults))


def needed_comparison(fields: Fields, ops: Collection[Op]) -> Comparison:
    """The comparison of a leaf that makes no sense without one."""
    count = len(fields.faults.found)
    found = comparison(fields, ops, has_window=False)
    if found is None and len(fields.faults.found) == count:
        fields.faults.add(fields.path, "comparison_missing")
    return found or Comparison(Op.EXISTS)


def window(fields: Fields) -> tuple[Window | None, Zone | None]:
    """The window of a leaf, and the zone that it names."""
    zone = _zone(fields)
    between = fields.found.get("between")
    has_between = _is_of_window(fields, Op.BETWEEN)
    if "within" in fields and has_between:
        fields.faults.add(fields.path, "several_windows")
    if "within" in fields:
        return _within(fields, zone), zone
    if not has_between:
        return None, zone
    return _between(fields.take("between"), fields) if _are_texts(between) else None, zone


def duration(value: object, path: str, faults: Faults) -> Duration:
    """A duration longer than nothing."""
    millis = millis_of(value) if isinstance(value, str) else None
    if millis is None:
        faults.add(path, "not_duration")
    elif millis == 0:
        faults.add(path, "zero_duration")
    return Duration(millis or DAY)


def measure(fields: Fields) -> Measure:
    """What is measured; a count where nothing is said."""
    if "measure" not in fields:
        return Measure()
    inner = fields.inner("measure")
    kinds = [kind for kind in MeasureKind if kind in inner]
    if len(kinds) != 1 or len(inner.found) != 1:
        fields.fault("measure", "not_measure")
        return Measure()
    kind = kinds[0]
    if kind in {MeasureKind.COUNT, MeasureKind.DAYS}:
        inner.true(kind)
        return Measure(kind)
    return Measure(kind, inner.property_path(kind))


def where(fields: Fields) -> tuple[Where, ...]:
    """The comparisons that must all hold of one event."""
    if "where" not in fields:
        return ()
    found = []
    for index, value in enumerate(fields.listed("where", WHERE_MAX)):
        part = read.fields_of(value, f"{fields.path}.where[{index}]", fields.faults)
        found.append(Where(part.property_path("property"), needed_comparison(part, ANY_OPS)))
        part.end()
    return tuple(found)


def _is_of_window(fields: Fields, op: Op) -> bool:
    value = fields.found.get(op)
    if op is Op.IN:
        return isinstance(value, str)
    return op is Op.BETWEEN and _are_texts(value)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(part, str) for part in value)


def _zone(fields: Fields) -> Zone | None:
    value = fields.found.get("in")
    if not isinstance(value, str):
        return None
    fields.take("in")
    if value in set(Zone):
        return Zone(value)
    fields.fault("in", "not_zone")
    return None


def _within(fields: Fields, zone: Zone | None) -> Window:
    value = fields.take("within")
    if isinstance(value, str) and value in _CALENDAR:
        return Calendar(_CALENDAR[value], zone or Zone.WORKSPACE)
    if not isinstance(value, str) or millis_of(value) is None:
        fields.fault("within", "not_window")
        return Rolling(DAY)
    return Rolling(duration(value, fields.at("within"), fields.faults).millis)


def _between(value: object, fields: Fields) -> Window:
    ends = [part for part in value if isinstance(part, str)] if isinstance(value, list) else []
    instants = [instant(end, _UTC) for end in ends]
    if len(ends) != 2 or None in instants:
        fields.fault("between", "not_between")
        return Between("1970-01-01", "1970-01-02")
    # Ends of which one waits for its zone are compared when it is known.
    if has_offset(ends[0]) == has_offset(ends[1]) and (instants[0] or 0) >= (instants[1] or 0):
        fields.fault("between", "not_between")
    return Between(ends[0], ends[1])


def _presence(op: Op, value: object, fields: Fields) -> Comparison:
    if not isinstance(value, bool):
        fields.fault(op, "not_true")
    return Comparison(op if value else {Op.EXISTS: Op.MISSING, Op.MISSING: Op.EXISTS}[op])


def _several(value: object, path: str, faults: Faults, one: Callable[[object, str, Faults], Value]) -> Value:
    if not isinstance(value, list):
        faults.add(path, "not_list")
        return (0,)
    if not value:
        faults.add(path, "empty_list")
    if len(value) > LIST_MAX:
        faults.add(path, "too_many", limit=LIST_MAX)
    parts = [one(part, f"{path}[{index}]", faults) for index, part in enumerate(value[:LIST_MAX])]
    return tuple(part for part in parts if not isinstance(part, tuple))


def _scalars(value: object, path: str, faults: Faults) -> Value:
    return _several(value, path, faults, read.scalar)


def _range(value: object, path: str, faults: Faults) -> Value:
    if not isinstance(value, list) or len(value) != 2:
        faults.add(path, "not_range")
        return (0, 0)
    if any(isinstance(part, str) for part in value):
        faults.add(path, "between_mixed")
        return (0, 0)
    low, high = (read.number(part, path, faults) for part in value)
    if low > high:
        faults.add(path, "not_range")
    return (low, high)


def _days(value: object, path: str, faults: Faults) -> Duration:
    millis = millis_of(value) if isinstance(value, str) else None
    if millis is None or millis % DAY:
        faults.add(path, "not_days")
    return Duration(millis or 0)


def _border(value: object, path: str, faults: Faults) -> str | Duration:
    if isinstance(value, str):
        millis = millis_of(value)
        if millis is not None:
            return Duration(millis)
        if instant(value, _UTC) is not None:
            return value
    faults.add(path, "not_instant")
    return Duration(0)


_VALUES: Mapping[Op, Callable[[object, str, Faults], Value | Duration]] = {
    Op.IS: read.scalar,
    Op.IS_NOT: read.scalar,
    Op.IN: _scalars,
    Op.NOT_IN: _scalars,
    Op.GT: read.number,
    Op.GTE: read.number,
    Op.LT: read.number,
    Op.LTE: read.number,
    Op.BETWEEN: _range,
    Op.CONTAINS: read.text,
    Op.STARTS_WITH: read.text,
    Op.INCLUDES: read.scalar,
    Op.BEFORE: _border,
    Op.AFTER: _border,
    Op.WITHIN_LAST: duration,
    Op.WITHIN_NEXT: duration,
    Op.ANNIVERSARY: _days,
}
