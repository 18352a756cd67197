"""Attributes: from what a source sends to observations, and from observations to the values in force.

Every observation is kept under the number it was told about; the value in force belongs to the member who holds that
number, and is the one of greatest rank (rules.attributes), so that any order of arrival ends alike.
"""

import collections
import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from pyroaring import BitMap

from wellspring.kernel.clock import to_millis
from wellspring.kernel.stores.sql import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people.contracts import IdentityKind, Refusal
from wellspring.people.models import attribute_table, change_table
from wellspring.people.repo import attributes as repo
from wellspring.people.repo import members, rows
from wellspring.people.rules import attributes as rules
from wellspring.people.rules import identities
from wellspring.people.service.naming import Named, context

NO_MASK = None
# Attributes of one row; what comes after them is not read. A profile of hundreds of values is an export gone astray.
_NAMES_MAX = 500
_TICK = dt.timedelta(milliseconds=1)


class Observation(NamedTuple):
    """One value told about one number at one instant; `plain` is set where it must be sealed."""

    owner_no: int
    name: str
    at: dt.datetime
    typed: rules.Typed
    plain: str | None
    source: str


def read(owner_no: int, told: Mapping[str, Any], *, at: dt.datetime, source: str) -> tuple[list[Observation], list[Refusal]]:
    """The observations in what a source sends; phone and e-mail are identifiers and left to those."""
    taken: list[Observation] = []
    refused: list[Refusal] = []
    for given, value in itertools.islice(rules.flat(told), _NAMES_MAX):
        if rules.identity_kind(given) is not None:
            continue
        name = rules.sealed_name(given) or rules.good_name(given)
        if name is None:
            refused.append(rules.BAD_NAME)
            continue
        # What is still an object here is nested too deeply, unless its name is personal: an address is sealed whole.
        is_whole = isinstance(value, Mapping) and rules.sealed_name(given) is not None
        typed = rules.typed(_joined(value) if is_whole else value)
        if typed is None:
            refused.append(rules.BAD_VALUE)
        else:
            taken.append(_observation(owner_no, given, name, at, typed, value, source))
    return taken, refused


def contact(owner_no: int, named: Named, *, at: dt.datetime, source: str) -> Observation:
    """A phone or e-mail that is another member's identifier, kept as this one's contact value (a family's phone, N10)."""
    return Observation(owner_no, named.kind.value, at, rules.Typed(rules.SEALED, "", named.key), named.value, source)


def home_unit(owner_no: int, unit_id: str | None, *, at: dt.datetime, source: str) -> Observation:
    """The home unit as an observation, so that it has a history and survives merges like any other."""
    typed = rules.typed(unit_id)
    if typed is None:
        raise AssertionError("a unit id is a short text")
    return Observation(owner_no, rules.HOME_UNIT, at, typed, None, source)


def save(
    ws: Workspace,
    tx: Tx,
    told: Sequence[Observation],
    *,
    holder: Callable[[int], int],
    fresh_from: int,
    now: dt.datetime,
    import_id: str | None,
) -> set[int]:
    """Keeps the observations and brings the values in force up to date; gives the members whose values changed.

    `fresh_from` is the first number made in this transaction: those have no values yet and are not asked for.
    """
    if not told:
        return set()
    # Within a batch the later row of the same instant wins (T09), so the earlier one is not kept.
    last = {(one.owner_no, one.name, one.at): one for one in told}
    kept = [_row(ws, one, now=now, import_id=import_id) for one in last.values()]
    rows.insert_missing(tx, change_table, kept)
    _count(tx, kept, now=now)
    return _bring_up_to_date(tx, kept, holder=holder, fresh_from=fresh_from)


def recompute(tx: Tx, families: Mapping[int, Sequence[int]]) -> None:
    """Derives the values in force of these members anew from every observation of the numbers they hold."""
    repo.delete_current(tx, families)
    units: dict[int, str | None] = dict.fromkeys(families)
    for holder, family in families.items():
        best: dict[str, rows.Row] = {}
        for change in repo.changes(tx, family):
            before = best.get(change["name"])
            if before is None or _rank(change) > _rank(before):
                best[change["name"]] = change
        rows.insert(tx, attribute_table, [_current_row(change, holder) for change in best.values()])
        if rules.HOME_UNIT in best:
            units[holder] = unit_of(best[rules.HOME_UNIT])
    members.set_home_units(tx, units)


def unite(tx: Tx, survivor_no: int, loser_no: int) -> None:
    """The values in force of two members become those of one: per name the later event wins."""
    found = repo.current(tx, (survivor_no, loser_no))
    gained: list[rows.Row] = []
    for (number, name), row in found.items():
        if number != loser_no:
            continue
        own = found.get((survivor_no, name))
        if own is None or _rank(row) > _rank(own):
            gained.append({**row, "member_no": survivor_no})
    repo.delete_current(tx, (loser_no,))
    rows.upsert(tx, attribute_table, gained)
    for row in gained:
        if row["name"] == rules.HOME_UNIT:
            members.set_home_units(tx, {survivor_no: unit_of(row)})


def after_all(tx: Tx, member_no: int, now: dt.datetime) -> dt.datetime:
    """Now, or the next millisecond after the member's latest value: what an operator sets must be in force when they look."""
    latest = max((row["at"] for row in repo.current(tx, (member_no,)).values()), default=now - _TICK)
    return max(now, latest + _TICK)


def plain_values(tx: Tx, numbers: Sequence[int], name: str) -> dict[int, Any]:
    """The value of one attribute for many members; sealed and cleared ones are left out."""
    found = repo.current(tx, numbers, (name,))
    return {number: orjson.loads(row["value"]) for (number, _), row in found.items() if row["kind"] not in (rules.NULL, rules.SEALED)}


def members_by_text(tx: Tx, name: str) -> dict[str, BitMap]:
    """The members of each text that one attribute has; sealed and cleared ones are left out."""
    found: dict[str, BitMap] = {}
    for member_no, value in repo.by_value(tx, name, kinds=["text"]):
        found.setdefault(orjson.loads(value), BitMap()).add(member_no)
    return found


def unit_of(row: rows.Row) -> str | None:
    """The unit id in a home unit row."""
    return None if row["kind"] == rules.NULL else str(row["value"]).strip('"')


def mask_of(one: Observation) -> str | None:
    """What may be shown of a sealed observation."""
    if one.plain is None:
        return NO_MASK
    if one.name in (IdentityKind.PHONE.value, IdentityKind.EMAIL.value):
        return identities.mask(IdentityKind(one.name), one.plain)
    return rules.mask_sealed(one.name, one.plain)


def _observation(owner_no: int, given: str, name: str, at: dt.datetime, typed: rules.Typed, value: Any, source: str) -> Observation:  # noqa: ANN401 - as sent
    sealed = typed.kind != rules.NULL and (rules.sealed_name(given) is not None or rules.looks_personal(typed))
    if not sealed:
        return Observation(owner_no, name, at, typed, None, source)
    plain = value.strip() if isinstance(value, str) else typed.text
    return Observation(owner_no, name, at, rules.Typed(rules.SEALED, "", b""), plain, source)


def _joined(value: Mapping[str, Any]) -> str:
    return " ".join(str(part) for part in value.values() if isinstance(part, str | int | float) and not isinstance(part, bool))


def _row(ws: Workspace, one: Observation, *, now: dt.datetime, import_id: str | None) -> rows.Row:
    row = {
        "member_no": one.owner_no,
        "name": one.name,
        "at": one.at,
        "digest": one.typed.digest,
        "kind": one.typed.kind,
        "value": one.typed.text if one.plain is None else None,
        "sealed": None,
        "mask": mask_of(one),
        "recorded_at": now,
        "source": one.source[:60],
        "import_id": import_id,
    }
    if one.plain is not None:
        row["digest"] = one.typed.digest or ws.keys.blind(context(one.name), one.plain)
        row["sealed"] = ws.keys.seal(one.plain, context=context(one.name))
    return row


def _bring_up_to_date(tx: Tx, kept: Iterable[rows.Row], *, holder: Callable[[int], int], fresh_from: int) -> set[int]:
    best: dict[tuple[int, str], rows.Row] = {}
    for change in kept:
        place = (holder(change["member_no"]), change["name"])
        if place not in best or _rank(change) > _rank(best[place]):
            best[place] = change
    older = [place for place in best if place[0] < fresh_from]
    for place, row in repo.current(tx, {number for number, _ in older}, {name for _, name in older}).items():
        if place in best and _rank(row) >= _rank(best[place]):
            del best[place]
    rows.upsert(tx, attribute_table, [_current_row(change, number) for (number, _), change in best.items()])
    members.set_home_units(tx, {number: unit_of(row) for (number, name), row in best.items() if name == rules.HOME_UNIT})
    return {number for number, _ in best}


def _current_row(change: rows.Row, holder: int) -> rows.Row:
    sealed = change["kind"] == rules.SEALED
    row = {name: change[name] for name in ("name", "kind", "value", "sealed", "mask", "at", "source")}
    return {**row, "member_no": holder, "blind": change["digest"] if sealed else None}


def _rank(row: rows.Row) -> tuple[int, bytes]:
    return rules.rank(to_millis(row["at"]), _digest(row))


def _digest(row: rows.Row) -> bytes:
    if "digest" in row:
        return bytes(row["digest"])
    if row["kind"] == rules.SEALED:
        return bytes(row["blind"])
    return rules.CLEARED_DIGEST if row["kind"] == rules.NULL else rules.digest_of(row["kind"], row["value"])


def _count(tx: Tx, kept: Sequence[rows.Row], *, now: dt.datetime) -> None:
    counted = collections.Counter(
        (row["name"], row["kind"]) for row in kept if row["kind"] != rules.NULL and row["name"] != rules.HOME_UNIT
    )
    repo.count_names(tx, counted, first=now, last=now)
