"""How often an API may be called, kept in one row per API that all workers share.

Calls are given out at an even pace below the platform's limit, a quarter second's worth at a time. When the platform
says "limit" all the same, nobody calls this API for a while, then one call finds out; other APIs go on.
"""

import datetime as dt
import threading
import time
import weakref
from typing import NamedTuple

from wellspring.channels.contracts import Account, AccountKind
from wellspring.channels.errors import ChannelLimited
from wellspring.channels.repo import calls
from wellspring.channels.rules import codes, pacing
from wellspring.channels.settings import BLOCK_SECONDS, BLOCK_SECONDS_MAX, ChannelsSettings
from wellspring.kernel.clock import SystemClock, VirtualClock, to_millis
from wellspring.kernel.stores import Sql
from wellspring.kernel.workspace import Workspace

_TAKEN_SECONDS = 0.25
_WAIT_SECONDS_MAX = 30.0
_HOUR, _DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
# Limits are of the platform's day.
_CHINA = dt.timezone(dt.timedelta(hours=8))
_LIMITED = 45009
_real = SystemClock()


class Pass(NamedTuple):
    """The permission to make one call; a probe's success lifts the block."""

    is_probe: bool = False


class _Given(NamedTuple):
    first: int
    interval: int
    number: int


_given: "weakref.WeakKeyDictionary[Sql, dict[tuple[str, str], _Given]]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()
_takers: "weakref.WeakKeyDictionary[Sql, dict[tuple[str, str], threading.Lock]]" = weakref.WeakKeyDictionary()


def admit(ws: Workspace, account: Account, path: str, *, per_second: float | None = None) -> Pass:
    """Waits for the call's turn, at the pace of the platform or at one of a channel's own.

    Raises ChannelLimited while the platform's limit is used up.
    """
    # A virtual clock stands still between two steps: an even pace has no meaning there.
    is_paced = not isinstance(ws.clock, VirtualClock)
    # What was given out is good to use: whoever hears of a limit here takes it back.
    slot = _given_slot(ws, (account.id, path)) if is_paced else None
    if slot is None:
        with ws.sql.read() as tx:
            blocked = calls.blocked_until(tx, account.id, path)
        if blocked is not None:
            return _probe(ws, account, path)
        slot = _slot(ws, account, path, per_second) if is_paced else 0
    _wait(slot)
    return Pass()


def limited(ws: Workspace, account: Account, path: str, code: int, *, seconds_told: int = 0) -> ChannelLimited:
    """The platform said "limit" (and perhaps for how long): notes it and gives the error to raise."""
    now = ws.clock.now()
    with _guard:
        _given.get(ws.sql, {}).pop((account.id, path), None)
    with ws.sql.write() as tx:
        ws.sql.lock(tx, f"channels.call.{account.id}.{path}")
        row = calls.row(tx, account.id, path)
        # Calls that were under way together are one refusal.
        again = row["blocked_until"] is not None and row["blocked_until"] > now and row["problem_at"] is not None
        is_same = again and row["problem_at"] > now - dt.timedelta(seconds=BLOCK_SECONDS / 2) and row["problem_code"] == code
        blocks = row["blocks"] if is_same and row["blocks"] else row["blocks"] + 1
        seconds = seconds_told or min(BLOCK_SECONDS * 2 ** (blocks - 1), BLOCK_SECONDS_MAX)
        values = {"blocks": blocks, "blocked_until": now + dt.timedelta(seconds=seconds), "failures": row["failures"] + 1}
        calls.change(tx, account.id, path, {**values, "problem_code": code, "problem_at": now})
    return ChannelLimited(path=path, errcode=code, words=codes.words(code), retry_seconds=seconds)


def failed(ws: Workspace, account: Account, path: str, code: int) -> None:
    """Notes the last trouble of an API for the page that explains it."""
    with ws.sql.write() as tx:
        ws.sql.lock(tx, f"channels.call.{account.id}.{path}")
        row = calls.row(tx, account.id, path)
        calls.change(tx, account.id, path, {"failures": row["failures"] + 1, "problem_code": code, "problem_at": ws.clock.now()})


def succeeded(ws: Workspace, account: Account, path: str, given: Pass) -> None:
    """A probe got through: the API is open again."""
    if given.is_probe:
        with ws.sql.write() as tx:
            calls.unblock(tx, account.id, path, at=ws.clock.now())


def _probe(ws: Workspace, account: Account, path: str) -> Pass:
    now = ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, f"channels.call.{account.id}.{path}")
        row = calls.row(tx, account.id, path)
        until = row["blocked_until"]
        if until is None:
            return Pass()
        if until > now:
            seconds = int((until - now).total_seconds()) + 1
            code = row["problem_code"] or _LIMITED
            raise ChannelLimited(path=path, errcode=code, words=codes.words(code), retry_seconds=seconds)
        # Ours is the one call of this interval, whatever becomes of it.
        seconds = min(BLOCK_SECONDS * 2 ** row["blocks"], BLOCK_SECONDS_MAX)
        calls.change(tx, account.id, path, {"blocked_until": now + dt.timedelta(seconds=seconds)})
    return Pass(is_probe=True)


def _slot(ws: Workspace, account: Account, path: str, per_second: float | None) -> int:
    """The instant of the next call, in microseconds since 1970."""
    key = (account.id, path)
    with _guard:
        taker = _takers.setdefault(ws.sql, {}).setdefault(key, threading.Lock())
    # One thread takes for all that come meanwhile: what two took at once would be lost to one of them.
    with taker:
        slot = _given_slot(ws, key)
        if slot is not None:
            return slot
        first, interval, number, _ = _take(ws, account, path, per_second)
        with _guard:
            _given.setdefault(ws.sql, {})[key] = _Given(first + interval, interval, number - 1)
        return first


def _given_slot(ws: Workspace, key: tuple[str, str]) -> int | None:
    """The next of the calls that were given out to this program; None if there are none."""
    with _guard:
        kept = _given.setdefault(ws.sql, {})
        given = kept.get(key)
        if given is None or not given.number:
            return None
        kept[key] = _Given(given.first + given.interval, given.interval, given.number - 1)
        return given.first


def _take(ws: Workspace, account: Account, path: str, per_second: float | None) -> pacing.Slots:
    settings = ws.settings.get(ChannelsSettings)
    pace = pacing.pace_of(settings.calls_per_minute if per_second is None else max(1, round(per_second * 60)))
    wanted = max(int(_TAKEN_SECONDS * 1_000_000 / pace.interval), 1)
    now = _real.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, f"channels.call.{account.id}.{path}")
        row = calls.row(tx, account.id, path)
        hour_at, hour_calls = _window(row["hour_at"], row["hour_calls"], now, _HOUR)
        day_at, day_calls = _day(row["day_at"], row["day_calls"], now)
        if account.kind is AccountKind.WECOM and hour_calls + wanted > settings.calls_per_hour:
            seconds = int((hour_at + _HOUR - now).total_seconds()) + 1
            raise ChannelLimited(path=path, errcode=_LIMITED, words=codes.words(_LIMITED), retry_seconds=seconds)
        slots = pacing.take(row["given_until"], now=to_millis(now) * 1000, pace=pace, wanted=wanted)
        counted = {"hour_at": hour_at, "hour_calls": hour_calls + wanted, "day_at": day_at, "day_calls": day_calls + wanted}
        calls.change(tx, account.id, path, {"given_until": slots.given_until, **counted})
    return slots


def _window(at: dt.datetime | None, number: int, now: dt.datetime, length: dt.timedelta) -> tuple[dt.datetime, int]:
    return (at, number) if at is not None and at <= now < at + length else (now, 0)


def _day(at: dt.datetime | None, number: int, now: dt.datetime) -> tuple[dt.datetime, int]:
    midnight = now.astimezone(_CHINA).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(dt.UTC)
    return (at, number) if at == midnight else (midnight, 0)


def _wait(instant: int) -> None:
    seconds = min(instant / 1_000_000 - _real.now().timestamp(), _WAIT_SECONDS_MAX)
    if seconds > 0:
        time.sleep(seconds)
