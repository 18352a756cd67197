"""Folders and personas."""

from typing import Any

import sqlalchemy as sa

from wellspring.content.contracts import Group, Persona, PersonaKind, Shelf
from wellspring.content.models import group_table, material_table, persona_table
from wellspring.kernel.stores import Tx

_group = group_table.c
_persona = persona_table.c


def groups(tx: Tx, shelf: Shelf | None = None) -> list[Group]:
    """The folders of a shelf in their order, with how many materials lie in each."""
    counts = _counts(tx, material_table.c.group_id)
    wanted = sa.select(group_table).order_by(_group.position, _group.name)
    if shelf is not None:
        wanted = wanted.where(_group.shelf == shelf.value)
    return [Group(row.id, Shelf(row.shelf), row.name, row.parent_id, row.position, counts.get(row.id, 0)) for row in tx.execute(wanted)]


def group(tx: Tx, group_id: str) -> Group | None:
    """One folder."""
    row = tx.execute(sa.select(group_table).where(_group.id == group_id)).first()
    return None if row is None else Group(row.id, Shelf(row.shelf), row.name, row.parent_id, row.position)


def group_named(tx: Tx, shelf: Shelf, parent_id: str | None, name: str) -> str | None:
    """The id of the folder of this name in this place."""
    inside = _group.parent_id.is_(None) if parent_id is None else _group.parent_id == parent_id
    found = tx.execute(sa.select(_group.id).where(_group.shelf == shelf.value, inside, _group.name == name)).scalar()
    return None if found is None else str(found)


def add_group(tx: Tx, values: dict[str, Any]) -> None:
    """Writes a new folder."""
    tx.execute(sa.insert(group_table).values(**values))


def change_group(tx: Tx, group_id: str, values: dict[str, Any]) -> None:
    """Changes a folder."""
    tx.execute(sa.update(group_table).where(_group.id == group_id).values(**values))


def remove_group(tx: Tx, group_id: str) -> None:
    """Deletes a folder that holds nothing."""
    tx.execute(sa.delete(group_table).where(_group.id == group_id))


def has_within(tx: Tx, group_id: str) -> int:
    """How many folders and materials lie in a folder."""
    inside = tx.execute(sa.select(sa.func.count()).select_from(group_table).where(_group.parent_id == group_id)).scalar_one()
    lying = sa.select(sa.func.count()).select_from(material_table).where(material_table.c.group_id == group_id)
    return int(inside) + int(tx.execute(lying).scalar_one())


def personas(tx: Tx) -> list[Persona]:
    """Every persona, those in use first."""
    counts = _counts(tx, material_table.c.persona_id)
    rows = tx.execute(sa.select(persona_table).order_by(_persona.is_active.desc(), _persona.created_at)).mappings()
    return [_of(row, counts.get(row["id"], 0)) for row in rows]


def persona(tx: Tx, persona_id: str) -> Persona | None:
    """One persona."""
    row = tx.execute(sa.select(persona_table).where(_persona.id == persona_id)).mappings().first()
    return None if row is None else _of(row, _counts(tx, material_table.c.persona_id).get(persona_id, 0))


def persona_named(tx: Tx, name: str) -> str | None:
    """The id of the persona of this name."""
    found = tx.execute(sa.select(_persona.id).where(_persona.name == name)).scalar()
    return None if found is None else str(found)


def add_persona(tx: Tx, values: dict[str, Any]) -> None:
    """Writes a new persona."""
    tx.execute(sa.insert(persona_table).values(**values))


def change_persona(tx: Tx, persona_id: str, *, revision: int, values: dict[str, Any]) -> bool:
    """Changes a persona if nobody else did since; gives whether it did."""
    here = (_persona.id == persona_id) & (_persona.revision == revision)
    return bool(tx.execute(sa.update(persona_table).where(here).values(**values, revision=_persona.revision + 1)).rowcount)


def _counts(tx: Tx, column: sa.Column[Any]) -> dict[str, int]:
    wanted = sa.select(column, sa.func.count()).where(column.is_not(None), material_table.c.state != "retired").group_by(column)
    return {str(key): int(count) for key, count in tx.execute(wanted)}


def _of(row: Any, materials: int) -> Persona:  # noqa: ANN401 - a mapping of a row
    same = ("id", "name", "tone", "about", "avatar_file_id", "is_active", "revision")
    return Persona(
        **{name: row[name] for name in same},
        kind=PersonaKind(row["kind"]),
        mix=tuple((str(topic), int(share)) for topic, share in row["mix"]),
        staff_ids=tuple(row["staff_ids"]),
        accounts=tuple(row["accounts"]),
        materials=materials,
    )
