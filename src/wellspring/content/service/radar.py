"""Who opened what, newest first, of those whom the caller may see."""

from collections.abc import Sequence

from wellspring.activity import api as activity
from wellspring.content.contracts import Permission
from wellspring.content.contracts.looks import Opening
from wellspring.content.facts import openings
from wellspring.content.repo import materials
from wellspring.kernel.auth import Principal
from wellspring.kernel.clock import from_millis
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people


def radar(
    ws: Workspace, *, by: Principal, content_id: str = "", member_id: str | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[Opening]:
    """See `content.api.radar`."""
    by.require(Permission.RADAR_READ)
    activity.catch_up(ws)
    size = limit_of(limit)
    before = int(decode_cursor(cursor, length=1)[0] or 0) if cursor else None
    numbers: Sequence[int] = ()
    if member_id is not None:
        numbers = people.numbers_held(ws, member_no=people.member_no(ws, by=by, member_id=member_id))
    found = openings.newest(ws, before=before, limit=size + 1, content_id=content_id, member_nos=numbers)
    shown = found[:size]
    members = people.members_of(ws, by=by, member_nos=sorted({int(row["who"]) for row in shown}))
    with ws.sql.read() as tx:
        named = materials.several(tx, {row["content_id"] for row in shown})
    rows = []
    for row in shown:
        member, material = members.get(int(row["who"])), named.get(row["content_id"])
        if member is None:
            continue
        rows.append(
            Opening(
                at=from_millis(int(row["moment"])),
                member_no=member.member_no,
                member_id=member.id,
                member_name=member.name_masked or "",
                content_id=row["content_id"],
                content_name=material.name if material else "",
                url=row["url"],
                origin=row["origin"],
                kind=row["kind"],
                seconds=int(row["seconds"]),
                percent=int(row["percent"]),
            )
        )
    following = encode_cursor([int(shown[-1]["arrival_no"])]) if len(found) > size else None
    return Page(rows, following)
