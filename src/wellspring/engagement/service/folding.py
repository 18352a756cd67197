"""Moves are folded into blocks by the hour: a block a transaction, so that no tick waits for long."""

from wellspring.engagement.repo import journeys as repo
from wellspring.engagement.repo import ways
from wellspring.kernel.workspace import Workspace


def fold(ws: Workspace) -> int:
    """Folds what can be folded; gives how many blocks that made."""
    with ws.sql.read() as tx:
        left = ways.journeys(tx)
    made = 0
    for journey_id in left:
        is_more = True
        while is_more:
            with ws.sql.write() as tx:
                # Whoever is erased meanwhile is in no block that is made afterwards.
                ws.sql.lock(tx, repo.LOCK)
                is_more = ways.fold(tx, journey_id)
            made += is_more
    return made
