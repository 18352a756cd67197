"""The address of the audiences that one member is in."""

from typing import Annotated, Literal

import fastapi

from wellspring.audiences import api
from wellspring.audiences.contracts import Permission
from wellspring.audiences.http.shapes import Id
from wellspring.kernel.web import Call, Out, allow

router = fastapi.APIRouter()


class MemberAudienceOut(Out):
    """An audience that a member is in, or is kept out of by hand."""

    id: str
    name: str
    count: int
    is_list: bool
    is_in: bool
    by_hand: Literal["in", "out"] | None


class MemberAudiencesOut(Out):
    """The audiences of a member, by name."""

    rows: list[MemberAudienceOut]


@router.get("/api/members/{member_id}/audiences")
def list_member_audiences(call: Annotated[Call, allow(Permission.AUDIENCE_READ)], member_id: Id) -> MemberAudiencesOut:
    """The audiences that a member is in by their last version, and those that they are kept out of by hand."""
    found = api.of_member(call.ws, by=call.by, member=member_id)
    return MemberAudiencesOut(rows=[MemberAudienceOut.model_validate(one) for one in found])
