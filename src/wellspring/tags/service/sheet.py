"""One transaction's statements about some tags and numbers: read what is in force once, decide, write all of it at once.

The history and the set of each tag change together here and nowhere else.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pyroaring import BitMap

from wellspring.kernel import audit, bus, failpoints, sets
from wellspring.kernel.auth import Principal
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.tags import events
from wellspring.tags.contracts import Cause, Tally, Verb
from wellspring.tags.repo import changes, words
from wellspring.tags.rules import Standing, is_noted, never, takes_effect

LOCK = "tags"
# An event names no more tags than this; who listens reads the sets.
_TOLD_MAX = 1000


class Said(NamedTuple):
    """Who says why, in whose name a statement is written down."""

    source: str
    actor: str
    reason: str = ""
    cause: Cause = Cause.SAID


class Sheet:
    """What is in force of some tags and numbers, and what is added to it."""

    def __init__(self, tx: Tx, *, tag_ids: Sequence[str], numbers: Iterable[int], now: dt.datetime) -> None:
        self._tx, self._now = tx, now
        self._standing: dict[tuple[str, int], Standing] = {}
        self._written: dict[tuple[str, int], int | dict[str, Any]] = {}
        self._was_put: dict[tuple[str, int], bool] = {}
        self._rows: list[dict[str, Any]] = []
        self._ended: list[int] = []
        for row in changes.in_force(tx, tag_ids, numbers):
            key = (row.tag_id, row.member_no)
            self._standing[key] = Standing(row.verb, row.at, row.expires_at, row.source)
            self._written[key] = row.id

    def standing(self, tag_id: str, number: int) -> Standing | None:
        """The statement in force."""
        return self._standing.get((tag_id, number))

    def carries(self, tag_id: str, number: int) -> bool:
        """Whether a number carries a tag, as far as it has been said."""
        standing = self._standing.get((tag_id, number))
        return standing is not None and standing.verb == Verb.PUT

    def put(self, tag_id: str, number: int, said: Said, *, at: dt.datetime, expires_at: dt.datetime | None = None) -> bool:
        """Puts a tag on a number; gives whether anything changed."""
        return self._say(tag_id, number, Standing(Verb.PUT, at, expires_at, said.source), said)

    def lift(self, tag_id: str, number: int, said: Said, *, at: dt.datetime) -> bool:
        """Lifts a tag from a number; gives whether anything changed."""
        return self._say(tag_id, number, Standing(Verb.LIFT, at, None, said.source), said)

    def note(self, tag_id: str, number: int, verb: Verb, said: Said, *, at: dt.datetime) -> None:
        """Keeps a statement that does not come into force."""
        self._append(tag_id, number, Standing(verb, at, None, said.source), said, ended_at=never(self._now))

    def _say(self, tag_id: str, number: int, new: Standing, said: Said) -> bool:
        key = (tag_id, number)
        current = self._standing.get(key)
        if current is not None and not takes_effect(new, current):
            if is_noted(new, current):
                self._append(tag_id, number, new, said, ended_at=never(self._now))
            return False
        if current is not None:
            written = self._written[key]
            if isinstance(written, dict):
                written["ended_at"] = self._now
            else:
                self._ended.append(written)
        self._was_put.setdefault(key, current is not None and current.verb == Verb.PUT)
        self._standing[key] = new
        self._written[key] = self._append(tag_id, number, new, said, ended_at=None)
        return True

    def _append(self, tag_id: str, number: int, new: Standing, said: Said, *, ended_at: dt.datetime | None) -> dict[str, Any]:
        row = {
            "tag_id": tag_id,
            "member_no": number,
            "verb": str(new.verb),
            "at": new.at,
            "source": said.source,
            "reason": said.reason[:200],
            "actor": said.actor,
            "recorded_at": self._now,
            "ended_at": ended_at,
            "expires_at": new.expires_at,
            "cause": str(said.cause),
        }
        self._rows.append(row)
        return row

    def write(self) -> dict[str, Tally]:
        """Writes history and sets; gives how many numbers gained and lost each tag that changed."""
        changes.end(self._tx, self._ended, self._now)
        changes.add(self._tx, self._rows)
        gained: dict[str, BitMap] = {}
        lost: dict[str, BitMap] = {}
        for (tag_id, number), was in self._was_put.items():
            if self.carries(tag_id, number) != was:
                (lost if was else gained).setdefault(tag_id, BitMap()).add(number)
        touched = {tag_id for tag_id, _ in self._was_put}
        for tag_id in sorted(touched):
            sets.change(self._tx, words.set_name(tag_id), add=gained.get(tag_id), remove=lost.get(tag_id))
        return {tag_id: Tally(len(gained.get(tag_id, ())), len(lost.get(tag_id, ()))) for tag_id in sorted(touched)}


def total(tallies: Mapping[str, Tally]) -> Tally:
    """All tags' numbers together."""
    return Tally(sum(tally.put for tally in tallies.values()), sum(tally.lifted for tally in tallies.values()))


def tell(ws: Workspace, tx: Tx, tallies: Mapping[str, Tally], *, source: str) -> Tally:
    """Tells of what changed, unless nothing did; gives the numbers together."""
    found = total(tallies)
    if tallies:
        bus.tell(ws.sql, tx, events.Changed(sorted(tallies)[:_TOLD_MAX], found.put, found.lifted, source), at=ws.clock.now())
    failpoints.hit("tags.before_commit")
    return found


def record(
    ws: Workspace, tx: Tx, tallies: Mapping[str, Tally], *, by: Principal, source: str, action: str = "tags.change", **detail: str | int
) -> Tally:
    """Puts what changed into the audit log and tells of it, unless nothing did; gives the numbers together."""
    found = total(tallies)
    if tallies:
        subject = next(iter(tallies)) if len(tallies) == 1 else "tags"
        told = {"tags": len(tallies), "put": found.put, "lifted": found.lifted, "source": source, **detail}
        audit.append(ws.sql, tx, by=by, action=action, subject=subject, at=ws.clock.now(), detail=told)
    return tell(ws, tx, tallies, source=source)
