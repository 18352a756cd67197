"""What several addresses of people share: instants, words, and the shapes of attributes and consents."""

import datetime as dt
from typing import Annotated, Any

import fastapi
import pydantic

from wellspring.kernel.clock import iso
from wellspring.kernel.web import Out
from wellspring.people.contracts import ConsentState


def _utc(instant: dt.datetime) -> dt.datetime:
    # The calendar's own ends are traps: an offset there leaves it.
    if not 1900 <= instant.year <= 2200:
        raise ValueError("an instant between 1900 and 2200")
    return instant.replace(tzinfo=dt.UTC) if instant.tzinfo is None else instant.astimezone(dt.UTC)


Asked = Annotated[dt.datetime, pydantic.AfterValidator(_utc)]
Moment = Annotated[dt.datetime, pydantic.PlainSerializer(iso, return_type=str, when_used="json")]
Limit = Annotated[int | None, fastapi.Query(ge=1, le=200)]
Cursor = Annotated[str | None, fastapi.Query(max_length=400)]
Reason = Annotated[str, pydantic.Field(max_length=500)]
Word = Annotated[str, pydantic.Field(min_length=1, max_length=40)]
Id = Annotated[str, fastapi.Path(max_length=60)]
# JSON kinds that an attribute may have; what is inside is checked by the rules of attributes.
Attributes = Annotated[dict[str, Any], pydantic.Field(max_length=200)]


class MemberAttributeOut(Out):
    name: str
    kind: str
    value: Any
    at: Moment
    source: str


class MemberConsentOut(Out):
    purpose: str
    channel: str
    state: ConsentState
    address_kind: str
    address: str
    explicit: bool
    source: str
    version: str
    actor: str
    at: Moment
