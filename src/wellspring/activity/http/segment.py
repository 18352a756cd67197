"""Segment's HTTP tracking API: any Segment library pointed at this host works.

Asynchronous on purpose, and without pydantic: the body is read, decoded and judged on the event loop, and the answer
waits for the workspace's writer, so one thread serves thousands of senders.
"""

import asyncio
import base64
import enum
from typing import Annotated, Any

import fastapi
import orjson
import pydantic
from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from wellspring.access import api as access
from wellspring.access.contracts import KeyKind
from wellspring.activity import api, errors
from wellspring.activity.contracts import IngestResult, Permission
from wellspring.kernel.errors import NotFound, Unauthenticated, WellspringError
from wellspring.kernel.web import Call, Out, Rule, installation_of, problem
from wellspring.kernel.workspace import Workspace

router = APIRouter(tags=["segment"])


class WriteKey(Rule):
    """A write key as the user name of Basic authentication or as `writeKey` in the body, as Segment's libraries send it.

    Any other caller needs the permission.
    """

    async def __call__(self, request: Request) -> Call:  # type: ignore[override]
        """The workspace that the key writes into. Raises Unauthenticated."""
        scheme, _, credential = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            return _of_key(request, _user_name(credential.strip()))
        if not scheme and (secret := api.write_key_in(await _body(request), encoding=_encoding(request))):
            return _of_key(request, secret)
        return await run_in_threadpool(super().__call__, request)


def _of_key(request: Request, secret: str) -> Call:
    named = access.parse_key(secret)
    if named is None or named[0] is not KeyKind.WRITE:
        raise Unauthenticated
    try:
        ws = installation_of(request).workspace(named[1])
    except NotFound as unknown:
        raise Unauthenticated from unknown
    return Call(ws, access.authenticate_key(ws, secret, kind=KeyKind.WRITE, expand=_as_it_is).principal)


def _user_name(credential: str) -> str:
    try:
        return base64.b64decode(credential, validate=True).decode().partition(":")[0]
    except ValueError as broken:
        raise Unauthenticated from broken


def _as_it_is(_ws: Workspace, unit_ids: frozenset[str]) -> frozenset[str]:
    return unit_ids


class DirectBatches:
    """Answers batches under a write key before any route is looked up: routing costs as much as judging thirty messages.

    The route below is the same to every sender; it is what the OpenAPI document tells, and takes every other caller.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Takes what it can, and passes on the rest."""
        if scope["type"] != "http" or scope["path"] not in _DIRECT or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        scheme, _, credential = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            await self._app(scope, receive, send)
            return
        try:
            answer = await _batch(_of_key(request, _user_name(credential.strip())), request, historical=_DIRECT[scope["path"]])
        except WellspringError as failure:
            answer = problem(failure, request)
        await answer(scope, receive, send)


# Addresses of batches, and whether what they bring is history.
_DIRECT = {"/v1/batch": False, "/v1/b": False, "/v1/import": True}
Sender = Annotated[Call, fastapi.Depends(WriteKey(Permission.EVENT_WRITE))]
# Compressed bodies are smaller than what they hold; a plain one may be this large (Segment's limit for a batch).
_BODY_MAX = 500 * 1024
# Enough to see what is wrong with a batch; every refused message is kept and listed under /api/rejected.
_REFUSED_SHOWN = 20


class MessageType(enum.StrEnum):
    """What may be sent on its own."""

    IDENTIFY = "identify"
    TRACK = "track"
    PAGE = "page"
    SCREEN = "screen"
    GROUP = "group"
    ALIAS = "alias"


class RefusedOut(Out):
    """A message of the batch that was not taken, by its place."""

    index: int
    code: str
    zh: str
    en: str


class TakenOut(Out):
    """Segment's answer, and beyond it what became of the messages."""

    success: bool
    accepted: int
    repeated: int
    rejected: int
    errors: list[RefusedOut] = pydantic.Field(default_factory=list)


_ANSWERS: dict[int | str, dict[str, Any]] = {200: {"model": TakenOut, "description": "Durable"}}
_BATCH = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object", "properties": {
    "batch": {"type": "array", "maxItems": 2500, "items": {"type": "object"}},
    "context": {"type": "object"},
    "sentAt": {"type": "string", "format": "date-time"},
}, "required": ["batch"]}}}}}  # fmt: skip
_MESSAGE = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object", "properties": {
    "userId": {"type": "string"}, "anonymousId": {"type": "string"}, "messageId": {"type": "string"},
    "event": {"type": "string"}, "properties": {"type": "object"}, "traits": {"type": "object"}, "context": {"type": "object"},
    "timestamp": {"type": "string", "format": "date-time"},
}}}}}}  # fmt: skip


@router.post("/v1/batch", responses=_ANSWERS, openapi_extra=_BATCH)
@router.post("/v1/b", responses=_ANSWERS, openapi_extra=_BATCH, include_in_schema=False)
async def batch(call: Sender, request: Request) -> Response:
    """Takes up to 2,500 messages of any type; a bad one rejects itself, not its neighbours."""
    return await _batch(call, request, historical=False)


@router.post("/v1/import", responses=_ANSWERS, openapi_extra=_BATCH)
async def bulk(call: Sender, request: Request) -> Response:
    """Takes a batch of history: nothing is triggered by it."""
    return await _batch(call, request, historical=True)


@router.post("/v1/{message_type}", responses=_ANSWERS, openapi_extra=_MESSAGE)
async def message(call: Sender, request: Request, message_type: MessageType) -> Response:
    """Takes one message."""
    body = await _body(request)
    pending, refused = api.receive_message(call.ws, body, encoding=_encoding(request), source=_source(call), type_=message_type.value)
    result = await asyncio.wrap_future(pending)
    if refused:
        refusal = refused[0][1]
        raise errors.MessageRejected(reason_zh=refusal.zh, reason_en=refusal.en)
    return _answer(result, [])


async def _batch(call: Call, request: Request, *, historical: bool) -> Response:
    body = await _body(request)
    pending, refused = api.receive_batch(call.ws, body, encoding=_encoding(request), source=_source(call), historical=historical)
    result = await asyncio.wrap_future(pending)
    shown = [{"index": place, "code": refusal.code, "zh": refusal.zh, "en": refusal.en} for place, refusal in refused[:_REFUSED_SHOWN]]
    return _answer(result, shown)


async def _body(request: Request) -> bytes:
    # Read once: the key may be inside it.
    known: bytes | None = getattr(request.state, "body", None)
    if known is not None:
        return known
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > _BODY_MAX:
            raise errors.BodyTooLarge(limit="500 KB")
        pieces.append(piece)
    request.state.body = b"".join(pieces)
    return bytes(request.state.body)


def _encoding(request: Request) -> str:
    return request.headers.get("content-encoding", "").strip().lower()


def _source(call: Call) -> str:
    return call.by.name or call.by.id


def _answer(result: IngestResult, refused: list[dict[str, Any]]) -> Response:
    body = {"success": True, "accepted": result.accepted, "repeated": result.repeated, "rejected": result.rejected, "errors": refused}
    return fastapi.Response(orjson.dumps(body), media_type="application/json")
