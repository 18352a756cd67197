"""All SQL of tags: names to ids, the history of changes, and what follows from it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.kernel.ids import new_id
from wellspring.kernel.stores import Tx
from wellspring.tags.contracts import MemberTag, TagChange, Verb
from wellspring.tags.models import change_table, group_table, tag_table

# Numbers that one statement may name: engines limit parameters to some tens of thousands.
_STEP = 5000


def set_name(tag_id: str) -> str:
    """The kernel set of a tag's members."""
    return f"tags.{tag_id}"


def tag_ids(tx: Tx, names: Iterable[tuple[str, str]], *, source: str, at: dt.datetime) -> dict[tuple[str, str], str]:
    """The ids of tags by group and name; missing ones are made."""
    found: dict[tuple[str, str], str] = {}
    groups = {row.name: row.id for row in tx.execute(sa.select(group_table))}
    known = {(row.group_id, row.name): row.id for row in tx.execute(sa.select(tag_table.c.group_id, tag_table.c.name, tag_table.c.id))}
    for group, name in sorted(set(names)):
        if group not in groups:
            groups[group] = new_id("tgg")
            tx.execute(sa.insert(group_table).values(id=groups[group], name=group, source=source, created_at=at))
        key = (groups[group], name)
        if key not in known:
            known[key] = new_id("tag")
            tx.execute(sa.insert(tag_table).values(id=known[key], group_id=groups[group], name=name, source=source, created_at=at))
        found[group, name] = known[key]
    return found


def add_changes(tx: Tx, found: Sequence[dict[str, Any]]) -> None:
    """Appends to the history."""
    if found:
        tx.execute(sa.insert(change_table), list(found))


def all_tags(tx: Tx) -> list[sa.Row[Any]]:
    """Groups with their tags (columns of a group without tags are None)."""
    joined = group_table.outerjoin(tag_table, tag_table.c.group_id == group_table.c.id)
    wanted = sa.select(group_table.c.id.label("group_id"), group_table.c.name.label("group"), tag_table.c.id, tag_table.c.name)
    return list(tx.execute(wanted.select_from(joined).order_by(group_table.c.name, tag_table.c.name)))


def exists(tx: Tx, tag_id: str) -> bool:
    """Whether there is such a tag."""
    return tx.execute(sa.select(tag_table.c.id).where(tag_table.c.id == tag_id)).first() is not None


def history(tx: Tx, member_nos: Sequence[int]) -> list[TagChange]:
    """Every change of these numbers, the latest first."""
    columns = (change_table.c.tag_id, group_table.c.name.label("group"), tag_table.c.name, change_table.c.verb, change_table.c.at)
    joined = change_table.join(tag_table, tag_table.c.id == change_table.c.tag_id).join(
        group_table, group_table.c.id == tag_table.c.group_id
    )
    wanted = sa.select(*columns, change_table.c.source, change_table.c.reason, change_table.c.actor).select_from(joined)
    ordered = wanted.where(change_table.c.member_no.in_(list(member_nos))).order_by(change_table.c.at.desc(), change_table.c.id.desc())
    return [
        TagChange(row.tag_id, row.group, row.name, Verb(row.verb), row.at, row.source, row.reason, row.actor) for row in tx.execute(ordered)
    ]


def carried(tx: Tx, member_nos: Sequence[int]) -> list[MemberTag]:
    """The tags in force: those whose latest change is a putting."""
    seen: set[str] = set()
    found = []
    for change in history(tx, member_nos):
        if change.tag_id not in seen and change.verb is Verb.PUT:
            found.append(MemberTag(change.tag_id, change.group, change.name, change.at, change.source, change.reason, change.actor))
        seen.add(change.tag_id)
    return sorted(found, key=lambda tag: (tag.group, tag.name))


def latest(tx: Tx, tag_id: str, member_nos: Iterable[int]) -> dict[int, tuple[str, dt.datetime]]:
    """The latest change of a tag for each of these numbers."""
    found: dict[int, tuple[str, dt.datetime]] = {}
    numbers = sorted(set(member_nos))
    columns = change_table.c
    for start in range(0, len(numbers), _STEP):
        mine = sa.and_(columns.tag_id == tag_id, columns.member_no.in_(numbers[start : start + _STEP]))
        for row in tx.execute(sa.select(columns.member_no, columns.verb, columns.at).where(mine).order_by(columns.at, columns.id)):
            found[row.member_no] = (row.verb, row.at)
    return found


def of_source(tx: Tx, source: str) -> dict[str, set[int]]:
    """Which numbers a source changed, by tag."""
    found: dict[str, set[int]] = {}
    for row in tx.execute(sa.select(change_table.c.tag_id, change_table.c.member_no).where(change_table.c.source == source)):
        found.setdefault(row.tag_id, set()).add(row.member_no)
    return found


def forget_source(tx: Tx, source: str) -> int:
    """Removes a source's changes from the history, and tags and groups that only it had made and nobody uses; gives the changes."""
    count = tx.execute(sa.delete(change_table).where(change_table.c.source == source)).rowcount
    used_tags = sa.select(change_table.c.tag_id)
    tx.execute(sa.delete(tag_table).where(tag_table.c.source == source, tag_table.c.id.not_in(used_tags)))
    used_groups = sa.select(tag_table.c.group_id)
    tx.execute(sa.delete(group_table).where(group_table.c.source == source, group_table.c.id.not_in(used_groups)))
    return int(count)


def forget_members(tx: Tx, member_nos: Sequence[int]) -> set[str]:
    """Removes everything of these numbers; gives the tags that they carried."""
    mine = change_table.c.member_no.in_(list(member_nos))
    touched = set(tx.execute(sa.select(change_table.c.tag_id).where(mine).distinct()).scalars())
    tx.execute(sa.delete(change_table).where(mine))
    return touched
