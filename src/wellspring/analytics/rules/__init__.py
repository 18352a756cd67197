"""How rates and averages come out of counts: exact until the last step, and nothing where there is nothing to divide by.

Pure.
"""

# A share is shown with one decimal of a per cent; four digits keep it stable under rounding.
_RATE_DIGITS = 4


def rate(part: int, whole: int) -> float | None:
    """The part of the whole, or None when there is no whole."""
    return round(part / whole, _RATE_DIGITS) if whole else None


def average_minor(total_minor: int, count: int) -> int | None:
    """The average in minor units, half a unit rounded up, or None when there is nothing to average."""
    return (2 * total_minor + count) // (2 * count) if count else None


def leading_currency(own: str, used: list[str]) -> str:
    """The currency of the overview: the workspace's own, unless sales were told only in others (the most used is first)."""
    return own if own in used or not used else used[0]
