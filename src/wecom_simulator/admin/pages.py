"""The routes of the pages, the pictures of codes, and what a scanned code opens on a phone."""

import io
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import segno
from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from wecom_simulator.admin import views
from wecom_simulator.corp import App, Corp
from wecom_simulator.endpoints.oauth import new_code
from wecom_simulator.faults import OF_CALLBACKS, OF_CALLS
from wecom_simulator.parts import APIS
from wecom_simulator.registry import ACTIONS
from wecom_simulator.settings import told_faults
from wecom_simulator.world import World

Shown = Callable[[Request], dict[str, Any] | None]

_HERE = Path(__file__).parent
_PAGES = Environment(loader=FileSystemLoader(_HERE / "templates"), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True)
NAVIGATION = (
    ("/", "概览"),
    ("/contacts", "客户"),
    ("/codes", "渠道码"),
    ("/messages", "消息"),
    ("/groups", "客户群"),
    ("/staff", "员工"),
    ("/callbacks", "回调日志"),
    ("/faults", "故障注入"),
    ("/actions", "人的动作"),
    ("/interfaces", "接口"),
)
FAULTS = {
    "token": "令牌提前失效（40014）",
    "busy": "系统繁忙（-1）",
    "rate": "超过频率限制（45009）",
    "concurrent": "并发超限（45033）",
    "conflict": "同一对象被并发修改（45035）",
    "page": "网关返回 HTML（502）",
    "slow": "应答变慢",
    "timeout": "已受理但无应答",
    "cut": "JSON 被截断",
    "extra": "多出未知字段",
    "missing": "缺少可选字段",
    "types": "数字与字符串互换",
    "partial": "部分失败（一半对象）",
    "duplicate": "回调重复",
    "reorder": "回调乱序",
    "delay": "回调延迟",
    "lose": "回调丢失",
}


def routes(world: World) -> list[BaseRoute]:
    """Every page over one world."""

    def page(path: str, template: str, show: Shown) -> Route:
        async def serve(request: Request) -> Response:
            return await run_in_threadpool(_render, world, request, template, show)

        return Route(path, serve)

    return [
        page("/", "overview.html", lambda _: views.overview(world)),
        page("/contacts", "contacts.html", lambda request: views.contacts(world, request.query_params.get("like", ""), _page(request))),
        page("/contacts/{id}", "contact.html", lambda request: views.contact(world, request.path_params["id"])),
        page("/codes", "codes.html", lambda _: views.codes(world)),
        page("/messages", "messages.html", lambda _: views.messages(world)),
        page("/groups", "groups.html", lambda _: views.groups(world)),
        page("/staff", "staff.html", lambda _: views.staff(world)),
        page("/callbacks", "callbacks.html", lambda request: views.callbacks(world, *_asked(request, "state", "like"))),
        page("/faults", "faults.html", lambda _: _faults(world)),
        page("/actions", "actions.html", lambda _: {"rows": sorted(ACTIONS.values(), key=lambda one: one.title)}),
        page("/interfaces", "interfaces.html", lambda _: {"apis": APIS}),
        page("/scan", "scan.html", lambda request: _scanned(world, request.query_params.get("way", ""))),
        page("/ca/{id}", "scan.html", lambda request: _scanned(world, request.path_params["id"])),
        Route("/kept/{id}", _kept(world)),
        Route("/wwhead/{id}/0", _picture),
        Route("/wwpic/join/{id}/0", _picture),
        *(_login(world, path) for path in ("/connect/oauth2/authorize", "/wwlogin/sso/login", "/wwopen/sso/qrConnect")),
        Mount("/assets", StaticFiles(directory=_HERE / "static")),
    ]


def _render(world: World, request: Request, template: str, show: Shown) -> Response:
    with world.lock:
        shown = show(request)
        frame = views.frame(world)
    path = request.url.path
    here = path if path == "/" else "/" + path.split("/")[1]
    if shown is None:
        return HTMLResponse(_PAGES.get_template("missing.html").render(navigation=NAVIGATION, here=here, frame=frame), status_code=404)
    return HTMLResponse(_PAGES.get_template(template).render(navigation=NAVIGATION, here=here, frame=frame, **shown))


async def _picture(request: Request) -> Response:
    """The picture of a code; a phone in the same network that scans it gets the page `/scan`."""
    out = io.BytesIO()
    segno.make(f"{request.base_url}scan?way={request.path_params['id']}", error="m").save(out, kind="png", scale=8, border=3)
    return Response(out.getvalue(), media_type="image/png")


def _kept(world: World) -> Callable[[Request], Awaitable[Response]]:
    """The picture of a message, as its receiver sees it."""

    async def serve(request: Request) -> Response:
        with world.lock:
            found = views.picture(world, request.path_params["id"])
        if found is None or not found[0].startswith("image/"):
            return Response(status_code=404)
        return Response(found[1], media_type=found[0])

    return serve


def _login(world: World, path: str) -> Route:
    async def serve(request: Request) -> Response:
        return await run_in_threadpool(_signed_in, world, request)

    return Route(path, serve)


def _signed_in(world: World, request: Request) -> Response:
    """The platform's own page before an app's: choose who looks, and go on to the app with a code."""
    asked = dict(request.query_params)
    with world.lock:
        corp = world.corps.get(asked.get("appid", ""))
        app = _app(corp, asked.get("agentid", ""))
        target, refusal = asked.get("redirect_uri", ""), ""
        if corp is None or app is None:
            refusal = "appid 或 agentid 不正确（40013）"
        elif not target or urlsplit(target).hostname != app.trusted_domain.partition(":")[0]:
            refusal = f"redirect_uri 的域名与应用可信域名 {app.trusted_domain} 不一致（50001）"
        elif len(asked.get("state", "")) > 128:
            refusal = "state 不合法（84025）"
        if corp and app and not refusal and asked.get("userid") in corp.staff:
            code = new_code(world, corp, app, userid=asked["userid"], scope=asked.get("scope", "snsapi_base"))
            joint = "&" if "?" in target else "?"
            return RedirectResponse(f"{target}{joint}code={code}&state={quote(asked.get('state', ''))}", status_code=302)
        members = [one for one in corp.staff.values() if one.status == 1][:100] if corp else []
        frame = views.frame(world)
    again = f"{request.url.path}?{request.url.query}"
    page = _PAGES.get_template("login.html").render(refusal=refusal, members=members, app=app, again=again, frame=frame)
    return HTMLResponse(page, status_code=400 if refusal else 200)


def _app(corp: Corp | None, agent_id: str) -> App | None:
    if corp is None:
        return None
    return corp.app(int(agent_id)) if agent_id.isdigit() else next(iter(corp.apps.values()))


def _faults(world: World) -> dict[str, Any]:
    told = told_faults(world, {})
    return {**told, "titles": FAULTS, "of_calls": OF_CALLS, "of_callbacks": OF_CALLBACKS}


def _scanned(world: World, key: str) -> dict[str, Any] | None:
    found = views.entrance(world, key)
    return {"entrance": found, "people": views.codes(world)["people"]} if found else None


def _asked(request: Request, *names: str) -> tuple[str, ...]:
    return tuple(request.query_params.get(name, "") for name in names)


def _page(request: Request) -> int:
    asked = request.query_params.get("page", "0")
    return int(asked) if asked.isdigit() else 0
