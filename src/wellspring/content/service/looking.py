"""Finding materials, folders, personas and versions."""

import dataclasses
from typing import Any

from pyroaring import BitMap

from wellspring.content import errors
from wellspring.content.contracts import VERSIONS_MAX, Group, Material, Persona, Shelf, Tag, Version, Wish
from wellspring.content.repo import materials, shelves
from wellspring.kernel import sets
from wellspring.kernel.clock import from_millis, to_millis
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.workspace import Workspace


def given_name(content_id: str) -> str:
    """The name of the set of members who were given a material."""
    return f"content.given.{content_id}"


def find(ws: Workspace, content_id: str) -> Material | None:
    """One material, None when there is none."""
    with ws.sql.read() as tx:
        found = materials.one(tx, content_id)
        return None if found is None else dataclasses.replace(found, members=len(sets.read(tx, given_name(content_id))))


def one(ws: Workspace, content_id: str) -> Material:
    """One material. Raises MaterialUnknown."""
    found = find(ws, content_id)
    if found is None:
        raise errors.MaterialUnknown
    return found


def listing(ws: Workspace, wish: Wish, *, cursor: str | None, limit: int | None) -> Page[Material]:
    """A page of materials, those changed last first."""
    size = limit_of(limit)
    before: tuple[Any, str] | None = None
    if cursor:
        at, content_id = decode_cursor(cursor, length=2)
        before = (from_millis(int(at or 0)), str(content_id))
    with ws.sql.read() as tx:
        found = materials.page(tx, wish, before=before, limit=size + 1)
        total = materials.total(tx, wish) if cursor is None else None
        given = sets.read_several(tx, [given_name(row.id) for row in found[:size]])
    rows = [dataclasses.replace(row, members=len(given.get(given_name(row.id), BitMap()))) for row in found[:size]]
    following = encode_cursor([to_millis(rows[-1].updated_at), rows[-1].id]) if len(found) > size else None
    return Page(rows, following, total)


def version(ws: Workspace, content_id: str, number: int | None) -> Version:
    """A version of a material, the newest one where none is named. Raises MaterialUnknown, VersionUnknown."""
    with ws.sql.read() as tx:
        material = materials.one(tx, content_id)
        if material is None:
            raise errors.MaterialUnknown
        found = materials.version(tx, content_id, material.latest if number is None else number)
    if found is None:
        raise errors.VersionUnknown
    return found


def versions(ws: Workspace, content_id: str) -> list[Version]:
    """The versions of a material, the newest first. Raises MaterialUnknown."""
    with ws.sql.read() as tx:
        if materials.one(tx, content_id) is None:
            raise errors.MaterialUnknown
        return materials.versions(tx, content_id, limit=VERSIONS_MAX)


def tags(ws: Workspace) -> list[tuple[Tag, int]]:
    """Every tag with the number of its materials."""
    with ws.sql.read() as tx:
        return materials.tags(tx)


def groups(ws: Workspace, shelf: Shelf | None) -> list[Group]:
    """The folders of a shelf."""
    with ws.sql.read() as tx:
        return shelves.groups(tx, shelf)


def personas(ws: Workspace) -> list[Persona]:
    """Every persona."""
    with ws.sql.read() as tx:
        return shelves.personas(tx)


def persona(ws: Workspace, persona_id: str) -> Persona:
    """One persona. Raises PersonaUnknown."""
    with ws.sql.read() as tx:
        found = shelves.persona(tx, persona_id)
    if found is None:
        raise errors.PersonaUnknown
    return found
