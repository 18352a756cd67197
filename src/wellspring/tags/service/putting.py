"""Putting and lifting: batches from files and programs, and sets of members from staff.

A statement older than what is known of that member and tag goes into the history and changes nothing now. In a group
that takes one tag of a member, putting one lifts the other; a rival put later wins. On a tag that follows a rule, what
staff say is an exception and holds until they say otherwise.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from wellspring.kernel.auth import Principal
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.tags import errors
from wellspring.tags.contracts import NAME_MAX, NO_GROUP, TAGS_MAX, Cause, State, TagWord, Tally, Verb, named
from wellspring.tags.repo import changes, words
from wellspring.tags.rules import expiry
from wellspring.tags.service import due, sheet
from wellspring.tags.service.holding import Families
from wellspring.tags.service.sheet import Said, Sheet


class Statement(NamedTuple):
    """A word whose tag is known."""

    tag_id: str
    number: int
    verb: Verb
    at: dt.datetime
    reason: str
    expires_at: dt.datetime | None


def write(ws: Workspace, *, by: Principal, said: Sequence[TagWord], source: str) -> int:
    """Takes a batch of statements; gives how many changed what a member carries."""
    cleaned = [(word, _names(word)) for word in said]
    now = ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, sheet.LOCK)
        ids = _made(tx, [names for _, names in cleaned], source=source, at=now)
        statements = [
            # What claims to be from the future would stand against everything said until then.
            Statement(ids[names], word.member_no, word.verb, min(word.at, now), word.reason, word.expires_at)
            for word, names in cleaned
        ]
        found = put_down(ws, tx, statements, by=by, source=source)
    return found.put + found.lifted


def set_members(
    ws: Workspace,
    *,
    by: Principal,
    tag_id: str,
    put: Iterable[int],
    lift: Iterable[int],
    reason: str,
    source: str,
    expires_at: dt.datetime | None = None,
) -> Tally:
    """Puts and lifts one tag for many members by hand. Raises TagUnknown, TagRetired, ExpiryPast."""
    now = ws.clock.now()
    demand_future(expires_at, now)
    put_nos, lift_nos = list(put), list(lift)
    with ws.sql.write() as tx:
        ws.sql.lock(tx, sheet.LOCK)
        tag = words.tag(tx, tag_id)
        if tag is None:
            raise errors.TagUnknown
        if put_nos and tag.state == State.RETIRED:
            raise errors.TagRetired(name=tag.name)
        statements = [Statement(tag_id, number, Verb.PUT, now, reason, expires_at) for number in put_nos]
        statements += [Statement(tag_id, number, Verb.LIFT, now, reason, None) for number in lift_nos]
        return put_down(ws, tx, statements, by=by, source=source)


def of_one(
    ws: Workspace,
    *,
    by: Principal,
    member_no: int,
    put: Sequence[tuple[str, str]],
    lift: Sequence[tuple[str, str]],
    reason: str,
    source: str,
    expires_at: dt.datetime | None = None,
) -> Tally:
    """Puts and lifts tags of one member by group and name: unknown ones are made to be put, and nothing to lift.

    Raises TagUnnamed, TagRetired, ExpiryPast.
    """
    now = ws.clock.now()
    demand_future(expires_at, now)
    putting, lifting = ([_names(TagWord(member_no, *names, now)) for names in listed] for listed in (put, lift))
    with ws.sql.write() as tx:
        ws.sql.lock(tx, sheet.LOCK)
        ids = _made(tx, putting, source="", at=now)
        for row in words.of_ids(tx, ids.values()).values():
            if row.state == State.RETIRED:
                raise errors.TagRetired(name=row.name)
        statements = [Statement(ids[names], member_no, Verb.PUT, now, reason, expires_at) for names in putting]
        found = [words.found(tx, *names) for names in lifting]
        statements += [Statement(row.id, member_no, Verb.LIFT, now, reason, None) for row in found if row is not None]
        return put_down(ws, tx, statements, by=by, source=source)


def demand_future(expires_at: dt.datetime | None, now: dt.datetime) -> None:
    """Raises ExpiryPast for an expiry that is over already."""
    if expires_at is not None and expires_at <= now:
        raise errors.ExpiryPast


def put_down(ws: Workspace, tx: Tx, statements: Sequence[Statement], *, by: Principal, source: str) -> Tally:
    """Applies statements in the running transaction, which holds the lock."""
    now = ws.clock.now()
    tags = words.of_ids(tx, {one.tag_id for one in statements})
    rivals = {tag_id: ids for ids in words.exclusive(tx).values() for tag_id in ids if len(ids) > 1}
    known = {tag_id: None for one in tags for tag_id in rivals.get(one, [one])}
    kin = Families(ws, {one.number for one in statements})
    page = Sheet(tx, tag_ids=list(known), numbers=kin.numbers(), now=now)
    against: dict[str, dict[int, dict[str, object]]] = {}
    ruled = {row.id for row in words.of_ids(tx, known).values() if row.rule_audience_id}
    # Where only one tag may stand it matters what was said last; everywhere else each member and tag has an order of its own.
    for one in sorted(statements, key=lambda one: one.at) if rivals else statements:
        said = Said(source, by.id, one.reason)
        until = expiry(given=one.expires_at, days=tags[one.tag_id].expires_after_days, verb=one.verb, now=now)
        changed = _apply(page, kin, one._replace(expires_at=until), said, rivals.get(one.tag_id, ()))
        for tag_id, verb in changed:
            if tag_id in ruled:
                row = {"tag_id": tag_id, "member_no": one.number, "verb": str(verb), "at": now}
                against.setdefault(tag_id, {})[one.number] = row | {"source": source, "reason": one.reason[:200], "actor": by.id}
    for tag_id, rows in against.items():
        changes.forgive(tx, tag_id, {relative for number in rows for relative in kin.of(number)})
        changes.except_(tx, list(rows.values()))
    found = sheet.record(ws, tx, page.write(), by=by, source=source)
    due.keep_up(ws, tx)
    return found


def _apply(page: Sheet, kin: Families, one: Statement, said: Said, rivals: Sequence[str]) -> list[tuple[str, Verb]]:
    """Gives what was said of which tags, rivals included: what a rule must not take back."""
    if one.verb is Verb.LIFT:
        carrying = [number for number in kin.of(one.number) if page.carries(one.tag_id, number)]
        for number in carrying or [one.number]:
            page.lift(one.tag_id, number, said, at=one.at)
        return [(one.tag_id, Verb.LIFT)]
    others = [
        (tag_id, number) for tag_id in rivals if tag_id != one.tag_id for number in kin.of(one.number) if page.carries(tag_id, number)
    ]
    if any((standing := page.standing(*key)) is not None and standing.at > one.at for key in others):
        page.note(one.tag_id, one.number, Verb.PUT, said, at=one.at)
        return []
    for tag_id, number in others:
        page.lift(tag_id, number, said._replace(cause=Cause.EXCLUSIVE), at=one.at)
    page.put(one.tag_id, one.number, said, at=one.at, expires_at=one.expires_at)
    return [(one.tag_id, Verb.PUT), *((tag_id, Verb.LIFT) for tag_id, _ in others)]


def _made(tx: Tx, names: Sequence[tuple[str, str]], *, source: str, at: dt.datetime) -> dict[tuple[str, str], str]:
    ids = words.made(tx, names, source=source, at=at)
    if words.count(tx) > TAGS_MAX:
        raise errors.TooManyTags(limit=TAGS_MAX)
    return ids


def _names(word: TagWord) -> tuple[str, str]:
    # A slash would part "group/tag" in the wrong place; its wide form looks the same and does not.
    group, tag = named((word.group or NO_GROUP).replace("/", "／")), named(word.tag)
    if group is None or tag is None:
        raise errors.TagUnnamed(limit=NAME_MAX)
    return group, tag
