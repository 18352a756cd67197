"""What a change of a relation is among those already known: the same once more, one that a sync had found, or a new one."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

# What the platform says a relation began, and its event of it, lie this close together.
NEAR = dt.timedelta(seconds=60)
JOINS = ("added", "half")
ENDS = ("lost", "deleted", "transferred")


class Known(NamedTuple):
    """A line of a relation's history; `is_found` when a sync saw its outcome before any event told of it."""

    id: int
    verb: str
    at: dt.datetime
    is_found: bool


class Fresh(NamedTuple):
    """Whether a change is to be written: anew, or in place of a line that a sync had found."""

    is_new: bool
    adopts: int | None = None


def fresh(history: Sequence[Known], verb: str, at: dt.datetime, *, created_at: dt.datetime | None = None) -> Fresh:
    """How a change that an event tells fits into what is known; `created_at` is when the platform says the relation began."""
    if any(line.verb == verb and line.at == at and not line.is_found for line in history):
        return Fresh(is_new=False)
    for line in history:
        if line.is_found and (_is_same(history, line, verb, at) or _completes(line, verb, at, created_at)):
            return Fresh(is_new=False, adopts=line.id)
    return Fresh(is_new=True)


def needs_join(history: Sequence[Known], created_at: dt.datetime) -> bool:
    """Whether a beginning that a sync sees was never told, be it the second half of a friendship that began as one half."""
    if any(line.verb == "half" and abs(line.at - created_at) <= NEAR for line in history):
        return not any(line.verb == "added" and line.at >= created_at - NEAR for line in history)
    return not any(line.verb in JOINS and abs(line.at - created_at) <= NEAR for line in history)


def days_before(history: Sequence[Known], at: dt.datetime, created_at: dt.datetime | None) -> int | None:
    """How many whole days a relation that ends had lasted; None where its beginning is not known."""
    joins = [line.at for line in history if line.verb in JOINS and line.at <= at]
    if created_at is not None and created_at <= at:
        joins.append(created_at)
    return (at - max(joins)).days if joins else None


def _is_same(history: Sequence[Known], line: Known, verb: str, at: dt.datetime) -> bool:
    if verb in JOINS:
        return line.verb == verb and abs(line.at - at) <= NEAR
    if line.verb not in ENDS or verb == "lost" or line.at < at - NEAR:
        return False
    # Found later than it happened, and nothing began in between.
    return not any(other.verb in JOINS and at < other.at <= line.at for other in history)


def _completes(line: Known, verb: str, at: dt.datetime, created_at: dt.datetime | None) -> bool:
    """Whether this is the second half of what a sync had found whole: the platform dates it to the first half."""
    return verb == line.verb == "added" and created_at is not None and abs(line.at - created_at) <= NEAR and at >= line.at
