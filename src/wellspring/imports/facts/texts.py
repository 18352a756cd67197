"""SQL pieces that read a text column as a value: the same outcomes as rules.values and kernel.money, for millions of rows.

Two readings: a fast one for plain forms, and a `thorough` one that also takes what people write ("¥1,234.50",
"2024年3月8日"); a file is read fast first. What cannot be read is NULL; whether that is a reject is decided by the caller.
Names and words of a mapping reach SQL as literals through `quoted` alone, because column defaults take no parameters.
"""

from collections.abc import Mapping

from wellspring.kernel.money import MINOR_MAX, minor_digits

# Stands for "the row has no such column": no text file holds it.
ABSENT = "\x01"
_EMPTY_WORDS = "('', 'null', 'none', 'nan', 'na', 'n/a', '\\\\n', '-', '--', '#n/a')"


def quoted(text: str) -> str:
    """A string literal; safe for any text."""
    body = "".join({"\\": "\\\\", "'": "\\'"}.get(letter) or (letter if ord(letter) >= 32 else f"\\x{ord(letter):02x}") for letter in text)
    return f"'{body}'"


def mapped(text: str, words: Mapping[str, str], *, otherwise: str | None = None) -> str:
    """The text translated by a value map; unknown texts stay, or become `otherwise`."""
    if not words:
        return text
    olds = ", ".join(map(quoted, words))
    news = ", ".join(map(quoted, words.values()))
    return f"transform({text}, [{olds}], [{news}], {text if otherwise is None else otherwise})"


def is_filled(text: str) -> str:
    """Whether something was filled in."""
    return f"(lower({text}) NOT IN {_EMPTY_WORDS})"


def minor(text: str, currency: str, *, thorough: bool) -> str:
    """An amount as minor units, half rounded away from zero as kernel.money does; NULL where it cannot be read.

    Integers only: the text is read with one digit more than the currency has, so nothing can overflow or throw.
    """
    found = _scaled(text, minor_digits(currency) + 1, thorough=thorough)
    return f"intDiv({found} + 5 * sign({found}), 10)"


def product_minor(quantity: str, text: str, currency: str, *, thorough: bool) -> str:
    """A whole quantity times a unit price, rounded once."""
    unit = 10 ** (6 - minor_digits(currency))
    total = f"toInt128({_scaled(text, 6, thorough=thorough)}) * {quantity}"
    rounded = f"intDiv({total} + {unit // 2} * sign({total}), {unit})"
    return f"if(abs({rounded}) > {MINOR_MAX}, NULL, toInt64({rounded}))"


def _scaled(text: str, digits: int, *, thorough: bool) -> str:
    # Two dots would be read as one number ("1.2.3" as 1.23), and a lone sign as nought.
    fast = (
        f"reinterpretAsInt64(if(countSubstrings({text}, '.') < 2 AND {text} NOT IN ('-', '+', '.', '-.', '+.'),"
        f" toDecimal64OrNull({text}, {digits}), NULL))"
    )
    if not thorough:
        return fast
    cleaned = f"replaceRegexpOne(replaceRegexpAll({text}, '[,\\\\s]', ''), '^(-?)[¥￥$€£]+', '\\\\1')"
    is_amount = f"match({cleaned}, '^[+-]?([0-9]+(\\\\.[0-9]*)?|\\\\.[0-9]+)([eE][+-]?[0-9]{{1,3}})?$')"
    return f"if({is_amount}, reinterpretAsInt64(toDecimal64OrNull({cleaned}, {digits})), NULL)"


def whole(text: str, *, thorough: bool) -> str:
    """A whole number; "3.0" is one."""
    fast = f"toInt64OrNull({text})"
    return (
        f"if(isNull({fast}) AND match({text}, '^[+-]?[0-9]+\\\\.0*$'), toInt64OrNull(splitByChar('.', {text})[1]), {fast})"
        if thorough
        else fast
    )


def instant(text: str, *, zone: str, time_format: str, thorough: bool) -> str:
    """An instant or NULL; texts without an offset are wall clocks in `zone`. Days that do not exist are NULL."""
    where = quoted(zone)
    if time_format in {"unix", "unix_ms"}:
        factor = "* 1000" if time_format == "unix" else ""
        millis = f"if(toInt64OrNull({text}) > 10000000000000, NULL, toInt64OrNull({text}) {factor})"
        return f"fromUnixTimestamp64Milli({millis}, 'UTC')"
    if time_format != "auto":
        # ClickHouse follows MySQL, where minutes are %i.
        return f"toDateTime64(parseDateTimeOrNull({text}, {quoted(time_format.replace('%M', '%i'))}, {where}), 3, {where})"
    # Years first, so that 01/02/2020 is never guessed at; eight or fourteen digits are a date, other numbers are none.
    strict = (
        f"if(substring({text}, 5, 1) = '-' OR (length({text}) IN (8, 14) AND position({text}, '-') = 0),"
        f" parseDateTime64BestEffortOrNull({text}, 3, {where}), NULL)"
    )
    if not thorough:
        return _plausible(strict)
    tidied = (
        f"trimBoth(replaceRegexpAll(replaceRegexpOne({text}, '^([0-9]{{4}})[-/.年]([0-9]{{1,2}})[-/.月]([0-9]{{1,2}})日?',"
        f" '\\\\1-\\\\2-\\\\3'), '[时分]', ':'))"
    )
    padded = (
        f"replaceRegexpOne(replaceRegexpOne(replaceRegexpOne({tidied}, '^([0-9]{{4}})-([0-9])-', '\\\\1-0\\\\2-'),"
        f" '-([0-9])( |T|$)', '-0\\\\1\\\\2'), '( |T)([0-9]):', '\\\\10\\\\2:')"
    )
    slow = f"if(match({padded}, '^[0-9]{{4}}-'), parseDateTime64BestEffortOrNull({padded}, 3, {where}), NULL)"
    return _plausible(f"if(isNull({strict}) AND {text} != '', {slow}, {strict})")


def _plausible(found: str) -> str:
    return f"if(toYear({found}) NOT BETWEEN 1900 AND 2289, NULL, {found})"
