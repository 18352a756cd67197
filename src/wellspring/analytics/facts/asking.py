"""Single values out of derived rows: what traits select, for everybody and for one."""

from typing import Any

from wellspring.analytics.facts.purchases import quoted
from wellspring.analytics.rules.rfm import SCORES, segments_by_place
from wellspring.kernel.stores.log import scalar
from wellspring.kernel.workspace import Workspace


def score_sql(scored: str, name: str) -> str:
    """One of the three scores."""
    return f"SELECT member_no, toFloat64({name}) AS value FROM ({scored})"


def cell_sql(scored: str) -> str:
    """The cell as text."""
    cell = "concat(toString(recency), '-', toString(frequency), '-', toString(monetary))"
    return f"SELECT member_no, {cell} AS value FROM ({scored})"


def segment_sql(scored: str) -> str:
    """The segment of the cell."""
    named = ", ".join(quoted(code) for code in segments_by_place())
    place = f"((recency - 1) * {SCORES} + frequency - 1) * {SCORES} + monetary"
    return f"SELECT member_no, [{named}][{place}] AS value FROM ({scored})"


def stage_sql(staged: str) -> str:
    """The stage of a buyer."""
    return f"SELECT member_no, toString(stage) AS value FROM ({staged})"


def cycle_sql(staged: str) -> str:
    """The cycle in days."""
    return f"SELECT member_no, cycle_days AS value FROM ({staged})"


def next_expected_sql(staged: str) -> str:
    """The next purchase that is expected; of the lost none is."""
    return f"SELECT member_no, next_at AS value FROM ({staged}) WHERE stage != 'lost'"


def value_of(ws: Workspace, relation: str, member_no: int, *, is_instant: bool = False) -> Any:  # noqa: ANN401 - the type is the relation's
    """One member's value; None where there is none. Instants in milliseconds."""
    value = "toUnixTimestamp64Milli(value)" if is_instant else "value"
    return scalar(ws.log, f"SELECT {value} FROM ({relation}) WHERE member_no = {int(member_no)} LIMIT 1")
