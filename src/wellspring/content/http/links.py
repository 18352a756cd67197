"""What members open: links that lead on, articles of ours with their pictures, and how far they were read.

The answer tells a stranger nothing: an address that these keys did not make is a page that says so.
"""

import secrets
from pathlib import Path
from typing import Annotated, Any

import fastapi
import jinja2
import pydantic
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from wellspring.content import api
from wellspring.content.errors import LinkUnknown
from wellspring.kernel.bots import is_bot
from wellspring.kernel.errors import NotFound
from wellspring.kernel.visiting import PAGE_ANSWERS, language_of, sent, words_in, workspace_of
from wellspring.kernel.web import In, public
from wellspring.kernel.workspace import Workspace

router = fastapi.APIRouter(prefix="/t")
_PAGES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "pages"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
_REASON = "members open what they were sent; the address holds a keyed digest of 64 bits"
_IMAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}}}
_ANSWERS: dict[int | str, dict[str, Any]] = {**PAGE_ANSWERS, 302: {"description": "To what was linked"}}
_Token = Annotated[str, fastapi.Path(max_length=200)]
_WORDS = {
    "zh": {"gone": "链接已失效", "gone_more": "请联系发给您这条消息的顾问，获取新的链接。"},
    "en": {"gone": "This link leads nowhere", "gone_more": "Ask whoever sent it to you for a new one."},
}


class ReadingIn(In):
    """How long and how far an article was read until now."""

    seconds: Annotated[int, pydantic.Field(ge=0, le=86_400)]
    percent: Annotated[int, pydantic.Field(ge=0, le=100)]


@router.get("/{token}", dependencies=[public(_REASON)], response_class=HTMLResponse, responses=_ANSWERS)
def follow_link(request: fastapi.Request, token: _Token) -> Response:
    """Leads on to what was linked, or shows the article; a machine's visit is counted apart."""
    try:
        ws, rest = _workspace(request, token)
        opened = api.open_link(ws, token=rest, is_machine=is_bot(request.headers))
    except LinkUnknown:
        words = words_in(_WORDS, language_of(request))
        return sent(request, _PAGES.get_template("gone.html").render(words=words, language=language_of(request)), status=404)
    if opened.article is None:
        # Kept by nobody: the next tap is another opening, and the way may change.
        return RedirectResponse(opened.url, status_code=302, headers={"cache-control": "no-store"})
    nonce = secrets.token_urlsafe(16)
    page = _PAGES.get_template("article.html").render(opened=opened, language=language_of(request), token=token, nonce=nonce)
    policy = (
        f"default-src 'none'; img-src 'self'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; connect-src 'self';"
        " form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
    headers = {"content-security-policy": policy, "cache-control": "no-store", "x-robots-tag": "noindex, nofollow"}
    return HTMLResponse(page, headers=headers)


@router.post("/{token}/reading", dependencies=[public(_REASON)], status_code=204)
def tell_reading(request: fastapi.Request, token: _Token, body: ReadingIn) -> None:
    """Notes how far an article was read; the page tells it while it is open."""
    ws, rest = _workspace(request, token)
    if body.seconds and not is_bot(request.headers):
        api.read_on(ws, token=rest, seconds=body.seconds, percent=body.percent)


@router.get("/{token}/picture/{file_id}", dependencies=[public(_REASON)], response_class=StreamingResponse, responses=_IMAGE)
def read_article_picture(
    request: fastapi.Request, token: _Token, file_id: Annotated[str, fastapi.Path(max_length=60)]
) -> StreamingResponse:
    """A picture that the article shows."""
    ws, rest = _workspace(request, token)
    media_type = api.article_picture(ws, token=rest, file_id=file_id)
    return StreamingResponse(ws.files.read(file_id), media_type=media_type, headers={"cache-control": "private, max-age=86400"})


def _workspace(request: fastapi.Request, token: str) -> tuple[Workspace, str]:
    try:
        return workspace_of(request, token)
    except NotFound as unknown:
        raise LinkUnknown from unknown
