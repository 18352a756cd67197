"""The pump of callbacks: takes what was kept, many at a time, and never lets a slow one hold up the others.

Contacts are this domain's own; whoever reads other events registers for them. A failing callback is tried again with
growing pauses, then put aside with its reason for a person to see and repeat.
"""

import concurrent.futures
import datetime as dt
import logging
import threading
import time
import weakref
from collections.abc import Callable, Mapping

import orjson

from wellspring.channels.adapters.wecom import client
from wellspring.channels.contracts import Account, CallbackState
from wellspring.channels.errors import AccountPaused, AccountUnknown, ChannelFailed, ChannelLimited
from wellspring.channels.repo import callbacks as rows
from wellspring.channels.rules.envelopes import Fields
from wellspring.channels.service import accounts, greeting
from wellspring.channels.service.keeping import CONTEXT, is_crowded
from wellspring.channels.settings import ChannelsSettings
from wellspring.kernel import failpoints
from wellspring.kernel.clock import SystemClock
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores import Sql, Tx
from wellspring.kernel.workspace import Workspace, before_closing

# Ends the callback within the reader's own transaction.
End = Callable[[Tx], None]
# Works one callback: the account, its fields, when it happened (received, where it does not say), and its row's id.
Reader = Callable[[Workspace, Account, Fields, dt.datetime, int], None]
# As a reader, for those that end the callback in their own transaction; gives the planned welcome, if any.
_Own = Callable[[Workspace, Account, Fields, rows.Row, End], str | None]

_HOLD = dt.timedelta(seconds=60)
_ATTEMPTS_MAX = 12
_PAUSE_SECONDS_MAX = 600
_PAUSED_SECONDS = 60
_LOOK_SECONDS = 0.02
_SWEEP_SECONDS = 1.0
# Who works leaves the store to a crowd at the door, but not for longer than this: a welcome has 20 seconds.
_GIVES_WAY_SECONDS = 2.0
# Taken ahead of the threads, so that taking is one transaction for many.
_AHEAD = 4
_readers: dict[str, Reader] = {}
_owns: dict[str, _Own] = {}
_real = SystemClock()
_log = logging.getLogger("wellspring.channels")


def register_reader(event: str, reader: Reader) -> None:
    """Adds who works an event (`change_external_chat`) or one change of it (`change_external_contact/transfer_fail`).

    It must take repetitions in any order. Raising means: try again.
    """
    _readers[event] = reader


def register_own(event: str, own: _Own) -> None:
    """Adds this domain's own work that ends with the callback in one transaction."""
    _owns[event] = own


class _Crew:
    """The threads of one workspace in this process, and what they are at."""

    def __init__(self, ws: Workspace, threads: int) -> None:
        self.name = new_id("crew")
        self.threads = threads
        self.pool = concurrent.futures.ThreadPoolExecutor(threads, thread_name_prefix="channels")
        self.under_way: set[concurrent.futures.Future[None]] = set()
        self.welcomes: set[str] = set()
        self.swept_at = 0.0
        self.gave_way_at: float | None = None
        self.orphans: list[str] = []
        if ws.sql.is_sqlite:
            # The file has one process: whatever is held was held by one that is no more.
            with ws.sql.write() as tx:
                rows.release_all(tx)
            self.orphans = greeting.recover(ws)


_crews: "weakref.WeakKeyDictionary[Sql, _Crew]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()


def step(ws: Workspace) -> int:
    """Takes what waits and gives it to the threads; gives how many were taken, ended, or are still under way."""
    crew = _crew(ws)
    if _gives_way(ws, crew):
        time.sleep(_LOOK_SECONDS)
        return 1
    number, taken = _take(ws, crew)
    for row in taken:
        crew.under_way.add(crew.pool.submit(_work, ws, crew.name, row))
    _sweep(ws, crew)
    if not crew.under_way:
        return number
    ended, crew.under_way = concurrent.futures.wait(crew.under_way, timeout=_LOOK_SECONDS, return_when=concurrent.futures.FIRST_COMPLETED)
    return max(number + len(ended), 1)


def stop(ws: Workspace) -> None:
    """Ends the threads after what they are at."""
    with _guard:
        crew = _crews.pop(ws.sql, None)
    if crew is not None:
        crew.pool.shutdown(cancel_futures=True)


def _crew(ws: Workspace) -> _Crew:
    found = _crews.get(ws.sql)
    if found is None:
        with _guard:
            found = _crews.get(ws.sql)
            if found is None:
                found = _crews[ws.sql] = _Crew(ws, ws.settings.get(ChannelsSettings).welcome_threads)
    return found


def _gives_way(ws: Workspace, crew: _Crew) -> bool:
    now = time.monotonic()
    if not is_crowded(ws):
        crew.gave_way_at = None
        return False
    if crew.gave_way_at is None:
        crew.gave_way_at = now
    return now - crew.gave_way_at < _GIVES_WAY_SECONDS


def _take(ws: Workspace, crew: _Crew) -> tuple[int, list[rows.Row]]:
    """How many were taken, and those of them that somebody reads."""
    free = crew.threads * _AHEAD - len(crew.under_way)
    now, real = ws.clock.now(), _real.now()
    if free <= 0:
        return 0, []
    with ws.sql.read() as tx:
        if not rows.has_waiting(tx, now=now, real=real):
            return 0, []
    with ws.sql.write() as tx:
        taken = rows.take(tx, by=crew.name, now=now, real=real, until=real + _HOLD, limit=free)
        # What nobody reads is done with: one transaction for all of them.
        unread = [row for row in taken if not _has_reader(row)]
        rows.end_all(tx, [row["id"] for row in unread], values={"state": CallbackState.DONE, "done_at": now})
    failpoints.hit("channels.callback.taken")
    return len(taken), [row for row in taken if _has_reader(row)]


def _has_reader(row: rows.Row) -> bool:
    return row["event"] in _owns or row["event"] in _readers or f"{row['event']}/{row['change']}" in _readers


def _sweep(ws: Workspace, crew: _Crew) -> None:
    if time.monotonic() - crew.swept_at < _SWEEP_SECONDS:
        return
    crew.swept_at = time.monotonic()
    orphans, crew.orphans = crew.orphans, []
    for welcome_id in {*orphans, *greeting.sweep(ws)}:
        if welcome_id not in crew.welcomes:
            crew.under_way.add(crew.pool.submit(_greet, ws, crew, welcome_id))


def _greet(ws: Workspace, crew: _Crew, welcome_id: str) -> None:
    crew.welcomes.add(welcome_id)
    try:
        greeting.greet(ws, welcome_id)
    except Exception as failure:  # noqa: BLE001 - the row stays for the next sweep
        _log.error("welcome %s: %s", welcome_id, type(failure).__name__)
    finally:
        crew.welcomes.discard(welcome_id)


def _work(ws: Workspace, by: str, row: rows.Row) -> None:
    try:
        welcome_id = _worked(ws, by, row)
    except Exception as failure:  # noqa: BLE001 - one callback's trouble must not stop the others
        try:
            _try_again(ws, by, row, failure)
        except WellspringError as unwritable:
            # Its hold ends by itself, and it is taken again.
            _log.warning("callback %s could not be put back: %s", row["id"], unwritable)
        return
    if welcome_id is not None:
        _greet(ws, _crew(ws), welcome_id)


def _worked(ws: Workspace, by: str, row: rows.Row) -> str | None:
    fields: Fields = orjson.loads(ws.keys.open_bytes(row["sealed"], context=CONTEXT))
    account = accounts.get(ws, row["account_id"])

    def end(tx: Tx) -> None:
        rows.end(tx, row["id"], by=by, values={"state": CallbackState.DONE, "done_at": ws.clock.now(), "reason": ""})

    reader = _readers.get(f"{row['event']}/{row['change']}")
    own = _owns.get(row["event"])
    if own is not None and reader is None:
        return own(ws, account, fields, row, end)
    reader = reader or _readers.get(row["event"])
    if reader is not None:
        reader(ws, account, fields, row["happened_at"] or row["received_at"], row["id"])
    failpoints.hit("channels.callback.read")
    with ws.sql.write() as tx:
        end(tx)
    return None


def _try_again(ws: Workspace, by: str, row: rows.Row, failure: Exception) -> None:
    now, attempts = ws.clock.now(), row["attempts"]
    pause = min(2**attempts, _PAUSE_SECONDS_MAX)
    if isinstance(failure, ChannelLimited):
        # The platform's limit is nobody's fault: it costs time and no attempt.
        pause = max(failure.retry_seconds, 1)
    elif isinstance(failure, AccountPaused):
        pause = _PAUSED_SECONDS
    else:
        attempts += 1
    is_over = attempts >= _ATTEMPTS_MAX or isinstance(failure, AccountUnknown)
    values: dict[str, object] = {
        "state": CallbackState.FAILED if is_over else CallbackState.WAITING,
        "attempts": attempts,
        "retry_at": None if is_over else now + dt.timedelta(seconds=pause),
        "reason": _reason(failure),
    }
    with ws.sql.write() as tx:
        rows.end(tx, row["id"], by=by, values=values)


def _reason(failure: Exception) -> str:
    """A code of ours or the class alone: a message may quote personal values."""
    if isinstance(failure, ChannelFailed):
        return f"{failure.path}: {failure.errcode}"
    return failure.code if isinstance(failure, WellspringError) else type(failure).__name__


def text(fields: Mapping[str, str | list[str]], name: str) -> str:
    """A field that is a text, empty where it is missing or a list."""
    value = fields.get(name, "")
    return value if isinstance(value, str) else ""


def _stop(ws: Workspace) -> None:
    stop(ws)
    client.close()


before_closing(_stop)
