"""The front door of content: materials and their approval, bodies for members, personas, files, who opened what, effect.

Every verb takes the workspace first. Rendering and opening write links and openings, so they are not to be called
inside a read block.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from wellspring.content.contracts import (
    Body,
    Draft,
    Group,
    Material,
    MaterialKind,
    Persona,
    PersonaDraft,
    Rendered,
    Sheet,
    Shelf,
    Tag,
    Used,
    Variable,
    Version,
    Wish,
)
from wellspring.content.contracts.looks import Effect, Opened, Opening, Preview, Share
from wellspring.content.service import approving as _approving
from wellspring.content.service import effects as _effects
from wellspring.content.service import files as _files
from wellspring.content.service import looking as _looking
from wellspring.content.service import opening as _opening
from wellspring.content.service import previewing as _previewing
from wellspring.content.service import radar as _radar
from wellspring.content.service import registry as _registry
from wellspring.content.service import rendering as _rendering
from wellspring.content.service import shelving as _shelving
from wellspring.content.service import using as _using
from wellspring.content.service import values as _values
from wellspring.content.service import writing as _writing
from wellspring.kernel.auth import Principal
from wellspring.kernel.files import StoredFile
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
    is_shared: bool = False,
    at: dt.datetime | None = None,  # noqa: ARG001 - what a text says of today is the workspace's clock
) -> list[Rendered]:
    """The body of a material for each member, in order: of the approved version, or of the one named.

    `context` holds what is the same for all (staff, store, campaign), `own` what is not (an order of a keyed journey).
    Links name their reader and the origin (`campaign:cmp_…`); where one body `is_shared` by many (a group send that a
    guide confirms once) they name the origin alone, unless the text names its member anyway. A member for whom a
    variable is missing gets a problem instead of a body. At most 10,000 members.
    Raises MaterialUnknown, NotApproved, Retired, VersionUnknown, TooLarge.
    """
    return _rendering.render(
        ws, content_id=content_id, version=version, member_nos=member_nos, context=context, own=own, origin=origin, is_shared=is_shared
    )


def named(ws: Workspace, *, content_id: str) -> dict[str, bool]:
    """The variables of which a material speaks, in the version that is sent or else the newest, and whether words stand in for each."""
    return _rendering.named(ws, content_id)


def sample(ws: Workspace, *, content_id: str, own: Mapping[str, Mapping[str, Any]]) -> Body | None:
    """How such a version reads with these fields and examples for the others, gaps where these fields have one; tracks nothing."""
    return _previewing.sample(ws, content_id, own)


def used(ws: Workspace, tx: Tx, uses: Sequence[Used]) -> None:
    """Notes in the caller's transaction whom materials were given to, once a channel took them; the ground of usage and effect."""
    _using.note(ws, tx, uses)


# What needs no thin wrapping: their own words stand with them.
register_audiences = _registry.register_audiences
EFFECTS_BY = _effects.BYS
FILE_BYTES_MAX = _files.FILE_BYTES_MAX


def preview(
    ws: Workspace,
    *,
    by: Principal,
    draft: Draft,
    kind: MaterialKind,
    member_id: str | None = None,
    staff_id: str | None = None,
    persona_id: str | None = None,
) -> Preview:
    """A draft as an example or a real member reads it, with what is missing; tracks and keeps nothing.

    Raises MemberUnknown, StaffUnknown, PersonaUnknown.
    """
    return _previewing.preview(ws, by=by, draft=draft, kind=kind, member_id=member_id, staff_id=staff_id, persona_id=persona_id)


def preview_poster(ws: Workspace, *, by: Principal, draft: Draft, member_id: str | None = None) -> bytes:
    """The picture of a draft's poster as PNG. Raises FontMissing, MemberUnknown."""
    return _previewing.poster(ws, by=by, draft=draft, member_id=member_id)


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


def shares(ws: Workspace, *, persona_id: str) -> list[Share]:
    """A persona's topics: the share that is wanted, and how often each was used in thirty days. Raises PersonaUnknown."""
    return _shelving.shares(ws, persona_id=persona_id)


def add_persona(ws: Workspace, *, by: Principal, draft: PersonaDraft) -> Persona:
    """Makes a persona. Raises NameTaken, FileMissing, Invalid, TooLarge."""
    return _shelving.add_persona(ws, by=by, draft=draft)


def change_persona(ws: Workspace, *, by: Principal, persona_id: str, revision: int, draft: PersonaDraft) -> Persona:
    """Makes the draft the persona. Raises PersonaUnknown, NameTaken, Edited, FileMissing, Invalid."""
    return _shelving.change_persona(ws, by=by, persona_id=persona_id, revision=revision, draft=draft)


def add_group(ws: Workspace, *, by: Principal, shelf: Shelf, name: str, parent_id: str | None = None) -> Group:
    """Makes a folder. Raises NameTaken, GroupUnknown, Invalid (a third level), TooLarge."""
    return _shelving.add_group(ws, by=by, shelf=shelf, name=name, parent_id=parent_id)


def change_group(ws: Workspace, *, by: Principal, group_id: str, name: str | None = None, position: int | None = None) -> None:
    """Renames or moves a folder. Raises GroupUnknown, NameTaken."""
    _shelving.change_group(ws, by=by, group_id=group_id, name=name, position=position)


def remove_group(ws: Workspace, *, by: Principal, group_id: str) -> None:
    """Deletes a folder that holds nothing. Raises GroupUnknown, InUse."""
    _shelving.remove_group(ws, by=by, group_id=group_id)


def add_file(ws: Workspace, *, by: Principal, name: str, content: bytes) -> StoredFile:
    """Keeps a picture, video or document of a kind that channels take. Raises FileUnusable."""
    return _files.add(ws, by=by, name=name, content=content)


def file(ws: Workspace, *, file_id: str) -> StoredFile:
    """What is known of a file of content. Raises FileMissing."""
    return _files.get(ws, file_id)


# --------------------------------------------------------------------------------------------- who opened what


def open_link(ws: Workspace, *, token: str, is_machine: bool) -> Opened:
    """Follows a link that somebody was sent, and notes who opened it; machines are counted apart. Raises LinkUnknown."""
    return _opening.open_link(ws, token=token, is_machine=is_machine)


def read_on(ws: Workspace, *, token: str, seconds: int, percent: int) -> None:
    """Notes how long and how far an article was read. Raises LinkUnknown."""
    _opening.read_on(ws, token=token, seconds=seconds, percent=percent)


def article_picture(ws: Workspace, *, token: str, file_id: str) -> str:
    """The type of a picture that the article behind a link shows. Raises LinkUnknown, FileMissing."""
    return _opening.picture_of(ws, token=token, file_id=file_id)


def radar(
    ws: Workspace, *, by: Principal, content_id: str = "", member_id: str | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[Opening]:
    """Who opened what, newest first, of one material or one member or all; members outside the scope are left out."""
    return _radar.radar(ws, by=by, content_id=content_id, member_id=member_id, cursor=cursor, limit=limit)


def effects(
    ws: Workspace, *, by: Principal, since: dt.datetime, until: dt.datetime, key: str, audience_ids: Sequence[str] = ()
) -> list[Effect]:
    """What was opened and bought within some days after materials were given, by material, persona, topic, hour or audience.

    Every opening and order counts once under a key. It is no proof of cause. Raises Invalid.
    """
    return _effects.effects(ws, by=by, since=since, until=until, key=key, audience_ids=audience_ids)


def use_script(ws: Workspace, *, by: Principal, content_id: str, member_id: str | None = None) -> tuple[str, tuple[str, ...]]:
    """What the caller says with a script, with visible gaps for what is unknown, and which these are; noted as a use.

    Raises MaterialUnknown, NotApproved, MemberUnknown.
    """
    return _using.copied(ws, by=by, content_id=content_id, member_id=member_id)
