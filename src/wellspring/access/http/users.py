"""Console users and their roles."""

from typing import Annotated, Literal

import fastapi
import pydantic

from wellspring.access import api
from wellspring.access.contracts import Permission, Role, User
from wellspring.access.http.shapes import Cursor, Ids, Limit, Moment, Name, Names, paged
from wellspring.kernel import units
from wellspring.kernel.auth import known_permissions
from wellspring.kernel.web import Call, In, Out, allow, installation_of

router = fastapi.APIRouter()


class UserOut(Out):
    id: str
    name: str
    email: str
    locale: str
    roles: list[str]
    unit_ids: list[str]
    staff_id: str | None
    disabled: bool
    has_password: bool
    has_totp: bool
    created_at: Moment
    last_seen_at: Moment | None


class UserPageOut(Out):
    rows: list[UserOut]
    next_cursor: str | None
    total: int | None


class UserIn(In):
    name: Name
    email: Annotated[str, pydantic.Field(max_length=254)]
    roles: Ids
    unit_ids: Ids = pydantic.Field(default_factory=list)
    staff_id: Annotated[str | None, pydantic.Field(max_length=40)] = None
    locale: Literal["zh-CN", "en"] = "zh-CN"


class UserChangeIn(In):
    name: Name | None = None
    roles: Ids | None = None
    unit_ids: Ids | None = None
    disabled: bool | None = None


class UserLinkOut(Out):
    url: str
    expires_at: Moment


@router.get("/api/users")
def list_users(call: Annotated[Call, allow(Permission.USER_READ)], limit: Limit = None, cursor: Cursor = None) -> UserPageOut:
    """The console users within the caller's data scope."""
    found = api.list_users(call.ws, by=call.by)
    page = paged([_user(user) for user in found], [user.id for user in found], limit, cursor)
    return UserPageOut(rows=list(page.rows), next_cursor=page.next_cursor, total=page.total)


@router.post("/api/users", status_code=201)
def invite_user(call: Annotated[Call, allow(Permission.USER_WRITE)], body: UserIn) -> UserOut:
    """Makes a user; a link from `/api/users/{user_id}/link` lets them in for the first time."""
    units.require(call.ws, body.unit_ids, by=call.by, field="unit_ids")
    made = api.invite_user(
        call.ws,
        by=call.by,
        email=body.email,
        name=body.name,
        role_ids=body.roles,
        unit_ids=body.unit_ids,
        staff_id=body.staff_id,
        locale=body.locale,
    )
    return _user(made)


@router.patch("/api/users/{user_id}")
def change_user(call: Annotated[Call, allow(Permission.USER_WRITE)], user_id: str, body: UserChangeIn) -> UserOut:
    """Changes roles, units, name, or disables the user."""
    units.require(call.ws, body.unit_ids or (), by=call.by, field="unit_ids")
    changed = api.change_user(
        call.ws, user_id, by=call.by, name=body.name, role_ids=body.roles, unit_ids=body.unit_ids, is_disabled=body.disabled
    )
    return _user(changed)


@router.post("/api/users/{user_id}/link", status_code=201)
def make_user_link(request: fastapi.Request, call: Annotated[Call, allow(Permission.USER_WRITE)], user_id: str) -> UserLinkOut:
    """A one-time sign-in link for the user; earlier ones end."""
    boot = installation_of(request).boot
    made = api.make_link(call.ws, user_id, by=call.by, lasting=boot.lab)
    return UserLinkOut(url=boot.public_url.rstrip("/") + made.path, expires_at=made.expires_at)


class RoleOut(Out):
    id: str
    name: str
    zh: str
    en: str
    permissions: list[str]
    builtin: bool
    needs_units: bool


class RoleListOut(Out):
    rows: list[RoleOut]


class RoleIn(In):
    zh: Name
    en: Name
    permissions: Names


class PermissionOut(Out):
    permission: str
    domain: str
    zh: str
    en: str


@router.get("/api/roles")
def list_roles(call: Annotated[Call, allow(Permission.ROLE_READ)]) -> RoleListOut:
    """Every role with what it permits."""
    return RoleListOut(rows=[_role(role) for role in api.list_roles(call.ws)])


@router.post("/api/roles", status_code=201)
def make_role(call: Annotated[Call, allow(Permission.ROLE_WRITE)], body: RoleIn) -> RoleOut:
    """Makes an own role out of permissions that the caller holds."""
    return _role(api.make_role(call.ws, by=call.by, zh=body.zh, en=body.en, permissions=body.permissions))


@router.put("/api/roles/{role_id}")
def change_role(call: Annotated[Call, allow(Permission.ROLE_WRITE)], role_id: str, body: RoleIn) -> RoleOut:
    """Replaces an own role."""
    return _role(api.change_role(call.ws, role_id, by=call.by, zh=body.zh, en=body.en, permissions=body.permissions))


@router.delete("/api/roles/{role_id}", status_code=204)
def drop_role(call: Annotated[Call, allow(Permission.ROLE_WRITE)], role_id: str) -> None:
    """Removes an own role that nobody holds."""
    api.drop_role(call.ws, role_id, by=call.by)


@router.get("/api/permissions")
def list_permissions(call: Annotated[Call, allow(Permission.ROLE_READ)]) -> list[PermissionOut]:
    """Every permission there is, with its words."""
    return [PermissionOut.model_validate(text) for text in known_permissions().values()]


def _user(user: User) -> UserOut:
    return UserOut(
        id=user.id,
        name=user.name,
        email=user.email,
        locale=user.locale,
        roles=list(user.role_ids),
        unit_ids=list(user.unit_ids),
        staff_id=user.staff_id,
        disabled=user.is_disabled,
        has_password=user.has_password,
        has_totp=user.has_totp,
        created_at=user.created_at,
        last_seen_at=user.last_seen_at,
    )


def _role(role: Role) -> RoleOut:
    return RoleOut(
        id=role.id,
        name=role.id,
        zh=role.zh,
        en=role.en,
        permissions=sorted(role.permissions),
        builtin=role.is_builtin,
        needs_units=role.needs_units,
    )
