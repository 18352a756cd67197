"""Whom materials were given to: noted when a channel took them, or when a guide copied a script."""

from collections.abc import Sequence

from pyroaring import BitMap

from wellspring.content import errors
from wellspring.content.contracts import Used
from wellspring.content.repo import materials, tracks
from wellspring.content.service import looking, previewing
from wellspring.content.service.looking import given_name
from wellspring.kernel import sets
from wellspring.kernel.auth import Principal
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace


def note(ws: Workspace, tx: Tx, uses: Sequence[Used]) -> None:
    """See `content.api.used`."""
    for one in uses:
        ws.sql.lock(tx, f"content.use.{one.content_id}")
        tracks.add_use(tx, one)
        materials.count_uses(tx, one.content_id, max(len(one.members), 1))
        if one.members:
            sets.change(tx, given_name(one.content_id), add=one.members)


def copied(ws: Workspace, *, by: Principal, content_id: str, member_id: str | None) -> tuple[str, tuple[str, ...]]:
    """See `content.api.use_script`."""
    material = looking.one(ws, content_id)
    if not material.version:
        raise errors.NotApproved(name=material.name)
    draft = looking.version(ws, content_id, material.version).draft
    said, missing = previewing.said_by(ws, by=by, draft=draft, member_id=member_id, persona=material.persona_name)
    with ws.sql.write() as tx:
        note(ws, tx, [Used(content_id, material.version, BitMap(), ws.clock.now(), "script", f"staff:{by.staff_id or by.id}")])
    return said.text, missing
