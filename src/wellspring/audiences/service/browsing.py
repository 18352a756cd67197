"""Looking at audiences: their list, their members page by page, what changed with each version, and how they overlap."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence

from pyroaring import BitMap

from wellspring.audiences import errors, repo
from wellspring.audiences.contracts import Audience, MemberLine, Overlap, Region, Shown, Size, Tick, Version
from wellspring.audiences.rules import read, text_write
from wellspring.audiences.service import seeing
from wellspring.kernel.auth import Principal
from wellspring.kernel.clock import to_millis
from wellspring.kernel.errors import Invalid
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

# Of seven sets there are 127 regions, which no chart shows.
OVERLAP_MAX = 6
_NUMBER_MAX = 2**32 - 1


def page(ws: Workspace, *, by: Principal, q: str = "", cursor: str | None = None, limit: int | None = None) -> Page[Shown]:
    """Audiences by name; `q` is looked for in name and description, whatever the case."""
    with ws.sql.read() as tx:
        # Sorted here, because collations of databases differ and the cursor compares as Python does.
        known = sorted(repo.listing(tx), key=lambda audience: audience.name)
    wanted = q.strip().casefold()
    found = [one for one in known if wanted in f"{one.name}\n{one.description}".casefold()] if wanted else known
    after = _text_of(cursor)
    left = found if after is None else [one for one in found if one.name > after]
    rows = left[: limit_of(limit)]
    following = encode_cursor([rows[-1].name]) if len(rows) < len(left) else None
    return Page(shown(ws, by=by, audiences=rows, names=names_of(known)), following, len(found))


def one(ws: Workspace, *, by: Principal, audience_id: str) -> Shown:
    """One audience. Raises AudienceUnknown."""
    with ws.sql.read() as tx:
        audience, names = known_one(tx, audience_id), names_of(repo.listing(tx))
    return shown(ws, by=by, audiences=[audience], names=names)[0]


def shown(ws: Workspace, *, by: Principal, audiences: Sequence[Audience], names: Mapping[str, str]) -> list[Shown]:
    """Audiences as the caller sees them."""
    within, now = seeing.visible(ws, by), to_millis(ws.clock.now())
    of = len(seeing.everybody(ws, within))
    found = []
    with ws.sql.read() as tx:
        changes = repo.newest_changes(tx, [audience.id for audience in audiences])
        for audience in audiences:
            count = audience.members if within is None else repo.members(tx, audience.id).intersection_cardinality(within)
            age = None if audience.computed_at is None else max(0, now - to_millis(audience.computed_at)) // 1000
            entered, left = changes.get(audience.id, (0, 0))
            if within is not None:
                moved = repo.change_sets(tx, audience.id, audience.version) or (BitMap(), BitMap())
                entered, left = (found_.intersection_cardinality(within) for found_ in moved)
            found.append(Shown(audience, text_of(audience, names), count, of, age, entered, left))
    return found


def text_of(audience: Audience, names: Mapping[str, str]) -> str:
    """The definition as people write it; empty for a list."""
    return "" if audience.definition is None else text_write.print_text(read.read(audience.definition), names.get)


def names_of(audiences: Sequence[Audience]) -> dict[str, str]:
    """Names by id."""
    return {audience.id: audience.name for audience in audiences}


def members(ws: Workspace, *, by: Principal, audience_id: str) -> BitMap:
    """The active members of its last version whom the caller may see. Raises AudienceUnknown."""
    with ws.sql.read() as tx:
        known_one(tx, audience_id)
        found = repo.members(tx, audience_id)
    return seeing.seen(found & people.active_members(ws), seeing.visible(ws, by))


def member_page(ws: Workspace, *, by: Principal, audience_id: str, cursor: str | None = None, limit: int | None = None) -> Page[MemberLine]:
    """Its members in order of their numbers. Raises AudienceUnknown."""
    return paged(ws, members(ws, by=by, audience_id=audience_id), by=by, cursor=cursor, limit=limit)


def changed_page(
    ws: Workspace, *, by: Principal, audience_id: str, version: int, entered: bool, cursor: str | None = None, limit: int | None = None
) -> Page[MemberLine]:
    """Who entered or left with a version, as the members who they are today. Raises AudienceUnknown."""
    with ws.sql.read() as tx:
        known_one(tx, audience_id)
        moved = repo.change_sets(tx, audience_id, version)
    if moved is None:
        raise errors.AudienceUnknown
    found = moved[0 if entered else 1] & people.active_members(ws)
    return paged(ws, seeing.seen(found, seeing.visible(ws, by)), by=by, cursor=cursor, limit=limit)


def paged(ws: Workspace, members_: BitMap, *, by: Principal, cursor: str | None, limit: int | None) -> Page[MemberLine]:
    """A page of a set: the place is a number, so whoever enters or leaves meanwhile moves nobody else."""
    size, left = limit_of(limit), members_
    if cursor:
        place = decode_cursor(cursor, length=1)[0]
        if not isinstance(place, int) or not 0 <= place <= _NUMBER_MAX:
            raise Invalid(field="cursor", reason="not a cursor of this list")
        left = BitMap(members_)
        left.remove_range(0, place + 1)
    numbers = list(left[:size])
    following = encode_cursor([numbers[-1]]) if len(numbers) < len(left) else None
    return Page(seeing.lines(ws, by=by, member_nos=numbers), following, len(members_))


def versions(ws: Workspace, *, by: Principal, audience_id: str, cursor: str | None = None, limit: int | None = None) -> Page[Version]:
    """What changed with each version, the newest first, counted within the caller's scope. Raises AudienceUnknown."""
    before = _number_of(cursor)
    size, within = limit_of(limit), seeing.visible(ws, by)
    with ws.sql.read() as tx:
        known_one(tx, audience_id)
        found = repo.versions(tx, audience_id, before=before, limit=size + 1)
        rows: Sequence[Version] = found[:size]
        if within is not None:
            rows = _within(tx, audience_id, rows, within)
    following = encode_cursor([rows[-1].version]) if len(found) > size else None
    return Page(rows, following)


def overlap(ws: Workspace, *, by: Principal, ids: Sequence[str]) -> Overlap:
    """How many are in exactly which of two to six audiences. Raises AudienceUnknown, Invalid."""
    wanted = list(dict.fromkeys(ids))
    if not 2 <= len(wanted) <= OVERLAP_MAX:
        raise Invalid(field="ids", reason=f"2 to {OVERLAP_MAX} different audiences")
    with ws.sql.read() as tx:
        known = [known_one(tx, audience_id) for audience_id in wanted]
        sets_ = {audience.id: repo.members(tx, audience.id) for audience in known}
    everybody = seeing.everybody(ws, seeing.visible(ws, by))
    sets_ = {audience_id: found & everybody for audience_id, found in sets_.items()}
    everyone = BitMap.union(*sets_.values())
    regions: dict[tuple[str, ...], BitMap] = {(): everyone}
    for audience_id, found in sets_.items():
        inside = {(*ids_, audience_id): region & found for ids_, region in regions.items()}
        regions = {ids_: region - found for ids_, region in regions.items()} | inside
    told = [Region(ids_, len(region)) for ids_, region in regions.items() if ids_]
    return Overlap(
        of=len(everyone),
        sizes=[Size(audience.id, audience.name, len(sets_[audience.id])) for audience in known],
        intersections=sorted(told, key=lambda region: (-region.count, len(region.ids), region.ids)),
    )


def find(ws: Workspace, named: str) -> Audience | None:
    """The audience of an id or a name."""
    with ws.sql.read() as tx:
        return repo.one(tx, named) or repo.named(tx, named)


def ticks(ws: Workspace, *, limit: int | None = None) -> list[Tick]:
    """The newest heartbeats first."""
    with ws.sql.read() as tx:
        return repo.ticks(tx, limit=limit_of(limit))


def stale_since(ws: Workspace) -> dt.datetime | None:
    """The earliest instant since which an audience could not be brought up to date."""
    with ws.sql.read() as tx:
        failed = [audience.failed_since for audience in repo.listing(tx) if audience.failed_since is not None]
    return min(failed, default=None)


def known_one(tx: Tx, audience_id: str) -> Audience:
    """The audience. Raises AudienceUnknown."""
    found = repo.one(tx, audience_id)
    if found is None:
        raise errors.AudienceUnknown
    return found


def _within(tx: Tx, audience_id: str, rows: Sequence[Version], within: BitMap) -> list[Version]:
    """The counts of versions for whoever sees a part of the brand: told from the sets, back from the present one."""
    counted = []
    present = repo.members(tx, audience_id) & within
    for later in repo.later_changes(tx, audience_id, rows[0].version if rows else 0):
        present = (present - later[0]) | (later[1] & within)
    for row in rows:
        entered, left = (found & within for found in repo.change_sets(tx, audience_id, row.version) or (BitMap(), BitMap()))
        counted.append(dataclasses.replace(row, members=len(present), entered=len(entered), left=len(left)))
        present = (present - entered) | left
    return counted


def _text_of(cursor: str | None) -> str | None:
    if not cursor:
        return None
    found = decode_cursor(cursor, length=1)[0]
    if not isinstance(found, str):
        raise Invalid(field="cursor", reason="not a cursor of this list")
    return found


def _number_of(cursor: str | None) -> int | None:
    if not cursor:
        return None
    found = decode_cursor(cursor, length=1)[0]
    if not isinstance(found, int) or not 0 <= found < 2**62:
        raise Invalid(field="cursor", reason="not a cursor of this list")
    return found
