"""Reading: who carries what now and at an instant, through any number that was merged into a member."""

import datetime as dt
from collections.abc import Iterable, Sequence

from pyroaring import BitMap

from wellspring.kernel import sets
from wellspring.kernel.pages import Page, encode_cursor, limit_of
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.tags import errors
from wellspring.tags.contracts import Exceptional, Group, GroupKind, MemberTag, State, Tag, TagChange, named
from wellspring.tags.repo import changes, words
from wellspring.tags.repo.changes import Row
from wellspring.tags.rules import place_of
from wellspring.tags.service.holding import Families, held


def known(tx: Tx, tag_id: str) -> Row:
    """A tag that was not deleted. Raises TagUnknown."""
    found = words.tag(tx, tag_id)
    if found is None:
        raise errors.TagUnknown
    return found


def listing(ws: Workspace) -> list[Group]:
    """Every group with its tags and their numbers of members."""
    with ws.sql.read() as tx:
        excepted = changes.exception_counts(tx)
        by_group: dict[str, list[Tag]] = {}
        for row in words.all_tags(tx):
            many = len(held(ws, sets.read(tx, words.set_name(row.id))))
            by_group.setdefault(row.group_id, []).append(tag_of(row, many, excepted.get(row.id, 0)))
        return [
            Group(row.id, row.name, by_group.get(row.id, []), GroupKind(row.kind), row.is_exclusive, row.description, row.color)
            for row in words.all_groups(tx)
        ]


def one(ws: Workspace, tag_id: str) -> Tag:
    """One tag. Raises TagUnknown."""
    with ws.sql.read() as tx:
        row = known(tx, tag_id)
        return tag_of(row, len(held(ws, sets.read(tx, words.set_name(tag_id)))), changes.exception_counts(tx).get(tag_id, 0))


def tag_of(row: Row, members: int, exceptions: int) -> Tag:
    """The contract of a row."""
    return Tag(
        id=row.id,
        group=row.group,
        name=row.name,
        members=members,
        description=row.description,
        state=State(row.state),
        position=row.position,
        expires_after_days=row.expires_after_days,
        rule_audience_id=row.rule_audience_id,
        exceptions=exceptions,
    )


def find(ws: Workspace, group: str, tag: str) -> str | None:
    """The id of a tag by names."""
    names = named(group), named(tag)
    with ws.sql.read() as tx:
        found = words.found(tx, names[0], names[1]) if names[0] and names[1] else None
    return found.id if found else None


def find_group(ws: Workspace, name: str) -> list[str] | None:
    """The ids of a group's tags by its name; None when there is no such group."""
    wanted = named(name)
    with ws.sql.read() as tx:
        found = words.group_named(tx, wanted) if wanted else None
        if found is None or found.state == State.DELETED:
            return None
        return [row.id for row in words.tags_of(tx, found.id)]


def members(ws: Workspace, tag_id: str) -> BitMap:
    """The members that carry a tag now. Raises TagUnknown."""
    with ws.sql.read() as tx:
        known(tx, tag_id)
        return held(ws, sets.read(tx, words.set_name(tag_id)))


def members_of_any(ws: Workspace, tag_ids: Sequence[str]) -> BitMap:
    """The members that carry one of these tags now, in three questions. Raises TagUnknown."""
    with ws.sql.read() as tx:
        if not words.living(tx, tag_ids).issuperset(tag_ids):
            raise errors.TagUnknown
        found = sets.read_several(tx, [words.set_name(tag_id) for tag_id in tag_ids])
        return held(ws, BitMap.union(*found.values())) if found else BitMap()


def members_at(ws: Workspace, tag_id: str, at: dt.datetime) -> BitMap:
    """The members of today whose numbers carried a tag at an instant of the server's time. Raises TagUnknown."""
    with ws.sql.read() as tx:
        known(tx, tag_id)
        return held(ws, BitMap(changes.carriers_at(tx, tag_id, at)))


def version(ws: Workspace, tag_ids: Sequence[str]) -> tuple[int, ...]:
    """Changes whenever one of these tags' members do: the sets' versions, and that of who holds which numbers."""
    with ws.sql.read() as tx:
        found = sets.versions(tx, [words.set_name(tag_id) for tag_id in tag_ids])
        return (*(found.get(words.set_name(tag_id), 0) for tag_id in tag_ids), people.holders_epoch(ws))


def everyone(ws: Workspace) -> BitMap:
    """Every number that carries any tag."""
    found = BitMap()
    with ws.sql.read() as tx:
        for row in words.all_tags(tx):
            found |= sets.read(tx, words.set_name(row.id))
    return found


def of_member(ws: Workspace, member_no: int) -> list[MemberTag]:
    """What a member carries now, through any number that was merged into it."""
    with ws.sql.read() as tx:
        return changes.carried(tx, people.numbers_held(ws, member_no=member_no))


def history(ws: Workspace, member_no: int) -> list[TagChange]:
    """Every putting and lifting of a member, the latest first."""
    with ws.sql.read() as tx:
        return changes.of_members(tx, people.numbers_held(ws, member_no=member_no))


def tag_history(ws: Workspace, tag_id: str, *, cursor: str | None, limit: int | None) -> Page[TagChange]:
    """A page of a tag's changes, the newest first. Raises TagUnknown."""
    size = limit_of(limit)
    before = place_of(cursor) if cursor else None
    with ws.sql.read() as tx:
        known(tx, tag_id)
        found = changes.of_tag(tx, tag_id, before=before, limit=size + 1)
    return Page(found[:size], encode_cursor([found[size - 1].id]) if len(found) > size else None)


def carriers(ws: Workspace, tag_id: str, member_nos: Iterable[int]) -> dict[int, MemberTag]:
    """How each of these members came to carry a tag."""
    kin = Families(ws, member_nos)
    family = kin.numbers()
    found: dict[int, MemberTag] = {}
    with ws.sql.read() as tx:
        tag = known(tx, tag_id)
        by_hand = {kin.holder(one.member_no) for one in changes.exceptions_of(tx, family) if one.tag_id == tag_id}
        for number, row in sorted(changes.puts_of(tx, tag_id, family).items(), key=lambda pair: pair[1].at):
            holder = kin.holder(number)
            found[holder] = MemberTag(
                tag_id, tag.group, tag.name, row.at, row.source, row.reason, row.actor, row.expires_at, row.cause, holder in by_hand
            )
    return found


def exceptions(ws: Workspace, tag_id: str) -> list[Exceptional]:
    """What staff said against a tag's rule, in order. Raises TagUnknown."""
    with ws.sql.read() as tx:
        known(tx, tag_id)
        return changes.exceptions(tx, tag_id)


def check(ws: Workspace) -> list[tuple[str, bool, str, str]]:
    """Whether every set holds exactly the numbers that the history puts there."""
    carried: dict[str, BitMap] = {}
    with ws.sql.read() as tx:
        for tag_id, number in changes.standing_puts(tx):
            carried.setdefault(tag_id, BitMap()).add(number)
        names = {name.removeprefix("tags.") for name in sets.names(tx, "tags.")}
        wrong = sum(sets.read(tx, words.set_name(tag_id)) != carried.get(tag_id, BitMap()) for tag_id in names | set(carried))
    return [
        (
            "tags.sets",
            wrong == 0,
            f"每个标签的集合与历史一致，{wrong} 个例外",
            f"every tag's set is what its history says, {wrong} are not",
        )
    ]
