"""What every http module shares: who is calling, problem+json answers, and the marks from which the access matrix is made.

A route declares its rule in its signature: `call: Annotated[Call, allow(Permission.X)]`, or `public()` in its
dependencies. The composition root provides the authenticator; a route without a rule fails the build (tests/http).
"""

import dataclasses
import datetime as dt
import logging
import traceback
from typing import Annotated, Any, Protocol

import fastapi
import orjson
import pydantic
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from wellspring.kernel.auth import Principal
from wellspring.kernel.clock import iso
from wellspring.kernel.errors import Invalid, Scalar, WellspringError
from wellspring.kernel.workspace import Installation, Workspace

_log = logging.getLogger("wellspring.web")


class Part(pydantic.BaseModel):
    """Base of what stands inside a request body: a field that is not declared is refused, so nothing internal can be assigned."""

    model_config = pydantic.ConfigDict(extra="forbid", str_max_length=10_000)


class In(Part):
    """Base of request bodies: the whole of one is searched for U+0000 at once."""

    @pydantic.model_validator(mode="before")
    @classmethod
    def _without_nul(cls, body: Any) -> Any:  # noqa: ANN401 - any JSON
        if _holds_nul(body):
            raise ValueError("text must not hold the character U+0000")
        return body


def _holds_nul(body: Any) -> bool:  # noqa: ANN401 - any JSON
    try:
        # Written down it can be only this: a look at bytes costs a hundredth of a walk through a batch of orders.
        return b"\\u0000" in orjson.dumps(body) and _walks_into_nul(body)
    except TypeError:
        # orjson writes no lone surrogates and no integers beyond 64 bits.
        return _walks_into_nul(body)


def _walks_into_nul(body: Any) -> bool:  # noqa: ANN401 - any JSON
    if isinstance(body, str):
        return "\0" in body
    if isinstance(body, dict):
        return any(_walks_into_nul(key) or _walks_into_nul(value) for key, value in body.items())
    return isinstance(body, list) and any(map(_walks_into_nul, body))


class NulGuard:
    """Refuses addresses with U+0000, which PostgreSQL cannot keep in text, before any route sees them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything else on."""
        if scope["type"] == "http" and ("\0" in scope["path"] or b"%00" in scope["query_string"]):
            request = fastapi.Request(scope)
            await problem(Invalid(field="address", reason="U+0000"), request)(scope, receive, send)
            return
        await self._app(scope, receive, send)


class Out(pydantic.BaseModel):
    """Base of answers; may be made from contracts by attribute."""

    model_config = pydantic.ConfigDict(from_attributes=True)


class ProblemOut(Out):
    """RFC 9457 problem details with a stable code and both languages."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    detail_zh: str
    detail_en: str
    params: dict[str, Scalar] = {}
    errors: list[dict[str, Any]] = []
    instance: str = ""


@dataclasses.dataclass(frozen=True)
class Call:
    """An authenticated request: the workspace, the actor, and the language of the answer."""

    ws: Workspace
    by: Principal
    language: str = "zh-CN"


class Authenticator(Protocol):
    """Finds out who is calling; raises Unauthenticated."""

    def __call__(self, request: fastapi.Request) -> Call:
        """The call with its workspace and principal."""
        ...


class Rule:
    """A route's access rule as a dependency; `permission` "" means: anyone who is signed in."""

    def __init__(self, permission: str) -> None:
        self.permission = str(permission)

    def __call__(self, request: fastapi.Request) -> Call:
        """Authenticates, then demands the permission."""
        authenticate: Authenticator = request.app.state.authenticate
        call = authenticate(request)
        if self.permission:
            call.by.require(self.permission)
        return call


class PublicRule:
    """Marks a route that anyone may call, with the reason."""

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __call__(self) -> None:
        """Lets everyone pass."""


def allow(permission: str) -> Any:  # noqa: ANN401 - FastAPI's own type of Depends
    """The rule "needs this permission"; annotate the call parameter with it."""
    return fastapi.Depends(Rule(permission))


def signed_in() -> Any:  # noqa: ANN401 - as above
    """The rule "anyone who is signed in"."""
    return fastapi.Depends(Rule(""))


def public(reason: str) -> Any:  # noqa: ANN401 - as above
    """The rule "anyone at all", with its reason; goes into the route's `dependencies`."""
    return fastapi.Depends(PublicRule(reason))


def installation_of(request: fastapi.Request) -> Installation:
    """The installation that this server serves."""
    found: Installation = request.app.state.installation
    return found


# Every route may answer these; they are put into the OpenAPI document so that no answer is undocumented.
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": text, "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}}
    for status, text in {
        400: "The request is refused",
        401: "Not signed in",
        403: "Permission missing",
        404: "Unknown, or outside the data scope",
        405: "Method not allowed",
        409: "Contradicts what is there",
        413: "Over a limit",
        415: "Unknown content type or encoding",
        422: "A value cannot be taken",
        429: "Too many requests",
        503: "A store is unavailable",
    }.items()
}


def problem(failure: WellspringError, request: fastapi.Request) -> JSONResponse:
    """The failure as problem+json, in the language the caller asked for."""
    language = request.headers.get("accept-language", "zh-CN")
    body = ProblemOut(
        type=f"https://wellspring.invalid/problems/{failure.code}",
        title=failure.code,
        status=failure.status,
        code=failure.code,
        detail=failure.detail(language),
        detail_zh=failure.detail("zh-CN"),
        detail_en=failure.detail("en"),
        params=failure.params,
        errors=failure.errors,
        instance=request.url.path,
    )
    headers = {"retry-after": str(failure.params["seconds"])} if "seconds" in failure.params else None
    return JSONResponse(body.model_dump(), status_code=failure.status, media_type="application/problem+json", headers=headers)


def install_problems(app: fastapi.FastAPI) -> None:
    """Makes every failure of the app a problem+json answer, and defects a 500 that tells nothing."""

    @app.exception_handler(WellspringError)
    def _known(request: fastapi.Request, failure: WellspringError) -> JSONResponse:
        return problem(failure, request)

    @app.exception_handler(RequestValidationError)
    def _invalid(request: fastapi.Request, failure: RequestValidationError) -> JSONResponse:
        # The input itself is left out: it may hold personal values.
        errors = [{"loc": list(error["loc"]), "msg": error["msg"], "type": error["type"]} for error in failure.errors()]
        first = errors[0] if errors else {"loc": ["body"], "msg": "invalid"}
        answer = _problem_of(
            request,
            422,
            "kernel.invalid",
            f"字段 {'.'.join(map(str, first['loc']))} 不可用：{first['msg']}",
            f"{'.'.join(map(str, first['loc']))}: {first['msg']}",
        )
        return _with_errors(answer, errors)

    @app.exception_handler(HTTPException)
    def _http(request: fastapi.Request, failure: HTTPException) -> JSONResponse:
        words = {
            404: ("没有这个地址。", "There is no such address."),
            405: ("该地址不支持此方法。", "This address does not take that method."),
        }
        zh, en = words.get(failure.status_code, ("请求被拒绝。", "The request was refused."))
        return _problem_of(request, failure.status_code, f"kernel.http_{failure.status_code}", zh, en).to_response(failure.headers)

    @app.exception_handler(Exception)
    def _defect(request: fastapi.Request, failure: Exception) -> JSONResponse:
        # The class and the places alone: a message may quote personal values.
        places = "".join(traceback.format_tb(failure.__traceback__))
        _log.error("defect at %s: %s\n%s", request.url.path, type(failure).__name__, places)
        return _problem_of(
            request, 500, "kernel.defect", "服务器内部错误，已记录。", "An internal error; it has been logged."
        ).to_response()


@dataclasses.dataclass(frozen=True)
class _Problem:
    body: ProblemOut

    def to_response(self, headers: Any = None) -> JSONResponse:  # noqa: ANN401 - Starlette's header mapping
        return JSONResponse(self.body.model_dump(), status_code=self.body.status, media_type="application/problem+json", headers=headers)


def _problem_of(request: fastapi.Request, status: int, code: str, zh: str, en: str) -> _Problem:
    detail = zh if request.headers.get("accept-language", "zh-CN").startswith("zh") else en
    address = f"https://wellspring.invalid/problems/{code}"
    return _Problem(
        ProblemOut(type=address, title=code, status=status, code=code, detail=detail, detail_zh=zh, detail_en=en, instance=request.url.path)
    )


def _with_errors(answer: _Problem, errors: list[dict[str, Any]]) -> JSONResponse:
    return _Problem(answer.body.model_copy(update={"errors": errors})).to_response()


def _utc(instant: dt.datetime) -> dt.datetime:
    # The calendar's own ends are traps: an offset there leaves it.
    if not 1900 <= instant.year <= 2200:
        raise ValueError("an instant between 1900 and 2200")
    return instant.replace(tzinfo=dt.UTC) if instant.tzinfo is None else instant.astimezone(dt.UTC)


# An instant in a request: with a zone, or in UTC; within the years that every store can hold.
Asked = Annotated[dt.datetime, pydantic.AfterValidator(_utc)]
# An instant in an answer: UTC with milliseconds.
Moment = Annotated[dt.datetime, pydantic.PlainSerializer(iso, return_type=str, when_used="json")]
