"""The addresses of personas."""

from typing import Annotated

import fastapi
import pydantic

from wellspring.content import api
from wellspring.content.contracts import Permission, Persona, PersonaDraft, PersonaKind
from wellspring.content.http.shapes import Id, Name, Path, Revision, Text
from wellspring.kernel.web import Call, In, Out, Part, allow

router = fastapi.APIRouter(prefix="/api/content/personas")
_Share = Annotated[int, pydantic.Field(ge=0, le=100)]
_Ids = Annotated[list[Id], pydantic.Field(max_length=500)]


class TopicShape(Part):
    """A topic and its share of posts in per cent."""

    topic: Annotated[str, pydantic.StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    share: _Share


class PersonaIn(In):
    """A persona as it should be; `revision` where one is changed."""

    revision: Revision = 1
    kind: PersonaKind
    name: Name
    tone: Text = ""
    about: Text = ""
    mix: list[TopicShape] = pydantic.Field(default=[], max_length=12)
    staff_ids: _Ids = pydantic.Field(default=[])
    accounts: _Ids = pydantic.Field(default=[])
    avatar_file_id: Id = ""
    is_active: bool = True

    def draft(self) -> PersonaDraft:
        """As content knows it."""
        plain = self.model_dump(exclude={"revision", "mix", "staff_ids", "accounts"})
        mix = tuple((one.topic, one.share) for one in self.mix)
        return PersonaDraft(**plain, mix=mix, staff_ids=tuple(self.staff_ids), accounts=tuple(self.accounts))


class PersonaOut(Out):
    """Who speaks."""

    id: str
    kind: PersonaKind
    name: str
    tone: str
    about: str
    mix: list[TopicShape]
    staff_ids: list[str]
    accounts: list[str]
    avatar_file_id: str
    is_active: bool
    revision: int
    materials: int


class TopicUseOut(Out):
    """A topic: the share that is wanted, and how often it was used in thirty days."""

    topic: str
    wanted: int
    uses: int


@router.get("")
def list_personas(call: Annotated[Call, allow(Permission.MATERIAL_READ)]) -> list[PersonaOut]:
    """Every persona, those in use first."""
    return [_out(one) for one in api.personas(call.ws)]


@router.post("", status_code=201)
def make_persona(call: Annotated[Call, allow(Permission.PERSONA_WRITE)], body: PersonaIn) -> PersonaOut:
    """Makes a persona."""
    return _out(api.add_persona(call.ws, by=call.by, draft=body.draft()))


@router.get("/{persona_id}")
def read_persona(call: Annotated[Call, allow(Permission.MATERIAL_READ)], persona_id: Path) -> PersonaOut:
    """One persona."""
    return _out(api.persona(call.ws, persona_id=persona_id))


@router.put("/{persona_id}")
def change_persona(call: Annotated[Call, allow(Permission.PERSONA_WRITE)], persona_id: Path, body: PersonaIn) -> PersonaOut:
    """Makes the body the persona."""
    return _out(api.change_persona(call.ws, by=call.by, persona_id=persona_id, revision=body.revision, draft=body.draft()))


@router.get("/{persona_id}/topics")
def list_persona_topics(call: Annotated[Call, allow(Permission.MATERIAL_READ)], persona_id: Path) -> list[TopicUseOut]:
    """What a persona spoke of in thirty days beside what it should."""
    return [TopicUseOut.model_validate(one) for one in api.shares(call.ws, persona_id=persona_id)]


def _out(persona: Persona) -> PersonaOut:
    same = ("id", "kind", "name", "tone", "about", "avatar_file_id", "is_active", "revision", "materials")
    mix = [TopicShape(topic=topic, share=share) for topic, share in persona.mix]
    kept = {name: getattr(persona, name) for name in same}
    return PersonaOut(**kept, mix=mix, staff_ids=list(persona.staff_ids), accounts=list(persona.accounts))
