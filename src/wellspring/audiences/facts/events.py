"""Leaves over the log: who did it, how much, first and last; as bitmaps straight from the engine, or as values per member.

Every query respects a cut: the instant, what had arrived, and (for a few touched members) whom it is about.
"""

import dataclasses
import weakref
from collections.abc import Hashable, Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from wellspring.activity import api as activity
from wellspring.audiences.facts import columns, held, properties
from wellspring.audiences.facts.held_rows import View
from wellspring.audiences.facts.properties import Shape
from wellspring.audiences.facts.terms import Bound, Moment, Term, compare, ordered, range_of
from wellspring.audiences.rules.counters import compared
from wellspring.audiences.rules.tree import (
    Comparison,
    Did,
    First,
    Last,
    Measure,
    MeasureKind,
    Op,
    Top,
    Where,
    Zone,
    array_and_field,
)
from wellspring.audiences.rules.windows import EARLIEST, LATEST, Span, span
from wellspring.kernel.sets import from_clickhouse, from_column
from wellspring.kernel.stores.log import rows
from wellspring.kernel.workspace import Workspace

# Sums are of whole ten-thousandths, so that adding in any order gives the same: a price has two places, a rate four.
SCALE = 10_000
_KINDS_MAX = 10_000
# A hundred times what a leaf over 100 million events takes (0.2 to 0.6 s): whatever needs longer is a mistake.
LEAF_SECONDS_MAX = 60
# Rows handed over at once, 4 to 12 bytes each; of more, some members at a time.
ROWS_MAX = 10_000_000
# What is counted here over columns; the engine aggregates the rest.
_TALLIED = frozenset({MeasureKind.COUNT, MeasureKind.SUM, MeasureKind.DAYS})
_OF_TOTALS = frozenset({MeasureKind.SUM, MeasureKind.MIN, MeasureKind.MAX})
_EXTREMES = {MeasureKind.MIN: False, MeasureKind.MAX: True}
_SIZES = frozenset({Op.GT, Op.GTE, Op.LT, Op.LTE, Op.BETWEEN})
_COLUMNS = {MeasureKind.COUNT: ["<u4"], MeasureKind.SUM: ["<u4", "<i8"], MeasureKind.DAYS: ["<u4", "<i4"]}
# Of a few touched members there is never too much to hold at once.
_AMONG_MAX = 50_000
# The first or last instant of a member's events, which is never NULL.
_INSTANT = Term("NULL", "''", "NULL", "emptyArrayString()", "emptyArrayFloat64()", "1", instant="v")


@dataclasses.dataclass(frozen=True)
class Cut:
    """What a reading may see: the moment, arrivals up to `watermark`, receipts up to `known`, and the members `among`."""

    moment: Moment
    watermark: int | None = None
    known: int | None = None
    among: tuple[int, ...] | None = None


@dataclasses.dataclass(frozen=True)
class Spec:
    """Which events are measured, and how: what leaves with different comparisons and windows have in common."""

    event: str
    where: tuple[Where, ...]
    measure: Measure
    zone: Zone


# What was seen up to an arrival: a log only grows, and a kind whose rows were taken out again reads the same by a wider shape.
_shapes: "weakref.WeakKeyDictionary[Workspace, tuple[int, dict[str, Shape]]]" = weakref.WeakKeyDictionary()


def shapes(ws: Workspace, arrived: int, *, is_settled: bool) -> dict[str, Shape]:
    """What the rows of each kind in the log hold; only what arrived since the last time is looked at.

    `arrived` was read before the rows: what arrives in between is looked at again.
    """
    seen, known = _shapes.get(ws, (0, {}))
    if arrived == seen and is_settled:
        return known
    found = dict(known)
    asked = (
        f"SELECT kind, type = 'order' AS is_order FROM {activity.events_sql()} WHERE arrival_no > {{seen:UInt64}}"
        f" GROUP BY kind, is_order LIMIT {_KINDS_MAX}"
    )
    for row in rows(ws.log, asked, {"seen": seen}):
        shape = Shape.ORDER if row["is_order"] else Shape.PLAIN
        found[row["kind"]] = shape if found.get(row["kind"], shape) is shape else Shape.BOTH
    _shapes[ws] = arrived, found
    return found


class Reader:
    """Asks the log for one workspace; knows the shape of each kind."""

    def __init__(self, ws: Workspace, known: dict[str, Shape], *, settled: int | None, is_held: bool) -> None:
        self.ws = ws
        # The highest arrival while nothing is on its way, else None; and whether rows in memory may answer at all.
        self._settled, self._is_held = settled, is_held
        self._shapes = known
        self._holder = activity.holder_sql(ws)
        self.log = activity.events_sql()
        self._answers: dict[Hashable, list[npt.NDArray[Any]]] = {}

    def shape(self, kind: str) -> Shape:
        """A kind never seen is read as plain."""
        return self._shapes.get(kind, Shape.PLAIN)

    @property
    def holder(self) -> str:
        """The member that holds a row now."""
        return self._holder

    def did(self, leaf: Did, cut: Cut, *, negated: bool = False) -> BitMap:
        """The members with an event for whom the comparison holds; `negated`, those for whom it fails and a value is there."""
        spec, window = Spec(leaf.event, leaf.where, leaf.measure, leaf.zone), window_of(leaf, cut.moment)
        if leaf.measure.kind is MeasureKind.COUNT and leaf.comparison == Comparison(Op.IS if negated else Op.GTE, 0 if negated else 1):
            return self.happened(spec, window, cut)
        if leaf.measure.kind in _TALLIED:
            members, values = self.values(spec, window, cut)
            held = compared(values, leaf.comparison, scale=SCALE if leaf.measure.kind is MeasureKind.SUM else 1)
            return from_column(members[held != negated])
        if leaf.measure.kind in _EXTREMES and leaf.comparison.op in _SIZES and (found := self._held(spec, window, cut)) is not None:
            members, amounts = columns.extreme(*found, is_highest=_EXTREMES[leaf.measure.kind])
            return from_column(members[compared(amounts / SCALE, leaf.comparison) != negated])
        bound = Bound()
        conditions = self.conditions(spec, window, cut, bound)
        value, scale = self.measured(spec, cut, bound)
        inside = ordered("v", leaf.comparison, bound, scale=scale)
        having = f"v IS NOT NULL AND NOT ({inside})" if negated else inside
        grouped = f"SELECT toUInt32({self._holder}) AS m, {value} AS v FROM {self.log} WHERE {conditions} GROUP BY m HAVING {having}"
        return self._members(f"SELECT groupBitmapState(m) FROM ({grouped})", bound)

    def happened(self, spec: Spec, window: Span, cut: Cut) -> BitMap:
        """The members of any such event."""
        return BitMap.union(*(columns.distinct(members) for (members,) in self._rows(spec, window, cut, ["<u4"])))

    def instant(self, leaf: Last | First, cut: Cut) -> BitMap:
        """The members whose last or first matching event of all lies where the leaf wants it."""
        spec = Spec(leaf.event, leaf.where, Measure(), Zone.WORKSPACE)
        ever = (EARLIEST, cut.moment.now + 1)
        inside = _inside_of(leaf, cut.moment)
        if inside is not None:
            # Whose last event lies there has one there and none after it: ranges of time, where all instants need not be read.
            low, high = max(inside[0], ever[0]), min(inside[1], ever[1])
            found = self.happened(spec, (low, high), cut) if low < high else BitMap()
            others = (high, ever[1]) if isinstance(leaf, Last) else (ever[0], low)
            return found - self.happened(spec, others, cut) if found and others[0] < others[1] else found
        bound = Bound()
        conditions = self.conditions(spec, ever, cut, bound)
        function = "max" if isinstance(leaf, Last) else "min"
        held = []
        if leaf.comparison is not None:
            held.append(compare(_INSTANT, leaf.comparison, cut.moment, bound))
        if leaf.window is not None:
            first, after = span(leaf.window, now=cut.moment.now, zone=cut.moment.zone, member_zone=cut.moment.member_zone)
            held.append(f"v >= {bound.millis(first)} AND v < {bound.millis(after)}")
        grouped = f"SELECT toUInt32({self._holder}) AS m, {function}(at) AS v FROM {self.log} WHERE {conditions} GROUP BY m"
        return self._members(f"SELECT groupBitmapState(m) FROM ({grouped} HAVING {' AND '.join(held)})", bound)

    def anyone(self, cut: Cut) -> BitMap:
        """The members of whom any event had happened by the moment."""
        bound = Bound()
        conditions = [f"at < {bound.millis(cut.moment.now + 1)}", *self.cut_conditions(dataclasses.replace(cut, among=None), bound)]
        return self._members(f"SELECT groupBitmapState(toUInt32({self._holder})) FROM {self.log} WHERE {' AND '.join(conditions)}", bound)

    def values(self, spec: Spec, window: Span, cut: Cut, *, ranked: bool = False) -> tuple[npt.NDArray[np.uint32], npt.NDArray[Any]]:
        """Members with a value of the measure and that value, by member: whole numbers (sums times SCALE), or floats.

        When they are to be `ranked`, a sum of no number and a count of nothing distinct are no values.
        """
        kind = spec.measure.kind
        if kind in _TALLIED:
            parts = [_tallied(kind, found) for found in self._rows(spec, window, cut, _COLUMNS[kind], ranked=ranked)]
            if len(parts) == 1:
                return parts[0]
            members, values = (np.concatenate([part[place] for part in parts]) for place in range(2))
            order = np.argsort(members, kind="stable")
            return members[order], values[order]
        bound = Bound()
        conditions = self.conditions(spec, window, cut, bound)
        value, scale = self.measured(spec, cut, bound)
        is_whole = kind is MeasureKind.DISTINCT
        typed = f"assumeNotNull(toInt64({value}))" if is_whole else f"assumeNotNull({value if scale > 1 else f'toFloat64({value})'})"
        null = f" HAVING {value} {'> 0' if ranked and is_whole else 'IS NOT NULL'}"
        asked = f"SELECT toUInt32({self._holder}) AS m, {typed} AS v FROM {self.log} WHERE {conditions} GROUP BY m{null} ORDER BY m"
        found = np.frombuffer(self.ask(asked, bound), dtype=[("m", "<u4"), ("v", "<i8" if is_whole else "<f8")])
        return found["m"], found["v"]

    def _rows(self, spec: Spec, window: Span, cut: Cut, kinds: Sequence[str], *, ranked: bool = False) -> Iterator[list[npt.NDArray[Any]]]:
        """The member of each row, then what it counts for; of very many rows, some members at a time."""
        if (found := self._held(spec, window, cut)) is not None:
            yield found[: len(kinds)]
            return
        parts = self.parts([spec.event], cut)
        for part in range(parts):
            bound = Bound()
            wanted, conditions = [f"toUInt32({self._holder}) AS m"], [self.conditions(spec, window, cut, bound)]
            if spec.measure.kind is MeasureKind.DAYS:
                wanted.append(f"toInt32(toDate32(at, '{self._zone(spec, cut)}')) AS v")
            elif spec.measure.kind is MeasureKind.SUM:
                amount, is_number = self.amount(spec, cut, bound)
                wanted.append(f"{amount} AS v")
                conditions += [is_number] if ranked else []
            if parts > 1:
                conditions.append(f"m % {parts} = {part}")
            sql = f"SELECT {', '.join(wanted[: len(kinds)])} FROM {self.log} WHERE {' AND '.join(conditions)}"
            yield self.columns(sql, bound, kinds)

    def holds(self, spec: Spec) -> bool:
        """Whether rows in memory could answer: they know whose, when, and what orders came to."""
        measure = spec.measure
        if spec.where:
            return False
        is_total = measure.kind in _OF_TOTALS and measure.property == "total" and self.shape(spec.event) is Shape.ORDER
        return is_total or measure.kind in {MeasureKind.COUNT, MeasureKind.DAYS}

    def view(self, event: str, cut: Cut) -> View | None:
        """The rows of a kind in memory that the cut may show, None where the log must be asked."""
        upto = self._settled if cut.watermark is None else cut.watermark
        if not self._is_held or cut.known is not None or upto is None:
            return None
        return held.of(self.ws).view(self.ws, event, upto=upto, is_patient=cut.watermark is not None)

    def _held(self, spec: Spec, window: Span, cut: Cut) -> list[npt.NDArray[Any]] | None:
        view = self.view(spec.event, cut) if self.holds(spec) else None
        if view is not None and spec.measure.kind in _EXTREMES and not view.is_whole:
            return None
        until = min(window[1], cut.moment.now + 1)
        zone = self._zone(spec, cut)
        return None if view is None else held.rows(self.ws, view, (window[0], until), spec.measure.kind, zone=zone, among=cut.among)

    def parts(self, events: Sequence[str], cut: Cut) -> int:
        """In how many parts the rows of these kinds are read, so that not too many are held at once."""
        if _shapes.get(self.ws, (0, {}))[0] <= ROWS_MAX or (cut.among is not None and len(cut.among) <= _AMONG_MAX):
            return 1
        # Known from the index, where counting those that match takes as long as reading them.
        sql = f"SELECT count() FROM {self.log} WHERE kind IN {{kinds:Array(String)}}"
        return max(1, -(-int(self.ws.log.query(sql, {"kinds": sorted(set(events))}, fmt="TSV") or 0) // ROWS_MAX))

    def amount(self, spec: Spec, cut: Cut, bound: Bound) -> tuple[str, str]:
        """What one row adds to a sum, in ten-thousandths, and whether it has a number at all."""
        path, shape = str(spec.measure.property), self.shape(spec.event)
        if array_and_field(path)[0] is None:
            number = properties.term(path, shape).number
            return f"ifNull(toInt64(round({number} * {SCALE})), 0)", f"({number}) IS NOT NULL"
        found = f"arrayFilter(x -> x IS NOT NULL, {properties.line_values(path, spec.where, shape, cut.moment, bound).numbers})"
        return f"toInt64(arraySum(arrayMap(x -> toInt64(round(assumeNotNull(x) * {SCALE})), {found})))", f"notEmpty({found})"

    def several(self, event: str, asked: Sequence[tuple[Spec, Span, Comparison | None]], cut: Cut) -> npt.NDArray[Any]:
        """Many measures of one kind in one pass, for the members `among`: column m, and c0, c1, … in the order asked.

        With a comparison a column says whether it holds (0, 1, or 2 for no value); without, it is the whole number itself.
        """
        bound = Bound()
        columns, kinds = [f"toUInt32({self._holder}) AS m"], [("m", "<u4")]
        for place, (spec, window, comparison) in enumerate(asked):
            inside = " AND ".join(f"({part})" for part in self._inside(spec, window, cut, bound))
            value, scale = self.measured(spec, cut, bound, inside=inside)
            if comparison is None:
                columns.append(f"ifNull(toInt64({value}), 0) AS c{place}")
                kinds.append((f"c{place}", "<i8"))
            else:
                held = ordered(f"({value})", comparison, bound, scale=scale)
                columns.append(f"toUInt8(if({value} IS NULL, 2, {held})) AS c{place}")
                kinds.append((f"c{place}", "u1"))
        low = min(window[0] for _spec, window, _comparison in asked)
        conditions = [f"kind = {bound.text(event)}", *self.cut_conditions(cut, bound)]
        # Nothing earlier counts for any of them.
        conditions += [f"at >= {bound.millis(low)}"] if low > EARLIEST else []
        sql = f"SELECT {', '.join(columns)} FROM {self.log} WHERE {' AND '.join(conditions)} GROUP BY m ORDER BY m"
        return np.frombuffer(self.ask(sql, bound), dtype=kinds)

    def top(self, leaf: Top, cut: Cut) -> BitMap:
        """The members with the highest measure; a tie at the edge goes to the lower number."""
        spec = Spec(leaf.event, leaf.where, leaf.measure, leaf.zone)
        members, measured = self.values(spec, window_of(leaf, cut.moment), cut)
        return columns.highest(members, measured, leaf.percent)

    def conditions(self, spec: Spec, window: Span, cut: Cut, bound: Bound) -> str:
        """Which rows of the log are meant."""
        parts = [f"kind = {bound.text(spec.event)}", *self.cut_conditions(cut, bound), *self._inside(spec, window, cut, bound)]
        return " AND ".join(f"({part})" for part in parts)

    def _inside(self, spec: Spec, window: Span, cut: Cut, bound: Bound) -> list[str]:
        low, high = window[0], min(window[1], cut.moment.now + 1)
        parts = [f"at >= {bound.millis(low)}"] if low > EARLIEST else []
        parts.append(f"at < {bound.millis(high)}")
        return parts + properties.holds(spec.where, self.shape(spec.event), cut.moment, bound)

    def cut_conditions(self, cut: Cut, bound: Bound) -> list[str]:
        """What the cut lets be seen."""
        parts = []
        if cut.watermark is not None:
            parts.append(f"arrival_no <= {bound.add(cut.watermark, 'UInt64')}")
        if cut.known is not None:
            parts.append(f"received_at <= {bound.millis(cut.known)}")
        if cut.among is not None:
            parts.append(f"member_no IN {bound.add(cut.among, 'Array(UInt32)')}")
        return parts

    def measured(self, spec: Spec, cut: Cut, bound: Bound, *, inside: str = "") -> tuple[str, int]:
        """The measure as an aggregate over the rows of a member, and by what a literal is multiplied to compare with it.

        With `inside` only the rows that satisfy it are measured.
        """
        kind, path = spec.measure.kind, spec.measure.property
        if kind is MeasureKind.COUNT:
            return f"countIf({inside})" if inside else "count()", 1
        if kind is MeasureKind.DAYS:
            day = f"toDate32(at, '{self._zone(spec, cut)}')"
            return f"uniqExactIf({day}, {inside})" if inside else f"uniqExact({day})", 1
        shape = self.shape(spec.event)
        array, _field = array_and_field(str(path))
        if array is None:
            term = properties.term(str(path), shape)
            number, text, suffix = term.number, properties.tagged(term), ""
        else:
            term = properties.line_values(str(path), spec.where, shape, cut.moment, bound)
            number, text, suffix = term.numbers, term.texts, "Array"
        if inside:
            nothing = "[]" if suffix else "NULL"
            number, text = f"if({inside}, {number}, {nothing})", f"if({inside}, {text}, {nothing})"
        return _aggregate(kind, number, text, suffix), SCALE if kind in {MeasureKind.SUM, MeasureKind.AVG} else 1

    def _zone(self, spec: Spec, cut: Cut) -> ZoneInfo:
        return cut.moment.member_zone or cut.moment.zone if spec.zone is Zone.MEMBER else cut.moment.zone

    def _members(self, sql: str, bound: Bound) -> BitMap:
        return from_clickhouse(self.ask(sql, bound))

    def ask(self, sql: str, bound: Bound) -> bytes:
        """The answer in RowBinary. Raises QueryTooSlow: one condition may not keep everybody waiting."""
        return self.ws.log.query(sql, bound.params, fmt="RowBinary", seconds_max=LEAF_SECONDS_MAX)

    def columns(self, sql: str, bound: Bound, kinds: Sequence[str]) -> list[npt.NDArray[Any]]:
        """The answer's columns, of these numpy types."""
        return columns.read(self.ws.log.query(sql, bound.params, fmt="Native", seconds_max=LEAF_SECONDS_MAX), kinds)

    def few(self, sql: str, bound: Bound, kinds: Sequence[str]) -> list[npt.NDArray[Any]]:
        """The same of a few members: what several leaves ask alike is asked once."""
        key = sql, *(tuple(value) if isinstance(value, list) else value for value in bound.params.values())
        if key not in self._answers:
            self._answers[key] = self.columns(sql, bound, kinds)
        return self._answers[key]


def window_of(leaf: Did | Top, moment: Moment) -> Span:
    """The leaf's window at the moment, in milliseconds, half-open."""
    return span(leaf.window, now=moment.now, zone=moment.zone, member_zone=moment.member_zone)


def _inside_of(leaf: Last | First, moment: Moment) -> Span | None:
    """Where the leaf's instant must lie, None where that is no range of time."""
    found: Span = (EARLIEST, LATEST)
    if leaf.window is not None:
        found = span(leaf.window, now=moment.now, zone=moment.zone, member_zone=moment.member_zone)
    if leaf.comparison is None:
        return found
    wanted = range_of(leaf.comparison, moment)
    return None if wanted is None else (max(found[0], wanted[0]), min(found[1], wanted[1]))


def _tallied(kind: MeasureKind, found: Sequence[npt.NDArray[Any]]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[Any]]:
    if kind is MeasureKind.COUNT:
        return columns.counted(found[0])
    return columns.summed(found[0], found[1]) if kind is MeasureKind.SUM else columns.days(found[0], found[1])


def _aggregate(kind: MeasureKind, number: str, text: str, suffix: str) -> str:
    """Of numbers that may be NULL (or arrays of them); NULL where there is none, 0 for sum."""
    if kind is MeasureKind.DISTINCT:
        return f"uniqExact{suffix}({text})"
    if suffix:
        # Lists may be empty in every event, which -OrNull does not see: it asks for rows.
        found = f"arrayFilter(x -> x IS NOT NULL, {number})"
        counted = f"nullIf(countArray({found}), 0)"
        whole = f"arrayMap(x -> toInt64(round(assumeNotNull(x) * {SCALE})), {found})"
        if kind is MeasureKind.SUM:
            return f"sumArray({whole})"
        if kind is MeasureKind.AVG:
            return f"sumArray({whole}) / {counted}"
        return f"if({counted} IS NULL, NULL, {kind.value}Array({found}))"
    if kind in {MeasureKind.MIN, MeasureKind.MAX}:
        return f"{kind.value}OrNull({number})"
    whole = f"toInt64(round({number} * {SCALE}))"
    if kind is MeasureKind.SUM:
        return f"sum({whole})"
    # Compared as a quotient: exact while sum and count stay below 2^53.
    return f"sumOrNull({whole}) / count({number})"
