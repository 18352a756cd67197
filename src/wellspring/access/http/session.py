"""Signing in and out, and what people change about themselves.

The cookie holds `{workspace}.{token}`, is invisible to scripts, and goes over TLS only in production.
"""

import io
from typing import Annotated, Literal, Protocol

import fastapi
import pydantic
import segno

from wellspring.access import api
from wellspring.access.contracts import Caller, NewSession, User
from wellspring.access.errors import CsrfRefused, LinkSpent, SignInRefused, UsersOnly
from wellspring.access.http.shapes import Moment, Name
from wellspring.kernel.auth import ActorKind
from wellspring.kernel.errors import NotFound, WellspringError
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.web import Call, In, Out, installation_of, public, signed_in
from wellspring.kernel.workspace import Workspace

COOKIE = "wellspring_session"
router = fastapi.APIRouter()


class SessionAuthenticator(Protocol):
    """What the app's authenticator offers besides reading requests: the owner of a session, with the scope expanded."""

    def of_session(self, ws: Workspace, token: str) -> Caller:
        """The user of a session token. Raises Unauthenticated."""
        ...


class SignInIn(In):
    workspace: Annotated[str | None, pydantic.Field(max_length=31)] = None
    email: Annotated[str, pydantic.Field(max_length=254)]
    password: Annotated[str, pydantic.Field(max_length=1000)]
    totp: Annotated[str | None, pydantic.Field(max_length=10)] = None


class SignInLinkIn(In):
    workspace: Annotated[str, pydantic.Field(max_length=31)]
    token: Annotated[str, pydantic.Field(max_length=100)]


class SessionUserOut(Out):
    id: str
    name: str
    email: str
    locale: str
    roles: list[str]
    staff_id: str | None
    has_password: bool
    has_totp: bool


class SessionWorkspaceOut(Out):
    slug: str
    name: str
    time_zone: str
    currency: str
    is_demo: bool
    lab: bool


class SessionScopeOut(Out):
    all: bool
    unit_ids: list[str]


class SessionOut(Out):
    user: SessionUserOut
    workspace: SessionWorkspaceOut
    permissions: list[str]
    scope: SessionScopeOut
    csrf_token: str
    now: Moment


@router.get("/api/session")
def read_session(request: fastapi.Request, call: Annotated[Call, signed_in()]) -> SessionOut:
    """The signed-in user, what they may do and see, and the token for changing requests."""
    return _session(request, call)


@router.post("/api/session", dependencies=[public("signing in needs no session; attempts are counted and slowed down")])
def start_session(request: fastapi.Request, response: fastapi.Response, body: SignInIn) -> SessionOut:
    """Signs in with e-mail and password; the session is kept in a cookie that scripts cannot read."""
    ws = _entered(request, body.workspace, SignInRefused())
    lasting = installation_of(request).boot.lab
    made = api.sign_in(ws, email=body.email, password=body.password, code=body.totp, address=_address(request), lasting=lasting)
    return _opened(request, response, made)


@router.post("/api/session/link", dependencies=[public("the link is the credential: one use, 192 random bits")])
def start_session_by_link(request: fastapi.Request, response: fastapi.Response, body: SignInLinkIn) -> SessionOut:
    """Signs in with a one-time link."""
    ws = _entered(request, body.workspace, LinkSpent())
    return _opened(
        request, response, api.sign_in_by_link(ws, token=body.token, address=_address(request), lasting=installation_of(request).boot.lab)
    )


@router.delete("/api/session", status_code=204)
def end_session(request: fastapi.Request, response: fastapi.Response, call: Annotated[Call, signed_in()]) -> None:
    """Signs out here; other sessions of the user go on."""
    _own(call)
    api.sign_out(call.ws, _token(request))
    response.delete_cookie(COOKIE, path="/")


# -------------------------------------------------------------------------------------------- account


class AccountIn(In):
    name: Name | None = None
    locale: Literal["zh-CN", "en"] | None = None


class PasswordIn(In):
    old: Annotated[str | None, pydantic.Field(max_length=1000)] = None
    new: Annotated[str, pydantic.Field(max_length=1000)]


class TotpIn(In):
    code: Annotated[str, pydantic.Field(pattern=r"^\d{6}$")]


class TotpOut(Out):
    secret: str
    uri: str
    qr_svg: str


@router.put("/api/account")
def change_account(request: fastapi.Request, call: Annotated[Call, signed_in()], body: AccountIn) -> SessionOut:
    """Changes one's own name and language."""
    _own(call)
    api.rename(call.ws, by=call.by, name=body.name, locale=body.locale)
    return _session(request, call)


@router.put("/api/account/password", status_code=204)
def change_password(request: fastapi.Request, call: Annotated[Call, signed_in()], body: PasswordIn) -> None:
    """Sets one's own password; every other session ends."""
    _own(call)
    api.set_password(call.ws, by=call.by, token=_token(request), old=body.old, new=body.new)


@router.post("/api/account/totp")
def begin_totp(call: Annotated[Call, signed_in()]) -> TotpOut:
    """A fresh secret for an authenticator, as text and as a QR code; not yet in force."""
    _own(call)
    made = api.begin_totp(call.ws, by=call.by)
    drawing = io.BytesIO()
    segno.make(made.uri, error="m").save(drawing, kind="svg", scale=4, xmldecl=False, svgns=True)
    return TotpOut(secret=made.secret, uri=made.uri, qr_svg=drawing.getvalue().decode())


@router.put("/api/account/totp", status_code=204)
def confirm_totp(call: Annotated[Call, signed_in()], body: TotpIn) -> None:
    """Turns the second factor on with a first code."""
    _own(call)
    api.confirm_totp(call.ws, body.code, by=call.by)


@router.delete("/api/account/totp", status_code=204)
def end_totp(call: Annotated[Call, signed_in()]) -> None:
    """Turns the second factor off."""
    _own(call)
    api.end_totp(call.ws, by=call.by)


# --------------------------------------------------------------------------------------------- pieces


def _entered(request: fastapi.Request, slug: str | None, refusal: WellspringError) -> Workspace:
    """The workspace to sign in to; without a name the only one there is. An unknown one looks like a wrong password."""
    if request.headers.get("sec-fetch-site") == "cross-site":
        # Another site must not sign a browser in to an account of its own choosing.
        raise CsrfRefused
    installation = installation_of(request)
    slugs = installation.slugs()
    chosen = slug or (slugs[0] if len(slugs) == 1 else "")
    try:
        return installation.workspace(chosen)
    except NotFound as unknown:
        raise refusal from unknown


def _opened(request: fastapi.Request, response: fastapi.Response, made: NewSession) -> SessionOut:
    installation = installation_of(request)
    slug, _, token = made.cookie.partition(".")
    ws = installation.workspace(slug)
    earlier = request.cookies.get(COOKIE, "").partition(".")
    if earlier[0] == slug and earlier[2]:
        # The browser's earlier session ends: what was planted or left behind is not carried on.
        api.sign_out(ws, earlier[2])
    seconds = int((made.expires_at - ws.clock.now()).total_seconds())
    response.set_cookie(COOKIE, made.cookie, max_age=seconds, path="/", httponly=True, samesite="lax", secure=installation.boot.production)
    authenticate: SessionAuthenticator = request.app.state.authenticate
    return _shown(request, Call(ws, authenticate.of_session(ws, token).principal), made.user, made.csrf_token)


def _session(request: fastapi.Request, call: Call) -> SessionOut:
    _own(call)
    return _shown(request, call, api.own_user(call.ws, by=call.by), api.csrf_token(call.ws, _token(request)))


def _shown(request: fastapi.Request, call: Call, user: User, csrf_token: str) -> SessionOut:
    workspace = call.ws.settings.get(WorkspaceSettings)
    unit_ids = call.by.scope.unit_ids
    return SessionOut(
        user=SessionUserOut(
            id=user.id,
            name=user.name,
            email=user.email,
            locale=user.locale,
            roles=list(user.role_ids),
            staff_id=user.staff_id,
            has_password=user.has_password,
            has_totp=user.has_totp,
        ),
        workspace=SessionWorkspaceOut(
            slug=call.ws.slug,
            name=workspace.name,
            time_zone=workspace.time_zone,
            currency=workspace.currency,
            is_demo=workspace.is_demo,
            lab=installation_of(request).boot.lab,
        ),
        permissions=sorted(call.by.permissions),
        scope=SessionScopeOut(all=unit_ids is None, unit_ids=sorted(unit_ids or ())),
        csrf_token=csrf_token,
        now=call.ws.clock.now(),
    )


def _token(request: fastapi.Request) -> str:
    return request.cookies.get(COOKIE, "").partition(".")[2]


def _own(call: Call) -> None:
    if call.by.kind is not ActorKind.USER:
        raise UsersOnly


def _address(request: fastapi.Request) -> str:
    return request.client.host if request.client else ""
