"""The door of callbacks: a signature that fits, then the row on the disk, then the answer; the work comes later.

Everything that waits is kept in one transaction (the platform sends many at once, and each wants its answer within
five seconds, page 90930). What is refused is kept with the reason, so that it can be taken after a key was mended.
"""

import concurrent.futures
import datetime as dt
import queue
import threading
import time
import weakref
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from wellspring.channels.contracts import AccountKind, CallbackState
from wellspring.channels.errors import AccountUnknown, CallbackRefused
from wellspring.channels.repo import accounts as accounts_rows
from wellspring.channels.repo import callbacks as rows
from wellspring.channels.repo import secrets
from wellspring.channels.rules import envelopes
from wellspring.channels.rules.envelopes import EnvelopeRefused, Fields, Lock
from wellspring.kernel import failpoints, pumps
from wellspring.kernel.clock import from_millis
from wellspring.kernel.errors import StoreUnavailable, TooLarge
from wellspring.kernel.stores import Sql
from wellspring.kernel.workspace import Workspace, before_closing

PUMP = "channels.callbacks"
CONTEXT = "channels.callback"
# The largest message of the platform, a change of a full group with 500 names, is below 40 KB.
BODY_MAX = 128 * 1024
_WAITING_MAX = 5_000
_GROUP_MAX = 500
_IDLE_SECONDS = 1.0
# So many at once are a crowd; for a moment after one, who works callbacks leaves the store to the door.
_CROWD = 8
_CROWD_SECONDS = 0.1
_LOCK_SECONDS = 30.0
# Somebody who knows the address can send rubbish: kept up to here, then only refused.
_REJECTED_PER_DAY = 1_000
_DAY = dt.timedelta(days=1)

Kept = "concurrent.futures.Future[None]"


class _Door(NamedTuple):
    """What is needed to judge an account's callbacks, read again now and then."""

    kind: AccountKind
    lock: Lock | None
    read_at: float


_doors: "weakref.WeakKeyDictionary[Sql, dict[str, _Door]]" = weakref.WeakKeyDictionary()
_writers: "weakref.WeakKeyDictionary[Sql, _Writer]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()


def knows(ws: Workspace, account_id: str) -> bool:
    """Whether the account is of this workspace."""
    try:
        _door(ws, account_id)
    except AccountUnknown:
        return False
    return True


def verify_address(ws: Workspace, account_id: str, query: Mapping[str, str]) -> str:
    """The plain answer to the platform's check of the address. Raises AccountUnknown, CallbackRefused."""
    door = _door(ws, account_id)
    echo = query.get("echostr", "")
    if door.lock is None:
        raise CallbackRefused(reason="key")
    try:
        if door.kind is AccountKind.WECOM:
            envelopes.demand_signed(door.lock, query, echo)
            return envelopes.decrypted(door.lock, echo).decode()
        # The Official Account checks the address in plain text (开始开发／接入指南).
        envelopes.demand_signed(door.lock, query, name="signature")
    except (EnvelopeRefused, UnicodeDecodeError) as refused:
        raise CallbackRefused(reason=str(refused)) from refused
    return echo


def receive(ws: Workspace, account_id: str, query: Mapping[str, str], body: bytes) -> "concurrent.futures.Future[None]":
    """Queues a callback; the future answers once it is on the disk.

    Raises AccountUnknown, CallbackRefused, TooLarge, StoreUnavailable when too many wait.
    """
    if len(body) > BODY_MAX:
        raise TooLarge(limit=BODY_MAX)
    try:
        fields = opened(_door(ws, account_id), query, body)
    except EnvelopeRefused as refused:
        _keep_rejected(ws, account_id, query, body, str(refused))
        raise CallbackRefused(reason=str(refused)) from refused
    return _writer(ws).submit(row_of(ws, account_id, fields))


def opened(door: "_Door", query: Mapping[str, str], body: bytes) -> Fields:
    """The fields of a callback that is the platform's own. Raises EnvelopeRefused."""
    if door.lock is None:
        raise EnvelopeRefused("key")
    sealed = envelopes.sealed_part(body)
    if sealed:
        envelopes.demand_signed(door.lock, query, sealed)
        return envelopes.fields_of(envelopes.decrypted(door.lock, sealed))
    if door.kind is AccountKind.WECOM:
        raise EnvelopeRefused("plain")
    # An Official Account in plain mode signs the request, not the message.
    envelopes.demand_signed(door.lock, query, name="signature")
    return envelopes.fields_of(body)


def row_of(ws: Workspace, account_id: str, fields: Fields) -> dict[str, Any]:
    """The row of a callback's fields."""
    packed = envelopes.canonical(fields)
    return {
        "account_id": account_id,
        "digest": ws.keys.mark("callback", packed.decode()),
        "state": CallbackState.WAITING,
        "event": _text(fields, "Event", "InfoType", "MsgType", "event")[:40],
        "change": _text(fields, "ChangeType")[:40],
        "subject": _text(fields, "ExternalUserID", "ChatId", "FromUserName")[:64],
        "sealed": ws.keys.seal_bytes(packed, context=CONTEXT),
        "reason": "",
        "happened_at": _instant(fields),
        "received_at": ws.clock.now(),
    }


def replay_rejected(ws: Workspace, row: rows.Row) -> None:
    """Judges a refused one again with the keys of today. Raises CallbackRefused."""
    raw = orjson.loads(ws.keys.open_bytes(row["sealed"], context=CONTEXT))
    with _guard:
        _doors.get(ws.sql, {}).pop(row["account_id"], None)
    try:
        fields = opened(_door(ws, row["account_id"]), raw["query"], raw["body"].encode("latin-1"))
    except EnvelopeRefused as refused:
        raise CallbackRefused(reason=str(refused)) from refused
    with ws.sql.write() as tx:
        rows.keep(tx, [row_of(ws, row["account_id"], fields)])
        rows.remove(tx, row["id"])
        ws.sql.after_commit(lambda: pumps.wake(PUMP))


def _text(fields: Fields, *names: str) -> str:
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and value:
            return value
    return ""


def _instant(fields: Fields) -> dt.datetime | None:
    text = _text(fields, "CreateTime", "TimeStamp")
    return from_millis(int(text) * 1000) if text.isdigit() and len(text) <= 11 else None


def _door(ws: Workspace, account_id: str) -> _Door:
    now = time.monotonic()
    known = _doors.get(ws.sql, {}).get(account_id)
    if known is not None and known.read_at + _LOCK_SECONDS > now:
        return known
    with ws.sql.read() as tx:
        row = accounts_rows.account(tx, account_id)
    if row is None:
        raise AccountUnknown
    kept = secrets.opened(ws, row["secrets"])
    lock = None
    if kept.callback_token and kept.callback_key:
        lock = envelopes.lock_of(kept.callback_token, kept.callback_key, row["corp_id"])
    door = _Door(AccountKind(row["kind"]), lock, now)
    with _guard:
        _doors.setdefault(ws.sql, {})[account_id] = door
    return door


def is_crowded(ws: Workspace) -> bool:
    """Whether many callbacks are at the door right now, each waiting for its answer."""
    found = _writers.get(ws.sql)
    return found is not None and time.monotonic() - found.crowded_at < _CROWD_SECONDS


def forget_door(ws: Workspace, account_id: str) -> None:
    """The account's keys changed: the next callback reads them."""
    with _guard:
        _doors.get(ws.sql, {}).pop(account_id, None)


def _keep_rejected(ws: Workspace, account_id: str, query: Mapping[str, str], body: bytes, reason: str) -> None:
    packed = orjson.dumps({"query": dict(query), "body": body.decode("latin-1")}, option=orjson.OPT_SORT_KEYS)
    now = ws.clock.now()
    row = {
        "account_id": account_id,
        "digest": ws.keys.mark("rejected", packed.decode()),
        "state": CallbackState.REJECTED,
        "event": "",
        "change": "",
        "subject": "",
        "sealed": ws.keys.seal_bytes(packed, context=CONTEXT),
        "reason": reason,
        "happened_at": None,
        "received_at": now,
    }
    with ws.sql.write() as tx:
        if rows.rejected_since(tx, account_id, now - _DAY) < _REJECTED_PER_DAY:
            rows.keep(tx, [row])


class _Writer:
    """Keeps what waits, many at once; its thread ends when there is nothing and starts again."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = weakref.ref(ws)
        self._queue: queue.SimpleQueue[tuple[dict[str, Any], concurrent.futures.Future[None]] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self.crowded_at = 0.0

    def submit(self, row: dict[str, Any]) -> "concurrent.futures.Future[None]":
        """Queues a row."""
        if self._queue.qsize() >= _WAITING_MAX:
            raise StoreUnavailable(reason="回调排队过长 / too many callbacks wait")
        kept: concurrent.futures.Future[None] = concurrent.futures.Future()
        kept.set_running_or_notify_cancel()
        with self._lock:
            self._queue.put((row, kept))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="channels-callbacks", daemon=True)
                self._thread.start()
        return kept

    def stop(self) -> None:
        """Ends the thread once everything that waits is kept."""
        with self._lock:
            thread = self._thread
            self._queue.put(None)
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while True:
            group = self._collect()
            ws = self._ws()
            if group and ws is not None:
                if len(group) >= _CROWD:
                    self.crowded_at = time.monotonic()
                _commit(ws, group)
                continue
            with self._lock:
                if self._queue.empty():
                    self._thread = None
                    return

    def _collect(self) -> list[tuple[dict[str, Any], concurrent.futures.Future[None]]]:
        group: list[tuple[dict[str, Any], concurrent.futures.Future[None]]] = []
        while len(group) < _GROUP_MAX:
            try:
                taken = self._queue.get(block=not group, timeout=_IDLE_SECONDS)
            except queue.Empty:
                break
            if taken is None:
                break
            group.append(taken)
        return group


def _commit(ws: Workspace, group: list[tuple[dict[str, Any], concurrent.futures.Future[None]]]) -> None:
    try:
        with ws.sql.write() as tx:
            rows.keep(tx, [row for row, _ in group])
            failpoints.hit("channels.callback.before_commit")
    except Exception as failure:  # noqa: BLE001 - each sender is told, and the platform sends again
        for _, kept in group:
            kept.set_exception(failure)
        return
    failpoints.hit("channels.callback.kept")
    for _, kept in group:
        kept.set_result(None)
    pumps.wake(PUMP)


def _writer(ws: Workspace) -> _Writer:
    found = _writers.get(ws.sql)
    if found is None:
        with _guard:
            found = _writers.setdefault(ws.sql, _Writer(ws))
    return found


def _stop(ws: Workspace) -> None:
    found = _writers.get(ws.sql)
    if found is not None:
        found.stop()


before_closing(_stop)
