"""Rhythms out of purchases: the brand's, each member's, each category's; and the stored days of them."""

import datetime as dt
from collections.abc import Mapping

import numpy as np
from pyroaring import BitMap

from wellspring.activity import api as activity
from wellspring.analytics.facts.purchases import DAY_MILLIS, ORDER_KEY, instant, purchases_sql, quoted
from wellspring.analytics.models import rhythm_log, stage_log
from wellspring.analytics.rules import lifecycle as rules
from wellspring.kernel.stores.log import rows
from wellspring.kernel.workspace import Workspace

_MEDIAN = "quantileExactInclusive(0.5)"
_QUARTILE = f"quantileExactInclusive({rules.CATEGORY_SHARE})"
_STAGE_COLUMNS = ("member_no", "stage", "cycle_days", "next_at")
_DUE_COLUMNS = ("member_no", "category", "n", "own", "last_at")
# Days between purchases on different days; the first of the differences is 0, as are those within a day.
_GAPS = "arrayFilter(gap -> gap > 0, arrayDifference(arraySort(groupArray(toInt32(day)))))"
# A category is a shelf; beyond so many it is a property somebody put into the wrong column.
CATEGORIES_MAX = 500


def brand(ws: Workspace, at: dt.datetime, *, zone: str, assumed_days: float) -> rules.Rhythm:
    """The rhythm of all buyers up to an instant; each of them counts once."""
    shares = ", ".join(str(share) for share in rules.SECOND_SHARES)
    asked = (
        f"SELECT countIf(n > 0) AS repeaters, {_MEDIAN.replace('(', 'If(', 1)}(own, n > 0) AS cycle_days,"
        f" quantilesExactInclusiveIf({shares})(toFloat64(gaps[1]), n > 0) AS second_days FROM ({_rhythms(ws, at, zone=zone)})"
    )
    found = rows(ws.log, asked)[0]
    repeaters = int(found["repeaters"])
    if not repeaters:
        return rules.rhythm(cycle_days=assumed_days, second_days=(assumed_days,) * 3, repeaters=0, assumed_days=assumed_days)
    expected, sleeping, lost = (float(days) for days in found["second_days"])
    return rules.rhythm(
        cycle_days=float(found["cycle_days"]), second_days=(expected, sleeping, lost), repeaters=repeaters, assumed_days=assumed_days
    )


def staged_sql(ws: Workspace, at: dt.datetime, rhythm: rules.Rhythm, *, zone: str) -> str:
    """Every buyer with stage, cycle and the next purchase that is expected: the columns of the stored table."""
    expected, sleeping, lost = rhythm.second_days
    cycle = f"if(n > 0, {_cycle('n', rhythm.cycle_days)}, {expected})"
    silent = f"(toUnixTimestamp64Milli({instant(at)}) - toUnixTimestamp64Milli(last_at)) / {DAY_MILLIS}"
    after = f"if(n > 0, {rules.LOST_AFTER} * cycle_days, {lost})", f"if(n > 0, {rules.SLEEPING_AFTER} * cycle_days, {sleeping})"
    stage = f"multiIf({silent} > {after[0]}, 'lost', {silent} > {after[1]}, 'sleeping', n > 0, 'repeat', 'first')"
    next_at = f"fromUnixTimestamp64Milli(toUnixTimestamp64Milli(last_at) + toInt64(cycle_days * {DAY_MILLIS}), 'UTC')"
    each = f"SELECT buyer, n, last_at, {cycle} AS cycle_days FROM ({_rhythms(ws, at, zone=zone)})"
    return f"SELECT toUInt32(buyer) AS member_no, {stage} AS stage, cycle_days, {next_at} AS next_at FROM ({each})"


def category_rhythms_sql(ws: Workspace, at: dt.datetime, *, zone: str) -> str:
    """Each buyer's own rhythm of each category: the columns of the stored table."""
    bought = purchases_sql(ws, at, zone=zone)
    # One number instead of two texts makes the join several times quicker; that two of 10⁹ orders share one has a chance of 3 %.
    lines = f"SELECT DISTINCT {ORDER_KEY} AS key, category FROM {activity.lines_sql()} WHERE category != '' AND quantity > 0"
    sold = f"SELECT {ORDER_KEY} AS key, buyer, sold_at, day FROM ({bought})"
    joined = (
        "SELECT p.buyer AS buyer, l.category AS category, p.sold_at AS sold_at, p.day AS day"
        f" FROM ({lines}) AS l INNER JOIN ({sold}) AS p ON p.key = l.key"
    )
    grouped = f"SELECT buyer, category, max(sold_at) AS last_at, {_GAPS} AS gaps FROM ({joined}) GROUP BY buyer, category"
    rhythms = _with_gaps(grouped, "buyer, category")
    return f"SELECT toUInt32(buyer) AS member_no, category, toUInt16(n) AS n, own, last_at FROM ({rhythms})"


def categories(ws: Workspace, rhythms: str) -> dict[str, tuple[float, int]]:
    """Every category's cycle in days, drawn towards that of all, with the number of its repeat buyers."""
    asked = (
        f"SELECT toString(category) AS name, {_QUARTILE}(own) AS cycle_days, count() AS buyers"
        f" FROM ({rhythms}) WHERE n > 0 GROUP BY GROUPING SETS ((category), ()) ORDER BY buyers DESC, name LIMIT {CATEGORIES_MAX + 1}"
    )
    found = rows(ws.log, asked)
    prior = max((float(row["cycle_days"] or 0) for row in found if not row["name"]), default=0)
    known = [(str(row["name"]), max(float(row["cycle_days"]), 1), int(row["buyers"])) for row in found if row["name"]]
    return {
        name: (
            max(rules.shrunk(days, buyers, max(prior, rules.CYCLE_DAYS_MIN), rules.CATEGORY_CREDIBILITY), rules.CYCLE_DAYS_MIN),
            buyers,
        )
        for name, days, buyers in known
    }


def due_sql(rhythms: str, cycles: Mapping[str, float]) -> str:
    """Each member's cycle of each category: `member_no`, `category`, `cycle_days`, `last_at`."""
    if not cycles:
        return f"SELECT member_no, category, 0.0 AS cycle_days, last_at FROM ({rhythms}) WHERE 0"
    names = ", ".join(quoted(name) for name in cycles)
    days = ", ".join(str(float(one)) for one in cycles.values())
    priced = f"SELECT *, transform(toString(category), [{names}], [{days}], 0.0) AS prior FROM ({rhythms})"
    return f"SELECT member_no, category, {_cycle('n', 'prior')} AS cycle_days, last_at FROM ({priced}) WHERE prior > 0"


def store_stages(ws: Workspace, staged: str, *, run: int, on: dt.date) -> None:
    """Keeps the answer of `staged_sql` as a run."""
    _store(ws, stage_log.name, _STAGE_COLUMNS, staged, run, on)


def store_rhythms(ws: Workspace, rhythms: str, *, run: int, on: dt.date) -> None:
    """Keeps the answer of `category_rhythms_sql` as a run."""
    _store(ws, rhythm_log.name, _DUE_COLUMNS, rhythms, run, on)


def stages_stored_sql(ws: Workspace, run: int) -> str:
    """The stages of a run, of members who still hold themselves."""
    return _stored(ws, stage_log.name, _STAGE_COLUMNS, run)


def rhythms_stored_sql(ws: Workspace, run: int) -> str:
    """Members' rhythms of categories of a run, of members who still hold themselves."""
    return _stored(ws, rhythm_log.name, _DUE_COLUMNS, run)


def by_stage(ws: Workspace, staged: str) -> dict[str, BitMap]:
    """The buyers of each stage."""
    found: dict[str, BitMap] = {}
    for choice in rules.STAGES[1:]:
        asked = f"SELECT member_no FROM ({staged}) WHERE stage = {quoted(choice.value)}"
        found[choice.value] = BitMap(np.frombuffer(ws.log.query(asked, fmt="RowBinary"), dtype="<u4"))
    return found


def due_categories_sql(due: str, now: dt.datetime) -> str:
    """The categories of each member whose cycle is nearly through, as SELECT of `member_no` and `value`."""
    cycle = f"cycle_days * {DAY_MILLIS}"
    silent = f"(toUnixTimestamp64Milli({instant(now)}) - toUnixTimestamp64Milli(last_at))"
    return (
        f"SELECT member_no, arraySort(groupArray(toString(category))) AS value FROM ({due})"
        f" WHERE {silent} >= {rules.DUE_FROM} * {cycle} AND {silent} <= {rules.DUE_UNTIL} * {cycle} GROUP BY member_no"
    )


def next_purchase_sql(due: str, now: dt.datetime) -> str:
    """When the earliest category that is not long over runs out, as SELECT of `member_no` and `value`."""
    until = f"toUnixTimestamp64Milli(last_at) + {rules.DUE_UNTIL} * cycle_days * {DAY_MILLIS}"
    ends = f"toUnixTimestamp64Milli(last_at) + toInt64(cycle_days * {DAY_MILLIS})"
    return (
        f"SELECT member_no, fromUnixTimestamp64Milli(min({ends}), 'UTC') AS value FROM ({due})"
        f" WHERE {until} >= toUnixTimestamp64Milli({instant(now)}) GROUP BY member_no"
    )


def _rhythms(ws: Workspace, at: dt.datetime, *, zone: str) -> str:
    """Each buyer's days between purchases (`gaps`), their number `n` and median `own`, and the last purchase."""
    bought = purchases_sql(ws, at, zone=zone)
    return _with_gaps(f"SELECT buyer, max(sold_at) AS last_at, {_GAPS} AS gaps FROM ({bought}) GROUP BY buyer", "buyer")


def _with_gaps(grouped: str, keys: str) -> str:
    return f"SELECT {keys}, last_at, gaps, length(gaps) AS n, if(n > 0, arrayReduce('{_MEDIAN}', gaps), 0.0) AS own FROM ({grouped})"


def _cycle(count: str, prior: float | str) -> str:
    weight = rules.CREDIBILITY
    drawn = f"exp(({count} * log(greatest(own, 1)) + {weight} * log({prior})) / ({count} + {weight}))"
    return f"greatest({rules.CYCLE_DAYS_MIN}, {drawn})"


def _store(ws: Workspace, table: str, columns: tuple[str, ...], found: str, run: int, on: dt.date) -> None:
    names = ", ".join(columns)
    ws.log.command(
        f"INSERT INTO {table} (run, day, {names}) SELECT {run} AS run, toDate('{on.isoformat()}') AS day, {names} FROM ({found})"
    )


def _stored(ws: Workspace, table: str, columns: tuple[str, ...], run: int) -> str:
    own = activity.holder_sql(ws, "member_no")
    held = "" if own == "member_no" else f" AND {own} = member_no"
    return f"SELECT {', '.join(columns)} FROM {table} WHERE run = {run}{held}"
