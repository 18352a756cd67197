"""The front door of content: materials and their approval, bodies for members, personas, files, who opened what, effect.

Every verb takes the workspace first. Rendering and opening write links and openings, so they are not to be called
inside a read block.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from wellspring.content.contracts import (
    Draft,
    Group,
    Material,
    Persona,
    Rendered,
    Sheet,
    Shelf,
    Tag,
    Used,
    Variable,
    Version,
    Wish,
)
from wellspring.content.service import approving as _approving
from wellspring.content.service import looking as _looking
from wellspring.content.service import rendering as _rendering
from wellspring.content.service import using as _using
from wellspring.content.service import values as _values
from wellspring.content.service import writing as _writing
from wellspring.kernel.auth import Principal
from wellspring.kernel.pages import Page
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

# --------------------------------------------------------------------------------------------- sending


def render(
    ws: Workspace,
    *,
    content_id: str,
    version: int | None = None,
    member_nos: Sequence[int],
    context: Mapping[str, Mapping[str, Any]],
    own: Mapping[int, Mapping[str, Mapping[str, Any]]] | None = None,
    origin: str = "",
    at: dt.datetime | None = None,  # noqa: ARG001 - what a text says of today is the workspace's clock
) -> list[Rendered]:
    """The body of a material for each member, in order: of the approved version, or of the one named.

    `context` holds what is the same for all (staff, store, campaign), `own` what is not (an order of a keyed journey).
    Links name their reader and the origin (`campaign:cmp_…`). A member for whom a variable is missing gets a problem
    instead of a body. At most 10,000 members. Raises MaterialUnknown, NotApproved, VersionUnknown, TooLarge.
    """
    return _rendering.render(ws, content_id=content_id, version=version, member_nos=member_nos, context=context, own=own, origin=origin)


def used(ws: Workspace, tx: Tx, uses: Sequence[Used]) -> None:
    """Notes in the caller's transaction whom materials were given to, once a channel took them; the ground of usage and effect."""
    _using.note(ws, tx, uses)


# --------------------------------------------------------------------------------------------- materials


def find(ws: Workspace, content_id: str) -> Material | None:
    """One material, None when there is none."""
    return _looking.find(ws, content_id)


def material(ws: Workspace, *, content_id: str) -> Material:
    """One material. Raises MaterialUnknown."""
    return _looking.one(ws, content_id)


def listing(ws: Workspace, *, wish: Wish, cursor: str | None = None, limit: int | None = None) -> Page[Material]:
    """A page of materials, those changed last first; retired ones only where they are asked for."""
    return _looking.listing(ws, wish, cursor=cursor, limit=limit)


def version(ws: Workspace, *, content_id: str, number: int | None = None) -> Version:
    """A version with its draft, the newest one where none is named. Raises MaterialUnknown, VersionUnknown."""
    return _looking.version(ws, content_id, number)


def versions(ws: Workspace, *, content_id: str) -> list[Version]:
    """The versions of a material, the newest first. Raises MaterialUnknown."""
    return _looking.versions(ws, content_id)


def add(ws: Workspace, *, by: Principal, sheet: Sheet, draft: Draft) -> Material:
    """Makes a material with its first version. Raises DraftRefused, PersonaUnknown, GroupUnknown, FileMissing, TooLarge."""
    return _writing.add(ws, by=by, sheet=sheet, draft=draft)


def change(ws: Workspace, *, by: Principal, content_id: str, revision: int, sheet: Sheet, draft: Draft | None = None) -> Material:
    """Changes a material; over an approved version a draft begins the next one, and the approved one is sent until then.

    Raises MaterialUnknown, Retired, Edited (somebody was quicker), DraftRefused, PersonaUnknown, GroupUnknown, FileMissing.
    """
    return _writing.change(ws, by=by, content_id=content_id, revision=revision, sheet=sheet, draft=draft)


def copy(ws: Workspace, *, by: Principal, content_id: str, name: str) -> Material:
    """Makes a new material of the newest version of another. Raises MaterialUnknown."""
    return _writing.copy(ws, by=by, content_id=content_id, name=name)


def retire(ws: Workspace, *, by: Principal, content_id: str, is_retired: bool = True) -> Material:
    """Takes a material out of use, or brings it back. Raises MaterialUnknown."""
    return _writing.retire(ws, by=by, content_id=content_id, is_retired=is_retired)


def remove(ws: Workspace, *, by: Principal, content_id: str) -> None:
    """Deletes a material that was never approved nor used. Raises MaterialUnknown, WrongState."""
    _writing.remove(ws, by=by, content_id=content_id)


def submit(ws: Workspace, *, by: Principal, content_id: str, revision: int, note: str = "") -> Material:
    """Puts the newest version before whoever approves. Raises MaterialUnknown, Retired, Edited, WrongState, DraftRefused."""
    return _approving.submit(ws, by=by, content_id=content_id, revision=revision, note=note)


def withdraw(ws: Workspace, *, by: Principal, content_id: str, revision: int) -> Material:
    """Takes the newest version back from approval. Raises MaterialUnknown, Retired, Edited, WrongState."""
    return _approving.withdraw(ws, by=by, content_id=content_id, revision=revision)


def decide(ws: Workspace, *, by: Principal, content_id: str, revision: int, approves: bool, reason: str = "") -> Material:
    """Approves the version that waits or rejects it. Raises Forbidden, OwnWork, MaterialUnknown, Retired, Edited, WrongState."""
    return _approving.decide(ws, by=by, content_id=content_id, revision=revision, approves=approves, reason=reason)


def variables(ws: Workspace) -> list[Variable]:
    """Everything that a text may speak of, with words and an example."""
    return _values.catalogue(ws)


def tags(ws: Workspace) -> list[tuple[Tag, int]]:
    """Every tag in use with the number of its materials."""
    return _looking.tags(ws)


def groups(ws: Workspace, *, shelf: Shelf | None = None) -> list[Group]:
    """The folders of a shelf, in order."""
    return _looking.groups(ws, shelf)


def personas(ws: Workspace) -> list[Persona]:
    """Every persona, those in use first."""
    return _looking.personas(ws)


def persona(ws: Workspace, *, persona_id: str) -> Persona:
    """One persona. Raises PersonaUnknown."""
    return _looking.persona(ws, persona_id)
