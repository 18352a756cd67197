"""The one writer of a workspace's log: group commit of everything that waits, durable before anyone is answered.

A group is deduplicated, resolved to members in one transaction (which registers its arrival numbers), appended to the
log as one insert, then answered. A crash in between loses nothing acknowledged: nobody was answered, a retry finds
the same members, and the look-back tells what did reach the log. The thread ends when idle and starts again.
"""

import concurrent.futures
import logging
import queue
import struct
import threading
import time
import weakref
from collections.abc import Sequence
from typing import Any, NamedTuple

from wellspring.activity.contracts import IngestResult
from wellspring.activity.facts import log
from wellspring.activity.repo import rejects
from wellspring.activity.rules.messages import Intake, Prepared
from wellspring.activity.service import arrival, catalogue
from wellspring.activity.service.lookback import Lookback
from wellspring.activity.service.rejecting import LOG_REFUSED, reject_row
from wellspring.kernel import failpoints
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import from_millis
from wellspring.kernel.errors import StoreUnavailable
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Claim, Refusal

# 10,000 events are one insert of about 3 MB and 0.2 s of work: longer groups only make the first of them wait.
_GROUP_MAX = 10_000
# Requests that may wait for the writer, about 500 KB each at worst; beyond it the sender is asked to come again.
_WAITING_MAX = 2_000
_IDLE_SECONDS = 1.0
_CATALOGUE_SECONDS = 2.0
# Numbers taken at once by the only process of an embedded store: a group whose people are all known then needs no
# transaction at all. Elsewhere a group takes what it needs, because other processes see whole blocks only.
_BLOCK_SIZE = 50_000
_log = logging.getLogger("wellspring.activity")
_NUMBERS = struct.Struct("<QI").pack


class Submission(NamedTuple):
    """One request's messages: those ready for the log with what was sent, and those refused already."""

    intake: Intake
    type_: str | None
    messages: Sequence[Prepared]
    raws: Sequence[Any]
    refused: Sequence[tuple[Any, Refusal]]
    answer: "concurrent.futures.Future[IngestResult]"


class Row(NamedTuple):
    """A message on its way into the log."""

    submission: Submission
    place: int
    message: Prepared


Owned = tuple[Row, int]
Refused = tuple[Submission, Any, Refusal]


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
        group: list[Submission] = []
        count = 0
        while count < _GROUP_MAX:
            try:
                taken = self._queue.get_nowait() if group else self._queue.get(timeout=_IDLE_SECONDS)
            except queue.Empty:
                break
            if taken is None:
                break
            group.append(taken)
            count += len(taken.messages)
        return group

    def _commit(self, ws: Workspace, group: list[Submission]) -> None:
        try:
            results = self._written(ws, group)
        except BaseException as failure:  # noqa: BLE001 - whoever waits must hear of it, and the writer must live on
            for submission in group:
                submission.answer.set_exception(failure)
            return
        failpoints.hit("activity.ingest.before_answer")
        for submission, result in zip(group, results, strict=True):
            submission.answer.set_result(result)

    def _written(self, ws: Workspace, group: list[Submission]) -> list[IngestResult]:
        self._settle_doubts(ws)
        rows = self._fresh(ws, group)
        rejected = [(submission, raw, refusal) for submission in group for raw, refusal in submission.refused]
        block = self._registered(ws, len(rows), rejected)
        failpoints.hit("activity.ingest.registered")
        accepted = _owned(ws, rows, rejected)
        failpoints.hit("activity.ingest.resolved")
        if accepted and block is not None:
            accepted = self._appended(ws, block, accepted, rejected)
            failpoints.hit("activity.ingest.appended")
        catalogue.of(ws).note([row.message for row, _owner in accepted])
        return _results(group, accepted, rejected)

    def _fresh(self, ws: Workspace, group: list[Submission]) -> list[Row]:
        rows = [Row(submission, place, message) for submission in group for place, message in enumerate(submission.messages)]
        if not rows:
            return rows
        seen = self._known(ws).repeated([row.message.digest for row in rows])
        fresh = []
        for row in rows:
            if row.message.digest not in seen:
                seen.add(row.message.digest)
                fresh.append(row)
        return fresh

    def _known(self, ws: Workspace) -> Lookback:
        if self._lookback is None:
            self._lookback = Lookback(ws)
        return self._lookback

    def _registered(self, ws: Workspace, count: int, rejected: list[Refused]) -> arrival.Block | None:
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
            rejects.keep(tx, [_reject_row(ws, one) for one in rejected])
            if needs_block:
                block = arrival.take(ws, tx, max(count, _BLOCK_SIZE) if ws.sql.is_sqlite else count)
            if has_catalogue:
                noted.write(tx)
            failpoints.hit("activity.ingest.before_commit")
        self._block = block
        if has_catalogue:
            self._catalogue_at = time.monotonic()
        return block

    def _appended(self, ws: Workspace, block: arrival.Block, accepted: list[Owned], rejected: list[Refused]) -> list[Owned]:
        first = block.next
        block.next += len(accepted)
        pieces = [_NUMBERS(first + offset, owner) + row.message.tail for offset, (row, owner) in enumerate(accepted)]
        arrival.usable(block)
        self._doubtful.append((first, block.next - 1))
        try:
            log.append(ws, pieces)
        except Exception as failure:
            if not self._settle_doubts(ws):
                if isinstance(failure, StoreUnavailable):
                    raise
                self._doubtful.append((first, block.next - 1))
                accepted = _one_by_one(ws, accepted, pieces, rejected)
        self._doubtful.clear()
        self._known(ws).remember([row.message.digest for row, _owner in accepted])
        arrival.reach(ws, block, block.last if block.next > block.last else block.next - 1)
        return accepted

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


def _owned(ws: Workspace, rows: list[Row], rejected: list[Refused]) -> list[Owned]:
    """Each row with the number to write down; rows that people refuse are added to the rejected."""
    alike: dict[tuple[bool, str], list[Row]] = {}
    for row in rows:
        alike.setdefault((row.submission.intake.is_historical, row.submission.intake.import_id), []).append(row)
    refused: list[Refused] = []
    accepted = [owned for (historical, import_id), part in alike.items() for owned in _resolved(ws, part, historical, import_id, refused)]
    if refused:
        with ws.sql.write() as tx:
            rejects.keep(tx, [_reject_row(ws, one) for one in refused])
        rejected += refused
    return accepted


def _resolved(ws: Workspace, rows: list[Row], historical: bool, import_id: str, refused: list[Refused]) -> list[Owned]:  # noqa: FBT001 - of the group
    claims: list[Claim] = []
    claim_of: list[int] = []
    plain: dict[Any, int] = {}
    for row in rows:
        message = row.message
        if message.traits is None and message.previous is None:
            # Many events of one person ask the same: asked once.
            place = plain.setdefault(message.identities, len(claims))
            if place < len(claims):
                claim_of.append(place)
                continue
        claim_of.append(len(claims))
        claims.append(
            Claim(message.identities, from_millis(message.at), row.submission.intake.source, message.traits, previous=message.previous)
        )
    resolved = people.resolve(ws, by=SYSTEM, claims=claims, historical=historical, import_id=import_id or None)
    accepted = []
    for row, place in zip(rows, claim_of, strict=True):
        refusal = resolved.refused.get(place)
        if refusal is None:
            accepted.append((row, resolved.owner_nos[place]))
        else:
            refused.append((row.submission, row.submission.raws[row.place], refusal))
    return accepted


def _one_by_one(ws: Workspace, accepted: list[Owned], pieces: list[bytes], rejected: list[Refused]) -> list[Owned]:
    """Halves until the row that the log refuses stands alone, which is then rejected instead of its neighbours (T07)."""
    try:
        log.append(ws, pieces)
    except StoreUnavailable:
        raise
    except Exception:  # noqa: BLE001 - the engine's complaint about one of these rows
        if len(accepted) > 1:
            middle = len(accepted) // 2
            halves = (slice(0, middle), slice(middle, None))
            return [owned for half in halves for owned in _one_by_one(ws, accepted[half], pieces[half], rejected)]
        row = accepted[0][0]
        refused: Refused = (row.submission, row.submission.raws[row.place], LOG_REFUSED)
        rejected.append(refused)
        with ws.sql.write() as tx:
            rejects.keep(tx, [_reject_row(ws, refused)])
        return []
    return accepted


def _reject_row(ws: Workspace, refused: Refused) -> dict[str, Any]:
    submission, raw, refusal = refused
    return reject_row(ws, raw, refusal, submission.intake, submission.type_)


def _results(group: list[Submission], accepted: list[Owned], rejected: list[Refused]) -> list[IngestResult]:
    taken: dict[int, int] = {}
    for row, _owner in accepted:
        taken[id(row.submission)] = taken.get(id(row.submission), 0) + 1
    refused: dict[int, int] = {}
    for submission, _raw, _refusal in rejected:
        refused[id(submission)] = refused.get(id(submission), 0) + 1
    results = []
    for submission in group:
        total = len(submission.messages) + len(submission.refused)
        kept, lost = taken.get(id(submission), 0), refused.get(id(submission), 0)
        results.append(IngestResult(accepted=kept, repeated=total - kept - lost, rejected=lost))
    return results
