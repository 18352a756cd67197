"""What several addresses of people share: instants, words, and the shapes of attributes and consents."""

from typing import Annotated, Any

import fastapi
import pydantic

from wellspring.kernel import web
from wellspring.kernel.web import Out
from wellspring.people.contracts import ConsentState

Asked = web.Asked
Moment = web.Moment
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
