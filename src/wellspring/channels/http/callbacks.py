"""Where the platforms call: the check of the address, and callbacks, which are answered once they are on the disk.

Asynchronous on purpose: an answer waits for the workspace's writer, which keeps many at once, so one thread serves
all of them; and answered before any route is looked up, because a platform sends thousands within its five seconds.
"""

import asyncio
from collections.abc import Mapping
from typing import Annotated

import fastapi
from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from wellspring.channels import api
from wellspring.channels.contracts import AccountKind
from wellspring.channels.contracts.accounts import WECHAT
from wellspring.channels.errors import AccountUnknown
from wellspring.kernel.errors import TooLarge, WellspringError
from wellspring.kernel.web import installation_of, problem, public
from wellspring.kernel.workspace import Installation, Workspace

router = fastapi.APIRouter(tags=["callbacks"])

_PREFIX = "/callbacks/"
_BODY_MAX = 128 * 1024
_SIGNED = "the platform has no account here; every request carries a signature that is checked before anything else"
_KINDS = frozenset(kind.value for kind in WECHAT)
# An account's id is of one workspace for ever.
_places: dict[str, str] = {}

_Id = Annotated[str, fastapi.Path(max_length=64)]


class DirectCallbacks:
    """Takes callbacks before routing; the route below is the same to whoever reads the document."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Takes what it can, and passes on the rest."""
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith(_PREFIX):
            await self._app(scope, receive, send)
            return
        kind, slash, account_id = scope["path"][len(_PREFIX) :].partition("/")
        if kind not in _KINDS or not slash or not account_id or "/" in account_id:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            answer = await _taken(request, account_id)
        except WellspringError as failure:
            answer = problem(failure, request)
        await answer(scope, receive, send)


@router.get("/callbacks/{kind}/{account_id}", dependencies=[public(_SIGNED)], response_class=fastapi.responses.PlainTextResponse)
def verify_callback_address(request: Request, kind: AccountKind, account_id: _Id) -> str:
    """Answers the platform's check of the address with what it sealed into the question (page 90930)."""
    return api.verify_address(workspace_of(installation_of(request), account_id), account_id, _query(request))


@router.post("/callbacks/{kind}/{account_id}", dependencies=[public(_SIGNED)], response_class=fastapi.responses.PlainTextResponse)
async def receive_callback(request: Request, kind: AccountKind, account_id: _Id) -> Response:
    """Keeps a callback and answers; its work comes later."""
    return await _taken(request, account_id)


async def _taken(request: Request, account_id: str) -> Response:
    installation = installation_of(request)
    slug = _places.get(account_id)
    ws = installation.workspace(slug) if slug is not None else await run_in_threadpool(workspace_of, installation, account_id)
    kept = api.receive_callback(ws, account_id, _query(request), await _body(request))
    await asyncio.wrap_future(kept)
    return Response(b"success", media_type="text/plain")


def _query(request: Request) -> Mapping[str, str]:
    return dict(request.query_params)


async def _body(request: Request) -> bytes:
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > _BODY_MAX:
            raise TooLarge(limit=_BODY_MAX)
        pieces.append(piece)
    return b"".join(pieces)


def workspace_of(installation: Installation, account_id: str) -> Workspace:
    """The workspace of an account. Raises AccountUnknown."""
    for slug in installation.slugs():
        ws = installation.workspace(slug)
        if api.knows_account(ws, account_id):
            _places[account_id] = slug
            return ws
    raise AccountUnknown
