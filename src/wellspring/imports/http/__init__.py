"""Imports over HTTP. Uploads stream through the multipart parser straight into the sealed file store: no plain copy on disk."""

import datetime as dt
from typing import Annotated, Any

import fastapi
import pydantic
from fastapi.responses import StreamingResponse

from wellspring.imports import api
from wellspring.imports.contracts import Import, Kind, Mapping, Options, Permission
from wellspring.imports.http.multipart import received
from wellspring.kernel.web import PROBLEMS, Call, In, Out, allow

router = fastapi.APIRouter(tags=["imports"], responses=PROBLEMS)

_FILES_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {"files": {"type": "array", "items": {"type": "string", "format": "binary"}}},
                }
            }
        },
    }
}


class ImportFieldOut(Out):
    """A field that a column can be mapped to."""

    name: str
    zh: str
    en: str
    type: str
    required: bool
    help: str


class ImportKindOut(Out):
    """A kind of import with its fields."""

    kind: Kind
    zh: str
    en: str
    fields: list[ImportFieldOut]
    presets: list[str]


class ImportColumnOut(Out):
    """A column of the file as detected."""

    name: str
    type: str
    empty: int
    samples: list[str]


class ImportFileOut(Out):
    """A file of the import."""

    name: str
    size_bytes: int
    format: str
    encoding: str
    delimiter: str
    header: bool
    rows_estimate: int
    columns: list[ImportColumnOut]
    sample_rows: list[list[str]]


class ImportOut(Out):
    """An import; the columns are those of its first file."""

    id: str
    kind: Kind
    name: str
    state: str
    encoding: str
    delimiter: str
    rows_estimate: int
    columns: list[ImportColumnOut]
    sample_rows: list[list[str]]
    files: list[ImportFileOut]
    mapping: Mapping | None
    suggested_mapping: Mapping | None
    options: Options
    created_by: str
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    job_id: str | None
    report: dict[str, Any] | None
    dry_report: dict[str, Any] | None
    has_rejects: bool
    replay_of: str | None


class ImportRowOut(Out):
    """An import in a list."""

    id: str
    kind: Kind
    name: str
    state: str
    rows: int | None
    accepted: int | None
    rejected: int | None
    created_at: dt.datetime
    finished_at: dt.datetime | None
    job_id: str | None
    has_rejects: bool


class ImportPageOut(Out):
    """A page of imports."""

    rows: list[ImportRowOut]
    next_cursor: str | None
    total: int | None = None


class ImportJobOut(Out):
    """The job that does it."""

    job_id: str


class ImportMappingOut(Out):
    """A remembered mapping."""

    kind: Kind
    name: str
    mapping: Mapping
    used_at: dt.datetime


class ImportRunIn(In):
    """How to run: the mapping (the remembered or suggested one where none is given) and the options."""

    mapping: Mapping | None = None
    preset: Annotated[str, pydantic.Field(max_length=60)] | None = None
    options: Options = Options()

    def chosen(self) -> Mapping | None:
        """The mapping that is meant."""
        return api.read_mapping(f"preset:{self.preset}") if self.preset else self.mapping


_RunBody = Annotated[ImportRunIn, fastapi.Body()]


@router.get("/api/imports/kinds")
def list_import_kinds(call: Annotated[Call, allow(Permission.RUN_READ)]) -> list[ImportKindOut]:
    """Every kind of import with the fields that columns can be mapped to."""
    zh = call.language.startswith("zh")
    return [
        ImportKindOut(
            kind=kind,
            zh=zh_text,
            en=en_text,
            presets=[name for name in api.PRESET_NAMES if api.preset_kind(name) in {kind, None}],
            fields=[
                ImportFieldOut(
                    name=field.name,
                    zh=field.zh,
                    en=field.en,
                    type=field.type,
                    required=field.required,
                    help=field.help_zh if zh else field.help_en,
                )
                for field in fields
            ],
        )
        for kind, zh_text, en_text, fields in api.kinds()
    ]


@router.get("/api/imports/mappings")
def list_import_mappings(call: Annotated[Call, allow(Permission.RUN_READ)], kind: Kind | None = None) -> list[ImportMappingOut]:
    """Remembered mappings, the last used first."""
    return [ImportMappingOut.model_validate(row, from_attributes=False) for row in api.mappings(call.ws, kind=kind)]


@router.get("/api/imports")
def list_imports(
    call: Annotated[Call, allow(Permission.RUN_READ)],
    kind: Kind | None = None,
    cursor: str | None = None,
    limit: Annotated[int | None, fastapi.Query(ge=1, le=200)] = None,
) -> ImportPageOut:
    """The newest imports first."""
    page = api.listing(call.ws, kind=kind, cursor=cursor, limit=limit)
    return ImportPageOut(rows=[_row(found) for found in page.rows], next_cursor=page.next_cursor)


@router.post("/api/imports", status_code=201, openapi_extra=_FILES_BODY)
async def upload_import(
    call: Annotated[Call, allow(Permission.RUN_WRITE)],
    request: fastapi.Request,
    kind: Kind,
    name: Annotated[str, fastapi.Query(max_length=255)] = "",
    mapping: Annotated[str, fastapi.Query(max_length=20_000, description="preset:NAME, or a mapping as JSON")] = "",
) -> ImportOut:
    """Takes one file, or several related ones, and says what they are and how they could be mapped."""
    chosen = api.told_mapping(mapping) if mapping else None
    layout = chosen.layout if chosen else None
    found = await received(request, lambda files: api.upload(call.ws, by=call.by, kind=kind, files=files, name=name, layout=layout))
    return _out(call, found, chosen)


@router.get("/api/imports/{import_id}")
def get_import(call: Annotated[Call, allow(Permission.RUN_READ)], import_id: str) -> ImportOut:
    """One import with its files, mapping, options and reports."""
    return _out(call, api.get(call.ws, import_id))


@router.post("/api/imports/{import_id}/dry-run", status_code=202)
def dry_run_import(call: Annotated[Call, allow(Permission.RUN_WRITE)], import_id: str, body: _RunBody) -> ImportJobOut:
    """Reads the whole file as the import would and writes nothing; the report is the job's result and the import's `dry_report`."""
    return ImportJobOut(job_id=api.start_dry(call.ws, import_id, by=call.by, mapping=body.chosen(), options=body.options))


@router.post("/api/imports/{import_id}/start", status_code=202)
def start_import(call: Annotated[Call, allow(Permission.RUN_WRITE)], import_id: str, body: _RunBody) -> ImportJobOut:
    """Starts the import."""
    return ImportJobOut(job_id=api.start(call.ws, import_id, by=call.by, mapping=body.chosen(), options=body.options))


@router.post("/api/imports/{import_id}/undo", status_code=202)
def undo_import(call: Annotated[Call, allow(Permission.RUN_WRITE)], import_id: str) -> ImportJobOut:
    """Takes the whole import back."""
    return ImportJobOut(job_id=api.undo(call.ws, import_id, by=call.by))


@router.get("/api/imports/{import_id}/rejects", response_class=StreamingResponse, responses={200: {"content": {"text/csv": {}}}})
def download_rejects(call: Annotated[Call, allow(Permission.REJECTS_READ)], import_id: str) -> StreamingResponse:
    """The rejected rows as CSV: original columns, code, reason in both languages. The download is audited."""
    pieces = api.rejects(call.ws, import_id, by=call.by)
    headers = {"content-disposition": f'attachment; filename="{import_id}-rejects.csv"', "x-content-type-options": "nosniff"}
    return StreamingResponse(pieces, media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/api/imports/{import_id}/replay", status_code=201, openapi_extra=_FILES_BODY)
async def replay_rejects(call: Annotated[Call, allow(Permission.RUN_WRITE)], request: fastapi.Request, import_id: str) -> ImportOut:
    """Takes corrected rejects as a new import with the first one's mapping and options; start it like any other."""
    return _out(call, await received(request, lambda files: api.replay(call.ws, import_id, by=call.by, files=files)))


def _out(call: Call, found: Import, chosen: Mapping | None = None) -> ImportOut:
    # Sample rows are plain values of people: for those who may import, and while there is something to map.
    if found.state == "uploaded" and call.by.may(Permission.RUN_WRITE) and call.by.scope.is_all:
        found = api.with_samples(call.ws, found)
    files = [
        ImportFileOut(
            name=file.name,
            size_bytes=file.size_bytes,
            format=file.detected.format,
            encoding=file.detected.encoding,
            delimiter=file.detected.delimiter,
            header=file.detected.header,
            rows_estimate=file.detected.rows_estimate,
            sample_rows=[list(row) for row in file.detected.sample_rows],
            columns=[
                ImportColumnOut(name=column.name, type=column.type, empty=column.empty, samples=list(column.samples))
                for column in file.detected.columns
            ],
        )
        for file in found.files
    ]
    first = files[0]
    return ImportOut(
        id=found.id,
        kind=found.kind,
        name=found.name,
        state=found.state,
        encoding=first.encoding,
        delimiter=first.delimiter,
        rows_estimate=sum(file.rows_estimate for file in files),
        columns=first.columns,
        sample_rows=first.sample_rows,
        files=files,
        mapping=found.mapping,
        suggested_mapping=None if found.mapping else chosen or api.suggested_mapping(call.ws, found),
        options=found.options,
        created_by=found.created_by,
        created_at=found.created_at,
        started_at=found.started_at,
        finished_at=found.finished_at,
        job_id=found.job_id,
        report=None if found.report is None else dict(found.report),
        dry_report=None if found.dry_report is None else dict(found.dry_report),
        has_rejects=found.rejects_file_id is not None,
        replay_of=found.replay_of,
    )


def _row(found: Import) -> ImportRowOut:
    report = found.report or {}
    return ImportRowOut(
        id=found.id,
        kind=found.kind,
        name=found.name,
        state=found.state,
        rows=report.get("rows"),
        accepted=report.get("accepted"),
        rejected=report.get("rejected"),
        created_at=found.created_at,
        finished_at=found.finished_at,
        job_id=found.job_id,
        has_rejects=found.rejects_file_id is not None,
    )
