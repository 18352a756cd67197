"""Materials, their versions, tags and folders."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.content.contracts import Dimension, Draft, Material, MaterialKind, Shelf, State, Tag, Version, VersionState, Wish
from wellspring.content.models import group_table, material_table, persona_table, rendition_table, tag_table, use_table, version_table
from wellspring.content.repo.drafts import packed, unpacked
from wellspring.kernel.stores import Tx

_material = material_table.c
_version = version_table.c
_tag = tag_table.c
_NO_TEXT = ""


def add(tx: Tx, values: dict[str, Any]) -> None:
    """Writes a new material."""
    tx.execute(sa.insert(material_table).values(**values))


def change(tx: Tx, content_id: str, *, revision: int | None = None, **values: Any) -> bool:  # noqa: ANN401 - column values
    """Changes a material; with a revision only if nobody else changed it since. Gives whether it did."""
    wanted = sa.update(material_table).where(_material.id == content_id)
    if revision is not None:
        wanted = wanted.where(_material.revision == revision)
    return bool(tx.execute(wanted.values(**values, revision=_material.revision + 1)).rowcount)


def count_opens(tx: Tx, content_id: str, by: int) -> None:
    """Adds openings to a material's sum; its revision stays, because nobody wrote anything."""
    tx.execute(sa.update(material_table).where(_material.id == content_id).values(opens=_material.opens + by))


def count_uses(tx: Tx, content_id: str, by: int) -> None:
    """Adds uses to a material's sum."""
    tx.execute(sa.update(material_table).where(_material.id == content_id).values(uses=_material.uses + by))


def count(tx: Tx) -> int:
    """How many materials there are."""
    return int(tx.execute(sa.select(sa.func.count()).select_from(material_table)).scalar_one())


def remove(tx: Tx, content_id: str) -> None:
    """Deletes a material that was never sent."""
    for table in (tag_table, version_table, rendition_table, use_table):
        tx.execute(sa.delete(table).where(table.c.content_id == content_id))
    tx.execute(sa.delete(material_table).where(_material.id == content_id))


def one(tx: Tx, content_id: str) -> Material | None:
    """A material with its tags and its persona's name."""
    found = tx.execute(_listed().where(_material.id == content_id)).mappings().all()
    return _materials(tx, found)[0] if found else None


def several(tx: Tx, ids: Iterable[str]) -> dict[str, Material]:
    """Materials by id."""
    wanted = sorted(set(ids))
    found: dict[str, Material] = {}
    for start in range(0, len(wanted), 500):
        rows = tx.execute(_listed().where(_material.id.in_(wanted[start : start + 500]))).mappings().all()
        found.update((material.id, material) for material in _materials(tx, rows))
    return found


def page(tx: Tx, wish: Wish, *, before: tuple[Any, str] | None, limit: int) -> list[Material]:
    """The materials that were changed last, as wished."""
    wanted = _wished(_listed(), wish).order_by(_material.updated_at.desc(), _material.id.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(
            sa.tuple_(_material.updated_at, _material.id) < sa.tuple_(sa.literal(before[0], _material.updated_at.type), before[1])
        )
    return _materials(tx, tx.execute(wanted).mappings().all())


def total(tx: Tx, wish: Wish) -> int:
    """How many materials are as wished."""
    wanted = _wished(sa.select(sa.func.count()).select_from(material_table), wish)
    return int(tx.execute(wanted).scalar_one())


def put_tags(tx: Tx, content_id: str, tags: Sequence[Tag]) -> None:
    """Makes these the tags of a material."""
    tx.execute(sa.delete(tag_table).where(_tag.content_id == content_id))
    rows = [{"content_id": content_id, "dimension": str(one.dimension), "name": one.name} for one in dict.fromkeys(tags)]
    if rows:
        tx.execute(sa.insert(tag_table), rows)


def tags(tx: Tx) -> list[tuple[Tag, int]]:
    """Every tag in use with the number of materials that carry it."""
    wanted = sa.select(_tag.dimension, _tag.name, sa.func.count().label("n")).group_by(_tag.dimension, _tag.name)
    return [(Tag(Dimension(row.dimension), row.name), row.n) for row in tx.execute(wanted.order_by(_tag.dimension, _tag.name))]


def put_version(tx: Tx, content_id: str, number: int, draft: Draft, values: dict[str, Any]) -> None:
    """Writes a version, or writes over it."""
    kept = {**values, "draft": packed(draft)}
    here = (_version.content_id == content_id) & (_version.number == number)
    if not tx.execute(sa.update(version_table).where(here).values(**kept)).rowcount:
        tx.execute(sa.insert(version_table).values(content_id=content_id, number=number, **kept))


def mark_version(tx: Tx, content_id: str, number: int, **values: Any) -> None:  # noqa: ANN401 - column values
    """Notes what was decided of a version."""
    tx.execute(sa.update(version_table).where(_version.content_id == content_id, _version.number == number).values(**values))


def version(tx: Tx, content_id: str, number: int) -> Version | None:
    """One version with its draft."""
    row = tx.execute(sa.select(version_table).where(_version.content_id == content_id, _version.number == number)).mappings().first()
    return None if row is None else _of_version(row)


def author_id(tx: Tx, content_id: str, number: int) -> str:
    """Who wrote a version."""
    wanted = sa.select(_version.author_id).where(_version.content_id == content_id, _version.number == number)
    return str(tx.execute(wanted).scalar() or _NO_TEXT)


def versions(tx: Tx, content_id: str, *, limit: int) -> list[Version]:
    """The versions of a material, the newest first."""
    wanted = sa.select(version_table).where(_version.content_id == content_id).order_by(_version.number.desc()).limit(limit)
    return [_of_version(row) for row in tx.execute(wanted).mappings()]


def _listed() -> sa.Select[Any]:
    joined = material_table.outerjoin(persona_table, persona_table.c.id == _material.persona_id)
    return sa.select(material_table, persona_table.c.name.label("persona_name")).select_from(joined)


def _wished(wanted: sa.Select[Any], wish: Wish) -> sa.Select[Any]:
    named = (("shelf", wish.shelf), ("kind", wish.kind), ("state", wish.state), ("persona_id", wish.persona_id))
    for name, value in named:
        if value is not None:
            wanted = wanted.where(_material[name] == str(value))
    if wish.state is None:
        wanted = wanted.where(_material.state != State.RETIRED.value)
    if wish.is_waiting:
        wanted = wanted.where(_material.latest_state == VersionState.WAITING.value)
    if wish.group_id is not None:
        below = sa.select(group_table.c.id).where((group_table.c.id == wish.group_id) | (group_table.c.parent_id == wish.group_id))
        wanted = wanted.where(_material.group_id.in_(below))
    if wish.tag:
        wanted = wanted.where(_material.id.in_(sa.select(_tag.content_id).where(_tag.name == wish.tag)))
    if wish.q:
        lowered = (sa.func.lower(_material.name), sa.func.lower(_material.excerpt))
        wanted = wanted.where(sa.or_(*(column.contains(wish.q.lower(), autoescape=True) for column in lowered)))
    return wanted


def _materials(tx: Tx, rows: Sequence[Any]) -> list[Material]:
    ids = [row["id"] for row in rows]
    carried: dict[str, list[Tag]] = {}
    wanted = sa.select(tag_table).where(_tag.content_id.in_(ids)).order_by(_tag.dimension, _tag.name)
    for row in tx.execute(wanted) if ids else ():
        carried.setdefault(row.content_id, []).append(Tag(Dimension(row.dimension), row.name))
    same: tuple[str, ...] = ("id", "name", "version", "latest", "revision", "group_id", "persona_id", "excerpt", "cover_file_id")
    same += ("created_by", "created_at", "updated_at", "uses", "opens")
    return [
        Material(
            **{name: row[name] for name in same},
            shelf=Shelf(row["shelf"]),
            kind=MaterialKind(row["kind"]),
            state=State(row["state"]),
            latest_state=VersionState(row["latest_state"]),
            persona_name=row["persona_name"] or "",
            tags=tuple(carried.get(row["id"], ())),
        )
        for row in rows
    ]


def _of_version(row: Any) -> Version:  # noqa: ANN401 - a mapping of a row
    same = ("content_id", "number", "author", "at", "note", "reviewer", "reviewed_at", "reason")
    return Version(**{name: row[name] for name in same}, state=VersionState(row["state"]), draft=unpacked(row["draft"]))
