"""Tokens: one for all threads and all processes, fetched by one of them at a time.

A token has a generation. Whoever was refused with it asks for a newer one than the generation it used, so that one
expiry costs one fetch, however many calls were under way. After a refusal (a wrong secret) nobody asks again for a
while, because the platform bans addresses that insist.
"""

import datetime as dt
import threading
import time
import weakref
from collections.abc import Callable
from typing import NamedTuple

from wellspring.channels.contracts import Account
from wellspring.channels.errors import ChannelFailed, ChannelUnreachable
from wellspring.channels.repo import accounts as rows
from wellspring.channels.rules import codes
from wellspring.channels.settings import REFUSED_PAUSE_SECONDS
from wellspring.kernel import failpoints
from wellspring.kernel.clock import SystemClock
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores import Sql
from wellspring.kernel.workspace import Workspace

ACCESS = "access"
# Who fetches is given this long; then another one may. Leases belong to processes, so they are of the machine's own time.
_HOLD = dt.timedelta(seconds=20)
_LOOK_SECONDS = 0.05
_REFUSED_PAUSE_MAX = 3_600
_real = SystemClock()


class Token(NamedTuple):
    """A token with the generation to name when it is refused."""

    text: str
    generation: int
    expires_at: dt.datetime


# Gives a fresh token and its seconds; raises ChannelFailed.
Fetch = Callable[[], tuple[str, int]]
_kept: "weakref.WeakKeyDictionary[Sql, dict[tuple[str, str], Token]]" = weakref.WeakKeyDictionary()
_turns: "weakref.WeakKeyDictionary[Sql, dict[tuple[str, str], threading.Lock]]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()


def current(ws: Workspace, account: Account, fetch: Fetch, *, kind: str = ACCESS, newer_than: int = 0) -> Token:
    """The token of a generation above `newer_than`, fetched where there is none. Raises ChannelFailed."""
    known = _kept.get(ws.sql, {}).get((account.id, kind))
    if known is not None and known.generation > newer_than and known.expires_at > ws.clock.now():
        return known
    # One thread of this process goes on, the others find its result.
    with _turn(ws, account.id, kind):
        return _shared(ws, account, fetch, kind=kind, newer_than=newer_than)


def forget(ws: Workspace, account_id: str) -> None:
    """Drops what this process remembers of an account's tokens."""
    kept = _kept.get(ws.sql, {})
    for key in [key for key in kept if key[0] == account_id]:
        kept.pop(key, None)


def _turn(ws: Workspace, account_id: str, kind: str) -> threading.Lock:
    with _guard:
        return _turns.setdefault(ws.sql, {}).setdefault((account_id, kind), threading.Lock())


def _shared(ws: Workspace, account: Account, fetch: Fetch, *, kind: str, newer_than: int) -> Token:
    mine = new_id("hold")
    give_up = time.monotonic() + _HOLD.total_seconds() * 2
    while True:
        found = _found_or_held(ws, account, kind, newer_than, mine)
        if isinstance(found, Token):
            with _guard:
                _kept.setdefault(ws.sql, {})[account.id, kind] = found
            return found
        if found:
            _fetch(ws, account, fetch, kind, mine)
        elif time.monotonic() > give_up:
            raise ChannelUnreachable(path="gettoken", errcode=codes.UNREACHABLE, words=codes.words(codes.UNREACHABLE), retry_seconds=20)
        else:
            time.sleep(_LOOK_SECONDS)


def _found_or_held(ws: Workspace, account: Account, kind: str, newer_than: int, mine: str) -> Token | bool:
    """The shared token, or whether it is ours to fetch now."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, f"channels.token.{account.id}.{kind}")
        row = rows.token(tx, account.id, kind)
        if row is not None:
            is_newer = row["generation"] > newer_than and row["sealed"] is not None
            if is_newer and row["expires_at"] > now:
                return Token(ws.keys.open(row["sealed"], context="channels.token"), row["generation"], row["expires_at"])
            if row["refused_until"] is not None and row["refused_until"] > now:
                code = row["refused_code"]
                seconds = int((row["refused_until"] - now).total_seconds()) + 1
                raise ChannelFailed(path="gettoken", errcode=code, words=codes.words(code), retry_seconds=seconds)
            if row["held_until"] is not None and row["held_until"] > _real.now():
                return False
        rows.hold_token(tx, account.id, kind, by=mine, until=_real.now() + _HOLD)
    failpoints.hit("channels.token.held")
    return True


def _fetch(ws: Workspace, account: Account, fetch: Fetch, kind: str, mine: str) -> None:
    try:
        text, seconds = fetch()
    except ChannelFailed as failure:
        _refused(ws, account, kind, mine, failure)
        raise
    failpoints.hit("channels.token.fetched")
    with ws.sql.write() as tx:
        row = rows.token(tx, account.id, kind)
        values = {
            "sealed": ws.keys.seal(text, context="channels.token"),
            # Not earlier: until then the platform would give the same one again (page 91039), and a call that begins a moment
            # too late is told so and repeated.
            "expires_at": ws.clock.now() + dt.timedelta(seconds=max(seconds, 1)),
            "generation": (row["generation"] if row else 0) + 1,
            "refused_until": None,
            "refused_code": None,
            "refusals": 0,
        }
        rows.put_token(tx, account.id, kind, by=mine, values=values)


def _refused(ws: Workspace, account: Account, kind: str, mine: str, failure: ChannelFailed) -> None:
    with ws.sql.write() as tx:
        row = rows.token(tx, account.id, kind)
        refusals = (row["refusals"] if row else 0) + 1
        values: dict[str, object] = {}
        # A network that is down for a moment is no refusal.
        if failure.errcode > 0:
            pause = min(REFUSED_PAUSE_SECONDS * 2 ** min(refusals - 1, 8), _REFUSED_PAUSE_MAX)
            until = ws.clock.now() + dt.timedelta(seconds=pause)
            values = {"refused_until": until, "refused_code": failure.errcode, "refusals": refusals}
        rows.put_token(tx, account.id, kind, by=mine, values=values)
        rows.change(tx, account.id, {"problem_code": failure.errcode, "checked_at": ws.clock.now()})
