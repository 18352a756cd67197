"""The addresses of the language itself: text and JSON, the schema, and the words that can be said here."""

from typing import Annotated, Any

import fastapi
import pydantic

from wellspring.audiences import api
from wellspring.audiences.contracts import Permission
from wellspring.audiences.http.shapes import Definition
from wellspring.audiences.rules.schema import SCHEMA
from wellspring.audiences.rules.templates import TEMPLATES, ParameterKind
from wellspring.kernel import traits
from wellspring.kernel.traits import TraitKind
from wellspring.kernel.web import Call, In, Out, allow
from wellspring.kernel.workspace import Workspace
from wellspring.organization.contracts import UnitKind

router = fastapi.APIRouter()


class AudienceTextIn(In):
    """A definition as people write it."""

    text: Annotated[str, pydantic.Field(max_length=65_536)]


class AudienceParsedOut(Out):
    """The definition, and the text as it is printed."""

    definition: dict[str, Any]
    canonical_text: str


class AudiencePrintIn(In):
    """A definition."""

    definition: Definition


class AudiencePrintedOut(Out):
    """A definition as people write it."""

    text: str


class TraitChoiceWordOut(Out):
    """One value that a trait can have."""

    value: str
    zh: str
    en: str


class TraitWordOut(Out):
    """Something that may be asked of every member, with its words and the values it can have."""

    name: str
    kind: TraitKind
    zh: str
    en: str
    help_zh: str
    help_en: str
    choices: list[TraitChoiceWordOut]


class EventPropertyWordOut(Out):
    """A property with the types it was seen with."""

    name: str
    types: list[str]


class EventWordOut(Out):
    """A kind of event with its properties."""

    name: str
    count: int
    properties: list[EventPropertyWordOut]


class AttributeWordOut(Out):
    """An attribute with the types it was seen with."""

    name: str
    kinds: list[str]


class TagWordOut(Out):
    """A tag."""

    group: str
    name: str
    id: str


class UnitWordOut(Out):
    """A unit that members may be served by."""

    id: str
    code: str
    name: str
    kind: UnitKind


class AudienceWordOut(Out):
    """An audience with its count."""

    id: str
    name: str
    count: int


class AudienceVocabularyOut(Out):
    """The names that a definition can speak of."""

    events: list[EventWordOut]
    attributes: list[AttributeWordOut]
    tags: list[TagWordOut]
    traits: list[TraitWordOut]
    channels: list[str]
    consents: list[str]
    units: list[UnitWordOut]
    audiences: list[AudienceWordOut]


class TemplateParameterOut(Out):
    """Something to adjust in a template; `pointers` are JSON pointers into its definition."""

    name: str
    kind: ParameterKind
    zh: str
    en: str
    pointers: list[str]
    is_required: bool


class AudienceTemplateOut(Out):
    """A ready-made definition with its words and what to adjust."""

    id: str
    zh: str
    en: str
    help_zh: str
    help_en: str
    definition: dict[str, Any]
    params: list[TemplateParameterOut]


@router.get("/api/audiences/templates")
def list_audience_templates(call: Annotated[Call, allow(Permission.AUDIENCE_READ)]) -> list[AudienceTemplateOut]:
    """Ready-made definitions that operators ask for by name."""
    return [
        AudienceTemplateOut(
            id=one.id,
            zh=one.zh,
            en=one.en,
            help_zh=one.help_zh,
            help_en=one.help_en,
            definition=dict(one.definition),
            params=[TemplateParameterOut.model_validate(parameter) for parameter in one.parameters],
        )
        for one in TEMPLATES
    ]


@router.post("/api/audiences/parse")
def parse_audience(call: Annotated[Call, allow(Permission.AUDIENCE_READ)], body: AudienceTextIn) -> AudienceParsedOut:
    """The definition of a text, with audiences by id."""
    definition, text = api.parse(call.ws, text=body.text)
    return AudienceParsedOut(definition=dict(definition), canonical_text=text)


@router.post("/api/audiences/print")
def print_audience(call: Annotated[Call, allow(Permission.AUDIENCE_READ)], body: AudiencePrintIn) -> AudiencePrintedOut:
    """The text of a definition, with audiences by name."""
    return AudiencePrintedOut(text=api.print_text(call.ws, definition=body.definition))


@router.get("/api/audiences/schema")
def read_audience_schema(call: Annotated[Call, allow(Permission.AUDIENCE_READ)]) -> dict[str, Any]:
    """The JSON Schema of definitions."""
    return dict(SCHEMA)


@router.get("/api/audiences/vocabulary")
def read_audience_vocabulary(call: Annotated[Call, allow(Permission.AUDIENCE_READ)]) -> AudienceVocabularyOut:
    """The names that a definition can speak of here, for pickers and completion."""
    found = api.vocabulary(call.ws, by=call.by)
    return AudienceVocabularyOut(
        events=[
            EventWordOut(
                name=one.name,
                count=one.count,
                properties=[EventPropertyWordOut(name=name, types=list(types)) for name, types in one.properties],
            )
            for one in found.events
        ],
        attributes=[AttributeWordOut(name=name, kinds=list(kinds)) for name, kinds in found.attributes],
        tags=[TagWordOut(group=group, name=name, id=tag_id) for group, name, tag_id in found.tags],
        traits=_traits(call.ws),
        channels=list(found.channels),
        consents=list(found.consents),
        units=[UnitWordOut.model_validate(one) for one in found.units],
        audiences=[AudienceWordOut.model_validate(one) for one in found.audiences],
    )


def _traits(ws: Workspace) -> list[TraitWordOut]:
    return [
        TraitWordOut(
            name=one.name,
            kind=one.kind,
            zh=one.zh,
            en=one.en,
            help_zh=one.help_zh,
            help_en=one.help_en,
            choices=[TraitChoiceWordOut.model_validate(choice) for choice in (one.choices(ws) if one.choices else [])],
        )
        for one in traits.listing()
    ]
