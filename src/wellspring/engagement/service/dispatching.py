"""The pump of touches: releases what waited, cuts intents into calls, makes the calls, and follows what became of them.

Calls are made all the while that the rest is done, by workers of their own: a campaign that takes long to cut, or a
provider that is slow to ask, takes nothing from the pace of those that are ready.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from wellspring.engagement.contracts.touches import BatchState
from wellspring.engagement.repo import batches, ledger
from wellspring.engagement.service import calling, cutting, following, marking, mornings, settling, touching, turns
from wellspring.kernel import failpoints
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Workspace

# Intents released before the pump looks around again.
_RELEASED_MAX = 20
# A turn ends after this, so that whoever runs the pump may stop it.
_TURN_SECONDS = 5.0
# Between two looks for what has become due meanwhile.
_PAUSE_SECONDS = 0.25


def step(ws: Workspace) -> int:
    """Does a turn of everything that is due; gives how much that was."""
    if not _is_due(ws):
        return 0
    if isinstance(ws.clock, VirtualClock):
        # One after the other, so that a story is told alike each time.
        return _prepare(ws) + calling.step(ws) + following.step(ws)
    return _turn(ws)


def _turn(ws: Workspace) -> int:
    ends, enough = time.monotonic() + _TURN_SECONDS, threading.Event()
    with ThreadPoolExecutor(marking.WORKERS, "engagement-call") as pool:
        workers = [pool.submit(_call, ws, enough) for _ in range(marking.WORKERS)]
        done = 0
        try:
            while time.monotonic() < ends:
                did = _prepare(ws) + following.step(ws)
                done += did
                if not did and not _is_due(ws):
                    break
                if not did:
                    time.sleep(_PAUSE_SECONDS)
        finally:
            enough.set()
        return done + sum(worker.result() for worker in workers)


def _call(ws: Workspace, enough: threading.Event) -> int:
    done = 0
    while not enough.is_set():
        made = calling.step(ws)
        done += made
        if not made:
            enough.wait(_PAUSE_SECONDS)
    return done


def _prepare(ws: Workspace) -> int:
    return release(ws) + calling.recover(ws) + cutting.step(ws)


def _is_due(ws: Workspace) -> bool:
    now = ws.clock.now()
    with ws.sql.read() as tx:
        return batches.has_due(tx, now) or ledger.has_due(tx, now)


def drain(ws: Workspace, *, turns: int = 1_000) -> int:
    """Turns until nothing is due; for a virtual clock and for tests. Gives how much was done."""
    total = 0
    for _ in range(turns):
        done = step(ws)
        if not done:
            break
        total += done
    return total


def release(ws: Workspace) -> int:
    """Asks again for what waited until now (F09); each intent in a transaction of its own."""
    now = ws.clock.now()
    woken = mornings.lay_out(ws)
    with ws.sql.read() as tx:
        due = batches.due(tx, BatchState.WAITING, now, limit=_RELEASED_MAX)
    for known in due:
        with ws.sql.write() as tx:
            ws.sql.lock(tx, turns.PLANNING)
            batch = batches.one(tx, known.id)
            if batch is None or batch.state is not BatchState.WAITING:
                continue
            asked = touching.replan(ws, tx, batch, now)
            settling.tell_dropped(ws, tx, batch, asked.dropped, now)
            failpoints.hit("engagement.release.before_commit")
    return woken + len(due)
