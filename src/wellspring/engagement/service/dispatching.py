"""The pump of touches: releases what waited, cuts intents into calls, makes the calls, and follows what became of them."""

from concurrent.futures import ThreadPoolExecutor

from wellspring.engagement.contracts.touches import BatchState
from wellspring.engagement.repo import batches, ledger
from wellspring.engagement.service import calling, cutting, following, mornings, settling, touching, turns
from wellspring.kernel import failpoints
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Workspace

# Intents released, and calls made, before the pump looks around again.
_RELEASED_MAX = 20
_CALLS_MAX = 50
# Calls under way at once: while one waits for its turn or for an answer, the others write.
_CALLERS = 4


def step(ws: Workspace) -> int:
    """Does a turn of everything that is due; gives how much that was."""
    now = ws.clock.now()
    with ws.sql.read() as tx:
        if not (batches.has_due(tx, now) or ledger.has_due(tx, now)):
            return 0
    done = release(ws) + calling.recover(ws)
    done += cutting.step(ws)
    # On a virtual clock one after the other, so that a story is told alike each time.
    done += call(ws, callers=1 if isinstance(ws.clock, VirtualClock) else _CALLERS)
    return done + following.step(ws)


def call(ws: Workspace, *, callers: int) -> int:
    """Makes the calls that are due, a turn's worth; gives how many."""
    done = _calls(ws, _CALLS_MAX if callers == 1 else 1)
    if not done or callers == 1:
        return done
    with ThreadPoolExecutor(callers, thread_name_prefix="engagement-call") as pool:
        return done + sum(pool.map(lambda _: _calls(ws, _CALLS_MAX // callers), range(callers)))


def _calls(ws: Workspace, most: int) -> int:
    done = 0
    while done < most and calling.step(ws):
        done += 1
    return done


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
