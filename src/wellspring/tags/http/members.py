"""The addresses of one member's tags."""

from typing import Annotated, Literal

import fastapi
import pydantic

from wellspring.kernel.web import Call, In, Out, allow
from wellspring.people import api as people
from wellspring.tags import api
from wellspring.tags.contracts import NAME_MAX, NO_GROUP, Cause, Permission, parted
from wellspring.tags.http.shapes import Asked, Id, Moment, Name, Reason, TagChangesOut, visible

router = fastapi.APIRouter()

# A batch of one screen; more comes as an import.
_WORDS_MAX = 100
# "group/tag"
_PATH_MAX = 2 * NAME_MAX + 1


class MemberTagOut(Out):
    """A tag that a member carries."""

    id: str
    group: str
    name: str
    at: Moment
    expires_at: Moment | None
    source: str
    reason: str
    actor: str
    cause: Cause
    # Put by hand on a tag that follows a rule.
    is_exception: bool


class TagWordIn(In):
    """One tag by group and name."""

    group: Name = NO_GROUP
    tag: Name


_Word = Annotated[str, pydantic.Field(min_length=1, max_length=_PATH_MAX)] | TagWordIn


class MemberTagsIn(In):
    """Tags to put on the member and tags to lift, as "group/tag" or as objects, with the reason."""

    put: list[_Word] = pydantic.Field(default=[], max_length=_WORDS_MAX)
    lift: list[_Word] = pydantic.Field(default=[], max_length=_WORDS_MAX)
    reason: Reason = ""
    expires_at: Asked | None = None
    source: Literal["console"] = "console"


@router.get("/api/members/{member_id}/tags")
def list_member_tags(call: Annotated[Call, allow(Permission.TAG_READ)], member_id: Id) -> list[MemberTagOut]:
    """What the member carries now, with since when, until when, from where, why and by whom."""
    return _carried(call, people.member_no(call.ws, by=call.by, member_id=member_id))


@router.post("/api/members/{member_id}/tags")
def change_member_tags(call: Annotated[Call, allow(Permission.TAG_WRITE)], member_id: Id, body: MemberTagsIn) -> list[MemberTagOut]:
    """Puts and lifts tags of one member; gives what the member carries now. Unknown tags are made to be put."""
    member_no = people.member_no(call.ws, by=call.by, member_id=member_id)
    put, lift = ([_named(word) for word in words] for words in (body.put, body.lift))
    api.say(
        call.ws,
        by=call.by,
        member_no=member_no,
        put=put,
        lift=lift,
        reason=body.reason,
        source=body.source,
        expires_at=body.expires_at,
    )
    return _carried(call, member_no)


@router.get("/api/members/{member_id}/tags/history")
def list_member_tag_history(call: Annotated[Call, allow(Permission.TAG_READ)], member_id: Id) -> TagChangesOut:
    """Every putting and lifting of the member, the latest first."""
    member_no = people.member_no(call.ws, by=call.by, member_id=member_id)
    return TagChangesOut(rows=visible(call, api.history(call.ws, member_no=member_no)))


def _carried(call: Call, member_no: int) -> list[MemberTagOut]:
    return [MemberTagOut.model_validate(tag) for tag in api.of_member(call.ws, member_no=member_no)]


def _named(word: str | TagWordIn) -> tuple[str, str]:
    return parted(word) if isinstance(word, str) else (word.group, word.tag)
