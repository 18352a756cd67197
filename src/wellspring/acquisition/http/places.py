"""The page behind a store code: asks where the customer is, shows the nearest stores, or those of a city.

Rendered on the server in one small answer, because it opens inside WeChat on any phone. The place is used once and kept
nowhere; refusing to tell it costs nothing but a choice of city.
"""

import secrets
from pathlib import Path
from typing import Annotated, Any

import fastapi
import jinja2
from fastapi.responses import HTMLResponse, StreamingResponse

from wellspring.acquisition.api import codes as api
from wellspring.acquisition.errors.codes import PlaceUnknown
from wellspring.kernel.errors import NotFound
from wellspring.kernel.visiting import PAGE_ANSWERS
from wellspring.kernel.web import installation_of, public
from wellspring.kernel.workspace import Workspace

router = fastapi.APIRouter(prefix="/s")

_PAGES = jinja2.Environment(loader=jinja2.FileSystemLoader(Path(__file__).parent / "pages"), autoescape=True, trim_blocks=True)
_REASON = "customers open it from a code in a store window; the address holds 96 random bits"
_CHINESE = {
    "lead": "添加离您最近门店的专属顾问",
    "locate": "查找最近的门店",
    "locating": "正在定位…",
    "refused": "没有取得位置，请选择城市。",
    "pick": "或选择城市",
    "open": "营业中",
    "closed": "已打烊",
    "scan": "长按识别二维码，添加门店顾问",
    "making": "二维码生成中，请稍后刷新",
    "none": "这里还没有门店，请选择其他城市。",
    "away": "公里",
    "near": "米",
    "privacy": "位置只用于查找门店，不会保存。",
}
_ENGLISH = {
    "lead": "Add the adviser of the store nearest to you",
    "locate": "Find the nearest store",
    "locating": "Locating…",
    "refused": "Your place is not known: choose a city.",
    "pick": "Or choose a city",
    "open": "Open",
    "closed": "Closed",
    "scan": "Press and hold the code to add the store's adviser",
    "making": "The code is being made: reload in a moment",
    "none": "There is no store here: choose another city.",
    "away": "km",
    "near": "m",
    "privacy": "Your place is used to find a store and is not kept.",
}
_IMAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}}}


@router.get("/{token}", dependencies=[public(_REASON)], response_class=HTMLResponse, responses=PAGE_ANSWERS)
def open_store_page(
    request: fastapi.Request,
    token: str,
    lng: Annotated[float | None, fastapi.Query(ge=-180, le=180)] = None,
    lat: Annotated[float | None, fastapi.Query(ge=-90, le=90)] = None,
    city: Annotated[str, fastapi.Query(max_length=60)] = "",
) -> HTMLResponse:
    """The stores nearest to a place, those of a city, or the question where one is."""
    place = (lng, lat) if lng is not None and lat is not None else None
    visit = api.visit(_workspace(request, token), token=token, place=place, city=city)
    language = "zh-CN" if request.headers.get("accept-language", "zh-CN").startswith("zh") else "en"
    nonce = secrets.token_urlsafe(16)
    page = _PAGES.get_template("places.html").render(
        visit=visit, words=_CHINESE if language == "zh-CN" else _ENGLISH, language=language, token=token, nonce=nonce
    )
    policy = (
        f"default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; script-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'"
    )
    return HTMLResponse(page, headers={"content-security-policy": policy, "permissions-policy": "geolocation=(self)"})


@router.get("/{token}/{way_id}/picture", dependencies=[public(_REASON)], response_class=StreamingResponse, responses=_IMAGE)
def read_store_picture(request: fastapi.Request, token: str, way_id: str) -> StreamingResponse:
    """The code of one store."""
    ws = _workspace(request, token)
    file_id, media_type = api.way_picture(ws, token=token, way_id=way_id)
    return StreamingResponse(ws.files.read(file_id), media_type=media_type, headers={"cache-control": "private, max-age=600"})


def _workspace(request: fastapi.Request, token: str) -> Workspace:
    try:
        return installation_of(request).workspace(token.partition("-")[0])
    except NotFound as unknown:
        raise PlaceUnknown from unknown
