"""Traits as bitmaps, and who served a member's last order: what domains publish as relations, compared in the engine."""

from collections.abc import Sequence

from pyroaring import BitMap

from wellspring.activity import api as activity
from wellspring.activity.contracts import ORDER_COMPLETED
from wellspring.audiences.facts.events import LEAF_SECONDS_MAX
from wellspring.audiences.facts.terms import Bound, Moment, Term, compare
from wellspring.audiences.rules.tree import Comparison
from wellspring.kernel.sets import from_clickhouse
from wellspring.kernel.traits import TraitKind
from wellspring.kernel.workspace import Workspace

_NO_TEXTS, _NO_NUMBERS = "emptyArrayString()", "emptyArrayFloat64()"
_TERMS: dict[TraitKind, Term] = {
    "number": Term("toFloat64(value)", "NULL", "NULL", _NO_TEXTS, _NO_NUMBERS, "1"),
    "text": Term("NULL", "value", "NULL", _NO_TEXTS, _NO_NUMBERS, "1"),
    "boolean": Term("NULL", "NULL", "value", _NO_TEXTS, _NO_NUMBERS, "1"),
    "list": Term("NULL", "NULL", "NULL", "value", _NO_NUMBERS, "1"),
    "instant": Term("NULL", "toString(value)", "NULL", _NO_TEXTS, _NO_NUMBERS, "1", instant="value"),
}


def having(
    ws: Workspace, relation: str, kind: TraitKind, comparison: Comparison, moment: Moment, *, among: Sequence[int] | None = None
) -> BitMap:
    """The members of whose value the comparison holds; of no value, nobody."""
    bound = Bound()
    held = compare(_TERMS[kind], comparison, moment, bound)
    whom = f" AND member_no IN {bound.add(among, 'Array(UInt32)')}" if among is not None else ""
    asked = f"SELECT groupBitmapState(toUInt32(member_no)) FROM ({relation}) WHERE {held}{whom}"
    return from_clickhouse(ws.log.query(asked, bound.params, fmt="RowBinary", seconds_max=LEAF_SECONDS_MAX))


def served_last(ws: Workspace, staff_code: str, moment: Moment, *, watermark: int | None) -> BitMap:
    """The members whose latest paid order that names a member of staff names this one."""
    bound = Bound()
    arrived = f" AND arrival_no <= {bound.add(watermark, 'UInt64')}" if watermark is not None else ""
    rows = (
        f"SELECT toUInt32({activity.holder_sql(ws)}) AS m, argMax(staff, tuple(at, arrival_no)) AS s FROM {activity.events_sql()}"
        f" WHERE kind = {bound.text(ORDER_COMPLETED)} AND type = 'order' AND staff != '' AND at < {bound.millis(moment.now + 1)}{arrived}"
        " GROUP BY m"
    )
    asked = f"SELECT groupBitmapState(m) FROM ({rows}) WHERE s = {bound.text(staff_code)}"
    return from_clickhouse(ws.log.query(asked, bound.params, fmt="RowBinary", seconds_max=LEAF_SECONDS_MAX))
