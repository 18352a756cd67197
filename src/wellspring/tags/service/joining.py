"""When two members become one, come apart or are erased, and when a whole source is taken back.

Tags of both sides of a merge are united, since both numbers are the survivor's then. In a group that takes one tag of a
member the one put last stays; coming apart gives back what the merge lifted, unless something else was put since.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyroaring import BitMap

from wellspring.kernel import sets
from wellspring.kernel.auth import SYSTEM, Principal
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.tags.contracts import Cause, Tally, Verb
from wellspring.tags.repo import changes, words
from wellspring.tags.rules import Standing, last_put, never, replayed
from wellspring.tags.service import due, sheet
from wellspring.tags.service.holding import Families
from wellspring.tags.service.sheet import Said, Sheet


def merged(ws: Workspace, tx: Tx, body: Mapping[str, Any]) -> None:
    """Leaves the survivor one tag of each group that takes one only."""
    settle(ws, tx, [body["survivor_no"]], Said(f"merge:{body['merge_id']}", SYSTEM.id, "", Cause.MERGED))


def settle(ws: Workspace, tx: Tx, member_nos: Iterable[int], said: Said, *, only: str | None = None) -> None:
    """Makes exclusive groups (or one of them) exclusive for these members: the tag put last stays."""
    ws.sql.lock(tx, sheet.LOCK)
    groups = {group_id: ids for group_id, ids in words.exclusive(tx).items() if only in {None, group_id} and len(ids) > 1}
    if not groups:
        return
    now = ws.clock.now()
    kin = Families(ws, member_nos)
    tag_ids = [tag_id for ids in groups.values() for tag_id in ids]
    rows = [row for row in changes.in_force(tx, tag_ids, kin.numbers()) if row.verb == Verb.PUT]
    by_member: dict[tuple[int, str], list[changes.Row]] = {}
    group_of = {tag_id: group_id for group_id, ids in groups.items() for tag_id in ids}
    for row in rows:
        by_member.setdefault((kin.holder(row.member_no), group_of[row.tag_id]), []).append(row)
    page = Sheet(tx, tag_ids=tag_ids, numbers=kin.numbers(), now=now)
    for several in by_member.values():
        stays = last_put((row.at, row.id, row.tag_id) for row in several)
        for row in several:
            if row.tag_id != stays:
                page.lift(row.tag_id, row.member_no, said, at=now)
    sheet.record(ws, tx, page.write(), by=SYSTEM, source=said.source, action="tags.settle")


def unmerged(ws: Workspace, tx: Tx, body: Mapping[str, Any]) -> None:
    """Puts back what the merge had lifted, where nothing newer stands in its place."""
    ws.sql.lock(tx, sheet.LOCK)
    lifts = changes.lifted_by(tx, f"merge:{body['merge_id']}", Cause.MERGED)
    if not lifts:
        return
    now = ws.clock.now()
    kin = Families(ws, [row.member_no for row in lifts])
    rivals = {tag_id: ids for ids in words.exclusive(tx).values() for tag_id in ids}
    tag_ids = sorted({tag_id for row in lifts for tag_id in rivals.get(row.tag_id, [row.tag_id])})
    page = Sheet(tx, tag_ids=tag_ids, numbers=kin.numbers(), now=now)
    said = Said(f"unmerge:{body['merge_id']}", SYSTEM.id, "", Cause.UNMERGED)
    for row in lifts:
        before = changes.ended_by(tx, row)
        over = before is None or (before.expires_at is not None and before.expires_at <= now)
        taken = any(page.carries(tag_id, number) for tag_id in rivals.get(row.tag_id, ()) for number in kin.of(row.member_no))
        if before is not None and not over and not taken:
            page.put(row.tag_id, row.member_no, said, at=now, expires_at=before.expires_at)
    sheet.record(ws, tx, page.write(), by=SYSTEM, source=said.source, action="tags.settle")
    due.keep_up(ws, tx)


def forget(ws: Workspace, tx: Tx, member_nos: Sequence[int]) -> None:
    """Removes erased members from every set and from the history."""
    ws.sql.lock(tx, sheet.LOCK)
    for tag_id in changes.forget_members(tx, member_nos):
        sets.change(tx, words.set_name(tag_id), remove=BitMap(member_nos))


def undo_source(ws: Workspace, *, by: Principal, source: str) -> int:
    """Takes back everything that came from a source: its changes leave the history, which is then as if they had never been."""
    with ws.sql.write() as tx:
        ws.sql.lock(tx, sheet.LOCK)
        touched = changes.of_source(tx, source)
        count = changes.forget_source(tx, source)
        words.forget_unused(tx, source)
        left = words.of_ids(tx, touched)
        for tag_id, member_nos in touched.items():
            if tag_id in left:
                _replay(tx, tag_id, member_nos)
            else:
                sets.remove(tx, words.set_name(tag_id))
        everybody = {number for member_nos in touched.values() for number in member_nos}
        settle(ws, tx, everybody, Said("undo", SYSTEM.id, "", Cause.EXCLUSIVE))
        tallies = {tag_id: Tally(0, len(member_nos)) for tag_id, member_nos in touched.items()}
        sheet.record(ws, tx, tallies, by=by, source=source, action="tags.undo", changes=count)
        due.keep_up(ws, tx)
    return count


def _replay(tx: Tx, tag_id: str, member_nos: Iterable[int]) -> None:
    by_number: dict[int, list[changes.Row]] = {}
    for row in changes.all_of(tx, tag_id, member_nos):
        by_number.setdefault(row.member_no, []).append(row)
    carrying, ends = BitMap(), []
    for number, rows in by_number.items():
        ended = replayed([Standing(row.verb, row.at, row.expires_at, row.source) for row in rows])
        for row, place in zip(rows, ended, strict=True):
            at = None if place is None else never(row.recorded_at) if rows[place] is row else rows[place].recorded_at
            if at != row.ended_at:
                ends.append((row.id, at))
            if place is None and row.verb == Verb.PUT:
                carrying.add(number)
    changes.set_ends(tx, ends)
    sets.change(tx, words.set_name(tag_id), add=carrying, remove=BitMap(member_nos) - carrying)
