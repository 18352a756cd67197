"""An even pace below the platform's limit, shared by all workers: who takes n calls gets n instants to make them at.

The generic cell rate algorithm (ITU-T I.371): `given_until` is how far calls are given out. In any minute that slides
over the calls there are at most `per_minute` of them, whatever window the platform counts in.
"""

from typing import NamedTuple

_MINUTE_MICROS = 60_000_000
# So many at once without waiting: somebody who opens a page must not stand behind an even pace.
_BURST_SHARE = 50


class Pace(NamedTuple):
    """Microseconds between two calls, and how many may come at once."""

    interval: int
    burst: int


class Slots(NamedTuple):
    """The first instant, the distance to the next ones, their number, and the new `given_until` (all microseconds)."""

    first: int
    interval: int
    number: int
    given_until: int


def pace_of(per_minute: int) -> Pace:
    """The pace that stays within a limit per minute, burst included."""
    burst = max(per_minute // _BURST_SHARE, 1)
    return Pace(-(-_MINUTE_MICROS // max(per_minute - burst, 1)), burst)


def take(given_until: int, *, now: int, pace: Pace, wanted: int) -> Slots:
    """Gives out calls: those that the burst allows at once, later ones each at its instant."""
    oldest = now - pace.burst * pace.interval
    first = max(given_until, oldest)
    return Slots(first, pace.interval, wanted, first + wanted * pace.interval)
