"""The mirror of attributes: written from what people tells, asked by name.

A row is replaced by one of a higher version, which is the place in people's telling that it was read at.
"""

from collections.abc import Iterable, Mapping, Sequence

import orjson
from pyroaring import BitMap

from wellspring.activity import api as activity
from wellspring.audiences.facts.events import LEAF_SECONDS_MAX
from wellspring.audiences.facts.terms import Bound, Moment, Term, compare
from wellspring.audiences.models import attribute_log, observation_log
from wellspring.audiences.rules.tree import Comparison
from wellspring.kernel.sets import from_clickhouse
from wellspring.kernel.stores.log import rows
from wellspring.kernel.text import nfc
from wellspring.kernel.workspace import Workspace

# A name that no source can send (people keeps names with a leading $ for itself).
IDENTIFIED = "$identified"
_NULL = "null"
_TERM = Term(
    number="if(kind = 'number', number, NULL)",
    text="if(kind IN ('text', 'instant', 'date', 'sealed'), text, NULL)",
    boolean="if(kind = 'boolean', number != 0, NULL)",
    texts="texts",
    numbers="emptyArrayFloat64()",
    present="kind != 'null'",
    is_nfc=True,
)
_CURRENT = ("name", "member_no", "version", "kind", "text", "number", "texts")
_OBSERVED = ("name", "member_no", "at", "digest", "version", "recorded_at", "kind", "text", "number", "texts")
_Value = tuple[str, str, float, Sequence[str]]
# Name, number, instant (milliseconds) and digest: what makes an observation one and the same.
Observed = tuple[str, int, int, str]


def typed(kind: str, text: str) -> _Value:
    """Kind, text, number and list of a value from its canonical JSON text, as the mirror's columns hold them."""
    if kind in {_NULL, "sealed"}:
        return kind, text if kind != _NULL else "", 0.0, ()
    value = orjson.loads(text)
    if kind == "list":
        return kind, "", 0.0, [nfc(one) if isinstance(one, str) else one for one in value]
    if kind in {"number", "boolean"}:
        return kind, "", float(value), ()
    return kind, nfc(str(value)), 0.0, ()


def write(ws: Workspace, found: Iterable[tuple[str, int, _Value]], *, version: int) -> int:
    """Takes over values in force: name, member, value; gives how many."""
    lines = [orjson.dumps((name, number, version, *value)) for name, number, value in found]
    if lines:
        ws.log.insert(attribute_log.name, list(_CURRENT), [b"\n".join(lines)], fmt="JSONCompactEachRow")
    return len(lines)


def write_observations(ws: Workspace, found: Iterable[tuple[str, int, int, str, int, _Value]], *, version: int) -> int:
    """Takes over observations: name, number, instant, digest, recorded (milliseconds), value; gives how many."""
    lines = [
        orjson.dumps((name, number, at / 1000, digest, version, recorded / 1000, *value))
        for name, number, at, digest, recorded, value in found
    ]
    if lines:
        ws.log.insert(observation_log.name, list(_OBSERVED), [b"\n".join(lines)], fmt="JSONCompactEachRow")
    return len(lines)


def names_of(ws: Workspace, member_nos: Sequence[int]) -> set[tuple[str, int]]:
    """Which names the mirror holds for these members: what is no longer in force must be blanked."""
    asked = f"SELECT name, member_no FROM {attribute_log.name} FINAL WHERE member_no IN {{numbers:Array(UInt32)}} AND kind != 'null'"
    return {(row["name"], row["member_no"]) for row in rows(ws.log, asked, {"numbers": list(member_nos)})}


def observed_of(ws: Workspace, member_nos: Sequence[int]) -> set[Observed]:
    """Which observations the mirror holds under these numbers."""
    asked = (
        "SELECT name, member_no, toUnixTimestamp64Milli(at) AS at, digest"
        f" FROM {observation_log.name} WHERE member_no IN {{numbers:Array(UInt32)}}"
    )
    found = rows(ws.log, asked, {"numbers": list(member_nos)})
    return {(row["name"], row["member_no"], int(row["at"]), row["digest"]) for row in found}


def forget(ws: Workspace, member_nos: Sequence[int], *, observations_only: bool = False) -> None:
    """Deletes everything of these numbers from the disk: of erased people, or of those whose observations were taken back."""
    tables = (observation_log,) if observations_only else (attribute_log, observation_log)
    for table in tables:
        ws.log.command(f"ALTER TABLE {table.name} DELETE WHERE member_no IN {{numbers:Array(UInt32)}}", {"numbers": list(member_nos)})


def clear(ws: Workspace) -> None:
    """Empties the mirror, to be filled anew."""
    for table in (attribute_log, observation_log):
        ws.log.command(f"TRUNCATE TABLE {table.name}")


def members(ws: Workspace, name: str, comparison: Comparison, moment: Moment, *, among: Sequence[int] | None = None) -> BitMap:
    """The members of whose value in force the comparison holds; of a missing value, nobody."""
    bound = Bound()
    held = compare(_TERM, comparison, moment, bound)
    whom = f" AND member_no IN {bound.add(among, 'Array(UInt32)')}" if among is not None else ""
    table = f"{attribute_log.name} FINAL PREWHERE name = {bound.text(name)}{whom}"
    asked = f"SELECT groupBitmapState(member_no) FROM {table} WHERE kind != 'null' AND {held}"
    return from_clickhouse(ws.log.query(asked, bound.params, fmt="RowBinary", seconds_max=LEAF_SECONDS_MAX))


def members_at(
    ws: Workspace, name: str, comparison: Comparison, moment: Moment, *, at: int, known: int | None, among: Sequence[int] | None = None
) -> BitMap:
    """The same of the values as they stood at an instant (milliseconds), with what had been recorded by `known`."""
    bound = Bound()
    conditions = [f"name = {bound.text(name)}", f"at <= {bound.millis(at)}"]
    if known is not None:
        conditions.append(f"recorded_at <= {bound.millis(known)}")
    if among is not None:
        conditions.append(f"member_no IN {bound.add(among, 'Array(UInt32)')}")
    # The observation of greatest rank: the later instant, then the greater digest (people's rule for the value in force).
    latest = "argMax(tuple(kind, text, number, texts), tuple(at, digest))"
    grouped = (
        f"SELECT toUInt32({activity.holder_sql(ws)}) AS m, {latest} AS v FROM {observation_log.name} FINAL"
        f" WHERE {' AND '.join(conditions)} GROUP BY m"
    )
    opened = f"SELECT m, v.1 AS kind, v.2 AS text, v.3 AS number, v.4 AS texts FROM ({grouped})"
    held = compare(_TERM, comparison, moment, bound)
    asked = f"SELECT groupBitmapState(m) FROM ({opened}) WHERE kind != 'null' AND {held}"
    return from_clickhouse(ws.log.query(asked, bound.params, fmt="RowBinary", seconds_max=LEAF_SECONDS_MAX))


def by_text(ws: Workspace, name: str, *, kinds: Sequence[str] = ("text",)) -> Mapping[str, BitMap]:
    """The members of each value in force that is a text of one of these kinds."""
    asked = (
        f"SELECT text, hex(groupBitmapState(member_no)) AS members FROM {attribute_log.name} FINAL"
        " PREWHERE name = {name:String} WHERE kind IN {kinds:Array(String)} GROUP BY text"
    )
    found = rows(ws.log, asked, {"name": name, "kinds": list(kinds)})
    return {row["text"]: from_clickhouse(bytes.fromhex(row["members"])) for row in found}


def seen_names(ws: Workspace) -> frozenset[str]:
    """Every name that the mirror holds."""
    return frozenset(row["name"] for row in rows(ws.log, f"SELECT DISTINCT name FROM {attribute_log.name}"))
