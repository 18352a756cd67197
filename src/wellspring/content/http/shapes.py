"""What the addresses of content take and give."""

from collections.abc import Sequence
from typing import Annotated, Literal

import fastapi
import pydantic

from wellspring.content.contracts import (
    ARTICLE_MAX,
    ATTACHMENTS_MAX,
    BLOCKS_MAX,
    FIELDS_MAX,
    NAME_MAX,
    TAGS_MAX,
    TEXT_MAX,
    URL_MAX,
    Article,
    Attachment,
    Block,
    Body,
    Dimension,
    Draft,
    Material,
    MaterialKind,
    PartKind,
    Poster,
    Sheet,
    Shelf,
    State,
    Tag,
    VersionState,
)
from wellspring.kernel import web
from wellspring.kernel.pages import PAGE_MAX
from wellspring.kernel.web import In, Out, Part

Moment = web.Moment
Limit = Annotated[int | None, fastapi.Query(ge=1, le=PAGE_MAX)]
Cursor = Annotated[str | None, fastapi.Query(max_length=400)]
Path = Annotated[str, fastapi.Path(max_length=60)]
Id = Annotated[str, pydantic.Field(max_length=60)]
Name = Annotated[str, pydantic.StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_MAX)]
Words = Annotated[str, pydantic.Field(max_length=200)]
Text = Annotated[str, pydantic.Field(max_length=TEXT_MAX)]
Url = Annotated[str, pydantic.Field(max_length=URL_MAX)]
Revision = Annotated[int, pydantic.Field(ge=1, le=2_000_000_000)]
Thousandths = Annotated[int, pydantic.Field(ge=-2_000, le=10_000)]
Color = Annotated[str, pydantic.Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Side = Annotated[int, pydantic.Field(ge=100, le=4_000)]


class AttachmentShape(Part):
    """One attachment."""

    kind: Literal["text", "image", "link", "mini", "video", "file"]
    title: Words = ""
    text: Annotated[str, pydantic.Field(max_length=600)] = ""
    url: Url = ""
    file_id: Id = ""
    app_id: Words = ""
    path: Url = ""
    cover_file_id: Id = ""

    model_config = pydantic.ConfigDict(extra="forbid", from_attributes=True)


class FieldShape(Part):
    """A field of a platform's template with its text."""

    name: Words
    text: Text


class BodyShape(Part):
    """What a message says; every text may hold variables."""

    text: Text = ""
    attachments: list[AttachmentShape] = pydantic.Field(default=[], max_length=ATTACHMENTS_MAX)
    subject: Words = ""
    html: Annotated[str, pydantic.StringConstraints(max_length=ARTICLE_MAX)] = ""
    template_id: Words = ""
    fields: list[FieldShape] = pydantic.Field(default=[], max_length=FIELDS_MAX)


class BlockShape(Part):
    """One thing on a poster; places are thousandths of its width."""

    kind: Literal["text", "code", "picture"]
    x: Thousandths
    y: Thousandths
    width: Annotated[int, pydantic.Field(ge=1, le=1_000)]
    height: Annotated[int, pydantic.Field(ge=0, le=10_000)] = 0
    text: Annotated[str, pydantic.Field(max_length=500)] = ""
    url: Url = ""
    file_id: Id = ""
    size: Annotated[int, pydantic.Field(ge=8, le=400)] = 48
    color: Color = "#1f1f1f"
    is_bold: bool = False
    is_centred: bool = False

    model_config = pydantic.ConfigDict(extra="forbid", from_attributes=True)


class PosterShape(Part):
    """A picture that is drawn when it is sent."""

    width: Side = 750
    height: Side = 1334
    paper: Color = "#ffffff"
    background_file_id: Id = ""
    blocks: list[BlockShape] = pydantic.Field(default=[], max_length=BLOCKS_MAX)

    model_config = pydantic.ConfigDict(extra="forbid", from_attributes=True)


class ArticleShape(Part):
    """A page that this server shows; the text is Markdown."""

    title: Words
    summary: Words = ""
    cover_file_id: Id = ""
    text: Annotated[str, pydantic.StringConstraints(max_length=ARTICLE_MAX)] = ""

    model_config = pydantic.ConfigDict(extra="forbid", from_attributes=True)


class DraftShape(Part):
    """What an author wrote."""

    body: BodyShape = BodyShape()
    poster: PosterShape | None = None
    article: ArticleShape | None = None
    fallbacks: dict[Words, Words] = pydantic.Field(default={}, max_length=100)

    def draft(self) -> Draft:
        """As content knows it."""
        given = self.body
        parts = tuple(Attachment(**{**one.model_dump(), "kind": PartKind(one.kind)}) for one in given.attachments)
        fields = tuple((one.name, one.text) for one in given.fields)
        body = Body(given.text, parts, given.subject, given.html, given.template_id, fields)
        poster = None
        if self.poster is not None:
            blocks = tuple(Block(**one.model_dump()) for one in self.poster.blocks)
            poster = Poster(**{**self.poster.model_dump(exclude={"blocks"}), "blocks": blocks})
        article = None if self.article is None else Article(**self.article.model_dump())
        return Draft(body, poster, article, dict(self.fallbacks))


def body_shape(body: Body) -> BodyShape:
    """A body as it is answered."""
    return BodyShape.model_construct(
        text=body.text,
        subject=body.subject,
        html=body.html,
        template_id=body.template_id,
        fields=[FieldShape.model_construct(name=name, text=text) for name, text in body.fields],
        attachments=[AttachmentShape.model_construct(**vars(one)) for one in body.attachments],
    )


def draft_shape(draft: Draft) -> DraftShape:
    """A draft as it is answered."""
    poster = draft.poster and PosterShape.model_validate(draft.poster)
    article = draft.article and ArticleShape.model_validate(draft.article)
    return DraftShape(body=body_shape(draft.body), poster=poster, article=article, fallbacks=dict(draft.fallbacks))


class ContentTagShape(Part):
    """One tag of a material."""

    dimension: Dimension
    name: Annotated[str, pydantic.StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]

    model_config = pydantic.ConfigDict(extra="forbid", from_attributes=True)


Tags = Annotated[list[ContentTagShape], pydantic.Field(max_length=TAGS_MAX)]


class MaterialIn(In):
    """A new material with its first version."""

    shelf: Shelf = Shelf.LIBRARY
    kind: MaterialKind
    name: Name
    group_id: Id | None = None
    persona_id: Id | None = None
    tags: Tags = pydantic.Field(default=[])
    draft: DraftShape

    def sheet(self) -> Sheet:
        """What is said beside the text."""
        return Sheet(self.shelf, self.kind, self.name, self.group_id, self.persona_id, tags_of(self.tags))


class MaterialChangeIn(In):
    """A material as it should be; without a draft its versions stay as they are."""

    revision: Revision
    name: Name
    group_id: Id | None = None
    persona_id: Id | None = None
    tags: Tags = pydantic.Field(default=[])
    draft: DraftShape | None = None


def tags_of(tags: Sequence[ContentTagShape]) -> list[Tag]:
    """Tags as content knows them."""
    return [Tag(one.dimension, one.name) for one in tags]


class MaterialOut(Out):
    """A material; `version` is the approved one that is sent, 0 while there is none."""

    id: str
    shelf: Shelf
    kind: MaterialKind
    name: str
    state: State
    version: int
    latest: int
    latest_state: VersionState
    revision: int
    group_id: str | None
    persona_id: str | None
    persona_name: str
    tags: list[ContentTagShape]
    excerpt: str
    cover_file_id: str
    created_by: str
    created_at: Moment
    updated_at: Moment
    uses: int
    members: int
    opens: int


class MaterialsOut(Out):
    """A page of materials."""

    rows: list[MaterialOut]
    next_cursor: str | None
    total: int | None


class VersionOut(Out):
    """One version: what was written, by whom, and what was decided."""

    number: int
    state: VersionState
    draft: DraftShape
    author: str
    at: Moment
    note: str
    reviewer: str
    reviewed_at: Moment | None
    reason: str


class MaterialDetailOut(Out):
    """A material with the version that an editor goes on with."""

    material: MaterialOut
    latest: VersionOut


def material_out(material: Material) -> MaterialOut:
    """A material as it is answered."""
    return MaterialOut.model_validate(material)
