"""Likely duplicates: members who look like one person are put before people in the queue of conflicts, never merged.

Sealed values are opened in memory, which the audit log tells; what is kept of a comparison is how each field agrees.
Who was decided to be two people is not proposed again, and neither are two with an account of their own (N02).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import orjson

from wellspring.kernel import audit, bus, jobs
from wellspring.kernel.auth import Principal
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores.sql import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import events
from wellspring.people.contracts import IdentityKind, MemberState, Permission
from wellspring.people.errors import LinkageMissing, ViewTooNarrow
from wellspring.people.models import conflict_table
from wellspring.people.repo import attributes, conflicts, identities, members, rows
from wellspring.people.rules import likeness
from wellspring.people.rules.belonging import may_be_one, survivor
from wellspring.people.rules.identities import limits_with
from wellspring.people.rules.likeness import ATTRIBUTES, Columns
from wellspring.people.service import comparing, memory
from wellspring.people.service import merge as merging
from wellspring.people.service.comparing import Likeness
from wellspring.people.service.naming import context
from wellspring.people.settings import PeopleSettings

JOB = "people.propose_duplicates"
WEEKLY = "people.propose_duplicates_weekly"
REASON = "likely_duplicate"
# More than a team works off in a week; the strongest come first, the others with the next run.
_PROPOSALS_MAX = 1_000
# Pairs asked for: many of the strongest are decided already, or stand in the queue.
_PAIRS_MAX = 20_000
_NUMBERS_PER_STEP = 2_000
_CONTACTS = (IdentityKind.PHONE, IdentityKind.EMAIL)


class Report(Protocol):
    """Tells how far the work is."""

    def __call__(self, *, done: int, total: int | None = None, note: str = "") -> None:
        """Raises when the work must stop."""


def ask(ws: Workspace, *, by: Principal, least: float | None = None) -> str:
    """Queues the comparison and gives the job's id. Raises Forbidden, ViewTooNarrow, LinkageMissing.

    It opens values of every member, so it takes the right to see them and no narrower view than all.
    """
    for permission in (Permission.CONFLICT_DECIDE, Permission.PII_READ):
        by.require(permission)
    if not by.scope.is_all:
        raise ViewTooNarrow
    if not comparing.is_there():
        raise LinkageMissing
    body = {"by": by.id, "by_kind": by.kind, "by_name": by.name, "least": least}
    with ws.sql.write() as tx:
        return jobs.enqueue(ws, tx, JOB, body, by=by)


def is_wanted_weekly(ws: Workspace) -> bool:
    """Whether the workspace wants it without being asked, and this server can."""
    return ws.settings.get(PeopleSettings).duplicates_weekly and comparing.is_there()


def propose(ws: Workspace, *, by: Principal, least: float | None, report: Report) -> dict[str, Any]:
    """Compares all members and puts likely duplicates into the queue; gives counts. Run again, it adds only what is new."""
    threshold = ws.settings.get(PeopleSettings).duplicates_least if least is None else least
    with ws.sql.write() as tx:
        last = members.last_no(tx)
        detail: dict[str, Any] = {"members_up_to": last, "fields": sorted(set(ATTRIBUTES.values())), "least": threshold}
        audit.append(ws.sql, tx, by=by, action="people.duplicates.compare", subject="", at=ws.clock.now(), detail=detail)
    compared = _opened(ws, last, report)
    found = comparing.compare(
        compared, least=threshold, most=_PAIRS_MAX, step=lambda name: report(done=last, total=last + len(compared), note=name)
    )
    counts = _keep(ws, found.likenesses)
    return {"members": len(compared), "compared": found.compared, "trained": found.trained, "left_out": found.left_out, **counts}


def _opened(ws: Workspace, last: int, report: Report) -> list[Columns]:
    limits = limits_with(ws.settings.get(PeopleSettings).limits)
    found: list[Columns] = []
    for low in range(0, last, _NUMBERS_PER_STEP):
        with ws.sql.read() as tx:
            numbers = members.active_between(tx, low, low + _NUMBERS_PER_STEP)
            found += [row for row in _columns(ws, tx, numbers, limits) if likeness.says_anything(row)]
        report(done=min(low + _NUMBERS_PER_STEP, last), total=2 * last, note="opening")
    return found


def _columns(ws: Workspace, tx: Tx, numbers: Sequence[int], limits: Mapping[IdentityKind, int]) -> list[Columns]:
    values: dict[int, dict[str, Any]] = {number: {} for number in numbers}
    for (number, name), row in attributes.current(tx, numbers, ATTRIBUTES).items():
        value = _plain(ws, row, row["name"])
        values[number] |= likeness.address_parts(str(value)) if name == "address" else {ATTRIBUTES[name]: value}
    holder_of = {number: holder for holder, family in identities.families(tx, numbers).items() for number in family}
    contacts: dict[tuple[int, str], list[str]] = {}
    for row in identities.full(tx, holder_of, kinds=_CONTACTS):
        contacts.setdefault((holder_of[row["member_no"]], row["kind"]), []).append(_plain(ws, row, row["kind"]))
    profiles = merging.profiles_of(tx, numbers)
    rows_made = []
    for number in numbers:
        held = {kind: contacts.get((number, kind.value), []) for kind in _CONTACTS}
        for kind in _CONTACTS:
            if not held[kind] and values[number].get(kind.value):
                held[kind] = [str(values[number][kind.value])]
        # A kind of which one person has several is left to the check of the pair.
        full = sum(1 << place for place, kind in enumerate(IdentityKind) if limits[kind] == 1 and profiles[number].get(kind))
        phones, emails = held[IdentityKind.PHONE], held[IdentityKind.EMAIL]
        rows_made.append(likeness.columns(number, full=full, values=values[number], phones=phones, emails=emails))
    return rows_made


def _plain(ws: Workspace, row: rows.Row, kind: str) -> Any:  # noqa: ANN401 - an attribute may be anything
    if row["sealed"]:
        return ws.keys.open(bytes(row["sealed"]), context=context(kind))
    return orjson.loads(row["value"])


def _keep(ws: Workspace, likenesses: Sequence[Likeness]) -> dict[str, int]:
    """Writes what is new to the queue, as the members stand by now."""
    limits = limits_with(ws.settings.get(PeopleSettings).limits)
    counts = {"proposed": 0, "again": 0, "apart": 0, "later": 0}
    now = ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, memory.LOCK)
        view = memory.view_of(ws, tx)
        sides = ("holder_no", "claimant_no")
        waiting = {frozenset(view.holders.get(row[side], row[side]) for side in sides): row for row in conflicts.all_open(tx)}
        fresh: list[rows.Row] = []
        for found, profiles in _still_two(tx, likenesses, view.holders):
            known = waiting.get(found.pair)
            if known is not None:
                counts["again"] += 1
                if known["reason"] == REASON:
                    conflicts.propose_again(tx, known["id"], at=now, probability=found.probability, fields=found.fields)
            elif found.pair in view.apart:
                counts["apart"] += 1
            elif may_be_one(*profiles.values(), limits=limits):
                if len(fresh) < _PROPOSALS_MAX:
                    fresh.append(_row(found, holder=survivor(sorted(found.pair), profiles), at=now))
                else:
                    counts["later"] += 1
        rows.insert(tx, conflict_table, fresh)
        bus.tell(ws.sql, tx, *[events.ConflictOpened(row["id"], row["holder_no"], row["claimant_no"]) for row in fresh], at=now)
    return {**counts, "proposed": len(fresh)}


def _still_two(tx: Tx, likenesses: Sequence[Likeness], holders: Mapping[int, int]) -> list[tuple[Likeness, dict[int, Any]]]:
    """Those worth asking about whose sides are two active members still, with the profiles of both."""
    asked: dict[frozenset[int], Likeness] = {}
    for found in likenesses:
        pair = frozenset(holders.get(number, number) for number in found.pair)
        if len(pair) == 2 and likeness.is_worth_asking({field: agreement for field, agreement, _ in found.fields}):
            asked.setdefault(pair, found._replace(pair=pair))
    numbers = sorted({number for pair in asked for number in pair})
    active = {number for number, row in members.by_numbers(tx, numbers).items() if row["state"] == MemberState.ACTIVE}
    profiles = merging.profiles_of(tx, sorted(active))
    return [(found, {number: profiles[number] for number in sorted(pair)}) for pair, found in asked.items() if pair <= active]


def _row(found: Likeness, *, holder: int, at: Any) -> rows.Row:  # noqa: ANN401 - an instant
    claimant = next(number for number in found.pair if number != holder)
    return {
        "id": new_id("cfl"),
        "state": "open",
        "key": bytes(16),
        "kind": "",
        "holder_no": holder,
        "claimant_no": claimant,
        "reason": REASON,
        "source": "",
        "opened_at": at,
        "last_at": at,
        "times": 1,
        "probability": found.probability,
        "fields": found.fields,
    }
