"""Rejected input that names somebody who was erased goes with them, before its time is over.

Rejects are sealed and known by no member, so each is opened and what it says is compared with what is left of the erased:
the blind keys of their identifiers. There are few rejects where senders are healthy, and an erasure is a job.
"""

from typing import Any

from wellspring.activity.repo import rejects
from wellspring.activity.service.replaying import opened
from wellspring.kernel.crypto import SealBroken
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

_STEP = 500


def forget_named(ws: Workspace) -> int:
    """Removes the rejects that name an erased person anywhere; gives their number. Repeatable."""
    removed, after = 0, ""
    while True:
        with ws.sql.read() as tx:
            kept = rejects.sealed(tx, after=after, limit=_STEP)
        if not kept:
            return removed
        after = kept[-1][0]
        erased = people.erased_among(ws, [_words(ws, content) for _, content in kept])
        with ws.sql.write() as tx:
            removed += rejects.delete(tx, [rejected_id for (rejected_id, _), is_erased in zip(kept, erased, strict=True) if is_erased])


def _words(ws: Workspace, content: bytes) -> set[str]:
    try:
        return _texts_in(opened(ws, content))
    except SealBroken:
        # Nobody can read it, so it tells nothing.
        return set()


def _texts_in(said: Any) -> set[str]:  # noqa: ANN401 - senders send anything
    """Every text and whole number, however deep; names too, for some senders put values there."""
    found: set[str] = set()
    waiting = [said]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str | int) and not isinstance(one, bool):
            found.add(str(one))
    return found
