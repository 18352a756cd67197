"""Keys of programs; a secret is in the answer that makes it, and in no other."""

import datetime as dt
from typing import Annotated, Any

import fastapi
import pydantic

from wellspring.access import api
from wellspring.access.contracts import Key, KeyKind, Permission
from wellspring.access.http.shapes import Cursor, Ids, Limit, Moment, Name, Names, paged
from wellspring.kernel import units
from wellspring.kernel.web import Call, In, Out, allow

router = fastapi.APIRouter()
# A week is enough to change every program over; a longer overlap is a second key.
_OVERLAP_HOURS_MAX = 168


class KeyOut(Out):
    id: str
    name: str
    kind: KeyKind
    permissions: list[str]
    unit_ids: list[str]
    prefix: str
    created_by: str
    created_at: Moment
    expires_at: Moment | None
    last_used_at: Moment | None
    disabled_at: Moment | None
    overlap_until: Moment | None


class NewKeyOut(KeyOut):
    secret: str


class KeyPageOut(Out):
    rows: list[KeyOut]
    next_cursor: str | None
    total: int | None


class KeyIn(In):
    name: Name
    kind: KeyKind
    permissions: Names = pydantic.Field(default_factory=list)
    unit_ids: Ids = pydantic.Field(default_factory=list)
    expires_at: pydantic.AwareDatetime | None = None


class KeyRotationIn(In):
    overlap_hours: Annotated[int, pydantic.Field(ge=0, le=_OVERLAP_HOURS_MAX)] = 24


@router.get("/api/keys")
def list_keys(call: Annotated[Call, allow(Permission.KEY_READ)], limit: Limit = None, cursor: Cursor = None) -> KeyPageOut:
    """The keys within the caller's data scope, newest first."""
    found = api.list_keys(call.ws, by=call.by)
    page = paged([KeyOut(**_fields(key)) for key in found], [key.id for key in found], limit, cursor)
    return KeyPageOut(rows=list(page.rows), next_cursor=page.next_cursor, total=page.total)


@router.post("/api/keys", status_code=201)
def make_key(call: Annotated[Call, allow(Permission.KEY_WRITE)], body: KeyIn) -> NewKeyOut:
    """Makes a key; its secret is shown this once."""
    units.require(call.ws, body.unit_ids, by=call.by, field="unit_ids")
    made = api.make_key(
        call.ws,
        by=call.by,
        name=body.name,
        kind=body.kind,
        permissions=body.permissions,
        unit_ids=body.unit_ids,
        expires_at=body.expires_at,
    )
    return NewKeyOut(**_fields(made.key), secret=made.secret)


@router.post("/api/keys/{key_id}/rotate")
def rotate_key(call: Annotated[Call, allow(Permission.KEY_WRITE)], key_id: str, body: KeyRotationIn) -> NewKeyOut:
    """A new secret; the present one works for `overlap_hours` more."""
    made = api.rotate_key(call.ws, key_id, by=call.by, overlap=dt.timedelta(hours=body.overlap_hours))
    return NewKeyOut(**_fields(made.key), secret=made.secret)


@router.delete("/api/keys/{key_id}", status_code=204)
def disable_key(call: Annotated[Call, allow(Permission.KEY_WRITE)], key_id: str) -> None:
    """Ends the key at once and for good."""
    api.disable_key(call.ws, key_id, by=call.by)


def _fields(key: Key) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "kind": key.kind,
        "permissions": list(key.permissions),
        "unit_ids": list(key.unit_ids),
        "prefix": key.hint,
        "created_by": key.created_by,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "last_used_at": key.last_used_at,
        "disabled_at": key.disabled_at,
        "overlap_until": key.overlap_until,
    }
