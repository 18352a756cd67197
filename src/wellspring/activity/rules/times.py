"""Time of events: reading what senders write, correcting skewed clocks, and telling late and future events.

Everything is in whole milliseconds since 1970, because tens of thousands of events pass here each second.
"""

import calendar
import datetime as dt
import re

from wellspring.activity.contracts import Flag
from wellspring.kernel.clock import EPOCH

# Text of 8 to 40 characters: a date, a time with up to nine digits of fraction, and an offset.
_ISO = re.compile(r"^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|z|[+-]\d\d:?\d\d|)$")
# 1970 to 2299 is what the log's DateTime64 holds.
MILLIS_MIN, MILLIS_MAX = 0, 10_413_792_000_000
_MILLISECOND = dt.timedelta(milliseconds=1)
# A number above this is milliseconds, below it seconds: it is 1973 in milliseconds and the year 5138 in seconds.
_SECONDS_MAX = 100_000_000_000


def parse_millis(value: object) -> int | None:
    """Reads ISO 8601 text (no offset means UTC) or a Unix number in seconds or milliseconds; None if it is neither."""
    if type(value) is str:
        return _parse_text(value)
    if type(value) is int or type(value) is float:
        # Compared as it is: an infinity or 1e300 has no whole number of milliseconds.
        return _in_range(int(value) if value > _SECONDS_MAX else int(value * 1000)) if 0 <= value < MILLIS_MAX else None
    return None


def corrected(*, received: int, sent: int | None, original: int | None, timestamp: int | None) -> int:
    """When an event happened by the server's clock (T03).

    Segment's rule: received − (sent − original) where both are known. A sender that gives `timestamp` alone is
    believed, but its clock's skew is still taken out when it tells when it sent.
    """
    own = original if original is not None else timestamp
    if own is None:
        return received
    if sent is None:
        return own
    return _clamped(received - (sent - own))


def not_ahead(at: int, *, received: int, tolerance: int) -> int:
    """An instant slightly ahead of the server is now: clocks differ by that much, and nobody reads of the future (T04)."""
    return received if received < at <= received + tolerance else at


def flags_of(*, at: int, received: int, is_historical: bool, tolerance: int, late_after: int) -> int:
    """Late, future and historical as bits (T04, T05, T06)."""
    flags = Flag.HISTORICAL.value if is_historical else 0
    if at > received + tolerance:
        return flags | Flag.FUTURE.value
    return flags | Flag.LATE.value if at < received - late_after else flags


def _parse_text(text: str) -> int | None:
    # The common form first: 2026-03-18T04:00:00.123Z, read by the standard library in C.
    try:
        instant = dt.datetime.fromisoformat(text)
    except ValueError:
        return _parse_slowly(text)
    try:
        millis = (instant - EPOCH) // _MILLISECOND
    except TypeError:
        millis = (instant.replace(tzinfo=dt.UTC) - EPOCH) // _MILLISECOND
    return millis if MILLIS_MIN <= millis < MILLIS_MAX else None


def _parse_slowly(text: str) -> int | None:
    found = _ISO.match(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    fraction = (found[7] or "").ljust(3, "0")[:3]
    try:
        seconds = calendar.timegm(dt.datetime(year, month, day, hour, minute, min(second, 59), tzinfo=dt.UTC).timetuple())
    except ValueError:
        return None
    return _in_range((seconds - _offset_seconds(found[8])) * 1000 + int(fraction or 0))


def _offset_seconds(text: str) -> int:
    if text in {"", "Z", "z"}:
        return 0
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    return sign * (int(digits[:2]) * 3600 + int(digits[2:]) * 60)


def _in_range(millis: int) -> int | None:
    return millis if MILLIS_MIN <= millis < MILLIS_MAX else None


def _clamped(millis: int) -> int:
    return min(max(millis, MILLIS_MIN), MILLIS_MAX - 1)
