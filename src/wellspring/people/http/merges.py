"""The addresses of merges and conflicts."""

from typing import Annotated

import fastapi
import pydantic

from wellspring.kernel.web import Call, In, Out, allow
from wellspring.people import api
from wellspring.people.contracts import Agreement, Decision, IdentityKind, Permission
from wellspring.people.http.shapes import Cursor, Id, Limit, MemberAttributeOut, MemberConsentOut, Moment, Reason

router = fastapi.APIRouter(tags=["people"])


class MergeIn(In):
    ids: Annotated[list[Annotated[str, pydantic.Field(max_length=60)]], pydantic.Field(min_length=2, max_length=2)]
    survivor_id: Annotated[str, pydantic.Field(max_length=60)] | None = None
    reason: Reason = ""


class MergeUndoIn(In):
    reason: Reason = ""


class MergeOut(Out):
    id: str
    survivor_no: int
    loser_no: int
    rule: str
    reason: str
    actor: str
    at: Moment
    undone_at: Moment | None
    undone_by: str | None
    undo_reason: str | None


class MergeMadeOut(Out):
    # Null when the two were one member already.
    merge: MergeOut | None


class MergesOut(Out):
    rows: list[MergeOut]


class FieldEvidenceOut(Out):
    field: str
    agreement: Agreement
    # In bits: how much more likely this is of one person than of two; below zero it speaks against it.
    weight: float
    # What may be shown of each side; only where a single conflict is read.
    holder: str | None
    claimant: str | None


class ConflictOut(Out):
    id: str
    state: str
    # Null of a likely duplicate: the two have no identifier in common.
    kind: IdentityKind | None
    value: str
    holder_no: int
    claimant_no: int
    reason: str
    source: str
    opened_at: Moment
    last_at: Moment
    times: int
    decision: Decision | None
    decided_by: str | None
    decided_at: Moment | None
    decision_reason: str | None
    probability: float | None
    fields: list[FieldEvidenceOut]


class ConflictsOut(Out):
    rows: list[ConflictOut]
    next_cursor: str | None
    total: int | None


class SideMemberOut(Out):
    id: str
    member_no: int
    state: str
    home_unit_id: str | None
    source: str
    name_masked: str | None
    phone_masked: str | None
    email_masked: str | None
    user_id: str | None
    buyer_masked: str | None
    created_at: Moment
    last_seen_at: Moment


class SideIdentityOut(Out):
    kind: IdentityKind
    namespace: str
    value: str
    source: str
    since: Moment


class ConflictSideOut(Out):
    member: SideMemberOut
    identities: list[SideIdentityOut]
    attributes: list[MemberAttributeOut]
    consents: list[MemberConsentOut]


class ConflictEvidenceOut(Out):
    conflict: ConflictOut
    holder: ConflictSideOut
    claimant: ConflictSideOut


class DuplicatesIn(In):
    # The least probability at which people are asked; null is the workspace's setting.
    least: Annotated[float, pydantic.Field(ge=0.5, lt=1)] | None = None


class DuplicatesOut(Out):
    job_id: str


class ConflictDecisionIn(In):
    decision: Decision
    survivor_id: Annotated[str, pydantic.Field(max_length=60)] | None = None
    reason: Reason = ""


# ---------------------------------------------------------------------------------------------- merges


@router.get("/api/members/{member_id}/merges")
def list_merges(call: Annotated[Call, allow(Permission.MEMBER_READ)], member_id: Id) -> MergesOut:
    """The merges that the member was part of, undone ones included."""
    return MergesOut(rows=[MergeOut.model_validate(one) for one in api.merges(call.ws, by=call.by, member_id=member_id)])


@router.post("/api/members/merge")
def merge_members(call: Annotated[Call, allow(Permission.MEMBER_MERGE)], body: MergeIn) -> MergeMadeOut:
    """Makes two members one; null when they already are."""
    made = api.merge(call.ws, by=call.by, ids=body.ids, survivor_id=body.survivor_id, reason=body.reason)
    return MergeMadeOut(merge=None if made is None else MergeOut.model_validate(made))


@router.post("/api/merges/{merge_id}/undo")
def undo_merge(call: Annotated[Call, allow(Permission.MEMBER_MERGE)], merge_id: Id, body: MergeUndoIn | None = None) -> MergeOut:
    """Takes a merge back; both are exactly as they were, and kept apart from then on."""
    return MergeOut.model_validate(api.unmerge(call.ws, by=call.by, merge_id=merge_id, reason=body.reason if body else ""))


# ------------------------------------------------------------------------------------------- conflicts


@router.get("/api/conflicts")
def list_conflicts(
    call: Annotated[Call, allow(Permission.CONFLICT_READ)],
    state: Annotated[str | None, fastapi.Query(pattern="^(open|decided)$")] = None,
    cursor: Cursor = None,
    limit: Limit = None,
) -> ConflictsOut:
    """Identifiers that two profiles claim, the newest first."""
    page = api.conflicts(call.ws, by=call.by, state=state, cursor=cursor, limit=limit)
    return ConflictsOut(rows=[ConflictOut.model_validate(one) for one in page.rows], next_cursor=page.next_cursor, total=page.total)


@router.post("/api/conflicts/propose", status_code=202)
def propose_conflicts(call: Annotated[Call, allow(Permission.CONFLICT_DECIDE)], body: DuplicatesIn | None = None) -> DuplicatesOut:
    """Queues a comparison of all members; who look like one person come into this queue, and nothing is merged.

    Needs `people:pii:read` too, and a view of every member: values are opened in memory for it.
    """
    return DuplicatesOut(job_id=api.propose_duplicates(call.ws, by=call.by, least=body.least if body else None))


@router.get("/api/conflicts/{conflict_id}")
def read_conflict(call: Annotated[Call, allow(Permission.CONFLICT_READ)], conflict_id: Id) -> ConflictEvidenceOut:
    """A conflict with both sides as evidence."""
    return ConflictEvidenceOut.model_validate(api.conflict(call.ws, by=call.by, conflict_id=conflict_id))


@router.post("/api/conflicts/{conflict_id}/decide")
def decide_conflict(call: Annotated[Call, allow(Permission.CONFLICT_DECIDE)], conflict_id: Id, body: ConflictDecisionIn) -> ConflictOut:
    """Merges the two, keeps them apart for good, or moves the identifier to the claimant."""
    decided = api.decide(
        call.ws, by=call.by, conflict_id=conflict_id, decision=body.decision, survivor_id=body.survivor_id, reason=body.reason
    )
    return ConflictOut.model_validate(decided)
