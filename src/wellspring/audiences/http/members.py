"""The addresses of who is in an audience: page by page, by hand, by version."""

from typing import Annotated, Literal

import fastapi
import pydantic

from wellspring.audiences import api
from wellspring.audiences.contracts import Permission
from wellspring.audiences.http.shapes import AudienceMembersOut, AudienceOut, Cursor, Id, Limit, member_page, whole
from wellspring.kernel.web import Call, In, allow

router = fastapi.APIRouter()

# One transaction of half a second; more is brought as a list.
_MEMBERS_MAX = 5_000
_Ids = Annotated[list[Annotated[str, pydantic.Field(min_length=1, max_length=60)]], pydantic.Field(max_length=_MEMBERS_MAX)]
# What is no number is no version, so it is as unknown as a number too high.
_Version = Annotated[str, fastapi.Path(max_length=18)]


class AudienceByHandIn(In):
    """Members to put in, to keep out, and to give back to the rule, by id."""

    put: _Ids = pydantic.Field(default=[])
    lift: _Ids = pydantic.Field(default=[])
    clear: _Ids = pydantic.Field(default=[])
    reason: Annotated[str, pydantic.Field(max_length=200)] = ""


class AudienceByHandOut(AudienceOut):
    """The audience as it is now; `skipped` are unknown, departed, or outside the caller's data scope."""

    skipped: int


@router.get("/api/audiences/{audience_id}/members")
def list_audience_members(
    call: Annotated[Call, allow(Permission.AUDIENCE_READ)], audience_id: Id, cursor: Cursor = None, limit: Limit = None
) -> AudienceMembersOut:
    """Its members in order of their numbers, masked."""
    return member_page(api.member_page(call.ws, by=call.by, audience_id=audience_id, cursor=cursor, limit=limit))


@router.post("/api/audiences/{audience_id}/members")
def change_audience_members(
    call: Annotated[Call, allow(Permission.AUDIENCE_WRITE)], audience_id: Id, body: AudienceByHandIn
) -> AudienceByHandOut:
    """Puts members in and keeps members out by hand, which beats the rule until it is cleared."""
    shown, skipped = api.choose(
        call.ws, by=call.by, audience_id=audience_id, put=body.put, lift=body.lift, clear=body.clear, reason=body.reason
    )
    return AudienceByHandOut(**whole(shown).__dict__, skipped=skipped)


@router.get("/api/audiences/{audience_id}/history/{version}/members")
def list_audience_changes(
    *,
    call: Annotated[Call, allow(Permission.AUDIENCE_READ)],
    audience_id: Id,
    version: _Version,
    side: Literal["entered", "left"] = "entered",
    cursor: Cursor = None,
    limit: Limit = None,
) -> AudienceMembersOut:
    """Who entered or left with a version."""
    is_entry = side == "entered"
    number = int(version) if version.isdecimal() and version.isascii() else 0
    page = api.changed_page(call.ws, by=call.by, audience_id=audience_id, version=number, entered=is_entry, cursor=cursor, limit=limit)
    return member_page(page)
