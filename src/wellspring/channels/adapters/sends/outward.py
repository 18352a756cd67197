"""Calls to vendors that are not WeChat's: to the checked address, never followed elsewhere, with what their status means.

As with WeCom's client, a call that was refused is told with its status, and one whose answer was lost is unknown.
"""

import threading
from collections.abc import Mapping
from typing import Any

import httpx
import orjson

from wellspring.channels.adapters.wecom import hosts
from wellspring.channels.contracts import Account
from wellspring.channels.errors import ChannelFailed, ChannelLimited, ChannelUnreachable, OutcomeUnknown
from wellspring.channels.rules import codes
from wellspring.channels.settings import ANSWER_SECONDS, CONNECT_SECONDS
from wellspring.kernel import failpoints
from wellspring.kernel.workspace import Workspace

_ANSWER_MAX = 1024 * 1024
_BUSY, _GATEWAYS, _FAILED, _OK = 429, 500, 400, 200
_RETRY_SECONDS, _RETRY_SECONDS_MAX = 60, 86_400
_LIMITS = httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=30)
_web: list[httpx.Client] = []
_guard = threading.Lock()


def post(ws: Workspace, account: Account, host: str, path: str, *, content: bytes, headers: Mapping[str, str]) -> bytes:
    """Posts below a host; gives the body of a good answer.

    Raises ChannelFailed (refused, nothing done), ChannelLimited, ChannelUnreachable (never got there), OutcomeUnknown, AddressRefused.
    """
    return _call(ws, account, "POST", host, path, content=content, headers=headers)


def get(ws: Workspace, account: Account, host: str, path: str, *, headers: Mapping[str, str]) -> bytes:
    """The same for reading."""
    return _call(ws, account, "GET", host, path, content=None, headers=headers)


def parsed(answer: bytes, path: str) -> Any:  # noqa: ANN401 - any JSON
    """The JSON of an answer. Raises OutcomeUnknown: what stands behind half an answer may have acted."""
    try:
        return orjson.loads(answer)
    except orjson.JSONDecodeError as broken:
        raise OutcomeUnknown(path=path, errcode=codes.UNUSABLE, words=codes.words(codes.UNUSABLE)) from broken


def close() -> None:
    """Gives the connections back; the next call opens new ones."""
    with _guard:
        while _web:
            _web.pop().close()


def _call(
    ws: Workspace, account: Account, method: str, host: str, path: str, *, content: bytes | None, headers: Mapping[str, str]
) -> bytes:
    target = hosts.target_of(ws, account.kind, host)
    failpoints.hit("channels.outward.before")
    try:
        with _client().stream(
            method,
            target.base + path,
            content=content,
            headers={**headers, "host": target.host_header},
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
            extensions={"sni_hostname": target.server_name},
        ) as answer:
            body = _read(answer)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as nowhere:
        raise _failure(ChannelUnreachable, path, codes.UNREACHABLE) from nowhere
    except httpx.HTTPError as broken:
        raise _failure(OutcomeUnknown, path, codes.UNREACHABLE) from broken
    failpoints.hit("channels.outward.after")
    _demand_good(answer, path)
    return body


def _demand_good(answer: httpx.Response, path: str) -> None:
    status = answer.status_code
    if status == _BUSY:
        text = answer.headers.get("retry-after", "")
        seconds = min(int(text), _RETRY_SECONDS_MAX) if text.isdigit() else _RETRY_SECONDS
        raise ChannelLimited(path=path, errcode=status, words=codes.words(codes.BUSY), retry_seconds=max(seconds, 1))
    if status >= _GATEWAYS:
        raise _failure(OutcomeUnknown, path, codes.UNUSABLE)
    if status >= _FAILED:
        raise _failure(ChannelFailed, path, status)
    if status // 100 != _OK // 100:
        # A redirect: never followed, so nothing was done.
        raise _failure(ChannelFailed, path, status)


def _read(answer: httpx.Response) -> bytes:
    pieces, size = [], 0
    for piece in answer.iter_bytes():
        size += len(piece)
        if size > _ANSWER_MAX:
            break
        pieces.append(piece)
    return b"".join(pieces)


def _failure(kind: type[ChannelFailed], path: str, code: int) -> ChannelFailed:
    return kind(path=path, errcode=code, words=codes.words(code))


def _client() -> httpx.Client:
    with _guard:
        if not _web:
            _web.append(httpx.Client(trust_env=False, follow_redirects=False, limits=_LIMITS))
        return _web[0]
