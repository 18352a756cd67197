"""The addresses that say why: each condition of a definition for one member, with what was measured and what proves it."""

from typing import Annotated, Any

import fastapi
import pydantic

from wellspring.audiences import api
from wellspring.audiences.contracts import Explained, Permission
from wellspring.audiences.http.shapes import Definition, Id, Moment
from wellspring.kernel.web import Call, In, Out, allow

router = fastapi.APIRouter()


class AudienceExplainIn(In):
    """A definition, and a member by id or number."""

    definition: Definition
    member: Annotated[str, pydantic.Field(min_length=1, max_length=60)]


class ProvingEventOut(Out):
    """An event that matches the condition."""

    kind: str
    at: Moment
    message_id: str
    properties: dict[str, Any]


class ExplainedOut(Out):
    """A node of the definition: whether it holds for the member, and why."""

    path: str
    kind: str
    text: str
    holds: bool
    zh: str
    en: str
    value: Any
    events: list[ProvingEventOut]
    parts: list["ExplainedOut"]


class AudienceCrossingOut(Out):
    """A version with which the member entered or left."""

    version: int
    entered: bool
    at: Moment


class AudienceExplanationOut(Out):
    """Whether the member is in by the definition and by hand, and by the last version; `root` is null for a list."""

    model_config = pydantic.ConfigDict(populate_by_name=True, serialize_by_alias=True)

    member_no: int
    is_in: Annotated[bool, pydantic.Field(alias="in")]
    committed: bool
    by_hand: str | None
    root: ExplainedOut | None
    changes: list[AudienceCrossingOut]


@router.post("/api/audiences/explain")
def explain_definition(call: Annotated[Call, allow(Permission.AUDIENCE_READ)], body: AudienceExplainIn) -> ExplainedOut:
    """Why a definition holds of a member, or does not."""
    return _explained(api.explain_definition(call.ws, by=call.by, definition=body.definition, member=body.member))


@router.get("/api/audiences/{audience_id}/explain/{member_id}")
def explain_audience(call: Annotated[Call, allow(Permission.AUDIENCE_READ)], audience_id: Id, member_id: Id) -> AudienceExplanationOut:
    """Why a member, by id or number, is in an audience or is not, and when that changed."""
    found = api.explain(call.ws, by=call.by, audience_id=audience_id, member=member_id)
    return AudienceExplanationOut(
        member_no=found.member_no,
        is_in=found.is_in,
        committed=found.is_committed,
        by_hand=found.by_hand,
        root=None if found.root is None else _explained(found.root),
        changes=[AudienceCrossingOut.model_validate(one) for one in found.changes],
    )


def _explained(node: Explained) -> ExplainedOut:
    return ExplainedOut(
        path=node.path,
        kind=node.kind,
        text=node.text,
        holds=node.holds,
        zh=node.zh,
        en=node.en,
        value=node.value,
        events=[
            ProvingEventOut(kind=one.kind, at=one.at, message_id=one.message_id, properties=dict(one.properties)) for one in node.events
        ],
        parts=[_explained(part) for part in node.parts],
    )
