"""What the pages for customers share: whose workspace an address is of, who is looking (a random cookie), and how a page is sent.

The cookie holds 128 random bits and nothing else; only its keyed hash is kept, and another one per brand.
"""

import base64
import dataclasses
import hashlib
import re
import secrets
from collections.abc import Mapping
from typing import Any

import fastapi
from fastapi.responses import HTMLResponse

from wellspring.kernel.bots import is_bot
from wellspring.kernel.errors import NotFound
from wellspring.kernel.web import PROBLEMS, installation_of
from wellspring.kernel.workspace import Workspace

COOKIE = "wellspring_visitor"
_COOKIE_BYTES = 16
_COOKIE_SHAPE = re.compile(r"^[A-Za-z0-9_-]{22}$")
# Browsers keep a cookie for 400 days at most (RFC 6265bis).
_COOKIE_SECONDS = 400 * 86_400
_HTML: dict[str, Any] = {"text/html": {}}
# What is not there, or asked for too often, is told to a customer as a page, too.
PAGE_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": _HTML},
    **{status: {**PROBLEMS[status], "content": {**PROBLEMS[status]["content"], **_HTML}} for status in (404, 409, 429)},
}
_STYLES = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Visitor:
    """Who is looking: the cookie (made if there was none), and what is kept of it and of the address."""

    cookie: str
    is_known: bool
    is_bot: bool
    scanner: bytes
    address: bytes


def visitor_of(request: fastapi.Request, ws: Workspace, purpose: str) -> Visitor:
    """Finds out who is looking; what is kept of them tells the same person only within one purpose."""
    given = request.cookies.get(COOKIE, "")
    is_known = bool(_COOKIE_SHAPE.match(given))
    cookie = given if is_known else secrets.token_urlsafe(_COOKIE_BYTES)
    host = request.client.host if request.client else ""
    return Visitor(
        cookie=cookie,
        is_known=is_known,
        is_bot=request.method == "HEAD" or is_bot(request.headers),
        scanner=ws.keys.blind(f"{purpose}.scanner", cookie),
        address=ws.keys.blind(f"{purpose}.address", host),
    )


def workspace_of(request: fastapi.Request, token: str) -> tuple[Workspace, str]:
    """The workspace that an address "slug.rest" names, and the rest; without a slug the only one there is. Raises NotFound."""
    slug, dot, rest = token.partition(".")
    installation = installation_of(request)
    if dot:
        return installation.workspace(slug.lower()), rest
    slugs = installation.slugs()
    if len(slugs) != 1:
        raise NotFound
    return installation.workspace(slugs[0]), token


def language_of(request: fastapi.Request) -> str:
    """zh-CN unless the browser asks for something else first."""
    return "zh-CN" if request.headers.get("accept-language", "zh-CN").startswith("zh") else "en"


def words_in(texts: Mapping[str, Mapping[str, str]], language: str) -> Mapping[str, str]:
    """The texts of a language."""
    return texts["zh" if language.startswith("zh") else "en"]


def base_of(request: fastapi.Request) -> str:
    """The address under which customers open pages."""
    return installation_of(request).boot.public_url.rstrip("/") or str(request.base_url).rstrip("/")


def sent(request: fastapi.Request, page: str, visitor: Visitor | None = None, *, status: int = 200) -> HTMLResponse:
    """The page with a policy that allows its own style, pictures of this origin and nothing else."""
    styles = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in _STYLES.findall(page))
    policy = f"default-src 'none'; img-src 'self'; style-src {styles}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    headers = {"content-security-policy": policy, "cache-control": "no-store", "x-robots-tag": "noindex, nofollow"}
    answer = HTMLResponse(page, status_code=status, headers=headers)
    if visitor is not None and not visitor.is_known and not visitor.is_bot:
        secure = request.url.scheme == "https" or installation_of(request).boot.production
        answer.set_cookie(COOKIE, visitor.cookie, max_age=_COOKIE_SECONDS, httponly=True, samesite="lax", secure=secure)
    return answer
