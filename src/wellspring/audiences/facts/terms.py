"""One value as SQL in each of the types it may have, and comparisons of it; typed exactly as `rules.values` compares.

Literals never stand in the text of a query: they are bound as typed parameters.
"""

import dataclasses
import datetime as dt
import itertools
from zoneinfo import ZoneInfo

from wellspring.audiences.rules import values, windows
from wellspring.audiences.rules.durations import DAY
from wellspring.audiences.rules.tree import Comparison, Duration, Op, Value
from wellspring.kernel.stores.log import Param
from wellspring.kernel.text import nfc, spellings

NO = "0"
_ISO = r"^\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}(:\\d{2}([.]\\d{1,9})?)?(Z|[+-]\\d{2}:?\\d{2})?)?$"
_DATE_LENGTH = 10
_ORDERED = {Op.GT: ">", Op.GTE: ">=", Op.LT: "<", Op.LTE: "<="}


class Bound:
    """The parameters of one query, named in order."""

    def __init__(self) -> None:
        self.params: dict[str, Param] = {}

    def add(self, value: Param, kind: str) -> str:
        """Binds a value; gives what stands for it in the text."""
        name = f"v{len(self.params)}"
        self.params[name] = value
        return f"{{{name}:{kind}}}"

    def text(self, value: str) -> str:
        """Binds a text, in normal form C."""
        return self.add(nfc(value), "String")

    def number(self, value: float) -> str:
        """Binds a number."""
        return self.add(float(value), "Float64")

    def millis(self, value: int) -> str:
        """Binds an instant given in milliseconds."""
        # What DateTime64 holds: 1900 to 2299.
        inside = min(max(value, -2_208_988_800_000), 10_413_791_999_999)
        return f"fromUnixTimestamp64Milli({self.add(inside, 'Int64')}, 'UTC')"


@dataclasses.dataclass(frozen=True)
class Moment:
    """The instant of an evaluation in milliseconds, the workspace's zone, and the zone of the members asked about."""

    now: int
    zone: ZoneInfo
    member_zone: ZoneInfo | None = None


@dataclasses.dataclass(frozen=True)
class Term:
    """SQL of one value by type, NULL where it is of another; `texts` and `numbers` are the elements of a list.

    `instant` is given where the instant of a text is stored beside it, else it is read from the text. Texts that were
    brought to normal form C when they were written say so with `is_nfc`.
    """

    number: str
    text: str
    boolean: str
    texts: str
    numbers: str
    present: str
    instant: str | None = None
    is_nfc: bool = False

    def written(self, sql: str) -> str:
        """A text of this term in normal form C."""
        return sql if self.is_nfc else scalar_text(sql)


def scalar_text(sql: str) -> str:
    """A text in normal form C; ASCII, which is most of it, is left alone."""
    return f"if(isValidASCII({sql}), {sql}, normalizeUTF8NFC({sql}))"


def compare(term: Term, comparison: Comparison, moment: Moment, bound: Bound) -> str:
    """SQL that is 1 where the comparison holds and 0 elsewhere, never NULL."""
    op, wanted = comparison.op, comparison.value
    one_of = wanted if isinstance(wanted, tuple) else (wanted,)
    if op in {Op.IS, Op.IN}:
        return _any(term, one_of, bound)
    if op in {Op.IS_NOT, Op.NOT_IN}:
        return f"NOT {_any(term, one_of, bound)}"
    if op is Op.EXISTS:
        return term.present
    if op is Op.MISSING:
        return f"NOT ({term.present})"
    if op in _ORDERED or op is Op.BETWEEN:
        return ordered(term.number, comparison, bound)
    if op in {Op.CONTAINS, Op.STARTS_WITH, Op.INCLUDES}:
        return _texts(term, comparison, bound)
    if op is Op.ANNIVERSARY:
        return _anniversary(term, comparison, moment, bound)
    return compare_instant(_instant_of(term, moment), comparison, moment, bound)


def ordered(number: str, comparison: Comparison, bound: Bound, *, scale: int = 1) -> str:
    """Greater, less, between, and equality of a number, 0 where it is NULL."""
    op, wanted = comparison.op, comparison.value
    if op is Op.BETWEEN and isinstance(wanted, tuple):
        low, high = (_scaled(one, scale, bound) for one in wanted)
        return f"ifNull({number} >= {low} AND {number} <= {high}, 0)"
    if op in _ORDERED:
        return f"ifNull({number} {_ORDERED[op]} {_scaled(wanted, scale, bound)}, 0)"
    one_of = wanted if isinstance(wanted, tuple) else (wanted,)
    same = [f"{number} = {_scaled(one, scale, bound)}" for one in one_of if values.is_number(one)]
    found = f"ifNull({' OR '.join(same)}, 0)" if same else NO
    if op is Op.EXISTS:
        return f"{number} IS NOT NULL"
    if op is Op.MISSING:
        return f"{number} IS NULL"
    return f"NOT {found}" if op in {Op.IS_NOT, Op.NOT_IN} else found


def compare_instant(sql: str, comparison: Comparison, moment: Moment, bound: Bound) -> str:
    """The comparisons of dates, of a DateTime64 that may be NULL."""
    op, wanted = comparison.op, comparison.value
    if isinstance(wanted, Duration):
        now = bound.millis(moment.now)
        border = bound.millis(moment.now + wanted.millis if op is Op.WITHIN_NEXT else moment.now - wanted.millis)
        held = {
            Op.BEFORE: f"{sql} <= {border}",
            Op.AFTER: f"{sql} > {border}",
            Op.WITHIN_LAST: f"{sql} > {border} AND {sql} <= {now}",
            Op.WITHIN_NEXT: f"{sql} > {now} AND {sql} <= {border}",
        }[op]
        return f"ifNull({held}, 0)"
    named = values.instant(str(wanted), moment.zone)
    if named is None:
        return NO
    return f"ifNull({sql} {'<' if op is Op.BEFORE else '>'} {bound.millis(named)}, 0)"


def range_of(comparison: Comparison, moment: Moment) -> tuple[int, int] | None:
    """The instants for which the comparison holds, half-open in milliseconds; None where they are no range."""
    op, wanted = comparison.op, comparison.value
    if op is Op.EXISTS:
        return windows.EARLIEST, windows.LATEST
    if op not in {Op.BEFORE, Op.AFTER, Op.WITHIN_LAST, Op.WITHIN_NEXT}:
        return None
    if not isinstance(wanted, Duration):
        named = values.instant(str(wanted), moment.zone)
        if named is None:
            return 0, 0
        return (windows.EARLIEST, named) if op is Op.BEFORE else (named + 1, windows.LATEST)
    border = moment.now - wanted.millis + 1
    return {
        Op.BEFORE: (windows.EARLIEST, border),
        Op.AFTER: (border, windows.LATEST),
        Op.WITHIN_LAST: (border, moment.now + 1),
        Op.WITHIN_NEXT: (moment.now + 1, moment.now + wanted.millis + 1),
    }[op]


def _scaled(wanted: object, scale: int, bound: Bound) -> str:
    assert isinstance(wanted, int | float)  # noqa: S101 - read() lets nothing else pass
    # Rounded, because 0.07 * 10,000 is 700.0000000000001: the literal is meant in decimal.
    return bound.number(round(wanted * scale, 6) if scale > 1 else wanted)


def _any(term: Term, wanted: tuple[object, ...], bound: Bound) -> str:
    texts = [one for one in wanted if isinstance(one, str)]
    parts = [f"ifNull({term.boolean} = {'true' if one else 'false'}, 0)" for one in wanted if isinstance(one, bool)]
    parts += [
        f"ifNull({term.number} = {bound.number(one)}, 0)" for one in wanted if isinstance(one, int | float) and not isinstance(one, bool)
    ]
    if texts:
        parts.append(_is_text(term, [nfc(one) for one in texts], bound))
    return f"({' OR '.join(parts)})" if parts else NO


def _is_text(term: Term, wanted: list[str], bound: Bound) -> str:
    # Normalising a column costs ten times what comparing it with every spelling does.
    spelled = [wanted] if term.is_nfc else [spellings(one) for one in wanted]
    text, one_of = (term.text, [*itertools.chain(*spelled)]) if all(spelled) else (scalar_text(term.text), wanted)
    if len(one_of) == 1:
        return f"ifNull({text} = {bound.add(one_of[0], 'String')}, 0)"
    return f"ifNull({text} IN {bound.add(one_of, 'Array(String)')}, 0)"


def _texts(term: Term, comparison: Comparison, bound: Bound) -> str:
    op, wanted = comparison.op, str(comparison.value)
    if op is Op.CONTAINS:
        return f"ifNull(position(lowerUTF8({term.written(term.text)}), {bound.text(nfc(wanted).lower())}) > 0, 0)"
    if op is Op.STARTS_WITH:
        return f"ifNull(startsWith({term.written(term.text)}, {bound.text(wanted)}), 0)"
    return _includes(term, comparison.value, bound)


def _includes(term: Term, wanted: Value | Duration, bound: Bound) -> str:
    if isinstance(wanted, bool):
        return NO
    if isinstance(wanted, int | float):
        return f"arrayExists(x -> ifNull(x = {bound.number(wanted)}, 0), {term.numbers})"
    return f"arrayExists(x -> ifNull({term.written('x')} = {bound.text(str(wanted))}, 0), {term.texts})"


def _instant_of(term: Term, moment: Moment) -> str:
    if term.instant is not None:
        return term.instant
    zone = str(moment.zone)
    full = f"if(length({term.text}) = {_DATE_LENGTH}, concat({term.text}, ' 00:00:00'), {term.text})"
    read = f"parseDateTime64BestEffortOrNull(assumeNotNull({full}), 3, '{zone}')"
    in_years = f"substring({term.text}, 1, 4) BETWEEN '1900' AND '2299'"
    return f"if(ifNull(match({term.text}, '{_ISO}') AND {in_years}, 0), {read}, NULL)"


def _anniversary(term: Term, comparison: Comparison, moment: Moment, bound: Bound) -> str:
    assert isinstance(comparison.value, Duration)  # noqa: S101 - read() lets nothing else pass
    zone = moment.member_zone or moment.zone
    today = windows.day_of(moment.now, zone)
    ahead = comparison.value.millis // DAY
    # A whole year and more is every day there is.
    days = [today + dt.timedelta(days=step) for step in range(min(ahead, 366) + 1)]
    wanted = {day.month * 100 + day.day for day in days}
    if any((day.month, day.day) == (2, 28) and not _is_leap(day.year) for day in days):
        wanted.add(229)
    at = _instant_of(term, moment)
    # A date alone is that date wherever the member lives.
    month_day = f"toMonth({{0}}, '{zone}') * 100 + toDayOfMonth({{0}}, '{zone}')".format(at)
    written = f"toUInt32OrNull(concat(substring({term.text}, 6, 2), substring({term.text}, 9, 2)))"
    day = f"if(length({term.text}) = {_DATE_LENGTH}, {written}, {month_day})"
    exact = f"ifNull({at} IS NOT NULL AND {day} IN {bound.add(sorted(wanted), 'Array(UInt32)')}, 0)"
    if term.instant is not None:
        return exact
    # What is written can lie a day beside what it is in a zone; all other days are told apart without reading a date.
    near = {(day_ + dt.timedelta(days=step)).strftime("%m-%d") for day_ in days for step in (-1, 0, 1)} | {"02-29"}
    return f"if(ifNull(substring({term.text}, 6, 5) IN {bound.add(sorted(near), 'Array(String)')}, 0), {exact}, 0)"


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
