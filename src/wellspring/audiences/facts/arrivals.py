"""Single events as they arrived or happened, for whoever waits for them: whose, when, which of several wishes they fulfil.

One question serves every wish at once, so that a hundred journeys cost a tick one read of the log. What an event must
hold is decided by the same SQL as in an audience.
"""

import dataclasses
from collections.abc import Sequence

import orjson

from wellspring.audiences.contracts import Arrived, Wanted
from wellspring.audiences.facts import properties
from wellspring.audiences.facts.events import Cut, Reader
from wellspring.audiences.facts.terms import Bound
from wellspring.audiences.rules.tree import Did

# Of a span of the past that is replayed; a brand with more events of the kinds that a journey waits for asks for less time.
ROWS_MAX = 2_000_000


@dataclasses.dataclass(frozen=True)
class Rows:
    """Which rows are meant: arrivals in (after, upto], or events in [since, until) milliseconds."""

    after: int = 0
    upto: int = 0
    since: int = 0
    until: int = 0


def arrived(reader: Reader, wanted: Sequence[tuple[Wanted, Did]], rows: Rows, cut: Cut) -> list[Arrived]:
    """Every event that fulfils a wish, in order of time and then of arrival; nobody's events are left out."""
    if not wanted:
        return []
    bound = Bound()
    holds = [_holds(reader, leaf, cut, bound) for _wish, leaf in wanted]
    keys = [_key(reader, wish, bound) for wish, _leaf in wanted]
    kinds = bound.add(sorted({leaf.event for _wish, leaf in wanted}), "Array(String)")
    columns = [f"toUInt32({reader.holder}) AS m", "toUnixTimestamp64Milli(at) AS t", "arrival_no AS n", "flags AS f"]
    columns += [f"[{', '.join(holds)}] AS h", f"[{', '.join(keys)}] AS k"]
    span = (
        f"arrival_no > {bound.add(rows.after, 'UInt64')} AND arrival_no <= {bound.add(rows.upto, 'UInt64')}"
        if rows.upto
        else f"at >= {bound.millis(rows.since)} AND at < {bound.millis(rows.until)}"
    )
    asked = (
        f"SELECT {', '.join(columns)} FROM {reader.log} WHERE kind IN {kinds} AND {span} AND m > 0 AND arrayExists(x -> x, h)"
        f" ORDER BY t, n LIMIT {ROWS_MAX}"
    )
    found = reader.ws.log.query(asked, bound.params, fmt="JSONCompactEachRow")
    return [_arrived(line) for line in found.splitlines() if line]


def _arrived(line: bytes) -> Arrived:
    member_no, at, arrival_no, flags, holds, keys = orjson.loads(line)
    return Arrived(member_no, at, arrival_no, flags, tuple((place, keys[place]) for place, held in enumerate(holds) if held))


def _holds(reader: Reader, leaf: Did, cut: Cut, bound: Bound) -> str:
    parts = [f"kind = {bound.text(leaf.event)}", *properties.holds(leaf.where, reader.shape(leaf.event), cut.moment, bound)]
    return f"ifNull(toUInt8({' AND '.join(f'({part})' for part in parts)}), 0)"


def _key(reader: Reader, wish: Wanted, bound: Bound) -> str:  # noqa: ARG001 - a property's name is quoted, never bound
    if not wish.key:
        return "''"
    term = properties.term(wish.key, reader.shape(wish.event))
    return f"coalesce({term.text}, toString({term.number}), '')"
