"""The addresses of corp tags: the two libraries, who wins, what a person has to decide, and tags of a relation."""

from typing import Annotated

import fastapi
import pydantic

from wellspring.channels import api
from wellspring.channels.contracts import Permission
from wellspring.channels.contracts.tags import DifferenceKind, TagDecision, Winner
from wellspring.channels.http.groups import AccountWantedIn, QueuedOut
from wellspring.channels.http.shapes import Cursor, Id, IdWanted, Limit, Moment
from wellspring.kernel.web import Call, In, Out, allow

router = fastapi.APIRouter(tags=["channels"])

_TagIds = Annotated[tuple[Annotated[str, pydantic.Field(min_length=1, max_length=64)], ...], pydantic.Field(max_length=100)]


class CorpTagOut(Out):
    """A corp tag and the one of ours that it is."""

    tag_id: str
    name: str
    our_tag_id: str | None
    is_gone: bool


class CorpTagGroupOut(Out):
    """A group of corp tags."""

    account_id: str
    group_id: str
    name: str
    our_group_id: str | None
    winner: Winner
    is_linked: bool
    tags: list[CorpTagOut]
    differences: int


class TagUpkeepOut(Out):
    """How far the two sides are from each other."""

    waiting: int
    failing: int
    synced_at: Moment | None


class CorpTagsOut(Out):
    """Both libraries as last compared."""

    groups: list[CorpTagGroupOut]
    upkeep: TagUpkeepOut


class TagGroupRuleIn(In):
    """Who wins in a group, and whether it is linked; null leaves it."""

    winner: Winner | None = None
    is_linked: bool | None = None


class TagDifferenceOut(Out):
    """What one side has and the other has not any more."""

    id: str
    account_id: str
    kind: DifferenceKind
    group_name: str
    name: str
    tag_id: str | None
    our_tag_id: str | None
    at: Moment
    decision: TagDecision | None
    decided_at: Moment | None


class TagDifferencesOut(Out):
    """A page of differences."""

    rows: list[TagDifferenceOut]
    next_cursor: str | None
    total: int | None


class TagDecisionIn(In):
    """Keep both as they are, make it again, or delete it on the other side too."""

    decision: TagDecision


class ContactTagsIn(In):
    """Corp tags to put on a relation and to lift from it."""

    account_id: Annotated[str, pydantic.Field(max_length=64)]
    userid: Annotated[str, pydantic.Field(max_length=64)]
    put: _TagIds = ()
    lift: _TagIds = ()


@router.get("/api/channels/tags")
def list_corp_tags(
    call: Annotated[Call, allow(Permission.TAG_READ)], account_id: Annotated[str, fastapi.Query(max_length=64)]
) -> CorpTagsOut:
    """The corp's tags, linked to ours."""
    groups = [CorpTagGroupOut.model_validate(one) for one in api.tag_groups(call.ws, account_id=account_id)]
    return CorpTagsOut(groups=groups, upkeep=TagUpkeepOut.model_validate(api.tag_upkeep(call.ws, account_id=account_id)))


@router.post("/api/channels/tags/sync", status_code=202)
def sync_corp_tags(call: Annotated[Call, allow(Permission.TAG_SYNC)], body: AccountWantedIn) -> QueuedOut:
    """Compares the two libraries."""
    return QueuedOut(job_id=api.sync_tags(call.ws, by=call.by, account_id=body.account_id))


@router.put("/api/channels/tags/groups/{corp_group_id}")
def change_corp_tag_group(call: Annotated[Call, allow(Permission.TAG_SYNC)], corp_group_id: Id, body: TagGroupRuleIn) -> CorpTagGroupOut:
    """Says who wins in a group, and whether it is linked at all."""
    found = api.change_tag_group(call.ws, by=call.by, group_id=corp_group_id, winner=body.winner, is_linked=body.is_linked)
    return CorpTagGroupOut.model_validate(found)


@router.get("/api/channels/tags/differences")
def list_tag_differences(
    call: Annotated[Call, allow(Permission.TAG_READ)],
    account_id: IdWanted = None,
    is_open: Annotated[bool | None, fastapi.Query()] = None,
    cursor: Cursor = None,
    limit: Limit = None,
) -> TagDifferencesOut:
    """What a person has to decide, or has."""
    page = api.tag_differences(call.ws, account_id=account_id, is_open=is_open is not False, cursor=cursor, limit=limit)
    return TagDifferencesOut.model_validate(page)


@router.post("/api/channels/tags/differences/{difference_id}")
def decide_tag_difference(call: Annotated[Call, allow(Permission.TAG_SYNC)], difference_id: Id, body: TagDecisionIn) -> TagDifferenceOut:
    """Carries out a decision."""
    found = api.decide_tag_difference(call.ws, by=call.by, difference_id=difference_id, decision=body.decision)
    return TagDifferenceOut.model_validate(found)


@router.post("/api/contacts/{external_userid}/tags", status_code=204)
def mark_contact(call: Annotated[Call, allow(Permission.TAG_MARK)], external_userid: Id, body: ContactTagsIn) -> None:
    """Puts and lifts corp tags on one relation."""
    # Whoever may not see the contact hears that there is none.
    api.contact_of(call.ws, by=call.by, account_id=body.account_id, external_userid=external_userid)
    api.mark_tags(
        call.ws,
        by=call.by,
        account_id=body.account_id,
        external_userid=external_userid,
        userid=body.userid,
        put=body.put,
        lift=body.lift,
    )
