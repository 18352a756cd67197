"""Exact durations as they are written: 90d, 12h, 30m, 45s. A day is 24 hours here; calendar days are windows of their own."""

import re

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# A hundred years: longer than any history, and far from the ends of what the log can hold.
MILLIS_MAX = 36_525 * DAY

_UNITS = {"d": DAY, "h": HOUR, "m": MINUTE, "s": SECOND}
_WRITTEN = re.compile(r"([0-9]{1,12})([dhms])", re.ASCII)


def millis_of(text: str) -> int | None:
    """The milliseconds; None for what is no duration or is longer than a hundred years."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    millis = int(found[1]) * _UNITS[found[2]]
    return millis if millis <= MILLIS_MAX else None


def text_of(millis: int) -> str:
    """The shortest way to write whole seconds: 24h is 1d, 90s stays."""
    unit = next((unit for unit, length in _UNITS.items() if millis % length == 0), "s")
    return f"{millis // _UNITS[unit]}{unit}"
