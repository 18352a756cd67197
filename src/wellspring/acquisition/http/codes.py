"""The addresses of codes: lists, one code, its picture and its figures."""

from typing import Annotated, Any

import fastapi
from fastapi.responses import StreamingResponse

from wellspring.acquisition.api import codes as api
from wellspring.acquisition.contracts import Permission
from wellspring.acquisition.contracts.codes import CodeKind, CodeState
from wellspring.acquisition.http.shapes_codes import CodeIn, CodeListOut, CodeOut, CodeRowOut, Cursor, Day, Limit, draft_of, row_of, whole
from wellspring.kernel.web import Call, Out, allow

router = fastapi.APIRouter(prefix="/api/acquisition/codes")

IMAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}}}
# A picture changes with nothing: its address names the code, so a console may keep it for an hour.
KEPT = {"cache-control": "private, max-age=3600"}


class CodeFolderOut(Out):
    """A folder with how many active codes it holds; codes without one stand under an empty name."""

    name: str
    codes: int


class CodeAccountOut(Out):
    """An account of WeCom."""

    id: str
    name: str


class CodeDayOut(Out):
    """One day of a code; `scans` is null where nobody tells of them."""

    day: Day
    scans: int | None
    added: int
    returning: int
    left: int


class CodeShareOut(Out):
    """What one member of staff, or one store, has of a code."""

    id: str
    name: str
    added: int
    left: int


class CodeFiguresOut(Out):
    """What became of everybody who came through a code between two days."""

    scans: int | None
    added: int
    new: int
    returning: int
    left: int
    staying: int
    buyers: int
    first_orders_minor: int
    by_day: list[CodeDayOut]
    by_staff: list[CodeShareOut]
    by_store: list[CodeShareOut]


@router.get("")
def list_codes(
    call: Annotated[Call, allow(Permission.CODE_READ)],
    kind: CodeKind | None = None,
    state: CodeState = CodeState.ACTIVE,
    folder: Annotated[str | None, fastapi.Query(max_length=60)] = None,
    q: Annotated[str | None, fastapi.Query(max_length=80)] = None,
    limit: Limit = None,
    cursor: Cursor = None,
) -> CodeListOut:
    """Codes, the newest first."""
    page = api.listing(call.ws, kind=kind, state=state, folder=folder, q=q, cursor=cursor, limit=limit)
    return CodeListOut(rows=[CodeRowOut(**row_of(one)) for one in page.rows], next_cursor=page.next_cursor, total=page.total)


@router.post("", status_code=201)
def add_code(call: Annotated[Call, allow(Permission.CODE_WRITE)], body: CodeIn) -> CodeOut:
    """Makes a code; the platform makes its picture within seconds."""
    return whole(api.add(call.ws, by=call.by, draft=draft_of(body)))


@router.get("/folders")
def list_code_folders(call: Annotated[Call, allow(Permission.CODE_READ)], kind: CodeKind) -> list[CodeFolderOut]:
    """The folders of a kind."""
    return [CodeFolderOut(name=name, codes=count) for name, count in api.folders(call.ws, kind=kind)]


@router.get("/accounts")
def list_code_accounts(call: Annotated[Call, allow(Permission.CODE_READ)]) -> list[CodeAccountOut]:
    """The accounts of WeCom in which a code can be made."""
    return [CodeAccountOut(id=id_, name=name) for id_, name in api.accounts(call.ws)]


@router.get("/{code_id}")
def read_code(call: Annotated[Call, allow(Permission.CODE_READ)], code_id: str) -> CodeOut:
    """One code, with who should serve it now and until when."""
    code = api.one(call.ws, code_id=code_id)
    is_live = code.state is CodeState.ACTIVE
    return whole(code, api.duties(call.ws, code_id=code_id) if is_live else None)


@router.put("/{code_id}")
def change_code(call: Annotated[Call, allow(Permission.CODE_WRITE)], code_id: str, body: CodeIn) -> CodeOut:
    """Makes the whole body the code."""
    return whole(api.change(call.ws, by=call.by, code_id=code_id, draft=draft_of(body)))


@router.delete("/{code_id}")
def archive_code(call: Annotated[Call, allow(Permission.CODE_WRITE)], code_id: str) -> CodeOut:
    """Takes a code out of use at the platform; its figures stay."""
    return whole(api.archive(call.ws, by=call.by, code_id=code_id))


@router.get("/{code_id}/figures")
def read_code_figures(
    call: Annotated[Call, allow(Permission.CODE_READ)],
    code_id: str,
    since: Annotated[Day | None, fastapi.Query(alias="from")] = None,
    until: Annotated[Day | None, fastapi.Query(alias="to")] = None,
) -> CodeFiguresOut:
    """Who came between two days (the last 30), who stayed, and what they bought first."""
    return CodeFiguresOut.model_validate(api.figures_of(call.ws, code_id=code_id, since=since, until=until))


@router.get("/{code_id}/picture", response_class=StreamingResponse, responses=IMAGE)
def read_code_picture(
    call: Annotated[Call, allow(Permission.CODE_READ)],
    code_id: str,
    way: Annotated[str | None, fastapi.Query(max_length=40)] = None,
) -> StreamingResponse:
    """The code's picture; of a store code, that of one of its ways."""
    file_id, media_type = api.picture(call.ws, code_id=code_id, way_id=way)
    return StreamingResponse(call.ws.files.read(file_id), media_type=media_type, headers=KEPT)
