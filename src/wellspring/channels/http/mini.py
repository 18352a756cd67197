"""Signing in from a Mini Program, and the check of its token for the brand's own server."""

from typing import Annotated, Any

import fastapi
import pydantic

from wellspring.channels import api
from wellspring.channels.contracts import Permission
from wellspring.channels.http.callbacks import workspace_of
from wellspring.channels.http.shapes import Id, Moment
from wellspring.kernel.web import PROBLEMS, Call, In, Out, allow, installation_of, public
from wellspring.people import api as people

router = fastapi.APIRouter(tags=["mini programs"])

_REASON = "phones have no account here; the code is the platform's own proof, good once, and who guesses is slowed down"
_AWAY: dict[int | str, dict[str, Any]] = {502: {**PROBLEMS[503], "description": "The platform refused, or gave no usable answer"}}


class MiniLoginIn(In):
    """What `wx.login` gave."""

    js_code: Annotated[str, pydantic.Field(min_length=1, max_length=512)]


class MiniLoginOut(Out):
    """Who the user is for this Mini Program, and a token for the brand's own server."""

    openid: str
    appid: str
    token: str
    expires_at: Moment


class MiniTokenIn(In):
    """What a phone sent along."""

    token: Annotated[str, pydantic.Field(min_length=1, max_length=2_000)]


class MiniSessionOut(Out):
    """Whose token it is; without a member where they are outside the caller's scope."""

    account_id: str
    openid: str
    has_unionid: bool
    member_id: str | None


@router.post("/api/mini/{account_id}/login", dependencies=[public(_REASON)], responses=_AWAY)
def log_in_to_mini(request: fastapi.Request, account_id: Id, body: MiniLoginIn) -> MiniLoginOut:
    """Signs somebody in to a Mini Program: tells their openid, makes them known, and gives a token of two hours."""
    ws = workspace_of(installation_of(request), account_id)
    address = request.client.host if request.client else ""
    return MiniLoginOut.model_validate(api.mini_login(ws, account_id=account_id, js_code=body.js_code, address=address))


@router.post("/api/mini/sessions/check")
def check_mini_token(call: Annotated[Call, allow(Permission.FOLLOWER_READ)], body: MiniTokenIn) -> MiniSessionOut:
    """Tells the brand's own server who holds the token of a login."""
    found = api.mini_signed_in(call.ws, token=body.token)
    [number] = people.holders_of(call.ws, member_nos=[found.member_no])
    known = people.members_of(call.ws, by=call.by, member_nos=[number]) if number else {}
    member_id = known[number].id if number in known else None
    return MiniSessionOut(account_id=found.account_id, openid=found.openid, has_unionid=found.has_unionid, member_id=member_id)
