"""Field types that the addresses of access share, each with its limit."""

from collections.abc import Sequence
from typing import Annotated, TypeVar

import fastapi
import pydantic

from wellspring.kernel import web
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of

Moment = web.Moment
Name = Annotated[str, pydantic.StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Ids = Annotated[list[Annotated[str, pydantic.Field(max_length=40)]], pydantic.Field(max_length=1000)]
Names = Annotated[list[Annotated[str, pydantic.Field(max_length=80)]], pydantic.Field(max_length=500)]
Limit = Annotated[int | None, fastapi.Query(ge=1, le=200)]
Cursor = Annotated[str | None, fastapi.Query(max_length=200)]

Row = TypeVar("Row")


def paged(rows: Sequence[Row], ids: Sequence[str], limit: int | None, cursor: str | None) -> Page[Row]:
    """A page of a list that is read as a whole (hundreds of rows), going on after the id in the cursor."""
    size = limit_of(limit)
    start = 0
    if cursor:
        after = decode_cursor(cursor, length=1)[0]
        start = ids.index(after) + 1 if after in ids else len(ids)
    end = start + size
    following = encode_cursor([ids[end - 1]]) if end < len(ids) else None
    return Page(rows[start:end], following, total=len(rows))
