"""Money as integer minor units (fen, cents); never a float.

Reads amounts as people and files write them, exactly, and splits amounts so that the parts add up.
Currencies follow ISO 4217; the number of minor digits is known for those that differ from two.
"""

import decimal
import re

_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "KWD": 3, "BHD": 3, "OMR": 3, "JOD": 3, "TND": 3}
_AMOUNT = re.compile(r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$", re.ASCII)
# Sized for the sum of every order of a very large brand in fen, and to fit Int64 with room for additions.
MINOR_MAX = 10**17
_CONTEXT = decimal.Context(prec=60, rounding=decimal.ROUND_HALF_UP)


class AmountUnreadable(ValueError):
    """The text is not an amount of money."""


def minor_digits(currency: str) -> int:
    """How many digits the currency's minor unit has (2 for CNY)."""
    return _DIGITS.get(currency.upper(), 2)


def parse_minor(text: str, *, currency: str = "CNY") -> int:
    """Reads "1,234.50", "¥12", "-3.999" as minor units, half a unit rounded away from zero.

    Raises AmountUnreadable for anything else, infinities and amounts beyond MINOR_MAX included.
    """
    cleaned = text.strip().replace(",", "").replace(" ", "").lstrip("¥￥$€£")
    if cleaned[:1] == "-":
        cleaned = "-" + cleaned[1:].lstrip("¥￥$€£")
    if not _AMOUNT.match(cleaned):
        raise AmountUnreadable(text)
    return to_minor(decimal.Decimal(cleaned), currency=currency)


def to_minor(amount: decimal.Decimal, *, currency: str = "CNY") -> int:
    """An exact decimal amount in major units as minor units, half rounded away from zero."""
    scaled = _CONTEXT.scaleb(amount, minor_digits(currency))
    # Checked before rounding, which cannot be done exactly for numbers of absurd length.
    if abs(scaled) > MINOR_MAX:
        raise AmountUnreadable(str(amount))
    return int(scaled.quantize(decimal.Decimal(1), context=_CONTEXT))


def format_minor(minor: int, *, currency: str = "CNY") -> str:
    """Minor units as plain major-unit text: 123450 → "1234.50"."""
    digits = minor_digits(currency)
    return str(decimal.Decimal(minor).scaleb(-digits, context=_CONTEXT).quantize(decimal.Decimal(1).scaleb(-digits), context=_CONTEXT))


def split(minor: int, weights: list[int]) -> list[int]:
    """Splits an amount by weights so that the parts add up to it exactly.

    Each part is floored; what remains goes out one unit each by largest fraction, ties to the earlier part
    (the largest-remainder method).
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights must not be negative and must not all be zero")
    parts = [minor * weight // total for weight in weights]
    fractions = sorted(range(len(weights)), key=lambda index: (-(minor * weights[index] % total), index))
    for index in fractions[: minor - sum(parts)]:
        parts[index] += 1
    return parts
