"""Instants in addresses: with a zone, or in UTC; within the years that every store can hold."""

import datetime as dt
from typing import Annotated

import pydantic


def _utc(instant: dt.datetime) -> dt.datetime:
    # The calendar's own ends are traps: an offset there leaves it.
    if not 1900 <= instant.year <= 2200:
        raise ValueError("an instant between 1900 and 2200")
    return instant.replace(tzinfo=dt.UTC) if instant.tzinfo is None else instant.astimezone(dt.UTC)


Asked = Annotated[dt.datetime, pydantic.AfterValidator(_utc)]
