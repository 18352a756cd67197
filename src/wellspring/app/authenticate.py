"""Who is calling: a session cookie, an API key, or this machine's own command line.

The workspace is named inside the credential, so one address serves many brands and no header can point a credential at
another brand's stores. Cookies need a CSRF token on everything that changes; keys travel in a header that no other site
can set. Write keys open nothing here: they are for /v1 alone.
"""

import hmac

import fastapi

from wellspring.access import api as access
from wellspring.access.contracts import Caller, KeyKind
from wellspring.access.errors import CsrfRefused
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.errors import NotFound, Unauthenticated
from wellspring.kernel.web import Call
from wellspring.kernel.workspace import Installation, Workspace
from wellspring.organization import api as organization

COOKIE = "wellspring_session"
# `Bearer wsl_{workspace}_{token}`: the command line on this machine, with the token from server.json.
LOCAL_PREFIX = "wsl"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Authentication:
    """Finds the caller of a request; kept on the app's state for every route."""

    def __init__(self, installation: Installation, *, local_token: str = "") -> None:
        self._installation = installation
        self._local_token = local_token

    def __call__(self, request: fastapi.Request) -> Call:
        """The call with its workspace and principal. Raises Unauthenticated, CsrfRefused."""
        scheme, _, credential = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self._of_bearer(request, credential.strip())
        return self._of_cookie(request)

    def of_session(self, ws: Workspace, token: str) -> Caller:
        """The user of a session token, with the scope expanded to whole subtrees. Raises Unauthenticated."""
        return access.authenticate_session(ws, token, expand=expand)

    def _of_bearer(self, request: fastapi.Request, credential: str) -> Call:
        prefix, _, rest = credential.partition("_")
        slug, _, token = rest.partition("_")
        language = request.headers.get("accept-language", "zh-CN")
        if prefix == LOCAL_PREFIX and self._local_token and hmac.compare_digest(token.encode(), self._local_token.encode()):
            return Call(self._workspace(slug), SYSTEM, language)
        named = access.parse_key(credential)
        if named is None or named[0] is not KeyKind.API:
            raise Unauthenticated
        ws = self._workspace(named[1])
        return Call(ws, access.authenticate_key(ws, credential, kind=KeyKind.API, expand=expand).principal, language)

    def _of_cookie(self, request: fastapi.Request) -> Call:
        slug, _, token = request.cookies.get(COOKIE, "").partition(".")
        if not token:
            raise Unauthenticated
        ws = self._workspace(slug)
        caller = self.of_session(ws, token)
        given = request.headers.get("x-csrf-token", "")
        if request.method not in _SAFE_METHODS and not hmac.compare_digest(given.encode(), (caller.csrf_token or "").encode()):
            raise CsrfRefused
        return Call(ws, caller.principal, request.headers.get("accept-language") or caller.locale or "zh-CN")

    def _workspace(self, slug: str) -> Workspace:
        try:
            return self._installation.workspace(slug)
        except NotFound as unknown:
            raise Unauthenticated from unknown


def expand(ws: Workspace, unit_ids: frozenset[str]) -> frozenset[str]:
    """The units with everything below them as of today."""
    return organization.subtree_ids(ws, unit_ids)
