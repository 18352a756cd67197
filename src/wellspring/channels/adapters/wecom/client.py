"""The one client of WeCom, and of Official Account and Mini Program, which speak alike: token in the query, errcode in the answer.

A call that was refused is told with its code in plain words. A call whose answer was lost is repeated only where the
documents say that repeating is safe; otherwise it ends as OutcomeUnknown, and is nobody's to repeat blindly.
"""

import threading
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import httpx
import orjson

from wellspring.channels.adapters.wecom import hosts, pace, tokens
from wellspring.channels.contracts import Account, AccountKind, AccountState
from wellspring.channels.errors import AccountPaused, ChannelFailed, ChannelUnreachable, OutcomeUnknown
from wellspring.channels.repo import secrets
from wellspring.channels.rules import codes, paths
from wellspring.channels.settings import ANSWER_SECONDS, BUSY_TRIES, CONNECT_SECONDS, CROWDED_TRIES
from wellspring.kernel import failpoints
from wellspring.kernel.workspace import Workspace

Answer = dict[str, Any]
# File name, content and content type of an upload, by the name of its field.
Files = Mapping[str, tuple[str, bytes, str]]
_GATEWAYS = 500
_NO_MORE = 1_000
_LIMITS = httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=30)
_web: list[httpx.Client] = []
_guard = threading.Lock()


class _Request(NamedTuple):
    path: str
    url: str
    target: hosts.Target
    query: Mapping[str, Any]
    body: Mapping[str, Any] | None
    files: Files | None
    seconds: float


class _Lost(Exception):
    """No usable answer; `was_sent` when the platform may have acted on the request all the same."""

    def __init__(self, code: int, *, was_sent: bool) -> None:
        super().__init__(code)
        self.code = code
        self.was_sent = was_sent


class _Trouble:
    """How often one call met with what, and until when it may be tried again."""

    def __init__(self, until: float | None) -> None:
        self._until = until
        self._times: dict[int, int] = {}

    def again(self, code: int) -> int:
        """Counts one more; more than is ever allowed when the patience is over."""
        self._times[code] = self._times.get(code, 0) + 1
        is_over = self._until is not None and time.monotonic() >= self._until
        return _NO_MORE if is_over else self._times[code]


def call(
    ws: Workspace,
    account: Account,
    path: str,
    *,
    body: Mapping[str, Any] | None = None,
    query: Mapping[str, Any] | None = None,
    files: Files | None = None,
    is_repeatable: bool | None = None,
    seconds: float = ANSWER_SECONDS,
    patience: float | None = None,
) -> Answer:
    """Calls `externalcontact/get` or, of the other platforms, a full path such as `cgi-bin/user/info`; gives the answer.

    GET without a body or files, POST with them. `patience` are the seconds after which nothing is tried again.
    Raises ChannelFailed (refused, nothing done), ChannelLimited, ChannelUnreachable (never got there), OutcomeUnknown,
    AccountPaused, SecretMissing, AddressRefused.
    """
    if account.state is AccountState.PAUSED:
        raise AccountPaused(name=account.name)
    may_repeat = paths.is_repeatable(path) if is_repeatable is None else is_repeatable
    request = _request(ws, account, path, query or {}, body, files, seconds)
    trouble = _Trouble(time.monotonic() + patience if patience is not None else None)
    generation = 0
    while True:
        given = pace.admit(ws, account, path)
        token = tokens.current(ws, account, lambda: _fetch_token(ws, account), newer_than=generation)
        try:
            answer = _exchange(request._replace(query={**request.query, "access_token": token.text}))
        except _Lost as lost:
            _again_after_loss(ws, account, path, lost, trouble, may_repeat=may_repeat)
            continue
        code = code_of(answer)
        if code == 0:
            pace.succeeded(ws, account, path, given)
            return answer
        if _is_stale(account, code) and not generation:
            generation = token.generation
            continue
        _again_after_refusal(ws, account, path, code, trouble)


def code_of(answer: Mapping[str, Any]) -> int:
    """The answer's errcode as a number; 0 where there is none, as reading calls of the Official Account answer."""
    code = answer.get("errcode", 0)
    try:
        return int(code)
    except (TypeError, ValueError):
        return codes.UNUSABLE


def close() -> None:
    """Gives the connections back; the next call opens new ones."""
    with _guard:
        while _web:
            _web.pop().close()


def _again_after_loss(ws: Workspace, account: Account, path: str, lost: _Lost, trouble: "_Trouble", *, may_repeat: bool) -> None:
    """Returns to try again, or raises."""
    pace.failed(ws, account, path, lost.code)
    tries = trouble.again(lost.code)
    if lost.was_sent and not may_repeat:
        raise OutcomeUnknown(path=path, errcode=lost.code, words=codes.words(lost.code))
    if lost.code == codes.NOT_FOUND or tries >= BUSY_TRIES:
        kind = ChannelFailed if lost.code == codes.NOT_FOUND else ChannelUnreachable
        raise kind(path=path, errcode=lost.code, words=codes.words(lost.code))
    time.sleep(0.1 * 2**tries)


def _again_after_refusal(ws: Workspace, account: Account, path: str, code: int, trouble: "_Trouble") -> None:
    """Returns to try again, or raises."""
    if code in codes.LIMITED:
        raise pace.limited(ws, account, path, code)
    tries = trouble.again(code)
    allowed = BUSY_TRIES if code == codes.BUSY else CROWDED_TRIES if code in codes.CROWDED | codes.CONTENDED else 0
    if tries > allowed:
        # That two people are not connected is an answer, not trouble.
        if code not in codes.NO_RELATION:
            pace.failed(ws, account, path, code)
        raise ChannelFailed(path=path, errcode=code, words=codes.words(code))
    time.sleep(min(0.1 * 2**tries, 2.0))


def _is_stale(account: Account, code: int) -> bool:
    return code in (codes.STALE_TOKEN if account.kind is AccountKind.WECOM else codes.STALE_TOKEN_OFFICIAL)


def _request(
    ws: Workspace,
    account: Account,
    path: str,
    query: Mapping[str, Any],
    body: Mapping[str, Any] | None,
    files: Files | None,
    seconds: float,
) -> _Request:
    target = hosts.target_of(ws, account.kind, account.host)
    prefix = "/cgi-bin/" if account.kind is AccountKind.WECOM else "/"
    return _Request(path, target.base + prefix + path, target, query, body, files, seconds)


def _fetch_token(ws: Workspace, account: Account) -> tuple[str, int]:
    secret = secrets.of(ws, account.id).secret_or_raise(account.name)
    if account.kind is AccountKind.WECOM:
        path, query, body = "gettoken", {"corpid": account.corp_id, "corpsecret": secret}, None
    else:
        # The plain one would make every other program's token invalid (Official Account, 获取稳定版接口调用凭据).
        path, query = "cgi-bin/stable_token", {}
        body = {"grant_type": "client_credential", "appid": account.corp_id, "secret": secret}
    for attempt in range(BUSY_TRIES):
        try:
            answer = _exchange(_request(ws, account, path, query, body, None, ANSWER_SECONDS))
        except _Lost as lost:
            code = lost.code
        else:
            code = code_of(answer)
            if code == 0 and answer.get("access_token"):
                return str(answer["access_token"]), int(answer.get("expires_in") or 7200)
            if code != codes.BUSY:
                raise ChannelFailed(path=path, errcode=code or codes.UNUSABLE, words=codes.words(code or codes.UNUSABLE))
        time.sleep(0.1 * 2**attempt)
    raise ChannelUnreachable(path=path, errcode=code, words=codes.words(code))


def _exchange(request: _Request) -> Answer:
    headers = {"host": request.target.host_header}
    content = None
    if request.body is not None:
        content = orjson.dumps(request.body)
        headers["content-type"] = "application/json"
    failpoints.hit("channels.call.before")
    try:
        answer = _client().request(
            "GET" if request.body is None and request.files is None else "POST",
            request.url,
            params=request.query,
            content=content,
            files=request.files,
            headers=headers,
            timeout=httpx.Timeout(request.seconds, connect=CONNECT_SECONDS),
            extensions={"sni_hostname": request.target.server_name},
        )
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as nowhere:
        raise _Lost(codes.UNREACHABLE, was_sent=False) from nowhere
    except httpx.HTTPError as broken:
        raise _Lost(codes.UNREACHABLE, was_sent=True) from broken
    failpoints.hit("channels.call.after")
    return _parsed(answer)


def _parsed(answer: httpx.Response) -> Answer:
    if answer.status_code == httpx.codes.NOT_FOUND:
        raise _Lost(codes.NOT_FOUND, was_sent=False)
    try:
        parsed = orjson.loads(answer.content)
    except orjson.JSONDecodeError as broken:
        # A page of a gateway, or half an answer: what stands behind it may have acted.
        raise _Lost(codes.UNUSABLE, was_sent=True) from broken
    if answer.status_code >= _GATEWAYS or not isinstance(parsed, dict):
        raise _Lost(codes.UNUSABLE, was_sent=True)
    return parsed


def _client() -> httpx.Client:
    with _guard:
        if not _web:
            # No proxy of the environment, no redirect: both would lead elsewhere than to the checked address.
            _web.append(httpx.Client(trust_env=False, follow_redirects=False, limits=_LIMITS))
        return _web[0]
