"""The page behind a printed card: what was promised, and the code of whoever serves this customer."""

from typing import Any

import fastapi
from fastapi.responses import HTMLResponse, StreamingResponse

from wellspring.acquisition.api import cards as api
from wellspring.acquisition.errors.cards import CardPageUnknown
from wellspring.acquisition.http.visiting import PAGES, visitor_of
from wellspring.kernel.errors import NotFound
from wellspring.kernel.visiting import PAGE_ANSWERS, language_of, sent, words_in, workspace_of
from wellspring.kernel.web import public

router = fastapi.APIRouter(prefix="/c")
_REASON = "customers open it from a printed card"
_IMAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}}}
_WORDS = {
    "zh": {
        "press": "长按识别二维码",
        "add": "添加企业微信，即可领取",
        "store": "查找离您最近的门店",
        "making": "二维码生成中，请稍后刷新页面",
        "closed": "本次活动已结束",
        "closed_more": "感谢您的关注，欢迎留意包裹里的新卡片。",
        "unknown": "没有找到这个页面",
        "unknown_more": "请检查链接，或重新扫描卡片上的二维码。",
        "privacy": "本页只统计打开次数，不收集您的个人信息。",
    },
    "en": {
        "press": "Press and hold the code",
        "add": "Add us on WeCom to receive it",
        "store": "Find the store nearest to you",
        "making": "The code is being made: reload in a moment",
        "closed": "This campaign is over",
        "closed_more": "Thank you. Look out for the next card in your parcel.",
        "unknown": "There is no such page",
        "unknown_more": "Check the address, or scan the code on the card again.",
        "privacy": "This page counts how often it is opened and collects nothing about you.",
    },
}


@router.get("/{token}", dependencies=[public(_REASON)], response_class=HTMLResponse, responses=PAGE_ANSWERS)
def open_card_page(request: fastapi.Request, token: str) -> HTMLResponse:
    """The page of a card; a machine's visit is not counted."""
    language = language_of(request)
    words, template = words_in(_WORDS, language), PAGES.get_template("card.html")
    try:
        ws, rest = workspace_of(request, token)
        visitor = visitor_of(request, ws)
        landing = api.landing(ws, token=rest, scanner=visitor.scanner, counts=not visitor.is_bot)
    except (NotFound, CardPageUnknown):
        return sent(request, template.render(landing=None, words=words, language=language, token=""), status=404)
    return sent(request, template.render(landing=landing, words=words, language=language, token=token), visitor)


@router.get("/{token}/picture", dependencies=[public(_REASON)], response_class=StreamingResponse, responses=_IMAGE)
def read_card_picture(request: fastapi.Request, token: str) -> StreamingResponse:
    """The code that the page shows; counts nothing."""
    ws, rest = workspace_of(request, token)
    landing = api.landing(ws, token=rest, scanner=b"", counts=False)
    if landing.picture_id is None:
        raise CardPageUnknown
    media_type = ws.files.get(landing.picture_id).media_type
    # Shifts change who serves; ten minutes later the picture may be another's.
    return StreamingResponse(ws.files.read(landing.picture_id), media_type=media_type, headers={"cache-control": "private, max-age=600"})
