"""The time that the product believes in: the machine's own, or a virtual one for lab mode and tests.

Everything that asks "now?" asks a Clock, so that a year can pass in a test and a demo can be advanced.
No other module may read the wall clock.
"""

import datetime as dt
import threading
import time
from typing import Protocol

UTC = dt.UTC
EPOCH = dt.datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """Tells the present instant, in UTC."""

    def now(self) -> dt.datetime:
        """The present instant: aware, UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> dt.datetime:
        """The present instant: aware, UTC."""
        return dt.datetime.fromtimestamp(time.time(), tz=UTC)


class VirtualClock:
    """A clock that stands still until it is moved; safe to read from many threads."""

    def __init__(self, start: dt.datetime) -> None:
        self._now = start.astimezone(UTC)
        self._lock = threading.Lock()

    def now(self) -> dt.datetime:
        """The instant that the clock was last moved to."""
        with self._lock:
            return self._now

    def move_to(self, instant: dt.datetime) -> None:
        """Sets the clock; it may go backwards, because real clocks do."""
        with self._lock:
            self._now = instant.astimezone(UTC)


def to_millis(instant: dt.datetime) -> int:
    """Whole milliseconds since 1970-01-01T00:00:00Z."""
    delta = instant - EPOCH
    return delta.days * 86_400_000 + delta.seconds * 1000 + delta.microseconds // 1000


def from_millis(millis: int) -> dt.datetime:
    """The instant that lies `millis` after 1970-01-01T00:00:00Z."""
    return EPOCH + dt.timedelta(milliseconds=millis)


def iso(instant: dt.datetime) -> str:
    """ISO 8601 in UTC with milliseconds and a Z, as every API answer writes it."""
    here = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return here.isoformat(timespec="milliseconds")[:-6] + "Z"
