"""Reading single values as people and exports write them: instants, whole numbers, numbers, booleans, identities.

Pure, and as strict as the SQL that reads orders: a day that does not exist is refused, never moved.
"""

import datetime as dt
import re
import zoneinfo

from wellspring.imports.contracts import FieldType, Taken
from wellspring.kernel.money import parse_minor

Value = str | int | float | bool | None

_DAY = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]+(.*))?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:[T\s]*(\d{2})(\d{2})(\d{2}))?$")
_CLOCK = re.compile(r"^(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:[.,](\d{1,6}))?秒?)?分?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$", re.IGNORECASE)
_NUMBER = re.compile(r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$")
_EXCEL_EPOCH = dt.datetime(1899, 12, 30, tzinfo=dt.UTC)
_TRUE = {"1", "true", "yes", "y", "是", "真", "已订阅", "t", "on"}
_FALSE = {"0", "false", "no", "n", "否", "假", "未订阅", "f", "off"}
_EMPTY = {"", "null", "none", "nan", "na", "n/a", "\\n", "-", "--", "#n/a"}
# Instants that a clock store can hold in every engine (DateTime64 with milliseconds).
_YEARS = range(1900, 2290)


class Unreadable(ValueError):
    """The text is not a value of the type; the argument is the reason code."""


def is_empty(text: str) -> bool:
    """Whether the text stands for "nothing was filled in"."""
    return text.strip().casefold() in _EMPTY


def taken(row: dict[str, str], source: Taken) -> str:
    """The text of a field in a row: constant or column, part of a split, translated by the value map."""
    text = (source.constant or "") if source.column is None else row.get(source.column, "")
    text = text.strip()
    if source.separator and source.part is not None:
        parts = text.split(source.separator)
        text = parts[source.part].strip() if -len(parts) <= source.part < len(parts) else ""
    return source.values.get(text, text)


def instant(text: str, *, zone: zoneinfo.ZoneInfo, time_format: str = "auto") -> dt.datetime:
    """The instant that the text names; without an offset of its own it is a wall clock in `zone`."""
    cleaned = text.strip()
    if time_format in {"unix", "unix_ms", "excel"}:
        return _counted(cleaned, time_format)
    try:
        if time_format != "auto":
            return _checked(dt.datetime.strptime(cleaned, time_format).replace(tzinfo=zone))
        return _checked(_wall(cleaned, zone))
    except ValueError as broken:
        raise Unreadable("time_unreadable") from broken


def _counted(text: str, time_format: str) -> dt.datetime:
    if not _NUMBER.match(text):
        raise Unreadable("time_unreadable")
    try:
        if time_format == "excel":
            return _checked(_EXCEL_EPOCH + dt.timedelta(days=float(text)))
        seconds = float(text) if time_format == "unix" else float(text) / 1000
        return _checked(dt.datetime.fromtimestamp(seconds, tz=dt.UTC))
    except (ValueError, OverflowError, OSError) as broken:
        raise Unreadable("time_unreadable") from broken


def _wall(text: str, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    compact = _COMPACT.match(text)
    if compact:
        parts = [int(part or 0) for part in compact.groups()]
        return dt.datetime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], tzinfo=zone)
    found = _DAY.match(text)
    if not found:
        raise Unreadable("time_unreadable")
    day = [int(part) for part in found.groups()[:3]]
    if not found[4]:
        return dt.datetime(day[0], day[1], day[2], tzinfo=zone)
    clock = _CLOCK.match(found[4].strip())
    if not clock:
        raise Unreadable("time_unreadable")
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    return dt.datetime(day[0], day[1], day[2], hour, minute, second, int((clock[4] or "0").ljust(6, "0")), tzinfo=_offset(clock[5], zone))


def _offset(text: str | None, zone: zoneinfo.ZoneInfo) -> dt.tzinfo:
    if not text:
        return zone
    if text.upper() in {"Z", "UTC"}:
        return dt.UTC
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return dt.timezone(dt.timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _checked(moment: dt.datetime) -> dt.datetime:
    if moment.year not in _YEARS:
        raise Unreadable("time_unreadable")
    return moment.astimezone(dt.UTC)


def number(text: str) -> float:
    """A number with optional thousands commas or a percent sign."""
    cleaned = text.strip().replace(",", "")
    percent = cleaned.endswith("%")
    cleaned = cleaned.removesuffix("%")
    if not _NUMBER.match(cleaned):
        raise Unreadable("number_unreadable")
    return float(cleaned) / (100 if percent else 1)


def whole(text: str) -> int:
    """A whole number; "3.0" is one."""
    value = number(text)
    if value != int(value):
        raise Unreadable("quantity_unreadable")
    return int(value)


def boolean(text: str) -> bool:
    """Yes or no in the usual words of both languages."""
    folded = text.strip().casefold()
    if folded in _TRUE:
        return True
    if folded in _FALSE:
        return False
    raise Unreadable("value_refused")


def typed(text: str, kind: FieldType, *, zone: zoneinfo.ZoneInfo, time_format: str = "auto", currency: str = "CNY") -> Value | dt.datetime:
    """The text as a value of the type; None where nothing was filled in. Raises Unreadable with the reason code."""
    if is_empty(text):
        return None
    match kind:
        case FieldType.TIME:
            return instant(text, zone=zone, time_format=time_format)
        case FieldType.NUMBER:
            value = number(text)
            return int(value) if value == int(value) and abs(value) < 2**53 else value
        case FieldType.WHOLE:
            return whole(text)
        case FieldType.MONEY:
            return parse_minor(text, currency=currency)
        case FieldType.BOOLEAN:
            return boolean(text)
        case FieldType.TEXT:
            return text.strip()
