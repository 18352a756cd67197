"""Small rules for text: one Unicode form, masks for personal values, cells that no spreadsheet will run.

Pure functions only.
"""

import unicodedata

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
