"""Signing in to a Mini Program: the phone's code becomes a person, and a token that the brand's own server can have checked.

The token is sealed and holds everything, so nothing is kept and nothing of it can be read or altered outside.
"""

import base64
import datetime as dt
import json
import threading
from collections import deque

from wellspring.channels import errors
from wellspring.channels.contracts.followers import MiniLogin, MiniSession
from wellspring.channels.service import followers
from wellspring.channels.service.asking import account_of
from wellspring.kernel.clock import iso
from wellspring.kernel.crypto import SealBroken
from wellspring.kernel.errors import TooMany
from wellspring.kernel.workspace import Workspace

LIFETIME = dt.timedelta(hours=2)
# A phone asks anew when its code was refused once; a program that guesses does nothing else.
FAILURES_MAX = 20
WINDOW = dt.timedelta(minutes=10)
_ADDRESSES_MAX = 10_000
_CONTEXT = "channels.mini_login"
# Invalid or over, used; blocked as a risk (developers.weixin.qq.com, code2Session).
_REFUSED, _BLOCKED = frozenset({40029, 40163}), 40226
# By workspace and address, in this process: enough to slow a guesser down, and nothing that has to outlive it.
_failures: dict[tuple[str, str], deque[dt.datetime]] = {}
_guard = threading.Lock()


def login(ws: Workspace, *, account_id: str, js_code: str, address: str) -> MiniLogin:
    """Raises MiniCodeRefused, MiniUserBlocked, TooMany, AccountUnknown, KindMismatch, ChannelFailed."""
    _demand(ws, address)
    appid = account_of(ws, account_id).corp_id
    try:
        found = followers.mini_session(ws, account_id=account_id, js_code=js_code)
    except errors.ChannelFailed as failed:
        if failed.errcode in _REFUSED:
            _note(ws, address)
            raise errors.MiniCodeRefused from failed
        if failed.errcode == _BLOCKED:
            raise errors.MiniUserBlocked from failed
        raise
    expires_at = ws.clock.now() + LIFETIME
    held = {"account": account_id, "openid": found.openid, "unionid": found.has_unionid, "number": found.member_no}
    sealed = ws.keys.seal(json.dumps({**held, "until": iso(expires_at)}), context=_CONTEXT)
    return MiniLogin(found.openid, appid, base64.urlsafe_b64encode(sealed).decode().rstrip("="), expires_at)


def signed_in(ws: Workspace, *, token: str) -> MiniSession:
    """Raises MiniTokenRefused."""
    try:
        sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        held = json.loads(ws.keys.open(sealed, context=_CONTEXT))
    except (ValueError, SealBroken) as broken:
        raise errors.MiniTokenRefused from broken
    if dt.datetime.fromisoformat(held["until"]) <= ws.clock.now():
        raise errors.MiniTokenRefused
    return MiniSession(held["account"], held["openid"], held["unionid"], held["number"])


def _demand(ws: Workspace, address: str) -> None:
    with _guard:
        found = _recent(ws, address)
        if len(found) >= FAILURES_MAX:
            raise TooMany(seconds=max(1, int((found[0] + WINDOW - ws.clock.now()).total_seconds())))


def _note(ws: Workspace, address: str) -> None:
    with _guard:
        if len(_failures) >= _ADDRESSES_MAX:
            _failures.clear()
        _failures.setdefault((ws.slug, address), deque(maxlen=FAILURES_MAX)).append(ws.clock.now())


def _recent(ws: Workspace, address: str) -> deque[dt.datetime]:
    found, since = _failures.get((ws.slug, address), deque()), ws.clock.now() - WINDOW
    while found and found[0] <= since:
        found.popleft()
    return found
