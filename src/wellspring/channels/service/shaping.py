"""From what the platform says to rows, and from rows to what crosses the front door: personal values sealed and masked."""

import datetime as dt
from typing import Any

import orjson

from wellspring.channels.adapters.wecom.contacts import Follow, Person
from wellspring.channels.contracts import Contact, Relation, RelationState
from wellspring.channels.repo import contacts as rows
from wellspring.channels.rules.relations import Marks, Standing
from wellspring.kernel.text import mask_name
from wellspring.kernel.workspace import Workspace

NAME_CONTEXT = "channels.name"
NOTES_CONTEXT = "channels.notes"
_MASK_MAX = 60


def person_mark(ws: Workspace, person: Person) -> bytes:
    """Equal for equal fields, so that a contact who did not change is neither opened nor written anew."""
    fields = [person.name, person.kind, person.gender, person.avatar, person.unionid, person.corp_name]
    return ws.keys.mark("person", orjson.dumps(fields).decode())


def person_columns(ws: Workspace, person: Person) -> dict[str, Any]:
    """The columns of a contact that are the platform's own."""
    return {
        "name": ws.keys.seal(person.name, context=NAME_CONTEXT) if person.name else None,
        "name_masked": mask_name(person.name)[:_MASK_MAX] if person.name else None,
        "kind": person.kind,
        "gender": person.gender,
        "avatar": person.avatar,
        "unionid": person.unionid,
        "corp_name": person.corp_name,
        "mark": person_mark(ws, person),
    }


def notes_of(follow: Follow) -> bytes:
    """What a staff member noted, as one text."""
    return orjson.dumps([follow.remark, follow.description, follow.corp_name, list(follow.mobiles)])


def notes_mark(ws: Workspace, follow: Follow) -> bytes:
    """Equal for equal notes, so that unchanged ones are not sealed and written anew."""
    return ws.keys.mark("notes", notes_of(follow).decode())


def follow_columns(ws: Workspace, follow: Follow, known_mark: bytes | None) -> dict[str, Any]:
    """The columns of a relation that are the platform's own; sealed notes only where they changed."""
    columns: dict[str, Any] = {
        "is_followed": True,
        "created_at": follow.created_at,
        "add_way": follow.add_way,
        "oper_userid": follow.oper_userid,
        "tag_ids": list(follow.tag_ids),
    }
    if follow.state:
        columns["state_text"] = follow.state
    mark = notes_mark(ws, follow)
    if mark != known_mark:
        columns["notes"] = ws.keys.seal_bytes(notes_of(follow), context=NOTES_CONTEXT)
        columns["notes_mark"] = mark
        columns["remark_masked"] = mask_name(follow.remark)[:_MASK_MAX] if follow.remark else None
    return columns


def marks_of(row: rows.Row | None) -> Marks:
    """The instants of a relation's row."""
    if row is None:
        return Marks()
    return Marks(*(row[name] for name in Marks._fields))


def standing_columns(marks: Marks, standing: Standing, *, ended_before: dt.datetime | None, now: dt.datetime) -> dict[str, Any]:
    """The marks and what follows from them."""
    is_over = standing.state is not RelationState.FOLLOWING
    ended_at = (standing.ended_at or ended_before or now) if is_over else None
    return {**marks._asdict(), "state": standing.state, "is_half": standing.is_half, "ended_at": ended_at, "changed_at": now}


def relation_out(row: rows.Row, staff_id: str | None) -> Relation:
    """A relation as it crosses the front door."""
    return Relation(
        account_id=row["account_id"],
        external_userid=row["external_userid"],
        userid=row["userid"],
        staff_id=staff_id,
        state=RelationState(row["state"]),
        is_half=row["is_half"],
        added_at=max((one for one in (row["added_at"], row["half_at"], row["created_at"]) if one is not None), default=None),
        ended_at=row["ended_at"],
        state_text=row["state_text"],
        add_way=row["add_way"],
        remark_masked=row["remark_masked"],
        tag_ids=tuple(row["tag_ids"]),
    )


def contact_out(row: rows.Row, relations: list[Relation], member_no: int) -> Contact:
    """A contact as it crosses the front door."""
    names = ("account_id", "external_userid", "name_masked", "kind", "gender", "avatar", "is_following")
    instants = ("first_added_at", "last_added_at", "fetched_at")
    fields = {name: row[name] for name in names + instants}
    return Contact(member_no=member_no, has_unionid=bool(row["unionid"]), relations=tuple(relations), **fields)
