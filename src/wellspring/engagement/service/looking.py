"""Looking into journeys: how many are where, who, since when and why, and one person's whole way."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from pyroaring import BitMap

from wellspring.engagement.contracts.journeys import Journey, JourneyKind, Standing, Step, Whereabouts
from wellspring.engagement.repo import journeys as repo
from wellspring.engagement.repo import places as standing
from wellspring.engagement.rules.journeys import timing
from wellspring.engagement.rules.journeys.places import Places
from wellspring.engagement.service import journey_ticking, journeying
from wellspring.kernel.auth import Principal
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

_JOURNEYS_MAX = 1_000
# How many of a node are looked through for a page of those whom the caller may see.
_LOOKED_MAX = 2_000


def standing_of(ws: Workspace, journey_id: str) -> Standing:
    with ws.sql.read() as tx:
        journeying.demand(tx, journey_id)
        clock = repo.clock(tx)
        here, flows, skipped = (
            repo.here(tx, journey_id),
            standing.flows(tx, journey_id),
            int(repo.cursor(tx, journey_id).get("days_skipped", 0)),
        )
        return Standing(here, flows, clock.tick if clock else 0, clock.at if clock else None, skipped)


def at_node(ws: Workspace, *, by: Principal, journey_id: str, node: str, cursor: str | None, limit: int | None) -> Page[Whereabouts]:
    """In order of their numbers. Raises JourneyUnknown."""
    size, after = limit_of(limit), int(str(decode_cursor(cursor, length=1)[0])) if cursor else 0
    with ws.sql.read() as tx:
        journey = journeying.demand(tx, journey_id)
        places = Places(standing.StoredShelf(tx, journey_id))
        until: dict[int, tuple[int, int]] = {}
        for place in places.keys():  # noqa: SIM118 - no mapping
            if place.node.partition("#")[0] == node:
                until.update(dict.fromkeys(places.members(place), (place.due, place.version)))
        subjects = [no for no in sorted(until) if no > after][:_LOOKED_MAX]
        held = _held(tx, ws, journey, subjects)
        known = people.members_of(ws, by=by, member_nos=sorted({member for member, _key in held.values()}))
        shown = [no for no in subjects if held[no][0] in known]
        page = shown[:size]
        ways = _steps(tx, journey, BitMap(page), held)
    rows = []
    for no in page:
        member_no, key = held[no]
        member = known[member_no]
        due, version = until[no]
        name = member.name_masked or member.phone_masked or ""
        rows.append(
            Whereabouts(member_no, member.id, name, version, node, timing.instant_of(due), key, [step for at, step in ways if at == no])
        )
    return Page(rows, encode_cursor([str(page[-1])]) if len(shown) > size else None, len(until))


def way_of(ws: Workspace, *, by: Principal, journey_id: str, member: str) -> list[Step]:
    """The oldest first. Raises JourneyUnknown, MemberUnknown."""
    number = people.numbers_visible(ws, by=by, names=[member])[0]
    if not number:
        people.member_no(ws, by=by, member_id=member)
    with ws.sql.read() as tx:
        journey = journeying.demand(tx, journey_id)
        return list(reversed(_of_member(tx, ws, journey, number)))


def steps_of_member(ws: Workspace, *, member_no: int, limit: int) -> list[Step]:
    with ws.sql.read() as tx:
        found, _total = repo.listing(tx, kinds=[kind.value for kind in JourneyKind], state=None, q=None, after=None, limit=_JOURNEYS_MAX)
        steps = [step for journey in found if journey.version for step in _of_member(tx, ws, journey, member_no)]
    return sorted(steps, key=lambda step: step.at, reverse=True)[:limit]


def _of_member(tx: Tx, ws: Workspace, journey: Journey, member_no: int) -> list[Step]:
    if not journey.version:
        return []
    numbers = people.numbers_held(ws, member_no=member_no)
    if journey_ticking.versions_in(tx, ws, journey)[journey.version].entry.is_keyed:
        held = {no: (member, key) for no, member, key in standing.runs_of(tx, journey.id, numbers)}
    else:
        held = {number: (number, "") for number in numbers}
    return [step for _no, step in _steps(tx, journey, BitMap(held), held)]


def _held(tx: Tx, ws: Workspace, journey: Journey, subjects: Sequence[int]) -> dict[int, tuple[int, str]]:
    if journey.version and journey_ticking.versions_in(tx, ws, journey)[journey.version].entry.is_keyed:
        return standing.holders(tx, journey.id, subjects)
    return {no: (no, "") for no in subjects}


def _steps(tx: Tx, journey: Journey, subjects: BitMap, held: dict[int, tuple[int, str]]) -> list[tuple[int, Step]]:
    """The newest first, of each subject that took part."""
    return [
        (no, _step(journey, row, held[no][1]))
        for row in standing.moves_with(tx, journey.id, subjects)
        for no in BitMap.deserialize(bytes(row.members)) & subjects
    ]


def _step(journey: Journey, row: sa.Row[Any], key: str) -> Step:
    at = timing.instant_of(row.minute)
    return Step(journey.id, journey.name, row.version, at, row.from_node, row.to_node, row.reason, key)
