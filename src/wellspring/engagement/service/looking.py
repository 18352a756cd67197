"""Looking into journeys: how many are where, who, since when and why, and one person's whole way."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from pyroaring import BitMap

from wellspring.engagement.contracts.journeys import OUTSIDE, Journey, JourneyKind, Standing, Step, Whereabouts
from wellspring.engagement.repo import journeys as repo
from wellspring.engagement.repo import places as standing
from wellspring.engagement.repo import ways
from wellspring.engagement.rules.journeys import timing
from wellspring.engagement.rules.journeys.places import Places
from wellspring.engagement.service import journey_ticking, journeying
from wellspring.kernel.auth import Principal
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Member

_JOURNEYS_MAX = 1_000
# How many of a node are looked through at a time, and for one page at most, for those whom the caller may see.
_PIECE, _LOOKED_MAX = 2_000, 20_000


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
    """In order of their numbers; a page may be short, even empty, where the caller may see few, and the next one goes on.

    Raises JourneyUnknown.
    """
    size, after = limit_of(limit), int(str(decode_cursor(cursor, length=1)[0])) if cursor else 0
    with ws.sql.read() as tx:
        journey = journeying.demand(tx, journey_id)
        places = Places(standing.StoredShelf(tx, journey_id))
        until: dict[int, tuple[int, int]] = {}
        for place in places.keys():  # noqa: SIM118 - no mapping
            if place.node.partition("#")[0] == node:
                until.update(dict.fromkeys(places.members(place), (place.due, place.version)))
        left = [no for no in sorted(until) if no > after]
        held: dict[int, tuple[int, str]] = {}
        known: dict[int, Member] = {}
        shown: list[int] = []
        looked = 0
        while looked < min(len(left), _LOOKED_MAX) and len(shown) <= size:
            piece = left[looked : looked + _PIECE]
            looked += len(piece)
            held |= _held(tx, ws, journey, piece)
            known |= people.members_of(ws, by=by, member_nos=sorted({held[no][0] for no in piece}))
            shown += [no for no in piece if held[no][0] in known]
        page = shown[:size]
        came = _runs(ws, tx, journey, page, held)
    last = page[-1] if len(shown) > size else left[looked - 1] if looked < len(left) else None
    rows = []
    for no in page:
        member_no, key = held[no]
        member, (due, version) = known[member_no], until[no]
        name = member.name_masked or member.phone_masked or ""
        rows.append(Whereabouts(member_no, member.id, name, version, node, timing.instant_of(due), key, came[no]))
    return Page(rows, None if last is None else encode_cursor([str(last)]), len(until))


def way_of(ws: Workspace, *, by: Principal, journey_id: str, member: str, cursor: str | None, limit: int | None) -> Page[Step]:
    """The newest first. Raises JourneyUnknown, MemberUnknown."""
    size, before = limit_of(limit), int(str(decode_cursor(cursor, length=1)[0])) if cursor else None
    number = people.numbers_visible(ws, by=by, names=[member])[0]
    if not number:
        people.member_no(ws, by=by, member_id=member)
    with ws.sql.read() as tx:
        found = list(itertools.islice(_of_member(tx, ws, journeying.demand(tx, journey_id), number, before=before), size + 1))
    return Page([step for _at, step in found[:size]], encode_cursor([str(found[size - 1][0])]) if len(found) > size else None)


def steps_of_member(ws: Workspace, *, member_no: int, limit: int) -> list[Step]:
    with ws.sql.read() as tx:
        found, _total = repo.listing(tx, kinds=[kind.value for kind in JourneyKind], state=None, q=None, after=None, limit=_JOURNEYS_MAX)
        steps = [step for journey in found for _at, step in itertools.islice(_of_member(tx, ws, journey, member_no), limit)]
    return sorted(steps, key=lambda step: step.at, reverse=True)[:limit]


def _of_member(tx: Tx, ws: Workspace, journey: Journey, member_no: int, *, before: int | None = None) -> Iterator[tuple[int, Step]]:
    """Every step of a member, the newest first, each with a place to go on from. One move of two runs is told in one piece."""
    if not journey.version:
        return
    numbers = people.numbers_held(ws, member_no=member_no)
    if journey_ticking.versions_in(tx, ws, journey)[journey.version].entry.is_keyed:
        held = {no: (member, key) for no, member, key in standing.runs_of(tx, journey.id, numbers)}
    else:
        held = {number: (number, "") for number in numbers}
    if not held:
        return
    for row, found in ways.moves_with(tx, journey.id, BitMap(held), before=before):
        yield row.id, _step(journey, row, "、".join(key for no in found if (key := held[no][1])))


def _held(tx: Tx, ws: Workspace, journey: Journey, subjects: Sequence[int]) -> dict[int, tuple[int, str]]:
    if journey.version and journey_ticking.versions_in(tx, ws, journey)[journey.version].entry.is_keyed:
        return standing.holders(tx, journey.id, subjects)
    return {no: (no, "") for no in subjects}


def _runs(ws: Workspace, tx: Tx, journey: Journey, page: Sequence[int], held: Mapping[int, tuple[int, str]]) -> dict[int, list[Step]]:
    """How each of a page came to where they are, since they came in, the newest first."""
    came: dict[int, list[Step]] = {no: [] for no in page}
    numbers = {no: no for no in page}
    if page and not any(held[no][1] for no in page):
        # Of whoever was merged into them since.
        numbers |= {number: holder for number, holder in people.holders(ws).items() if holder in came}
    open_ = set(page)
    for row, found in ways.moves_with(tx, journey.id, BitMap(numbers)) if page else ():
        for no in {numbers[number] for number in found} & open_:
            came[no].append(_step(journey, row, held[no][1]))
            if row.from_node == OUTSIDE:
                open_.discard(no)
        if not open_:
            break
    return came


def _step(journey: Journey, row: sa.Row[Any], key: str) -> Step:
    at = timing.instant_of(row.minute)
    return Step(journey.id, journey.name, row.version, at, row.from_node, row.to_node, row.reason, key)
