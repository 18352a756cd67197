"""What several addresses of tags share: instants, names, and the shapes of tags and changes."""

from collections.abc import Iterable
from typing import Annotated

import fastapi
import pydantic

from wellspring.kernel import web
from wellspring.kernel.web import Call, Out
from wellspring.people import api as people
from wellspring.tags.contracts import NAME_MAX, Cause, GroupKind, State, TagChange, Verb

Asked = web.Asked
Moment = web.Moment
Limit = Annotated[int | None, fastapi.Query(ge=1, le=200)]
Cursor = Annotated[str | None, fastapi.Query(max_length=400)]
Name = Annotated[str, pydantic.Field(min_length=1, max_length=NAME_MAX)]
Reason = Annotated[str, pydantic.Field(max_length=200)]
Id = Annotated[str, fastapi.Path(max_length=60)]


class TagOut(Out):
    """A tag and how many members carry it."""

    id: str
    group: str
    name: str
    members: int
    description: str
    state: State
    position: int
    expires_after_days: int | None
    rule_audience_id: str | None
    # How many members staff excepted from the rule.
    exceptions: int


class TagGroupOut(Out):
    """A group with its tags, in order."""

    id: str
    name: str
    kind: GroupKind
    is_exclusive: bool
    description: str
    color: str
    tags: list[TagOut]


class TagChangeOut(Out):
    """One putting or lifting; `ended_at` is null while it is in force, before `recorded_at` when it never was."""

    id: int
    tag_id: str
    group: str
    name: str
    member_no: int
    member_id: str | None = None
    member_name: str | None = None
    verb: Verb
    cause: Cause
    at: Moment
    recorded_at: Moment
    ended_at: Moment | None
    expires_at: Moment | None
    source: str
    reason: str
    actor: str


class TagChangesOut(Out):
    """A page of changes."""

    rows: list[TagChangeOut]
    next_cursor: str | None = None
    total: int | None = None


def visible(call: Call, changes: Iterable[TagChange]) -> list[TagChangeOut]:
    """Those of the changes whose members the caller may see, with whom they are about."""
    listed = list(changes)
    numbers = {one.member_no for one in listed}
    holder_of = dict(zip(sorted(numbers), people.holders_of(call.ws, member_nos=sorted(numbers)), strict=True))
    known = people.members_of(call.ws, by=call.by, member_nos=sorted(set(holder_of.values())))
    found = []
    for one in listed:
        member = known.get(holder_of[one.member_no])
        if member is not None:
            told = TagChangeOut.model_validate(one)
            named = {"member_no": member.member_no, "member_id": member.id, "member_name": member.name_masked}
            found.append(told.model_copy(update=named))
    return found
