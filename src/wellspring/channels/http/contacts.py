"""The addresses of contacts, callbacks, welcomes, staff and syncs."""

from typing import Annotated

import fastapi
import pydantic

from wellspring.channels import api
from wellspring.channels.contracts import CallbackState, Permission, RelationState, WelcomeState
from wellspring.channels.http.shapes import Asked, Cursor, Id, IdWanted, Limit, Moment
from wellspring.kernel.web import Call, In, Out, allow
from wellspring.people import api as people
from wellspring.people.contracts import Permission as PeoplePermission

router = fastapi.APIRouter(tags=["contacts"])


class RelationOut(Out):
    """One staff member and one contact."""

    account_id: str
    external_userid: str
    userid: str
    staff_id: str | None
    state: RelationState
    is_half: bool
    added_at: Moment | None
    ended_at: Moment | None
    state_text: str
    add_way: int
    remark_masked: str | None
    tag_ids: list[str]


class ContactOut(Out):
    """A contact with everybody who follows or followed it."""

    account_id: str
    external_userid: str
    member_no: int
    member_id: str | None = None
    name_masked: str | None
    kind: int
    gender: int
    avatar: str
    has_unionid: bool
    is_following: bool
    first_added_at: Moment | None
    last_added_at: Moment | None
    fetched_at: Moment | None
    relations: list[RelationOut]


class ContactsOut(Out):
    """A page of contacts."""

    rows: list[ContactOut]
    next_cursor: str | None
    total: int | None = None


class ContactNameOut(Out):
    """A contact's plain name."""

    name: str


class StaffMemberOut(Out):
    """A staff member as the platform knows them."""

    account_id: str
    userid: str
    staff_id: str | None
    name: str
    is_active: bool
    can_contact: bool
    contacts: int


class StaffMembersOut(Out):
    """Everybody of an account who has or may have contacts."""

    rows: list[StaffMemberOut]


class StaffLinkIn(In):
    """Who a userid is in the organisation; null for nobody."""

    staff_id: Annotated[str, pydantic.Field(max_length=40)] | None = None


class CallbackOut(Out):
    """A callback as it was kept, without its content."""

    id: int
    account_id: str
    state: CallbackState
    event: str
    change: str
    reason: str
    times: int
    attempts: int
    happened_at: Moment | None
    received_at: Moment
    done_at: Moment | None


class CallbacksOut(Out):
    """A page of callbacks."""

    rows: list[CallbackOut]
    next_cursor: str | None
    total: int | None = None


class WelcomeOut(Out):
    """One line of the welcome ledger."""

    id: str
    account_id: str
    external_userid: str
    userid: str
    state: WelcomeState
    variant: str
    code: int
    added_at: Moment
    planned_at: Moment
    ended_at: Moment | None
    latency_millis: int | None


class WelcomesOut(Out):
    """A page of the welcome ledger."""

    rows: list[WelcomeOut]
    next_cursor: str | None
    total: int | None = None


class SyncRunOut(Out):
    """A walk through everything that a corp has, and how far it is."""

    id: str
    account_id: str
    kind: str
    state: str
    phase: str
    done: int
    total: int
    contacts: int
    relations: int
    changed: int
    started_at: Moment
    finished_at: Moment | None
    job_id: str
    problem_code: int | None


class SyncRunsOut(Out):
    """The newest runs."""

    rows: list[SyncRunOut]


@router.get("/api/contacts")
def list_contacts(
    call: Annotated[Call, allow(Permission.CONTACT_READ)],
    account_id: IdWanted = None,
    userid: IdWanted = None,
    state: RelationState | None = None,
    since: Annotated[Asked | None, fastapi.Query(alias="from")] = None,
    until: Annotated[Asked | None, fastapi.Query(alias="to")] = None,
    cursor: Cursor = None,
    limit: Limit = None,
) -> ContactsOut:
    """Contacts whom the caller may see, those added last first; with a state, those with such a relation."""
    page = api.contacts(
        call.ws, by=call.by, account_id=account_id, userid=userid, state=state, since=since, until=until, cursor=cursor, limit=limit
    )
    rows = [ContactOut.model_validate(contact) for contact in page.rows]
    members = people.members_of(call.ws, by=call.by, member_nos=[row.member_no for row in rows])
    for row in rows:
        row.member_id = members[row.member_no].id if row.member_no in members else None
    return ContactsOut(rows=rows, next_cursor=page.next_cursor)


@router.get("/api/contacts/{account_id}/{external_userid}")
def get_contact(call: Annotated[Call, allow(Permission.CONTACT_READ)], account_id: Id, external_userid: Id) -> ContactOut:
    """One contact with everybody who follows or followed it."""
    contact = api.contact_of(call.ws, by=call.by, account_id=account_id, external_userid=external_userid)
    out = ContactOut.model_validate(contact)
    found = people.members_of(call.ws, by=call.by, member_nos=[contact.member_no]).get(contact.member_no)
    out.member_id = found.id if found else None
    return out


@router.post("/api/contacts/{account_id}/{external_userid}/reveal")
def reveal_contact(call: Annotated[Call, allow(PeoplePermission.PII_READ)], account_id: Id, external_userid: Id) -> ContactNameOut:
    """The contact's plain name; every reading is audited."""
    return ContactNameOut(name=api.reveal_contact(call.ws, by=call.by, account_id=account_id, external_userid=external_userid))


@router.get("/api/members/{member_id}/relations")
def list_member_relations(call: Annotated[Call, allow(Permission.CONTACT_READ)], member_id: Id) -> list[RelationOut]:
    """Everybody of the staff who follows or followed the member."""
    member_no = people.member_no(call.ws, by=call.by, member_id=member_id)
    return [RelationOut.model_validate(relation) for relation in api.relations_of(call.ws, member_no)]


@router.get("/api/channels/accounts/{account_id}/staff")
def list_account_staff(call: Annotated[Call, allow(Permission.CONTACT_READ)], account_id: Id) -> StaffMembersOut:
    """Staff members of the account, who they are in the organisation, and how many contacts each has."""
    api.account(call.ws, account_id)
    return StaffMembersOut(rows=[StaffMemberOut.model_validate(one) for one in api.staff_of(call.ws, account_id)])


@router.put("/api/channels/accounts/{account_id}/staff/{userid}", status_code=204)
def link_account_staff(call: Annotated[Call, allow(Permission.ACCOUNT_WRITE)], account_id: Id, userid: Id, body: StaffLinkIn) -> None:
    """Says by hand who a userid is in the organisation."""
    api.account(call.ws, account_id)
    api.link_staff(call.ws, by=call.by, account_id=account_id, userid=userid, staff_id=body.staff_id)


@router.get("/api/channels/callbacks")
def list_callbacks(
    call: Annotated[Call, allow(Permission.CALLBACK_READ)],
    account_id: IdWanted = None,
    state: CallbackState | None = None,
    event: IdWanted = None,
    cursor: Cursor = None,
    limit: Limit = None,
) -> CallbacksOut:
    """What the platforms told, the newest first."""
    page = api.callbacks(call.ws, account_id=account_id, state=state, event=event, cursor=cursor, limit=limit)
    return CallbacksOut(rows=[CallbackOut.model_validate(row) for row in page.rows], next_cursor=page.next_cursor)


@router.post("/api/channels/callbacks/{callback_id}/replay", status_code=204)
def replay_callback(
    call: Annotated[Call, allow(Permission.CALLBACK_REPLAY)], callback_id: Annotated[int, fastapi.Path(ge=1, le=2**62)]
) -> None:
    """Has a callback worked once more; one refused at the door is judged with today's keys."""
    api.replay_callback(call.ws, by=call.by, callback_id=callback_id)


@router.get("/api/channels/welcomes")
def list_welcomes(
    call: Annotated[Call, allow(Permission.CONTACT_READ)],
    account_id: IdWanted = None,
    state: WelcomeState | None = None,
    cursor: Cursor = None,
    limit: Limit = None,
) -> WelcomesOut:
    """The ledger of welcomes, the newest first."""
    page = api.welcome_page(call.ws, account_id=account_id, state=state, cursor=cursor, limit=limit)
    return WelcomesOut(rows=[WelcomeOut.model_validate(row) for row in page.rows], next_cursor=page.next_cursor)


@router.get("/api/channels/accounts/{account_id}/syncs")
def list_syncs(call: Annotated[Call, allow(Permission.ACCOUNT_READ)], account_id: Id) -> SyncRunsOut:
    """The newest runs, with how far they are."""
    api.account(call.ws, account_id)
    return SyncRunsOut(rows=[SyncRunOut.model_validate(run) for run in api.syncs(call.ws, account_id)])


@router.post("/api/channels/accounts/{account_id}/sync", status_code=202)
def start_sync(call: Annotated[Call, allow(Permission.SYNC_RUN)], account_id: Id) -> SyncRunOut:
    """Queues a walk through everything the corp has."""
    return SyncRunOut.model_validate(api.start_sync(call.ws, by=call.by, account_id=account_id))


@router.post("/api/channels/accounts/{account_id}/sync/{sync_id}/stop")
def stop_sync(call: Annotated[Call, allow(Permission.SYNC_RUN)], account_id: Id, sync_id: Id) -> SyncRunOut:
    """Ends a run where it is; what it has taken stays."""
    return SyncRunOut.model_validate(api.stop_sync(call.ws, by=call.by, account_id=account_id, sync_id=sync_id))
