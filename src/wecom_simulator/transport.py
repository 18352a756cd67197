"""How calls come in: the register of endpoints, the order in which a call is checked, and the envelope of answers.

The order (contract, derived from probes): path 404, token 41001/40014/42001, address 60020, permission 48002, rate
45009/45033, JSON 40058, then what the handler checks. A refused call still has the endpoint's empty default fields.
One `Api` is one host; the platforms differ in how a caller is known and how a refusal reads.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar
from urllib.parse import parse_qsl

import orjson
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.types import Message, Receive, Scope, Send

from wecom_simulator.call import Call, Raw, Upload
from wecom_simulator.errors import Refused, hinted
from wecom_simulator.faults import PARTIAL_SHARE, Fault, Faults
from wecom_simulator.limits import Windows
from wecom_simulator.world import World

Answer: TypeAlias = "dict[str, Any] | Raw"
Handler: TypeAlias = Callable[[Call], Answer]
Registered = TypeVar("Registered", bound=Handler)

_BODY_MAX = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One path of a platform."""

    method: str
    path: str
    run: Handler
    defaults: dict[str, Any]
    permission: str
    with_token: bool
    is_limited: bool
    is_read: bool


@dataclass(slots=True)
class Api:
    """The endpoints of one host under one prefix of this server."""

    prefix: str
    name: str
    # Finds out who calls, or refuses; fills by_corp and by_app, or account.
    know: Callable[[Call], None]
    # The body of a refusal.
    refuse: Callable[[Call, Refused], dict[str, Any]]
    # What a success carries beside the handler's fields.
    success: dict[str, Any] = field(default_factory=lambda: {"errcode": 0, "errmsg": "ok"})
    endpoints: dict[str, Endpoint] = field(default_factory=dict)

    def endpoint(
        self,
        method: str,
        path: str,
        *,
        defaults: dict[str, Any] | None = None,
        permission: str = "",
        with_token: bool = True,
        is_limited: bool = True,
        is_read: bool | None = None,
    ) -> Callable[[Registered], Registered]:
        """Declares a path below the prefix.

        `defaults` are the fields that even a refusal has; `permission` is one, or several of which one is enough (`a|b`).
        """

        def register(run: Registered) -> Registered:
            read = method == "GET" if is_read is None else is_read
            self.endpoints[path] = Endpoint(method, path, run, defaults or {}, permission, with_token, is_limited, read)
            return run

        return register

    def answer(self, call: Call, endpoint: Endpoint, fault: Fault | None) -> Answer:
        """Checks and runs one call under the world's lock."""
        with call.world.lock:
            try:
                found = self._run(call, endpoint, fault)
            except Refused as refused:
                return {**endpoint.defaults, **self.refuse(call, refused), **refused.fields}
            if not endpoint.is_read:
                call.world.version += 1
            return found if isinstance(found, Raw) else {**self.success, **found}

    def _run(self, call: Call, endpoint: Endpoint, fault: Fault | None) -> Answer:
        if endpoint.with_token:
            if fault and fault.kind == "token":
                raise Refused(40014)
            self.know(call)
            if call.by_corp is not None:
                self._admit(call, endpoint)
        if fault and fault.code:
            raise Refused(fault.code)
        if fault and fault.kind == "partial":
            call.failing = (PARTIAL_SHARE, call.world.part(Faults).random)
        if endpoint.method == "POST" and not call.is_multipart:
            _parse(call)
        return endpoint.run(call)

    def _admit(self, call: Call, endpoint: Endpoint) -> None:
        app, corp = call.app, call.corp
        if app.trusted_ips and call.ip not in app.trusted_ips:
            raise Refused(60020)
        if endpoint.permission and app.permissions.isdisjoint(endpoint.permission.split("|")):
            # The secret of the contact sync reads ids alone since 2022-08-15.
            raise Refused(48009 if endpoint.permission == "directory" and "contact_sync" in app.permissions else 48002)
        if endpoint.is_limited:
            call.world.part(Windows).count(corp.limits, corp.corpid, call.ip, endpoint.path, call.now)
            if corp.limits.concurrent and call.world.part(Faults).running.get(endpoint.path, 0) > corp.limits.concurrent:
                raise Refused(45033)


def _parse(call: Call) -> None:
    if call.method == "GET":
        raise Refused(40058)
    try:
        found = orjson.loads(call.raw)
    except orjson.JSONDecodeError:
        raise Refused(40058, "invalid request parameter, Warning: wrong json format.") from None
    if not isinstance(found, dict):
        raise Refused(40058, "invalid request parameter, Warning: wrong json format.")
    call.body = found


def refusal(call: Call, refused: Refused) -> dict[str, Any]:
    """A refusal in WeCom's words."""
    return {"errcode": refused.code, "errmsg": hinted(refused.code, refused.phrase, now=call.now, ip=call.ip)}


class Door:
    """The ASGI application of all hosts: finds the endpoint, reads the body, lets faults spoil the answer."""

    def __init__(self, world: World, apis: tuple[Api, ...], otherwise: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self.world = world
        self.apis = apis
        self.otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self.otherwise(scope, receive, send)
            return
        path: str = scope["path"]
        for api in self.apis:
            if path.startswith(api.prefix):
                endpoint = api.endpoints.get(path[len(api.prefix) :])
                if endpoint is None:
                    await _send(send, Raw(b"", status=404))
                else:
                    await self._serve(api, endpoint, scope, receive, send)
                return
        await self.otherwise(scope, receive, send)

    async def _serve(self, api: Api, endpoint: Endpoint, scope: Scope, receive: Receive, send: Send) -> None:
        call = await _call(self.world, endpoint, scope, receive)
        if call is None:
            await _send(send, Raw(b"", status=413))
            return
        faults = self.world.part(Faults)
        fault = faults.draw(f"{api.name}{endpoint.path}")
        if fault is None and not api_is_watched(call):
            await _send(send, _raw(api.answer(call, endpoint, None)))
            return
        faults.running[endpoint.path] = faults.running.get(endpoint.path, 0) + 1
        try:
            await self._spoiled(api, endpoint, call, fault, receive, send)
        finally:
            faults.running[endpoint.path] -= 1

    async def _spoiled(self, api: Api, endpoint: Endpoint, call: Call, fault: Fault | None, receive: Receive, send: Send) -> None:
        if fault and fault.kind == "page":
            await _send(send, Raw(fault.page(), "text/html", status=fault.status))
            return
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        made = _raw(api.answer(call, endpoint, fault))
        if fault and fault.kind == "timeout":
            # The call was accepted and nobody hears of it; who waits longer than the fault gets a gateway's page.
            await _wait(receive, fault.seconds)
            made = Raw(fault.page(), "text/html", status=504)
        elif fault:
            made = fault.spoil(made)
        await _send(send, made)


def api_is_watched(call: Call) -> bool:
    """Whether calls under way are counted: only where a limit of concurrent calls is set."""
    return any(corp.limits.concurrent for corp in call.world.corps.values())


async def _call(world: World, endpoint: Endpoint, scope: Scope, receive: Receive) -> Call | None:
    raw = await _body(receive) if scope["method"] != "GET" else b""
    if raw is None:
        return None
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    client = scope.get("client") or ("127.0.0.1", 0)
    call = Call(world, scope["method"], endpoint.path, query, headers, raw, headers.get("x-simulated-ip", client[0]))
    if headers.get("content-type", "").startswith("multipart/form-data"):
        call.files = await _files(headers, raw)
    return call


async def _body(receive: Receive) -> bytes | None:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk: bytes = message.get("body", b"")
        chunks.append(chunk)
        size += len(chunk)
        if size > _BODY_MAX:
            return None
        if not message.get("more_body"):
            return b"".join(chunks)


async def _files(headers: dict[str, str], raw: bytes) -> dict[str, Upload]:
    async def stream() -> Any:
        yield raw
        yield b""

    try:
        form = await MultiPartParser(Headers(headers), stream(), max_part_size=_BODY_MAX).parse()
    except (MultiPartException, KeyError):
        return {}
    found: dict[str, Upload] = {}
    for name, value in form.multi_items():
        if not isinstance(value, str):
            found[name] = Upload(value.filename or "", value.content_type or "", await value.read())
    await form.close()
    return found


def _raw(answer: Answer) -> Raw:
    return answer if isinstance(answer, Raw) else Raw(orjson.dumps(answer), "application/json; charset=UTF-8")


async def _send(send: Send, raw: Raw) -> None:
    headers = [(b"content-type", raw.content_type.encode()), (b"content-length", str(len(raw.content)).encode())]
    headers += [(name.encode(), value.encode()) for name, value in raw.headers]
    await send({"type": "http.response.start", "status": raw.status, "headers": headers})
    await send({"type": "http.response.body", "body": raw.content})


async def _wait(receive: Receive, seconds: float) -> None:
    async def gone() -> None:
        message: Message = {"type": ""}
        while message["type"] != "http.disconnect":
            message = await receive()

    try:
        await asyncio.wait_for(gone(), seconds)
    except TimeoutError:
        return
