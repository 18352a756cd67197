"""Groups and tags: names to ids and back, and their own properties."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.kernel.ids import new_id
from wellspring.kernel.stores import Tx
from wellspring.kernel.stores.asking import ask
from wellspring.tags.contracts import State
from wellspring.tags.models import change_table, exception_table, group_table, tag_table

_group = group_table.c
_tag = tag_table.c


def set_name(tag_id: str) -> str:
    """The kernel set of a tag's numbers."""
    return f"tags.{tag_id}"


def made(tx: Tx, names: Iterable[tuple[str, str]], *, source: str, at: dt.datetime) -> dict[tuple[str, str], str]:
    """The ids of tags by group and name; missing ones are made, deleted ones come back with their history."""
    found: dict[tuple[str, str], str] = {}
    groups = {row.name: row for row in tx.execute(sa.select(group_table))}
    known = {(row.group_id, row.name): row for row in tx.execute(sa.select(_tag.group_id, _tag.name, _tag.id, _tag.state))}
    for group, name in sorted(set(names)):
        there = groups.get(group)
        group_id = there.id if there else add_group(tx, name=group, source=source, at=at)
        if there is None:
            groups[group] = tx.execute(sa.select(group_table).where(_group.id == group_id)).one()
        elif there.state == State.DELETED:
            change_group(tx, group_id, state=State.ACTIVE)
        tag = known.get((group_id, name))
        found[group, name] = tag.id if tag else add_tag(tx, group_id=group_id, name=name, source=source, at=at)
        if tag is not None and tag.state == State.DELETED:
            change_tag(tx, tag.id, state=State.ACTIVE)
    return found


def add_group(tx: Tx, *, name: str, source: str, at: dt.datetime, **values: Any) -> str:  # noqa: ANN401 - column values
    """Makes a group; gives its id."""
    group_id = new_id("tgg")
    tx.execute(sa.insert(group_table).values(id=group_id, name=name, source=source, created_at=at, **values))
    return group_id


def add_tag(tx: Tx, *, group_id: str, name: str, source: str, at: dt.datetime, **values: Any) -> str:  # noqa: ANN401 - column values
    """Makes a tag at the end of its group; gives its id."""
    tag_id = new_id("tag")
    last = tx.execute(sa.select(sa.func.max(_tag.position)).where(_tag.group_id == group_id)).scalar()
    place = {"position": 0 if last is None else last + 1} | values
    tx.execute(sa.insert(tag_table).values(id=tag_id, group_id=group_id, name=name, source=source, created_at=at, **place))
    return tag_id


def change_group(tx: Tx, group_id: str, **values: Any) -> None:  # noqa: ANN401 - column values
    """Changes columns of a group."""
    if values:
        tx.execute(sa.update(group_table).where(_group.id == group_id).values(**values))


def change_tag(tx: Tx, tag_id: str, **values: Any) -> None:  # noqa: ANN401 - column values
    """Changes columns of a tag."""
    if values:
        tx.execute(sa.update(tag_table).where(_tag.id == tag_id).values(**values))


def group(tx: Tx, group_id: str) -> sa.Row[Any] | None:
    """A group that was not deleted."""
    return tx.execute(sa.select(group_table).where(_group.id == group_id, _group.state != State.DELETED)).first()


def group_named(tx: Tx, name: str) -> sa.Row[Any] | None:
    """A group by name, whatever its state."""
    return tx.execute(sa.select(group_table).where(_group.name == name)).first()


def tag(tx: Tx, tag_id: str) -> sa.Row[Any] | None:
    """A tag that was not deleted, with its group's name and whether that takes one tag of a member only."""
    return tx.execute(_full().where(_tag.id == tag_id, _tag.state != State.DELETED)).first()


def living(tx: Tx, tag_ids: Sequence[str]) -> set[str]:
    """Which of these tags are there and were not deleted."""
    asked = "SELECT id FROM tags_tag WHERE id IN :ids AND state != :deleted"
    return {tag_id for (tag_id,) in ask(tx, asked, {"ids": list(tag_ids), "deleted": State.DELETED.value})}


def tag_named(tx: Tx, group_id: str, name: str) -> sa.Row[Any] | None:
    """A tag of a group by name, whatever its state."""
    return tx.execute(_full().where(_tag.group_id == group_id, _tag.name == name)).first()


def found(tx: Tx, group_name: str, name: str) -> sa.Row[Any] | None:
    """A tag by its group's name and its own, unless deleted."""
    return tx.execute(_full().where(_group.name == group_name, _tag.name == name, _tag.state != State.DELETED)).first()


def tags_of(tx: Tx, group_id: str) -> list[sa.Row[Any]]:
    """The tags of a group that were not deleted, in order."""
    wanted = _full().where(_tag.group_id == group_id, _tag.state != State.DELETED)
    return list(tx.execute(wanted.order_by(_tag.position, _tag.name)))


def of_ids(tx: Tx, tag_ids: Iterable[str]) -> dict[str, sa.Row[Any]]:
    """Tags by id, whatever their state."""
    return {row.id: row for row in tx.execute(_full().where(_tag.id.in_(sorted(set(tag_ids)))))}


def exclusive(tx: Tx) -> dict[str, list[str]]:
    """Groups of which a member carries one tag at most, with their tags."""
    wanted = sa.select(_tag.group_id, _tag.id).join(group_table, _group.id == _tag.group_id).where(_group.is_exclusive)
    by_group: dict[str, list[str]] = {}
    for group_id, tag_id in tx.execute(wanted.order_by(_tag.position, _tag.name)):
        by_group.setdefault(group_id, []).append(tag_id)
    return by_group


def all_groups(tx: Tx) -> list[sa.Row[Any]]:
    """Groups in order of name."""
    return list(tx.execute(sa.select(group_table).where(_group.state != State.DELETED).order_by(_group.name)))


def all_tags(tx: Tx) -> list[sa.Row[Any]]:
    """Tags in order of place within their group."""
    return list(tx.execute(_full().where(_tag.state != State.DELETED).order_by(_tag.position, _tag.name)))


def count(tx: Tx) -> int:
    """How many tags there are."""
    return tx.execute(sa.select(sa.func.count()).where(_tag.state != State.DELETED)).scalar_one()


def forget_unused(tx: Tx, source: str) -> None:
    """Removes tags and groups that only this source had made and nobody uses."""
    used = sa.union(sa.select(change_table.c.tag_id), sa.select(exception_table.c.tag_id))
    tx.execute(sa.delete(tag_table).where(_tag.source == source, _tag.rule_audience_id.is_(None), _tag.id.not_in(used)))
    tx.execute(sa.delete(group_table).where(_group.source == source, _group.id.not_in(sa.select(_tag.group_id))))


def _full() -> sa.Select[Any]:
    joined = tag_table.join(group_table, _group.id == _tag.group_id)
    return sa.select(tag_table, _group.name.label("group"), _group.is_exclusive, _group.kind).select_from(joined)
