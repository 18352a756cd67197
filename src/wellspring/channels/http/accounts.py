"""The addresses of accounts: connecting, changing, checking, pausing. Secrets go in and never come out."""

from typing import Annotated

import fastapi
import pydantic

from wellspring.channels import api
from wellspring.channels.api import sends
from wellspring.channels.contracts import Account, AccountDraft, AccountKind, AccountState, Permission
from wellspring.channels.http.shapes import Id, Moment
from wellspring.kernel.web import Call, In, Out, allow

router = fastapi.APIRouter(tags=["accounts"])

_Secret = Annotated[str, pydantic.Field(max_length=5_000)] | None
_Extra = dict[Annotated[str, pydantic.Field(max_length=40)], Annotated[str, pydantic.Field(max_length=5_000)]]


_Options = dict[Annotated[str, pydantic.Field(max_length=40)], Annotated[str, pydantic.Field(max_length=500)]]


class ChannelAccountIn(In):
    """What an administrator types; a secret that is null stays as it is. An empty host is the platform's own."""

    kind: AccountKind
    name: Annotated[str, pydantic.Field(min_length=1, max_length=60)]
    corp_id: Annotated[str, pydantic.Field(min_length=1, max_length=64)]
    agent_id: Annotated[str, pydantic.Field(max_length=32)] = ""
    secret: _Secret = None
    callback_token: Annotated[str, pydantic.Field(max_length=32)] | None = None
    callback_key: Annotated[str, pydantic.Field(max_length=43)] | None = None
    host: Annotated[str, pydantic.Field(max_length=200)] = ""
    extra: _Extra = pydantic.Field(default={}, max_length=10)
    options: _Options = pydantic.Field(default={}, max_length=20)


class AccountChangeIn(In):
    """What an administrator changes; what is null stays as it is."""

    name: Annotated[str, pydantic.Field(min_length=1, max_length=60)] | None = None
    corp_id: Annotated[str, pydantic.Field(min_length=1, max_length=64)] | None = None
    agent_id: Annotated[str, pydantic.Field(max_length=32)] | None = None
    secret: _Secret = None
    callback_token: Annotated[str, pydantic.Field(max_length=32)] | None = None
    callback_key: Annotated[str, pydantic.Field(max_length=43)] | None = None
    host: Annotated[str, pydantic.Field(max_length=200)] | None = None
    extra: _Extra = pydantic.Field(default={}, max_length=10)
    options: _Options | None = pydantic.Field(default=None, max_length=20)


class AccountOut(Out):
    """A connected account and the address that its callbacks are sent to."""

    id: str
    kind: AccountKind
    name: str
    corp_id: str
    agent_id: str
    host: str
    state: AccountState
    has_secret: bool
    has_callback: bool
    created_at: Moment
    checked_at: Moment | None
    problem_code: int | None
    callback_path: str
    options: dict[str, str]
    # Where a vendor posts reports and replies, by what it tells; empty for whom calls are enough.
    receipt_paths: dict[str, str]


class VerdictOut(Out):
    """Whether the credentials are taken, and if not, why and what to do."""

    is_ok: bool
    code: int
    zh: str
    en: str
    advice_zh: str
    advice_en: str


@router.get("/api/channels/accounts")
def list_accounts(call: Annotated[Call, allow(Permission.ACCOUNT_READ)]) -> list[AccountOut]:
    """The connected accounts, oldest first."""
    return [_out(call, account) for account in api.accounts(call.ws)]


@router.post("/api/channels/accounts", status_code=201)
def connect_account(call: Annotated[Call, allow(Permission.ACCOUNT_WRITE)], body: ChannelAccountIn) -> AccountOut:
    """Keeps a new account with its secrets sealed."""
    return _out(call, api.connect(call.ws, by=call.by, draft=AccountDraft(**body.model_dump())))


@router.get("/api/channels/accounts/{account_id}")
def get_account(call: Annotated[Call, allow(Permission.ACCOUNT_READ)], account_id: Id) -> AccountOut:
    """One account."""
    return _out(call, api.account(call.ws, account_id))


@router.patch("/api/channels/accounts/{account_id}")
def change_account(call: Annotated[Call, allow(Permission.ACCOUNT_WRITE)], account_id: Id, body: AccountChangeIn) -> AccountOut:
    """Changes what is named."""
    known = api.account(call.ws, account_id)
    kept = {name: getattr(known, name) for name in ("kind", "name", "corp_id", "agent_id", "host", "options")}
    named = {name: value for name, value in body.model_dump().items() if value is not None}
    return _out(call, api.change_account(call.ws, by=call.by, account_id=account_id, draft=AccountDraft(**{**kept, **named})))


@router.post("/api/channels/accounts/{account_id}/check")
def check_account(call: Annotated[Call, allow(Permission.ACCOUNT_WRITE)], account_id: Id) -> VerdictOut:
    """Makes one cheap call and tells in plain words whether the credentials are taken."""
    return VerdictOut.model_validate(api.check_account(call.ws, account_id=account_id))


@router.post("/api/channels/accounts/{account_id}/pause")
def pause_account(call: Annotated[Call, allow(Permission.ACCOUNT_WRITE)], account_id: Id) -> AccountOut:
    """Stops every call with the account; callbacks are still kept."""
    return _out(call, api.pause_account(call.ws, by=call.by, account_id=account_id))


@router.post("/api/channels/accounts/{account_id}/resume")
def resume_account(call: Annotated[Call, allow(Permission.ACCOUNT_WRITE)], account_id: Id) -> AccountOut:
    """Lets an account make calls again."""
    return _out(call, api.resume_account(call.ws, by=call.by, account_id=account_id))


def _out(call: Call, account: Account) -> AccountOut:
    # Who may not write accounts does not see what lets anybody tell of deliveries.
    may_write = call.by.may(Permission.ACCOUNT_WRITE)
    shown = {name: getattr(account, name) for name in AccountOut.model_fields if name != "receipt_paths"}
    return AccountOut(**shown, receipt_paths=sends.receipt_paths(call.ws, account) if may_write else {})
