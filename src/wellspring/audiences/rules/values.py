"""How one typed value compares: the reference that every evaluator is held against.

A value is a text, a boolean, a number, a tuple of these, or missing (None). Types never convert: the number 1 and the
text "1" differ, and so do 1 and True. Of a missing value only is_not, not_in and missing are true.
"""

import calendar
import datetime as dt
import operator
import re
from collections.abc import Callable
from fractions import Fraction
from zoneinfo import ZoneInfo

from wellspring.audiences.rules.durations import DAY
from wellspring.audiences.rules.tree import Comparison, Duration, Op, Value
from wellspring.kernel.clock import from_millis, to_millis
from wellspring.kernel.text import nfc

_INSTANT = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
# What the log's DateTime64 holds.
_YEAR_MIN, _YEAR_MAX = 1900, 2299

_ORDERED: dict[Op, Callable[[Fraction, Fraction], bool]] = {
    Op.GT: operator.gt,
    Op.GTE: operator.ge,
    Op.LT: operator.lt,
    Op.LTE: operator.le,
}


def matches(value: Value, comparison: Comparison, *, now: int, zone: ZoneInfo, member_zone: ZoneInfo | None = None) -> bool:
    """Whether the comparison holds of the value at `now` (milliseconds).

    `zone` is the workspace's, in which a date without a time is its midnight; anniversaries are in the member's.
    """
    op, wanted = comparison.op, comparison.value
    if op in {Op.IS, Op.IS_NOT, Op.IN, Op.NOT_IN}:
        is_among = any(equal(value, one) for one in (wanted if isinstance(wanted, tuple) else (wanted,)))
        return is_among == (op in {Op.IS, Op.IN})
    if value is None or op in {Op.EXISTS, Op.MISSING}:
        return (value is None) == (op is Op.MISSING)
    if op in _ORDERED or op is Op.BETWEEN:
        return _is_in_order(value, comparison)
    if op in {Op.CONTAINS, Op.STARTS_WITH}:
        return _has_text(value, comparison)
    if op is Op.INCLUDES:
        return isinstance(value, tuple) and any(equal(part, wanted) for part in value)
    at = instant(value, zone) if isinstance(value, str) else None
    if at is None:
        return False
    if op is Op.ANNIVERSARY and len(str(value)) == len("2000-01-01"):
        # A date alone is that date wherever the member lives.
        return _is_near(dt.date.fromisoformat(str(value)), comparison, now=now, zone=member_zone or zone)
    return instant_matches(at, comparison, now=now, zone=zone, member_zone=member_zone)


def positive(comparison: Comparison) -> Comparison | None:
    """What fails exactly where this comparison holds, for those that a missing value satisfies; None for all others."""
    turned = {Op.IS_NOT: Op.IS, Op.NOT_IN: Op.IN, Op.MISSING: Op.EXISTS}.get(comparison.op)
    return None if turned is None else Comparison(turned, comparison.value)


def instant_matches(at: int | None, comparison: Comparison, *, now: int, zone: ZoneInfo, member_zone: ZoneInfo | None = None) -> bool:
    """The comparisons of dates, of an instant in milliseconds or of none."""
    op, wanted = comparison.op, comparison.value
    if at is None or op in {Op.EXISTS, Op.MISSING}:
        return (at is None) == (op is Op.MISSING)
    if op is Op.ANNIVERSARY:
        there = member_zone or zone
        return _is_near(from_millis(at).astimezone(there).date(), comparison, now=now, zone=there)
    if isinstance(wanted, Duration):
        border = now + wanted.millis if op is Op.WITHIN_NEXT else now - wanted.millis
        return {
            Op.BEFORE: at <= border,
            Op.AFTER: at > border,
            Op.WITHIN_LAST: border < at <= now,
            Op.WITHIN_NEXT: now < at <= border,
        }[op]
    named = instant(str(wanted), zone)
    if named is None:
        return False
    return at < named if op is Op.BEFORE else at > named


def equal(found: object, wanted: object) -> bool:
    """Equal of the same type; 1 and 1.0 are the same number, texts are compared in normal form C."""
    if isinstance(found, str) and isinstance(wanted, str):
        return nfc(found) == nfc(wanted)
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    return is_number(found) and is_number(wanted) and _exact(found) == _exact(wanted)


def number_matches(found: float | Fraction | None, comparison: Comparison) -> bool:
    """As `matches`, of what was measured: a sum or an average is an exact fraction."""
    op, wanted = comparison.op, comparison.value
    if op in {Op.IS, Op.IS_NOT, Op.IN, Op.NOT_IN}:
        is_among = any(equal(found, one) for one in (wanted if isinstance(wanted, tuple) else (wanted,)))
        return is_among == (op in {Op.IS, Op.IN})
    if found is None or op in {Op.EXISTS, Op.MISSING}:
        return (found is None) == (op is Op.MISSING)
    return _is_in_order(found, comparison)


def is_number(value: object) -> bool:
    """Whether it is a number; a boolean is none."""
    return isinstance(value, int | float | Fraction) and not isinstance(value, bool)


def instant(text: str, zone: ZoneInfo) -> int | None:
    """The milliseconds of ISO 8601 text; without an offset it is read in `zone`, without a time it is midnight.

    None for every other text. Fractions beyond a millisecond are cut off.
    """
    found = _INSTANT.fullmatch(text)
    if found is None or not _YEAR_MIN <= int(found[1]) <= _YEAR_MAX:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    micros = int((found[7] or "").ljust(3, "0")[:3]) * 1000
    try:
        local = dt.datetime(year, month, day, hour, minute, second, micros, tzinfo=_offset(found[8]) or zone)
    except ValueError:
        return None
    return to_millis(local)


def has_offset(text: str) -> bool:
    """Whether the text of an instant names its offset, so that it means the same in every zone."""
    found = _INSTANT.fullmatch(text)
    return found is not None and found[8] is not None


def _offset(text: str | None) -> dt.tzinfo | None:
    if text is None:
        return None
    if text == "Z":
        return dt.UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    length = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(-length if text[0] == "-" else length)


def _is_in_order(found: object, comparison: Comparison) -> bool:
    wanted = comparison.value
    if not is_number(found):
        return False
    if isinstance(wanted, tuple):
        low, high = wanted
        return _exact(low) <= _exact(found) <= _exact(high)
    return _ORDERED[comparison.op](_exact(found), _exact(wanted))


def _exact(number: object) -> Fraction:
    """The number as it is written: 0.1 is a tenth, and not the nearest number with a binary fraction."""
    return number if isinstance(number, Fraction) else Fraction(str(number))


def _has_text(value: Value, comparison: Comparison) -> bool:
    if not isinstance(value, str):
        return False
    found, wanted = nfc(value), nfc(str(comparison.value))
    return found.startswith(wanted) if comparison.op is Op.STARTS_WITH else wanted.lower() in found.lower()


def _is_near(born: dt.date, comparison: Comparison, *, now: int, zone: ZoneInfo) -> bool:
    if not isinstance(comparison.value, Duration):
        return False
    today = from_millis(now).astimezone(zone).date()
    last = today + dt.timedelta(days=comparison.value.millis // DAY)
    return any(today <= _anniversary(born, year) <= last for year in range(today.year, last.year + 1))


def _anniversary(born: dt.date, year: int) -> dt.date:
    is_leap_day = (born.month, born.day) == (2, 29) and not calendar.isleap(year)
    return dt.date(year, 2, 28) if is_leap_day else born.replace(year=year)
