"""The one writer of a workspace's log: group commit of everything that waits, durable before anyone is answered.

A group is deduplicated, resolved to members in one transaction (which registers its arrival numbers), appended to the
log as one insert, then answered. A crash in between loses nothing acknowledged: nobody was answered, a retry finds
the same members, and the look-back tells what did reach the log. The thread ends when idle and starts again.
"""

import itertools
import logging
import queue
import struct
import threading
import time
import weakref
from collections.abc import Sequence

from wellspring.activity.facts import log
from wellspring.activity.repo import rejects
from wellspring.activity.service import arrival, catalogue
from wellspring.activity.service.group import Group, Refused, Submission, keep, rows_of
from wellspring.activity.service.lookback import Lookback
from wellspring.activity.service.rejecting import LOG_REFUSED
from wellspring.kernel import failpoints
from wellspring.kernel.errors import StoreUnavailable
from wellspring.kernel.workspace import Workspace

# 10,000 events are one insert of about 3 MB and 0.2 s of work: longer groups only make the first of them wait.
_GROUP_MAX = 10_000
# Requests that may wait for the writer, about 500 KB each at worst; beyond it the sender is asked to come again.
_WAITING_MAX = 2_000
_IDLE_SECONDS = 1.0
# Every insert costs the same 20 ms besides its rows. So when a group held many requests, the next one waits this long
# for each further request: those that were just answered send their next.
_BUSY_REQUESTS = 8
_LINGER_SECONDS = 0.004
_CATALOGUE_SECONDS = 2.0
# Numbers taken at once by the only process of an embedded store: a group whose people are all known then needs no
# transaction at all. Elsewhere a group takes what it needs, because other processes see whole blocks only.
_BLOCK_SIZE = 50_000
_log = logging.getLogger("wellspring.activity")
_NUMBERS = struct.Struct("<QI").pack


class Writer:
    """Collects, commits and answers; one per workspace and process."""

    def __init__(self, ws: Workspace) -> None:
        # Weak, so that a forgotten workspace is not kept open by its writer.
        self._ws = weakref.ref(ws)
        self._queue: queue.SimpleQueue[Submission | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._lookback: Lookback | None = None
        self._block: arrival.Block | None = None
        # Spans of numbers whose insert ended with an unknown outcome.
        self._doubtful: list[tuple[int, int]] = []
        self._catalogue_at = 0.0
        self._is_busy = False

    def submit(self, submission: Submission) -> None:
        """Queues a request; its answer comes when everything in it is durable. Raises StoreUnavailable when too many wait."""
        if self._queue.qsize() >= _WAITING_MAX:
            raise StoreUnavailable(reason="写入排队过长 / too many requests wait")
        # A sender that goes away must not take the answer with it: from here on nobody can cancel.
        submission.answer.set_running_or_notify_cancel()
        with self._lock:
            self._queue.put(submission)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="activity-writer", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Ends the thread once everything that waits is answered."""
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
                self._commit(ws, group)
                continue
            if ws is not None:
                self._rest(ws)
            with self._lock:
                if self._queue.empty():
                    self._thread = None
                    return

    def _rest(self, ws: Workspace) -> None:
        """Leaves nothing behind when there is nothing to do: no open block, no unwritten catalogue."""
        try:
            noted = catalogue.of(ws)
            if not noted.is_empty:
                with ws.sql.write() as tx:
                    noted.write(tx)
            if self._block is not None and not self._doubtful:
                arrival.finish(ws, self._block)
                self._block = None
                arrival.settle(ws)
        except Exception as failure:  # noqa: BLE001 - a full disk now is told to the next request that writes
            _log.warning("the writer of %s could not tidy up: %s", ws.slug, type(failure).__name__)

    def _collect(self) -> list[Submission]:
        submissions: list[Submission] = []
        count = 0
        patience = _LINGER_SECONDS if self._is_busy else 0.0
        while count < _GROUP_MAX:
            try:
                taken = (
                    self._queue.get(timeout=patience)
                    if submissions and patience
                    else self._queue.get(block=not submissions, timeout=_IDLE_SECONDS)
                )
            except queue.Empty:
                break
            if taken is None:
                break
            submissions.append(taken)
            count += len(taken.messages)
        self._is_busy = len(submissions) >= _BUSY_REQUESTS
        return submissions

    def _commit(self, ws: Workspace, submissions: list[Submission]) -> None:
        group = Group(submissions)
        try:
            self._write(ws, group)
        except BaseException as failure:  # noqa: BLE001 - whoever waits must hear of it, and the writer must live on
            for submission in submissions:
                submission.answer.set_exception(failure)
            return
        failpoints.hit("activity.ingest.before_answer")
        for submission, result in zip(submissions, group.results(), strict=True):
            submission.answer.set_result(result)

    def _write(self, ws: Workspace, group: Group) -> None:
        self._settle_doubts(ws)
        group.drop_repeated(self._known(ws))
        block = self._registered(ws, len(group.places), group.rejected)
        failpoints.hit("activity.ingest.registered")
        group.find_owners(ws)
        failpoints.hit("activity.ingest.resolved")
        if group.places and block is not None:
            self._append(ws, block, group)
            failpoints.hit("activity.ingest.appended")
        messages = group.messages
        catalogue.of(ws).note([(messages[place].shape, messages[place].at, messages[place].properties) for place in group.places])

    def _known(self, ws: Workspace) -> Lookback:
        if self._lookback is None:
            self._lookback = Lookback(ws)
        return self._lookback

    def _registered(self, ws: Workspace, count: int, rejected: Sequence[Refused]) -> arrival.Block | None:
        """Numbers for the rows, and whatever else is to be noted, in one transaction if there is need of any.

        Numbers come before identities: an erasure waits until the blocks taken before it are flushed.
        """
        noted = catalogue.of(ws)
        has_catalogue = not noted.is_empty and time.monotonic() - self._catalogue_at > _CATALOGUE_SECONDS
        block = self._block
        if block is not None and (block.room < count or not arrival.is_newest(ws, block) or not arrival.is_fresh(block)):
            arrival.finish(ws, block)
            block = self._block = None
        needs_block = bool(count) and block is None
        if not needs_block and not rejected and not has_catalogue:
            return block
        with ws.sql.write() as tx:
            rejects.keep(tx, rows_of(ws, rejected))
            if needs_block:
                block = arrival.take(ws, tx, max(count, _BLOCK_SIZE) if ws.sql.is_sqlite else count)
            if has_catalogue:
                noted.write(tx)
            failpoints.hit("activity.ingest.before_commit")
        self._block = block
        if has_catalogue:
            self._catalogue_at = time.monotonic()
        return block

    def _append(self, ws: Workspace, block: arrival.Block, group: Group) -> None:
        first, messages = block.next, group.messages
        block.next += len(group.places)
        pieces = [
            _NUMBERS(number, owner) + messages[place].tail
            for number, owner, place in zip(itertools.count(first), group.owners, group.places, strict=False)
        ]
        arrival.usable(block)
        self._doubtful.append((first, block.next - 1))
        try:
            log.append(ws, pieces)
        except Exception as failure:
            if not self._settle_doubts(ws):
                if isinstance(failure, StoreUnavailable):
                    raise
                self._doubtful.append((first, block.next - 1))
                group.places = _one_by_one(ws, group, group.places, pieces)
        self._doubtful.clear()
        self._known(ws).remember([messages[place].digest for place in group.places])
        arrival.reach(ws, block, block.last if block.next > block.last else block.next - 1)

    def _settle_doubts(self, ws: Workspace) -> int:
        """Asks the log what became of inserts with an unknown outcome; raises StoreUnavailable while it cannot answer."""
        found = 0
        while self._doubtful:
            digests = [int(digest) for digest in log.digests_within(ws, *self._doubtful[-1])]
            self._known(ws).remember(digests)
            found += len(digests)
            self._doubtful.pop()
        return found


_writers: "weakref.WeakKeyDictionary[Workspace, Writer]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()


def writer_of(ws: Workspace) -> Writer:
    """The workspace's writer in this process."""
    with _guard:
        if ws not in _writers:
            _writers[ws] = Writer(ws)
        return _writers[ws]


def stop(ws: Workspace) -> None:
    """Ends the workspace's writer, so that its stores may be closed."""
    with _guard:
        writer = _writers.pop(ws, None)
    if writer is not None:
        writer.stop()


def _one_by_one(ws: Workspace, group: Group, places: Sequence[int], pieces: list[bytes]) -> list[int]:
    """Halves until the row that the log refuses stands alone, which is then rejected instead of its neighbours (T07)."""
    try:
        log.append(ws, pieces)
    except StoreUnavailable:
        raise
    except Exception:  # noqa: BLE001 - the engine's complaint about one of these rows
        if len(places) > 1:
            middle = len(places) // 2
            halves = (slice(0, middle), slice(middle, None))
            return [place for half in halves for place in _one_by_one(ws, group, places[half], pieces[half])]
        refused = group.refuse(places[0], LOG_REFUSED)
        group.rejected.append(refused)
        keep(ws, [refused])
        return []
    return list(places)
