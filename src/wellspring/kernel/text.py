"""Small rules for text: one Unicode form, masks for personal values, cells that no spreadsheet will run.

Pure functions only.
"""

import functools
import itertools
import math
import unicodedata

# The planes that hold every character with a canonical decomposition.
_PLANES = 0x30000
_SPELLINGS_MAX = 64
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "\0", "\n")


def nfc(text: str) -> str:
    """Unicode normal form C, in which all comparisons are made."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def mask_phone(phone: str) -> str:
    """Keeps the last four digits, and of a longer number the first three: 138****1234."""
    digits = phone.removeprefix("+86")
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "****" + digits[-2:]


def mask_email(email: str) -> str:
    """Keeps the first letter and the domain: z***@example.com."""
    local, _, domain = email.partition("@")
    return f"{local[:1]}***@{domain}"


def mask_name(name: str) -> str:
    """Keeps the first character: 张**."""
    return name[:1] + "*" * min(max(len(name) - 1, 1), 3)


def guard_cell(cell: str) -> str:
    """Text for a CSV or XLSX cell that a spreadsheet will not take for a formula (OWASP CSV injection)."""
    return "'" + cell if cell.startswith(_FORMULA_START) else cell


def spellings(text: str) -> list[str]:
    """All texts of which this one is the normal form C: comparing with each needs no normalising.

    The Kelvin sign turns into K, a compatibility ideograph into the unified one. Empty when there may be too many.
    """
    if unicodedata.normalize("NFD", text) != text or any(unicodedata.combining(one) for one in text):
        return []
    singles, parts = _turned()
    if any(one in parts for one in text):
        return []
    choices = [(one, *singles.get(one, ())) for one in text]
    return ["".join(one) for one in itertools.product(*choices)] if math.prod(map(len, choices)) <= _SPELLINGS_MAX else []


@functools.cache
def _turned() -> tuple[dict[str, list[str]], frozenset[str]]:
    """What turns into one other character in normal form C, by that one; and the characters into which others come apart."""
    singles: dict[str, list[str]] = {}
    parts: set[str] = set()
    for one in filter(unicodedata.decomposition, map(chr, range(_PLANES))):
        turned = unicodedata.normalize("NFC", one)
        if turned != one and len(turned) == 1:
            singles.setdefault(turned, []).append(one)
        elif turned != one:
            parts.update(turned)
    return singles, frozenset(parts)
