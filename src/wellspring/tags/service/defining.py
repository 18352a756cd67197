"""Groups and tags as operators make, rename, retire, delete and merge them.

Whatever uses a tag by name (an audience) must let go of it before it is renamed, merged away or deleted.
"""

import dataclasses
from typing import Any

from pyroaring import BitMap

from wellspring.kernel import audit, bus, sets
from wellspring.kernel.auth import Principal
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.tags import errors, events
from wellspring.tags.contracts import NAME_MAX, TAGS_MAX, Cause, GroupKind, State, Tally, Verb, named
from wellspring.tags.repo import changes, words
from wellspring.tags.service import holding, joining, looking, putting, registry, sheet
from wellspring.tags.service.sheet import Said, Sheet


@dataclasses.dataclass(frozen=True)
class Wish:
    """What to change of a group or a tag; what is not named stays."""

    values: dict[str, Any]

    def named(self) -> str | None:
        """The wished name in normal form, None when it stays. Raises TagUnnamed."""
        if "name" not in self.values:
            return None
        return _name(self.values["name"])


def add_group(ws: Workspace, *, by: Principal, name: str, kind: GroupKind, **values: Any) -> str:  # noqa: ANN401 - column values
    """Makes a group; gives its id. Raises TagUnnamed, GroupSlashed, NameTaken."""
    wanted = _group_name(name)
    with ws.sql.write() as tx:
        ws.sql.lock(tx, sheet.LOCK)
        there = words.group_named(tx, wanted)
        if there is not None and there.state != State.DELETED:
            raise errors.NameTaken(name=wanted)
        kept: dict[str, Any] = {"kind": str(kind), **values}
        if there is not None:
            words.change_group(tx, there.id, state=str(State.ACTIVE), **kept)
        group_id = there.id if there else words.add_group(tx, name=wanted, source="", at=ws.clock.now(), **kept)
        _note(ws, tx, by=by, action="tags.group_add", subject=group_id, detail={"name": wanted, "kind": str(kind)})
    return str(group_id)


def change_group(ws: Workspace, *, by: Principal, group_id: str, wish: Wish) -> None:
    """Changes a group. One that becomes exclusive leaves every member the tag put last. Raises GroupUnknown, NameTaken, TagInUse."""
    with ws.sql.write() as tx:
        ws.sql.lock(tx, sheet.LOCK)
        group = words.group(tx, group_id)
        if group is None:
            raise errors.GroupUnknown
        values = dict(wish.values)
        name = wish.named()
        if name is not None and name != group.name:
            values["name"] = _group_name(name)
            if words.group_named(tx, name) is not None:
                raise errors.NameTaken(name=name)
            for tag in words.tags_of(tx, group_id):
                _demand_unused(ws, tag.id)
        else:
            values.pop("name", None)
        words.change_group(tx, group_id, **values)
        _note(ws, tx, by=by, action="tags.group_change", subject=group_id, detail={"fields": ",".join(sorted(values))})
        if values.get("is_exclusive") and not group.is_exclusive:
            several = _carrying_several(ws, tx, group_id)
            joining.settle(ws, tx, several, Said("exclusive", by.id, "", Cause.EXCLUSIVE), only=group_id)


def _carrying_several(ws: Workspace, tx: Tx, group_id: str) -> BitMap:
    once, several = BitMap(), BitMap()
    for tag in words.tags_of(tx, group_id):
        mine = holding.held(ws, sets.read(tx, words.set_name(tag.id)))
        several |= once & mine
        once |= mine
    return several


def delete_group(ws: Workspace, *, by: Principal, group_id: str) -> None:
    """Deletes a group whose tags have gone. Raises GroupUnknown, GroupNotEmpty."""
    with ws.sql.write() as tx:
        ws.sql.lock(tx, sheet.LOCK)
        group = words.group(tx, group_id)
        if group is None:
            raise errors.GroupUnknown
        left = words.tags_of(tx, group_id)
        if left:
            raise errors.GroupNotEmpty(count=len(left))
        words.change_group(tx, group_id, state=str(State.DELETED))
        _note(ws, tx, by=by, action="tags.group_delete", subject=group_id, detail={"name": group.name})


def add_tag(ws: Workspace, *, by: Principal, group: str, name: str, **values: Any) -> str:  # noqa: ANN401 - column values
    """Makes a tag, and its group where that is missing; gives its id. Raises TagUnnamed, NameTaken, TooManyTags."""
    wanted, group_name, now = _name(name), _group_name(group), ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, sheet.LOCK)
        there = words.found(tx, group_name, wanted)
        if there is not None:
            raise errors.NameTaken(name=f"{group_name}/{wanted}")
        if words.count(tx) >= TAGS_MAX:
            raise errors.TooManyTags(limit=TAGS_MAX)
        tag_id = words.made(tx, [(group_name, wanted)], source="", at=now)[group_name, wanted]
        words.change_tag(tx, tag_id, **values)
        _note(ws, tx, by=by, action="tags.add", subject=tag_id, detail={"group": group_name, "name": wanted})
    return tag_id


def change_tag(ws: Workspace, *, by: Principal, tag_id: str, wish: Wish) -> None:
    """Renames, describes, moves, retires a tag or brings it back. Raises TagUnknown, NameTaken, TagInUse."""
    with ws.sql.write() as tx:
        ws.sql.lock(tx, sheet.LOCK)
        tag = looking.known(tx, tag_id)
        values = dict(wish.values)
        name = wish.named()
        if name is not None and name != tag.name:
            if words.tag_named(tx, tag.group_id, name) is not None:
                raise errors.NameTaken(name=f"{tag.group}/{name}")
            _demand_unused(ws, tag_id)
            values["name"] = name
        else:
            values.pop("name", None)
        words.change_tag(tx, tag_id, **values)
        detail = {"fields": ",".join(sorted(values)), "name": values.get("name", tag.name)}
        _note(ws, tx, by=by, action="tags.edit", subject=tag_id, detail=detail)


def delete_tag(ws: Workspace, *, by: Principal, tag_id: str) -> Tally:
    """Lifts a tag from everyone and takes it out of use; its history stays. Raises TagUnknown, TagInUse."""
    with ws.sql.write() as tx:
        ws.sql.lock(tx, sheet.LOCK)
        tag = looking.known(tx, tag_id)
        _demand_unused(ws, tag_id)
        found = _lift_all(ws, tx, tag_id, Said("deleted", by.id, "", Cause.DELETED))
        _retire(tx, tag_id)
        tallies = {tag_id: found}
        return sheet.record(ws, tx, tallies, by=by, source="deleted", action="tags.delete", name=tag.name, group=tag.group)


def merge_tags(ws: Workspace, *, by: Principal, tag_id: str, into_id: str) -> Tally:
    """Puts `into` on everyone who carries the tag, then deletes the tag. Raises TagUnknown, TagInUse, TagRetired."""
    with ws.sql.write() as tx:
        ws.sql.lock(tx, sheet.LOCK)
        tag, into = looking.known(tx, tag_id), looking.known(tx, into_id)
        if tag_id == into_id:
            raise errors.NameTaken(name=f"{into.group}/{into.name}")
        if into.state == State.RETIRED:
            raise errors.TagRetired(name=into.name)
        _demand_unused(ws, tag_id)
        now, reason = ws.clock.now(), f"{tag.group}/{tag.name}"
        numbers = sets.read(tx, words.set_name(tag_id))
        until = {number: row.expires_at for number, row in changes.puts_of(tx, tag_id, numbers).items()}
        _lift_all(ws, tx, tag_id, Said("joined", by.id, f"{into.group}/{into.name}", Cause.JOINED))
        statements = [putting.Statement(into_id, number, Verb.PUT, now, reason, until[number]) for number in numbers]
        found = putting.put_down(ws, tx, statements, by=by, source="joined")
        _retire(tx, tag_id)
        sheet.record(ws, tx, {tag_id: Tally(0, len(numbers))}, by=by, source="joined", action="tags.join", into=into_id)
    return found


def _lift_all(ws: Workspace, tx: Tx, tag_id: str, said: Said) -> Tally:
    now = ws.clock.now()
    numbers = sets.read(tx, words.set_name(tag_id))
    page = Sheet(tx, tag_ids=[tag_id], numbers=numbers, now=now)
    for number in numbers:
        page.lift(tag_id, number, said, at=now)
    return page.write().get(tag_id, Tally(0, 0))


def _retire(tx: Tx, tag_id: str) -> None:
    changes.forgive(tx, tag_id, [one.member_no for one in changes.exceptions(tx, tag_id)])
    words.change_tag(tx, tag_id, state=str(State.DELETED), rule_audience_id=None)


def _demand_unused(ws: Workspace, tag_id: str) -> None:
    users = registry.users_of(ws, tag_id)
    if users:
        raise errors.TagInUse(users="、".join(users[:5]))


def _name(text: str) -> str:
    name = named(text)
    if name is None:
        raise errors.TagUnnamed(limit=NAME_MAX)
    return name


def _group_name(text: str) -> str:
    name = _name(text)
    if "/" in name:
        raise errors.GroupSlashed
    return name


def _note(ws: Workspace, tx: Tx, *, by: Principal, action: str, subject: str, detail: dict[str, Any]) -> None:
    now = ws.clock.now()
    audit.append(ws.sql, tx, by=by, action=action, subject=subject, at=now, detail=detail)
    bus.tell(ws.sql, tx, events.Defined(subject, action), at=now)
