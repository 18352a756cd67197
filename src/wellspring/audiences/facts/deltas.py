"""What changed between two cuts of the log: rows that arrived, and rows that time carried over the edge of a window.

One pass per kind serves every counter of that kind: the conditions come out as columns, so what a row counts for is
decided by the same SQL as in a full computation.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from wellspring.audiences.facts import properties
from wellspring.audiences.facts.events import Cut, Reader, Spec
from wellspring.audiences.facts.terms import NO, Bound
from wellspring.audiences.rules.tree import MeasureKind, array_and_field
from wellspring.audiences.rules.windows import EARLIEST, Span


@dataclasses.dataclass(frozen=True)
class Edges:
    """A counter's window at the last cut and at this one."""

    spec: Spec
    before: Span
    after: Span


@dataclasses.dataclass(frozen=True)
class Moved:
    """By member, in rising order: what is to be added to a counter."""

    members: npt.NDArray[np.uint32]
    amounts: npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True)
class Passed:
    """The deltas of one kind, everyone whom any of its rows is about, and those of them of whom anything aged."""

    moved: Sequence[Moved]
    touched: npt.NDArray[np.uint32]
    slid: npt.NDArray[np.uint32]
    arrived: int
    aged: int


Crossings = Mapping[str, Sequence[tuple[Span, Span]]]


def aged(reader: Reader, crossings: Crossings, cut: Cut, *, since: int) -> dict[str, list[int]]:
    """By kind, whose events known at arrival `since` lie between where an edge was and where it is; others may be among them.

    One question for all kinds: few rows age, the way in by time finds them at once, and what it holds no properties for is
    then asked of these members alone.
    """
    bound = Bound()
    crossing = _crossing([pair for spans in crossings.values() for pair in spans], bound)
    if crossing == NO:
        return {}
    kinds = sorted(crossings)
    named = bound.add(kinds, "Array(String)")
    conditions = [f"kind IN {named}", *reader.cut_conditions(cut, bound), f"arrival_no <= {bound.add(since, 'UInt64')}", crossing]
    sql = f"SELECT toUInt32(indexOf({named}, kind)) AS k, member_no FROM {reader.log} WHERE {' AND '.join(conditions)}"
    place, members = reader.columns(sql, bound, ["<u4", "<u4"])
    return {kind: np.unique(members[place == number]).tolist() for number, kind in enumerate(kinds, 1)}


def passed(
    reader: Reader, event: str, edges: Sequence[Edges], cut: Cut, *, since: int, spans: Sequence[tuple[Span, Span]], whose: Sequence[int]
) -> Passed:
    """Deltas since the cut at arrival `since`; `spans` are the windows then and now, `whose` the members of whom anything aged."""
    bound = Bound()
    columns, places = _columns(reader, edges, cut, bound)
    conditions = [f"kind = {bound.text(event)}", *reader.cut_conditions(cut, bound)]
    place = bound.add(since, "UInt64")
    # Asked apart: what arrived is found by the index of arrivals and what aged by its member, of an OR neither.
    parts = [(1, f"arrival_no > {place}")]
    if whose:
        parts.append((0, f"arrival_no <= {place} AND member_no IN {bound.add(whose, 'Array(UInt32)')} AND {_crossing(spans, bound)}"))
    asked = " UNION ALL ".join(
        f"SELECT {', '.join([f'toUInt32({reader.holder}) AS m, toUnixTimestamp64Milli(at) AS t, {fresh} AS fresh', *columns])}"
        f" FROM {reader.log} WHERE {' AND '.join([*conditions, part])}"
        for fresh, part in parts
    )
    kinds: list[Any] = [("m", "<u4"), ("t", "<i8"), ("fresh", "u1")]
    kinds += [(f"c{place}", "u1" if place < places.wheres else "<i8") for place in range(len(columns))]
    rows = np.frombuffer(reader.ws.log.query(asked, bound.params, fmt="RowBinary"), dtype=kinds)
    fresh = rows["fresh"] == 1
    moved = [_moved(rows, fresh, one, places.of[place]) for place, one in enumerate(edges)]
    return Passed(moved, np.unique(rows["m"]), np.unique(rows["m"][~fresh]), int(fresh.sum()), int(len(rows) - fresh.sum()))


@dataclasses.dataclass(frozen=True)
class _Places:
    """Which column holds a counter's condition, and which its amount (None where rows are counted)."""

    of: Sequence[tuple[int | None, int | None]]
    wheres: int


def _columns(reader: Reader, edges: Sequence[Edges], cut: Cut, bound: Bound) -> tuple[list[str], _Places]:
    wheres: dict[str, int] = {}
    amounts: dict[str, int] = {}
    found: list[tuple[int | None, int | None]] = []
    for one in edges:
        shape = reader.shape(one.spec.event)
        # The same condition twice is bound under other names, so what is compared is the specification itself.
        key = repr(one.spec.where)
        if one.spec.where and key not in wheres:
            wheres[key] = len(wheres)
        amount = None
        if one.spec.measure.kind is MeasureKind.SUM:
            amount_key = repr((one.spec.measure.property, one.spec.where if array_and_field(str(one.spec.measure.property))[0] else ()))
            amount = amounts.setdefault(amount_key, len(amounts))
        found.append((wheres[key] if one.spec.where else None, amount))
    columns = [""] * (len(wheres) + len(amounts))
    for one, (where, amount) in zip(edges, found, strict=True):
        shape = reader.shape(one.spec.event)
        if where is not None and not columns[where]:
            holds = properties.holds(one.spec.where, shape, cut.moment, bound)
            columns[where] = f"toUInt8({' AND '.join(f'({part})' for part in holds)})"
        if amount is not None and not columns[len(wheres) + amount]:
            columns[len(wheres) + amount] = reader.amount(one.spec, cut, bound)[0]
    named = [f"{column} AS c{place}" for place, column in enumerate(columns)]
    return named, _Places([(where, None if amount is None else len(wheres) + amount) for where, amount in found], len(wheres))


def _crossing(spans: Sequence[tuple[Span, Span]], bound: Bound) -> str:
    """Rows that lie between where an edge was and where it is."""
    between = set()
    for before, after in spans:
        for was, now in zip(before, after, strict=True):
            if was != now and max(was, now) > EARLIEST:
                between.add((min(was, now), max(was, now)))
    parts = [f"(at >= {bound.millis(low)} AND at < {bound.millis(high)})" for low, high in sorted(between)]
    return f"({' OR '.join(parts)})" if parts else NO


def _moved(rows: npt.NDArray[Any], fresh: npt.NDArray[np.bool_], edges: Edges, place: tuple[int | None, int | None]) -> Moved:
    at = rows["t"]
    is_in = (at >= edges.after[0]) & (at < edges.after[1])
    was_in = ~fresh & (at >= edges.before[0]) & (at < edges.before[1])
    amounts = is_in.astype(np.int64) - was_in.astype(np.int64)
    where, amount = place
    if where is not None:
        amounts *= rows[f"c{where}"]
    if amount is not None:
        amounts *= rows[f"c{amount}"]
    kept = amounts != 0
    members, turn = np.unique(rows["m"][kept], return_inverse=True)
    summed = np.zeros(len(members), dtype=np.int64)
    np.add.at(summed, turn, amounts[kept])
    return Moved(members, summed)
