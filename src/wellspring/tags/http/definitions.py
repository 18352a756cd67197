"""The addresses of groups and tags themselves."""

from typing import Annotated, Literal

import fastapi
import pydantic

from wellspring.kernel.web import Call, In, Out, allow
from wellspring.tags import api, errors
from wellspring.tags.contracts import EXPIRY_DAYS_MAX, NO_GROUP, GroupKind, Permission, State
from wellspring.tags.http.shapes import Id, Name, TagGroupOut, TagOut

router = fastapi.APIRouter()

_Text = Annotated[str, pydantic.Field(max_length=200)]
# A name of the console's palette, so that colours stay readable in both themes.
_Color = Annotated[str, pydantic.Field(pattern=r"^[a-z]{0,20}$")]
_Days = Annotated[int, pydantic.Field(ge=1, le=EXPIRY_DAYS_MAX)]
_Place = Annotated[int, pydantic.Field(ge=0, le=10_000)]
# What may be taken away by null; of everything else null means: as it is.
_CLEARED = {"expires_after_days", "rule_audience_id"}


class TagGroupIn(In):
    """A new group. A group of levels takes one tag of a member unless it is said otherwise."""

    name: Name
    kind: GroupKind = GroupKind.STATIC
    is_exclusive: bool | None = None
    description: _Text = ""
    color: _Color = ""


class TagGroupChangeIn(In):
    """What to change of a group."""

    name: Name | None = None
    kind: GroupKind | None = None
    is_exclusive: bool | None = None
    description: _Text | None = None
    color: _Color | None = None


class TagIn(In):
    """A new tag; a group that is not there yet is made."""

    group: Name = NO_GROUP
    name: Name
    description: _Text = ""
    expires_after_days: _Days | None = None
    rule_audience_id: Annotated[str, pydantic.Field(max_length=40)] | None = None


class TagChangeIn(In):
    """What to change of a tag."""

    name: Name | None = None
    description: _Text | None = None
    state: Literal[State.ACTIVE, State.RETIRED] | None = None
    position: _Place | None = None
    expires_after_days: _Days | None = None
    rule_audience_id: Annotated[str, pydantic.Field(max_length=40)] | None = None


class TagMergeIn(In):
    """Into which tag."""

    into: Annotated[str, pydantic.Field(max_length=60)]


class TagTallyOut(Out):
    """How many members gained a tag, and how many lost one."""

    put: int
    lifted: int


@router.get("/api/tags")
def list_tags(call: Annotated[Call, allow(Permission.TAG_READ)]) -> list[TagGroupOut]:
    """Every group with its tags and how many members carry each."""
    return [TagGroupOut.model_validate(group) for group in api.listing(call.ws)]


@router.post("/api/tags/groups", status_code=201)
def make_tag_group(call: Annotated[Call, allow(Permission.GROUP_WRITE)], body: TagGroupIn) -> TagGroupOut:
    """Makes a group of tags."""
    values = body.model_dump(exclude={"is_exclusive"})
    is_exclusive = body.kind is GroupKind.LEVEL if body.is_exclusive is None else body.is_exclusive
    return _group(call, api.add_group(call.ws, by=call.by, is_exclusive=is_exclusive, **values))


@router.patch("/api/tags/groups/{group_id}")
def change_tag_group(call: Annotated[Call, allow(Permission.GROUP_WRITE)], group_id: Id, body: TagGroupChangeIn) -> TagGroupOut:
    """Changes a group. One that becomes exclusive leaves every member the tag put last."""
    api.change_group(call.ws, by=call.by, group_id=group_id, values=_given(body))
    return _group(call, group_id)


@router.delete("/api/tags/groups/{group_id}", status_code=204)
def delete_tag_group(call: Annotated[Call, allow(Permission.GROUP_WRITE)], group_id: Id) -> None:
    """Deletes a group without tags."""
    api.delete_group(call.ws, by=call.by, group_id=group_id)


@router.post("/api/tags", status_code=201)
def make_tag(call: Annotated[Call, allow(Permission.GROUP_WRITE)], body: TagIn) -> TagOut:
    """Makes a tag."""
    with call.ws.sql.write():
        values = body.model_dump(exclude={"rule_audience_id"})
        tag_id = api.add_tag(call.ws, by=call.by, **values)
        if body.rule_audience_id is not None:
            _bind(call, tag_id, body.rule_audience_id)
    return TagOut.model_validate(api.get(call.ws, tag_id=tag_id))


@router.get("/api/tags/{tag_id}")
def read_tag(call: Annotated[Call, allow(Permission.TAG_READ)], tag_id: Id) -> TagOut:
    """One tag."""
    return TagOut.model_validate(api.get(call.ws, tag_id=tag_id))


@router.patch("/api/tags/{tag_id}")
def change_tag(call: Annotated[Call, allow(Permission.GROUP_WRITE)], tag_id: Id, body: TagChangeIn) -> TagOut:
    """Renames, describes, moves, retires a tag or brings it back; makes it follow an audience, or nothing (null)."""
    values = _given(body)
    with call.ws.sql.write():
        if "rule_audience_id" in values:
            _bind(call, tag_id, values.pop("rule_audience_id"))
        if values:
            api.change_tag(call.ws, by=call.by, tag_id=tag_id, values=values)
    return TagOut.model_validate(api.get(call.ws, tag_id=tag_id))


@router.delete("/api/tags/{tag_id}")
def delete_tag(call: Annotated[Call, allow(Permission.GROUP_WRITE)], tag_id: Id) -> TagTallyOut:
    """Lifts a tag from everyone and takes it out of use; its history stays."""
    return TagTallyOut.model_validate(api.delete_tag(call.ws, by=call.by, tag_id=tag_id))


@router.post("/api/tags/{tag_id}/merge")
def merge_tag(call: Annotated[Call, allow(Permission.GROUP_WRITE)], tag_id: Id, body: TagMergeIn) -> TagTallyOut:
    """Makes a tag another one: its members get the other, and it is deleted."""
    return TagTallyOut.model_validate(api.merge_tags(call.ws, by=call.by, tag_id=tag_id, into_id=body.into))


def _given(body: In) -> dict[str, object]:
    values = body.model_dump(mode="json", exclude_unset=True)
    return {name: value for name, value in values.items() if value is not None or name in _CLEARED}


def _bind(call: Call, tag_id: str, audience_id: object) -> None:
    wanted = None if audience_id is None else str(audience_id)
    if wanted is not None and api.audience_named(call.ws, audience_id=wanted) is None:
        raise errors.AudienceUnknown
    api.bind(call.ws, by=call.by, tag_id=tag_id, audience_id=wanted)


def _group(call: Call, group_id: str) -> TagGroupOut:
    found = next((group for group in api.listing(call.ws) if group.id == group_id), None)
    if found is None:
        raise errors.GroupUnknown
    return TagGroupOut.model_validate(found)
