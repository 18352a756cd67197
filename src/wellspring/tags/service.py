"""Putting and lifting tags in batches: history first, the set after it, audit and event in the same transaction.

A statement older than what is known of that member and tag goes into the history and changes nothing now.
"""

import datetime as dt
from collections.abc import Sequence

from pyroaring import BitMap

from wellspring.kernel import audit, bus, sets
from wellspring.kernel.auth import Principal
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.tags import errors, events, repo
from wellspring.tags.contracts import NAME_MAX, NO_GROUP, Group, MemberTag, Tag, TagChange, TagWord, Verb, named

LOCK = "tags"


def write(ws: Workspace, *, by: Principal, words: Sequence[TagWord], source: str) -> int:
    """Takes a batch of statements; gives how many changed what a member carries."""
    cleaned = [(word, _names(word)) for word in words]
    now = ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, LOCK)
        ids = repo.tag_ids(tx, [names for _, names in cleaned], source=source, at=now)
        by_tag: dict[str, list[TagWord]] = {}
        for word, names in cleaned:
            by_tag.setdefault(ids[names], []).append(word)
        put = lifted = 0
        for tag_id, mine in by_tag.items():
            added, removed = _apply(tx, tag_id, mine, by=by, source=source)
            put, lifted = put + added, lifted + removed
        if put or lifted:
            _record(ws, tx, by=by, tag_ids=sorted(by_tag), put=put, lifted=lifted, source=source)
    return put + lifted


def _names(word: TagWord) -> tuple[str, str]:
    group, tag = named(word.group or NO_GROUP), named(word.tag)
    if group is None or tag is None:
        raise errors.TagUnnamed(limit=NAME_MAX)
    return group, tag


def _apply(tx: Tx, tag_id: str, words: Sequence[TagWord], *, by: Principal, source: str) -> tuple[int, int]:
    known = repo.latest(tx, tag_id, (word.member_no for word in words))
    before = sets.read(tx, repo.set_name(tag_id))
    add, remove, history = BitMap(), BitMap(), []
    for word in words:
        state = known.get(word.member_no)
        if state is not None and state[0] == word.verb and state[1] <= word.at:
            continue
        row = {
            "tag_id": tag_id,
            "member_no": word.member_no,
            "verb": word.verb,
            "at": word.at,
            "source": source,
            "reason": word.reason[:200],
            "actor": by.id,
        }
        history.append(row)
        if state is None or state[1] <= word.at:
            known[word.member_no] = (word.verb, word.at)
            (add if word.verb is Verb.PUT else remove).add(word.member_no)
            (remove if word.verb is Verb.PUT else add).discard(word.member_no)
    repo.add_changes(tx, history)
    add, remove = add - before, remove & before
    sets.change(tx, repo.set_name(tag_id), add=add, remove=remove)
    return len(add), len(remove)


def undo_source(ws: Workspace, *, by: Principal, source: str) -> int:
    """Takes back everything that came from a source: its changes leave the history, and the sets say what is left."""
    with ws.sql.write() as tx:
        ws.sql.lock(tx, LOCK)
        touched = repo.of_source(tx, source)
        count = repo.forget_source(tx, source)
        for tag_id, member_nos in touched.items():
            if not repo.exists(tx, tag_id):
                sets.remove(tx, repo.set_name(tag_id))
                continue
            left = repo.latest(tx, tag_id, member_nos)
            carrying = BitMap(number for number, (verb, _) in left.items() if verb == Verb.PUT)
            sets.change(tx, repo.set_name(tag_id), add=carrying, remove=BitMap(member_nos) - carrying)
        if touched:
            _record(ws, tx, by=by, tag_ids=sorted(touched), put=0, lifted=count, source=source, action="tags.undo")
    return count


def forget(ws: Workspace, tx: Tx, member_nos: Sequence[int]) -> None:
    """Removes erased members from every set and from the history."""
    ws.sql.lock(tx, LOCK)
    for tag_id in repo.forget_members(tx, member_nos):
        sets.change(tx, repo.set_name(tag_id), remove=BitMap(member_nos))


def listing(ws: Workspace) -> list[Group]:
    """Every group with its tags and their numbers of members."""
    groups: dict[str, tuple[str, list[Tag]]] = {}
    with ws.sql.read() as tx:
        for row in repo.all_tags(tx):
            tags = groups.setdefault(row.group_id, (row.group, []))[1]
            if row.id is not None:
                tags.append(Tag(row.id, row.group, row.name, len(sets.read(tx, repo.set_name(row.id)))))
    return [Group(group_id, name, tags) for group_id, (name, tags) in groups.items()]


def of_member(ws: Workspace, member_no: int) -> list[MemberTag]:
    """What a member carries now, through any number that was merged into it."""
    numbers = _numbers(ws, member_no)
    with ws.sql.read() as tx:
        return repo.carried(tx, numbers)


def history(ws: Workspace, member_no: int) -> list[TagChange]:
    """Every putting and lifting of a member, the latest first."""
    numbers = _numbers(ws, member_no)
    with ws.sql.read() as tx:
        return repo.history(tx, numbers)


def members(ws: Workspace, tag_id: str) -> BitMap:
    """The numbers that carry a tag, merged ones as their holders."""
    with ws.sql.read() as tx:
        if not repo.exists(tx, tag_id):
            raise errors.TagUnknown
        found = sets.read(tx, repo.set_name(tag_id))
    return BitMap(people.holders_of(ws, member_nos=list(found)))


def everyone(ws: Workspace) -> BitMap:
    """Every number that carries any tag."""
    found = BitMap()
    with ws.sql.read() as tx:
        for row in repo.all_tags(tx):
            if row.id is not None:
                found |= sets.read(tx, repo.set_name(row.id))
    return found


def _numbers(ws: Workspace, member_no: int) -> list[int]:
    return [member_no, *(number for number, holder in people.holders(ws).items() if holder == member_no and number != member_no)]


def _record(
    ws: Workspace, tx: Tx, *, by: Principal, tag_ids: list[str], put: int, lifted: int, source: str, action: str = "tags.change"
) -> None:
    now: dt.datetime = ws.clock.now()
    subject = tag_ids[0] if len(tag_ids) == 1 else "tags"
    audit.append(
        ws.sql,
        tx,
        by=by,
        action=action,
        subject=subject,
        at=now,
        detail={"tags": len(tag_ids), "put": put, "lifted": lifted, "source": source},
    )
    bus.tell(ws.sql, tx, events.Changed(tag_ids[:1000], put, lifted, source), at=now)
