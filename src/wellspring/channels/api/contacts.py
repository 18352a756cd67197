"""Contacts, who follows them, what arrived, and the welcome that answers an arrival."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from wellspring.channels.contracts import (
    Callback,
    CallbackState,
    Contact,
    Relation,
    RelationState,
    StaffMember,
    SyncRun,
    WelcomeRow,
    WelcomeState,
)
from wellspring.channels.rules import codes as _codes
from wellspring.channels.service import accounts as _accounts
from wellspring.channels.service import arriving as _arriving
from wellspring.channels.service import callbacks as _callbacks
from wellspring.channels.service import contacts as _contacts
from wellspring.channels.service import greeting as _greeting
from wellspring.channels.service import keeping as _keeping
from wellspring.channels.service import reconciling as _reconciling
from wellspring.channels.service import syncing as _syncing
from wellspring.kernel.auth import Principal
from wellspring.kernel.pages import Page
from wellspring.kernel.workspace import Workspace

# Whoever knows the words of a welcome registers here: fn(ws, Arrived) -> Welcome | None.
register_greeter = _greeting.register
# For a clock that is moved by hours together with the platform's own: welcomes are in time by this machine's.
count_welcomes_by_machine = _greeting.count_by_machine
# The door of callbacks, for http.
knows_account = _keeping.knows
verify_address = _keeping.verify_address
receive_callback = _keeping.receive
# The reason and the advice behind a platform's code, each in zh-CN and English.
words = _codes.words
register_contact_callbacks = _arriving.register


def contact(ws: Workspace, external_userid: str) -> Contact | None:
    """A contact by the platform's id with everybody who follows it; None when it was never heard of."""
    return _contacts.find(ws, external_userid)


def contact_of(ws: Workspace, *, by: Principal, account_id: str, external_userid: str) -> Contact:
    """One contact whom the caller may see. Raises ContactUnknown."""
    return _contacts.get(ws, by=by, account_id=account_id, external_userid=external_userid)


def contact_names(ws: Workspace, *, account_id: str, external_userids: Collection[str]) -> dict[str, str]:
    """The masked names of contacts, by id; those without a name are left out."""
    return _contacts.names(ws, account_id=account_id, external_userids=external_userids)


def contacts(
    ws: Workspace,
    *,
    by: Principal,
    account_id: str | None = None,
    userid: str | None = None,
    state: RelationState | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Contact]:
    """Contacts whom the caller may see, those added last first; with a state, those with such a relation."""
    return _contacts.page(
        ws, by=by, account_id=account_id, userid=userid, state=state, since=since, until=until, cursor=cursor, limit=limit
    )


def relations_of(ws: Workspace, member_no: int) -> list[Relation]:
    """Everybody of the staff who follows or followed a member, with since when and until when."""
    return _contacts.of_member(ws, member_no=member_no)


def reveal_contact(ws: Workspace, *, by: Principal, account_id: str, external_userid: str) -> str:
    """A contact's plain name; audited. Raises ContactUnknown."""
    return _contacts.reveal(ws, by=by, account_id=account_id, external_userid=external_userid)


def staff_of(ws: Workspace, account_id: str) -> list[StaffMember]:
    """The staff members of an account with who they are in the organisation and how many contacts they have."""
    return _contacts.staff(ws, account_id)


def staff_ids(ws: Workspace, account_id: str) -> Mapping[str, str | None]:
    """Userid → staff id, for everybody of an account."""
    return {one.userid: one.staff_id for one in _contacts.staff(ws, account_id)}


def link_staff(ws: Workspace, *, by: Principal, account_id: str, userid: str, staff_id: str | None) -> None:
    """Says by hand who a userid is in the organisation. Raises Invalid for an unknown userid."""
    _contacts.link_staff(ws, by=by, account_id=account_id, userid=userid, staff_id=staff_id)


def welcomes(ws: Workspace, *, states: Sequence[WelcomeState] = (), since: dt.datetime | None = None, limit: int = 200) -> list[WelcomeRow]:
    """The newest of the welcome ledger, of these states (all) and planned since then."""
    return _contacts.welcomes_of(ws, states=states, since=since, limit=limit)


def welcome_page(
    ws: Workspace, *, account_id: str | None = None, state: str | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[WelcomeRow]:
    """The ledger of welcomes, the newest first."""
    return _contacts.welcome_page(ws, account_id=account_id, state=state, cursor=cursor, limit=limit)


def callbacks(
    ws: Workspace,
    *,
    account_id: str | None = None,
    state: CallbackState | None = None,
    event: str | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Callback]:
    """What the platforms told, the newest first, without its content."""
    return _callbacks.page(ws, account_id=account_id, state=state, event=event, cursor=cursor, limit=limit)


def replay_callback(ws: Workspace, *, by: Principal, callback_id: int) -> None:
    """Has a callback worked once more; one refused at the door is judged with today's keys. Raises CallbackUnknown, CallbackRefused."""
    _callbacks.replay(ws, by=by, callback_id=callback_id)


def start_sync(ws: Workspace, *, by: Principal, account_id: str) -> SyncRun:
    """Queues a walk through everything the corp has. Raises AccountUnknown, AccountPaused, SyncRunning."""
    return _syncing.start(ws, by=by, account_id=account_id)


def stop_sync(ws: Workspace, *, by: Principal, account_id: str, sync_id: str) -> SyncRun:
    """Ends a run where it is; what it has taken stays. Raises AccountUnknown."""
    return _syncing.stop(ws, by=by, account_id=account_id, sync_id=sync_id)


def ask_sync(ws: Workspace, *, by: Principal, account_id: str) -> str:
    """Queues a walk through everything the corp has, unless one is under way; gives the job. Raises AccountUnknown, AccountPaused."""
    return _syncing.ask(ws, by=by, account_id=account_id)


def syncs(ws: Workspace, account_id: str | None = None) -> list[SyncRun]:
    """The newest runs, with how far they are."""
    return _syncing.listing(ws, account_id)


def reconcile_contact(ws: Workspace, *, account_id: str, external_userid: str) -> bool:
    """Asks the platform for one contact and takes the whole answer in; gives whether it changed anything. Raises ChannelFailed."""
    return _reconciling.contact(ws, _accounts.get(ws, account_id), external_userid)
