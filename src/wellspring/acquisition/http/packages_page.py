"""The page behind a code on a package: genuine or not, whose it is, and the draw. Pressing the button binds; opening does not."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import fastapi
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from wellspring.acquisition.api import cards, item_codes
from wellspring.acquisition.contracts.item_codes import Seen
from wellspring.acquisition.errors.item_codes import DrawBudgetSpent, ItemCodeTaken, ItemCodeUnknown
from wellspring.acquisition.http.visiting import PAGES, visitor_of
from wellspring.acquisition.http.words import PACKAGE as _WORDS
from wellspring.kernel.errors import NotFound, TooMany
from wellspring.kernel.money import format_minor
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.visiting import PAGE_ANSWERS, Visitor, language_of, sent, words_in, workspace_of
from wellspring.kernel.web import public
from wellspring.kernel.workspace import Workspace

router = fastapi.APIRouter(prefix="/i")
_REASON = "customers open it from the code on a package; wrong codes are slowed down by address"
_REFUSALS: dict[int | str, dict[str, Any]] = {status: PAGE_ANSWERS[status] for status in (404, 409, 429)}
_IMAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}}}


@router.get("/{code}", dependencies=[public(_REASON)], response_class=HTMLResponse, responses=PAGE_ANSWERS)
def open_package_page(request: fastapi.Request, code: str) -> HTMLResponse:
    """The page of a code; a machine's visit is not counted."""
    try:
        ws, rest = workspace_of(request, code)
    except NotFound:
        return _refused(request, "unknown", 404)
    visitor = visitor_of(request, ws)
    try:
        seen = item_codes.look(ws, code=rest, scanner=visitor.scanner, address=visitor.address, counts=not visitor.is_bot)
    except ItemCodeUnknown:
        return _refused(request, "unknown", 404)
    except TooMany as slowed:
        return _refused(request, "slow", 429, seconds=int(slowed.params["seconds"] or 0))
    return _shown(request, ws, seen, visitor, code)


@router.post("/{code}", dependencies=[public(_REASON)], response_class=RedirectResponse, responses=_REFUSALS, status_code=303)
def claim_package(request: fastapi.Request, code: str) -> Response:
    """Binds the code to whoever presses, draws, and shows the page again.

    The visitor's cookie is sent by this site's own pages only (SameSite=Lax); who comes without one has pressed nothing.
    """
    try:
        ws, rest = workspace_of(request, code)
        visitor = visitor_of(request, ws)
        if visitor.is_known and not visitor.is_bot:
            item_codes.claim(ws, code=rest, scanner=visitor.scanner, address=visitor.address)
    except (NotFound, ItemCodeUnknown):
        return _refused(request, "unknown", 404)
    except TooMany as slowed:
        return _refused(request, "slow", 429, seconds=int(slowed.params["seconds"] or 0))
    except DrawBudgetSpent:
        return _refused(request, "failed", 409)
    except ItemCodeTaken:
        # The page says so by itself.
        pass
    return RedirectResponse(request.url.path, status_code=303)


@router.get("/{code}/picture", dependencies=[public(_REASON)], response_class=StreamingResponse, responses=_IMAGE)
def read_package_picture(request: fastapi.Request, code: str) -> StreamingResponse:
    """The code of whoever serves this customer; counts nothing."""
    ws, rest = workspace_of(request, code)
    visitor = visitor_of(request, ws)
    seen = item_codes.look(ws, code=rest, scanner=visitor.scanner, address=visitor.address, counts=False)
    file_id = cards.code_picture(ws, code_id=seen.code_id)
    if file_id is None:
        raise NotFound
    return StreamingResponse(
        ws.files.read(file_id), media_type=ws.files.get(file_id).media_type, headers={"cache-control": "private, max-age=600"}
    )


def _shown(request: fastapi.Request, ws: Workspace, seen: Seen, visitor: Visitor, code: str) -> HTMLResponse:
    language, settings = language_of(request), ws.settings.get(WorkspaceSettings)
    zone = ZoneInfo(settings.time_zone)

    def when(at: dt.datetime | None) -> str:
        return "" if at is None else at.astimezone(zone).strftime("%Y-%m-%d %H:%M")

    def money(minor: int) -> str:
        return format_minor(minor, currency=settings.currency)

    def odds(count: int, tickets: int) -> str:
        # Whole tickets, as published: "1 of 200" can be checked by hand, 0.5 % may be rounded.
        return f"{count:,} / {tickets:,}"

    page = PAGES.get_template("package.html").render(
        seen=seen,
        brand=settings.name,
        words=words_in(_WORDS, language),
        language=language,
        code=code,
        has_picture=cards.code_picture(ws, code_id=seen.code_id) is not None,
        when=when,
        money=money,
        odds=odds,
    )
    return sent(request, page, visitor)


def _refused(request: fastapi.Request, reason: str, status: int, *, seconds: int = 0) -> HTMLResponse:
    language = language_of(request)
    words = words_in(_WORDS, language)
    minutes = max(1, -(-seconds // 60))
    page = PAGES.get_template("package.html").render(
        seen=None, brand="", words=words, language=language, title=words[reason], more=words[f"{reason}_more"].format(minutes=minutes)
    )
    answer = sent(request, page, status=status)
    if seconds:
        answer.headers["retry-after"] = str(seconds)
    return answer
