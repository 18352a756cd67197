"""The addresses of who carries a tag: its members, their history, many puttings and liftings at once."""

from typing import Annotated

import fastapi
import pydantic
from pyroaring import BitMap

from wellspring.kernel.errors import TooLarge
from wellspring.kernel.pages import encode_cursor, limit_of
from wellspring.kernel.web import Call, In, Out, allow
from wellspring.people import api as people
from wellspring.people.contracts import Identity, IdentityKind, Member
from wellspring.tags import api
from wellspring.tags.contracts import MemberTag, Permission, Verb
from wellspring.tags.http.shapes import Asked, Cursor, Id, Limit, Moment, Reason, TagChangesOut, visible
from wellspring.tags.rules import place_of

router = fastapi.APIRouter()

# One transaction of half a second; more comes as an import.
_MEMBERS_MAX = 5_000
# Members looked at for one page of whoever sees a part of the brand only.
_SCANNED_MAX = 5_000
_NUMBER_MAX = 2**32 - 1


class TagPersonIn(In):
    """A person by one identifier."""

    kind: IdentityKind
    value: Annotated[str, pydantic.Field(min_length=1, max_length=200)]
    namespace: Annotated[str, pydantic.Field(max_length=100)] = ""


_Person = Annotated[str, pydantic.Field(min_length=1, max_length=60)] | TagPersonIn
_Persons = Annotated[list[_Person], pydantic.Field(max_length=_MEMBERS_MAX)]


class TagMembersIn(In):
    """Members, by id or by an identifier, to put a tag on and to lift it from; `clear` gives them back to the tag's rule."""

    put: _Persons = pydantic.Field(default=[])
    lift: _Persons = pydantic.Field(default=[])
    clear: _Persons = pydantic.Field(default=[])
    reason: Reason = ""
    expires_at: Asked | None = None


class TagMembersChangedOut(Out):
    """What came of it; `skipped` are unknown, departed, or outside the caller's data scope."""

    put: int
    lifted: int
    cleared: int
    skipped: int


class TagMemberOut(Out):
    """A member who carries a tag, masked, and how it came to that."""

    id: str
    member_no: int
    name_masked: str | None
    phone_masked: str | None
    user_id: str | None
    home_unit_id: str | None
    at: Moment
    expires_at: Moment | None
    source: str
    reason: str
    actor: str
    is_exception: bool


class TagMembersOut(Out):
    """A page of members in order of their numbers."""

    rows: list[TagMemberOut]
    next_cursor: str | None
    total: int | None


class TagExceptionOut(Out):
    """What staff said of a member against a tag's rule."""

    member_id: str
    member_no: int
    name_masked: str | None
    verb: Verb
    at: Moment
    reason: str
    actor: str


class TagExceptionsOut(Out):
    """All exceptions of a tag."""

    rows: list[TagExceptionOut]


@router.get("/api/tags/{tag_id}/history")
def list_tag_history(
    call: Annotated[Call, allow(Permission.TAG_READ)], tag_id: Id, cursor: Cursor = None, limit: Limit = None
) -> TagChangesOut:
    """Puttings and liftings of a tag, the newest first, of members whom the caller may see."""
    page = api.tag_history(call.ws, tag_id=tag_id, cursor=cursor, limit=limit)
    return TagChangesOut(rows=visible(call, page.rows), next_cursor=page.next_cursor)


@router.get("/api/tags/{tag_id}/members")
def list_tag_members(
    call: Annotated[Call, allow(Permission.TAG_READ)], tag_id: Id, cursor: Cursor = None, limit: Limit = None
) -> TagMembersOut:
    """Who carries a tag, masked, in order of their numbers."""
    carrying = api.members(call.ws, tag_id=tag_id)
    size = limit_of(limit)
    left = BitMap(carrying)
    if cursor:
        left.remove_range(0, min(place_of(cursor), _NUMBER_MAX) + 1)
    shown: list[Member] = []
    scanned, last = 0, None
    while left and len(shown) < size and scanned < _SCANNED_MAX:
        numbers = list(left[: size - len(shown)])
        found = people.members_of(call.ws, by=call.by, member_nos=numbers)
        shown += [found[number] for number in numbers if number in found]
        scanned, last = scanned + len(numbers), numbers[-1]
        left.remove_range(0, last + 1)
    origins = api.carriers(call.ws, tag_id=tag_id, member_nos=[member.member_no for member in shown])
    rows = [_row(member, origins[member.member_no]) for member in shown if member.member_no in origins]
    following = encode_cursor([last]) if left and last is not None else None
    return TagMembersOut(rows=rows, next_cursor=following, total=len(carrying) if call.by.scope.is_all else None)


@router.post("/api/tags/{tag_id}/members")
def change_tag_members(call: Annotated[Call, allow(Permission.TAG_WRITE)], tag_id: Id, body: TagMembersIn) -> TagMembersChangedOut:
    """Puts a tag on members and lifts it from others; whoever is outside the data scope is skipped."""
    if len(body.put) + len(body.lift) + len(body.clear) > _MEMBERS_MAX:
        raise TooLarge(limit=_MEMBERS_MAX)
    put, lift, clear = (people.numbers_visible(call.ws, by=call.by, names=_named(listed)) for listed in (body.put, body.lift, body.clear))
    with call.ws.sql.write():
        found = api.set_members(
            call.ws,
            by=call.by,
            tag_id=tag_id,
            put=BitMap(filter(None, put)),
            lift=BitMap(filter(None, lift)),
            reason=body.reason,
            expires_at=body.expires_at,
        )
        cleared = api.clear_exceptions(call.ws, by=call.by, tag_id=tag_id, member_nos=BitMap(filter(None, clear)))
    return TagMembersChangedOut(put=found.put, lifted=found.lifted, cleared=cleared, skipped=[*put, *lift, *clear].count(0))


@router.get("/api/tags/{tag_id}/exceptions")
def list_tag_exceptions(call: Annotated[Call, allow(Permission.TAG_READ)], tag_id: Id) -> TagExceptionsOut:
    """What staff said by hand against a tag's rule, of members whom the caller may see."""
    listed = api.exceptions(call.ws, tag_id=tag_id)
    holders = people.holders_of(call.ws, member_nos=[one.member_no for one in listed])
    found = people.members_of(call.ws, by=call.by, member_nos=sorted(set(holders)))
    rows = []
    for one, holder in zip(listed, holders, strict=True):
        if (member := found.get(holder)) is not None:
            named = {"member_id": member.id, "member_no": holder, "name_masked": member.name_masked}
            rows.append(TagExceptionOut(**named, verb=one.verb, at=one.at, reason=one.reason, actor=one.actor))
    return TagExceptionsOut(rows=rows)


def _named(listed: list[_Person]) -> list[str | Identity]:
    return [one if isinstance(one, str) else Identity(one.kind, one.value, one.namespace) for one in listed]


def _row(member: Member, tag: MemberTag) -> TagMemberOut:
    return TagMemberOut(
        id=member.id,
        member_no=member.member_no,
        name_masked=member.name_masked,
        phone_masked=member.phone_masked,
        user_id=member.user_id,
        home_unit_id=member.home_unit_id,
        at=tag.at,
        expires_at=tag.expires_at,
        source=tag.source,
        reason=tag.reason,
        actor=tag.actor,
        is_exception=tag.is_exception,
    )
