"""Tags over HTTP: all groups, and one member's tags."""

import datetime as dt
from typing import Annotated, Literal

import fastapi
import pydantic

from wellspring.kernel.web import PROBLEMS, Call, In, Out, allow
from wellspring.people import api as people
from wellspring.tags import api
from wellspring.tags.contracts import NAME_MAX, NO_GROUP, Permission

router = fastapi.APIRouter(tags=["tags"], responses=PROBLEMS)

_Name = Annotated[str, pydantic.Field(min_length=1, max_length=NAME_MAX)]
# A batch of one screen; more comes as an import.
_WORDS_MAX = 100


class TagOut(Out):
    """A tag and how many members carry it."""

    id: str
    group: str
    name: str
    members: int


class TagGroupOut(Out):
    """A group with its tags."""

    id: str
    name: str
    tags: list[TagOut]


class MemberTagOut(Out):
    """A tag that a member carries."""

    id: str
    group: str
    name: str
    at: dt.datetime
    source: str
    reason: str
    actor: str


class TagWordIn(In):
    """One tag by group and name."""

    group: _Name = NO_GROUP
    tag: _Name


class MemberTagsIn(In):
    """Tags to put on the member and tags to lift, with the reason."""

    put: list[TagWordIn] = pydantic.Field(default=[], max_length=_WORDS_MAX)
    lift: list[TagWordIn] = pydantic.Field(default=[], max_length=_WORDS_MAX)
    reason: Annotated[str, pydantic.Field(max_length=200)] = ""
    source: Literal["console"] = "console"


@router.get("/api/tags")
def list_tags(call: Annotated[Call, allow(Permission.TAG_READ)]) -> list[TagGroupOut]:
    """Every group with its tags and how many members carry each."""
    return [TagGroupOut.model_validate(group) for group in api.listing(call.ws)]


@router.get("/api/members/{member_id}/tags")
def list_member_tags(call: Annotated[Call, allow(Permission.TAG_READ)], member_id: str) -> list[MemberTagOut]:
    """What the member carries now, with since when, from where, why and by whom."""
    member = people.member(call.ws, by=call.by, member_id=member_id)
    return [MemberTagOut.model_validate(tag) for tag in api.of_member(call.ws, member_no=member.member_no)]


@router.post("/api/members/{member_id}/tags")
def change_member_tags(call: Annotated[Call, allow(Permission.TAG_WRITE)], member_id: str, body: MemberTagsIn) -> list[MemberTagOut]:
    """Puts and lifts tags of one member; gives what the member carries now."""
    member = people.member(call.ws, by=call.by, member_id=member_id)
    with call.ws.sql.write():
        for verb, words in ((api.put, body.put), (api.lift, body.lift)):
            for word in words:
                verb(
                    call.ws,
                    by=call.by,
                    member_nos=[member.member_no],
                    group=word.group,
                    tag=word.tag,
                    source=body.source,
                    reason=body.reason,
                )
    return [MemberTagOut.model_validate(tag) for tag in api.of_member(call.ws, member_no=member.member_no)]
