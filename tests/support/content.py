"""Materials and members for tests of content."""

import dataclasses
from typing import Any

from wellspring.content import api as content
from wellspring.content.contracts import Attachment, Body, Draft, Material, MaterialKind, PartKind, Sheet, Shelf
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Identity, IdentityKind


def draft(text: str = "", *, parts: tuple[Attachment, ...] = (), fallbacks: dict[str, str] | None = None, **more: Any) -> Draft:
    """A draft with a text."""
    return Draft(Body(text, parts), fallbacks=fallbacks or {}, **more)


def link(url: str = "https://shop.example.com/p/1", title: str = "新品") -> Attachment:
    """A link to attach."""
    return Attachment(PartKind.LINK, title, "试一试", url)


def written(ws: Workspace, made: Draft, *, kind: MaterialKind = MaterialKind.TEXT, name: str = "问候", **more: Any) -> Material:
    """A material with a first version that nobody submitted."""
    return content.add(ws, by=SYSTEM, sheet=Sheet(**{"shelf": Shelf.LIBRARY, "kind": kind, "name": name, **more}), draft=made)


def approved(ws: Workspace, made: Draft, *, kind: MaterialKind = MaterialKind.TEXT, name: str = "问候", **more: Any) -> Material:
    """A material whose first version is approved."""
    return passed(ws, written(ws, made, kind=kind, name=name, **more))


def passed(ws: Workspace, material: Material) -> Material:
    """The material with its newest version approved."""
    waiting = content.submit(ws, by=SYSTEM, content_id=material.id, revision=material.revision)
    return content.decide(ws, by=SYSTEM, content_id=material.id, revision=waiting.revision, approves=True)


def edited(ws: Workspace, material: Material, made: Draft, *, revision: int | None = None, **more: Any) -> Material:
    """The material with another draft."""
    kept = content.material(ws, content_id=material.id)
    sheet = Sheet(kept.shelf, kept.kind, kept.name, kept.group_id, kept.persona_id, kept.tags)
    wanted = material.revision if revision is None else revision
    return content.change(ws, by=SYSTEM, content_id=material.id, revision=wanted, sheet=dataclasses.replace(sheet, **more), draft=made)


def member(ws: Workspace, user_id: str, **attributes: Any) -> int:
    """The number of a new member."""
    member_id = people.create(ws, by=SYSTEM, identities=[Identity(IdentityKind.USER_ID, user_id)], attributes=attributes)
    return people.member_no(ws, by=SYSTEM, member_id=member_id)
