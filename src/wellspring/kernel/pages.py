"""Pages of a long list: at most PAGE_MAX rows and an opaque cursor to go on.

Cursors name the place after the last row in the list's own order, so rows that arrive meanwhile neither
repeat nor hide others.
"""

import base64
import binascii
import dataclasses
import json
from collections.abc import Sequence
from typing import Generic, TypeVar

from wellspring.kernel.errors import Invalid

# 200 rows of the widest list stay under 200 KB of JSON, which a phone still takes well.
PAGE_MAX = 200
PAGE_DEFAULT = 50

Row = TypeVar("Row")
CursorPart = str | int | float | None


@dataclasses.dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, the cursor that goes on after them (None at the end), and the total where it is known."""

    rows: Sequence[Row]
    next_cursor: str | None = None
    total: int | None = None


def encode_cursor(parts: Sequence[CursorPart]) -> str:
    """Packs the sort key of the last row shown."""
    return base64.urlsafe_b64encode(json.dumps(list(parts)).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, *, length: int) -> list[CursorPart]:
    """Unpacks a cursor of `length` parts; raises Invalid for a text that is none."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error) as broken:
        raise Invalid(field="cursor", reason="not a cursor of this list") from broken
    if not isinstance(parts, list) or len(parts) != length or not all(isinstance(part, str | int | float | None) for part in parts):
        raise Invalid(field="cursor", reason="not a cursor of this list")
    return parts


def limit_of(wanted: int | None) -> int:
    """The page size to use: 1 to PAGE_MAX, PAGE_DEFAULT when none was asked for."""
    return min(max(wanted or PAGE_DEFAULT, 1), PAGE_MAX)
