"""The page on which somebody leaves a channel, and the one click of mail programs (RFC 8058).

Opening the page changes nothing, whoever opens it: scanners of links open everything. Only a POST does, without any
login, and again is the same as once.
"""

from pathlib import Path
from typing import Any

import fastapi
import jinja2
from fastapi.responses import HTMLResponse

from wellspring.channels.api import sends
from wellspring.channels.contracts.sends import Channel
from wellspring.channels.errors import UnsubscribeUnknown
from wellspring.kernel.errors import NotFound
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.visiting import PAGE_ANSWERS, language_of, sent, words_in, workspace_of
from wellspring.kernel.web import public

router = fastapi.APIRouter(prefix="/u", tags=["leaving"])
_REASON = "customers open it from a message; the token is signed, and only pressing the button changes anything"
_PAGES = jinja2.Environment(loader=jinja2.FileSystemLoader(Path(__file__).parent / "pages"), autoescape=True, trim_blocks=True)
_ANSWERS: dict[int | str, dict[str, Any]] = {status: PAGE_ANSWERS[status] for status in (200, 404)}
_ONE_CLICK = b"List-Unsubscribe=One-Click"
_BODY_MAX = 4_096
_WORDS = {
    "zh": {
        "ask": "不再通过{channel}接收推广消息？",
        "ask_more": "点击下方按钮后立即生效。订单、售后等服务通知不受影响。",
        "press": "确认退订",
        "done": "已为您退订",
        "done_more": "您不会再通过{channel}收到我们的推广消息。",
        "unknown": "链接无效",
        "unknown_more": "请从收到的消息中重新打开退订链接。",
    },
    "en": {
        "ask": "No more marketing by {channel}?",
        "ask_more": "It takes effect at once. Messages about your orders are not affected.",
        "press": "Unsubscribe",
        "done": "You are unsubscribed",
        "done_more": "You will get no more marketing from us by {channel}.",
        "unknown": "This link is not valid",
        "unknown_more": "Open the link again from the message that you got.",
    },
}
_CHANNELS = {
    Channel.WECOM: ("企业微信", "WeCom"),
    Channel.WECOM_GROUP: ("企业微信", "WeCom"),
    Channel.MOMENTS: ("企业微信", "WeCom"),
    Channel.OFFICIAL_ACCOUNT: ("公众号", "the Official Account"),
    Channel.MINI_PROGRAM: ("小程序", "the Mini Program"),
    Channel.SMS: ("短信", "text message"),
    Channel.EMAIL: ("邮件", "e-mail"),
    Channel.ADS: ("广告", "advertising"),
}


@router.get("/{token}", dependencies=[public(_REASON)], response_class=HTMLResponse, responses=_ANSWERS)
def open_unsubscribe_page(request: fastapi.Request, token: str) -> HTMLResponse:
    """Asks whether they mean it; changes nothing."""
    try:
        ws, rest = workspace_of(request, token)
        channel = sends.unsubscribe_word(ws, rest)
    except (NotFound, UnsubscribeUnknown):
        return _page(request, "unknown", "", None, status=404)
    return _page(request, "asked", ws.settings.get(WorkspaceSettings).name, channel)


@router.post("/{token}", dependencies=[public(_REASON)], response_class=HTMLResponse, responses=_ANSWERS)
async def unsubscribe(request: fastapi.Request, token: str) -> HTMLResponse:
    """Unsubscribes: the page's button, or a mail program's one click."""
    body = b"".join([piece async for piece in request.stream()])[:_BODY_MAX]
    return await fastapi.concurrency.run_in_threadpool(_left, request, token, "one_click" if _ONE_CLICK in body else "page")


def _left(request: fastapi.Request, token: str, source: str) -> HTMLResponse:
    try:
        ws, rest = workspace_of(request, token)
        channel = sends.unsubscribe(ws, rest, source=source)
    except (NotFound, UnsubscribeUnknown):
        return _page(request, "unknown", "", None, status=404)
    return _page(request, "done", ws.settings.get(WorkspaceSettings).name, channel)


def _page(request: fastapi.Request, state: str, brand: str, channel: Channel | None, *, status: int = 200) -> HTMLResponse:
    language = language_of(request)
    word = _CHANNELS.get(channel, ("", ""))[0 if language.startswith("zh") else 1] if channel is not None else ""
    words = words_in(_WORDS, language)
    page = _PAGES.get_template("unsubscribe.html").render(language=language, words=words, state=state, brand=brand, channel=word)
    return sent(request, page, status=status)
