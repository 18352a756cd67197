"""What an editor needs beside the material: variables, tags, folders, files, previews, the rule of approval."""

from typing import Annotated, Any

import fastapi
import pydantic
from fastapi.responses import Response, StreamingResponse

from wellspring.content import api
from wellspring.content.contracts import Dimension, MaterialKind, Permission, Shelf, VariableType
from wellspring.content.http.shapes import BodyShape, DraftShape, Id, Name, Path, body_shape
from wellspring.content.settings import ContentSettings
from wellspring.kernel import audit
from wellspring.kernel.errors import TooLarge
from wellspring.kernel.web import Call, In, Out, allow

router = fastapi.APIRouter(prefix="/api/content")
_PNG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}}}
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/octet-stream": {}}}}
# A file never changes under its id.
_KEPT = {"cache-control": "private, max-age=86400", "content-security-policy": "default-src 'none'"}
_Days = Annotated[int, pydantic.Field(ge=1, le=90)]


class VariableOut(Out):
    """One thing that a text may speak of, as `{{ path }}`."""

    path: str
    type: VariableType
    zh: str
    en: str
    example: str
    is_always_known: bool
    is_personal: bool


class ContentTagOut(Out):
    """A tag with the number of its materials."""

    dimension: Dimension
    name: str
    materials: int


class FolderIn(In):
    """A new folder."""

    shelf: Shelf
    name: Name
    parent_id: Id | None = None


class FolderChangeIn(In):
    """What to change of a folder."""

    name: Name | None = None
    position: Annotated[int, pydantic.Field(ge=0, le=10_000)] | None = None


class FolderOut(Out):
    """A folder of a shelf."""

    id: str
    shelf: Shelf
    name: str
    parent_id: str | None
    position: int
    materials: int


class ContentFileOut(Out):
    """A kept file."""

    id: str
    name: str
    media_type: str
    size_bytes: int


class ContentPreviewIn(In):
    """A draft to look at, for an example or for a member."""

    kind: MaterialKind
    draft: DraftShape
    member_id: Id | None = None
    staff_id: Id | None = None
    persona_id: Id | None = None


class DraftProblemOut(Out):
    """Something that keeps the draft from being sent."""

    field: str
    code: str
    zh: str
    en: str


class ContentPreviewOut(Out):
    """What is read, which variables have no value here, what is wrong, and how many bytes the text has."""

    body: BodyShape
    bytes: int
    missing: list[str]
    problems: list[DraftProblemOut]
    article_html: str


class ContentRulesShape(In):
    """How content is approved, and how long after a message purchases are shown."""

    needs_approval: bool
    needs_second_person: bool
    effect_days: _Days


@router.get("/variables")
def list_variables(call: Annotated[Call, allow(Permission.MATERIAL_READ)]) -> list[VariableOut]:
    """Everything that a text may speak of."""
    return [VariableOut.model_validate(one) for one in api.variables(call.ws)]


@router.get("/tags")
def list_content_tags(call: Annotated[Call, allow(Permission.MATERIAL_READ)]) -> list[ContentTagOut]:
    """Every tag in use."""
    return [ContentTagOut(dimension=tag.dimension, name=tag.name, materials=count) for tag, count in api.tags(call.ws)]


@router.get("/folders")
def list_folders(call: Annotated[Call, allow(Permission.MATERIAL_READ)], shelf: Shelf | None = None) -> list[FolderOut]:
    """The folders of a shelf, in order."""
    return [FolderOut.model_validate(one) for one in api.groups(call.ws, shelf=shelf)]


@router.post("/folders", status_code=201)
def make_folder(call: Annotated[Call, allow(Permission.MATERIAL_WRITE)], body: FolderIn) -> FolderOut:
    """Makes a folder."""
    made = api.add_group(call.ws, by=call.by, shelf=body.shelf, name=body.name, parent_id=body.parent_id)
    return FolderOut.model_validate(made)


@router.patch("/folders/{folder_id}", status_code=204)
def change_folder(call: Annotated[Call, allow(Permission.MATERIAL_WRITE)], folder_id: Path, body: FolderChangeIn) -> None:
    """Renames or moves a folder."""
    api.change_group(call.ws, by=call.by, group_id=folder_id, name=body.name, position=body.position)


@router.delete("/folders/{folder_id}", status_code=204)
def remove_folder(call: Annotated[Call, allow(Permission.MATERIAL_WRITE)], folder_id: Path) -> None:
    """Deletes an empty folder."""
    api.remove_group(call.ws, by=call.by, group_id=folder_id)


@router.post("/files", status_code=201)
def add_content_file(call: Annotated[Call, allow(Permission.MATERIAL_WRITE)], file: fastapi.UploadFile) -> ContentFileOut:
    """Keeps a picture, a video or a document."""
    content = file.file.read(api.FILE_BYTES_MAX + 1)
    if len(content) > api.FILE_BYTES_MAX:
        raise TooLarge(limit="20 MB")
    return ContentFileOut.model_validate(api.add_file(call.ws, by=call.by, name=file.filename or "file", content=content))


@router.get("/files/{file_id}", response_class=StreamingResponse, responses=_FILE)
def read_content_file(call: Annotated[Call, allow(Permission.MATERIAL_READ)], file_id: Path) -> StreamingResponse:
    """A kept file."""
    stored = api.file(call.ws, file_id=file_id)
    return StreamingResponse(call.ws.files.read(file_id), media_type=stored.media_type, headers=_KEPT)


@router.post("/preview")
def preview_content(call: Annotated[Call, allow(Permission.MATERIAL_READ)], body: ContentPreviewIn) -> ContentPreviewOut:
    """A draft as an example or a real member reads it; tracks and keeps nothing."""
    chosen = {"member_id": body.member_id, "staff_id": body.staff_id, "persona_id": body.persona_id}
    found = api.preview(call.ws, by=call.by, draft=body.draft.draft(), kind=body.kind, **chosen)
    return ContentPreviewOut(
        body=body_shape(found.body),
        bytes=len(found.body.text.encode()),
        missing=list(found.missing),
        problems=[DraftProblemOut.model_validate(one) for one in found.problems],
        article_html=found.article_html,
    )


@router.post("/preview/poster", response_class=Response, responses=_PNG)
def preview_poster(call: Annotated[Call, allow(Permission.MATERIAL_READ)], body: ContentPreviewIn) -> Response:
    """The picture of a draft's poster, drawn by what sends it; nothing is kept."""
    picture = api.preview_poster(call.ws, by=call.by, draft=body.draft.draft(), member_id=body.member_id)
    return Response(picture, media_type="image/png")


@router.get("/rules")
def read_content_rules(call: Annotated[Call, allow(Permission.MATERIAL_READ)]) -> ContentRulesShape:
    """How content is approved."""
    return ContentRulesShape(**call.ws.settings.get(ContentSettings).model_dump())


@router.put("/rules")
def change_content_rules(call: Annotated[Call, allow(Permission.MATERIAL_APPROVE)], body: ContentRulesShape) -> ContentRulesShape:
    """Changes how content is approved."""
    with call.ws.sql.write() as tx:
        call.ws.settings.put(ContentSettings(**body.model_dump()))
        at = call.ws.clock.now()
        audit.append(call.ws.sql, tx, by=call.by, action="content.rules", subject="content", at=at, detail=body.model_dump())
    return body
