"""Connecting accounts: what an administrator types is kept sealed, checked with a real call, and can be taken out of use."""

import dataclasses
from typing import Any

from wellspring.channels.adapters.sends import mail
from wellspring.channels.adapters.wecom import client, hosts, tokens
from wellspring.channels.contracts import Account, AccountDraft, AccountKind, AccountState, Verdict
from wellspring.channels.contracts.accounts import HOSTS
from wellspring.channels.errors import AccountTaken, AccountUnknown, ChannelFailed
from wellspring.channels.repo import accounts as rows
from wellspring.channels.repo import secrets
from wellspring.channels.repo.secrets import Secrets
from wellspring.channels.rules import codes, options
from wellspring.channels.service import keeping
from wellspring.kernel import audit
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import Invalid
from wellspring.kernel.ids import new_id
from wellspring.kernel.workspace import Workspace

_CALLBACK_TOKEN_MAX = 32
_CALLBACK_KEY_LENGTH = 43
# The cheapest call that needs a token and no further permission.
_CHECKS = {AccountKind.WECOM: "getcallbackip", AccountKind.OFFICIAL: "cgi-bin/getcallbackip", AccountKind.MINI: "cgi-bin/getcallbackip"}


def get(ws: Workspace, account_id: str) -> Account:
    """One account. Raises AccountUnknown."""
    with ws.sql.read() as tx:
        row = rows.account(tx, account_id)
    if row is None:
        raise AccountUnknown
    return shaped(row)


def listing(ws: Workspace, kind: AccountKind | None) -> list[Account]:
    """All accounts, oldest first."""
    with ws.sql.read() as tx:
        return [shaped(row) for row in rows.accounts(tx, kind)]


def allow_host(host: str) -> None:
    """Lets accounts be reached at this address of this machine."""
    hosts.allow(host)


def connect(ws: Workspace, *, by: Principal, draft: AccountDraft) -> Account:
    """Keeps a new account. Raises AccountTaken, Invalid, AddressRefused."""
    _demand_usable(ws, draft)
    account_id = new_id("acc")
    kept = Secrets(draft.secret or "", draft.callback_token or "", draft.callback_key or "", dict(draft.extra))
    now = ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, "channels.accounts")
        if (twin := rows.twin(tx, draft.kind, draft.corp_id, draft.agent_id)) is not None:
            raise AccountTaken(name=twin["name"])
        rows.add(tx, {"id": account_id, "kind": draft.kind, "state": AccountState.ACTIVE, "created_at": now, **_columns(ws, draft, kept)})
        audit.append(ws.sql, tx, by=by, action="channels.account.connect", subject=account_id, at=now, detail=_told(draft))
    return get(ws, account_id)


def change(ws: Workspace, *, by: Principal, account_id: str, draft: AccountDraft) -> Account:
    """Replaces what an administrator typed; secrets that are None stay. Raises AccountUnknown, AccountTaken, Invalid, AddressRefused."""
    _demand_usable(ws, draft)
    now = ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, "channels.accounts")
        row = rows.account(tx, account_id)
        if row is None or row["kind"] != draft.kind:
            raise AccountUnknown
        twin = rows.twin(tx, draft.kind, draft.corp_id, draft.agent_id)
        if twin is not None and twin["id"] != account_id:
            raise AccountTaken(name=twin["name"])
        old = secrets.opened(ws, row["secrets"])
        kept = Secrets(
            old.secret if draft.secret is None else draft.secret,
            old.callback_token if draft.callback_token is None else draft.callback_token,
            old.callback_key if draft.callback_key is None else draft.callback_key,
            {**old.extra, **draft.extra},
        )
        rows.change(tx, account_id, _columns(ws, draft, kept))
        rows.forget_tokens(tx, account_id)
        audit.append(ws.sql, tx, by=by, action="channels.account.change", subject=account_id, at=now, detail=_told(draft))
        ws.sql.after_commit(lambda: _forget_keys(ws, account_id))
    return get(ws, account_id)


def set_state(ws: Workspace, *, by: Principal, account_id: str, state: AccountState) -> Account:
    """Pauses or resumes an account. Raises AccountUnknown."""
    with ws.sql.write() as tx:
        if not rows.change(tx, account_id, {"state": state}):
            raise AccountUnknown
        audit.append(ws.sql, tx, by=by, action=f"channels.account.{state}", subject=account_id, at=ws.clock.now())
    return get(ws, account_id)


def check(ws: Workspace, *, account_id: str) -> Verdict:
    """Makes the cheapest real call and tells, in plain words, whether the credentials are taken."""
    account = get(ws, account_id)
    code = 0
    try:
        if account.kind in _CHECKS:
            client.call(ws, account, _CHECKS[account.kind])
    except ChannelFailed as failure:
        code = failure.errcode
        zh, en, advice_zh, advice_en = failure.words
        verdict = Verdict(is_ok=False, code=code, zh=zh, en=en, advice_zh=advice_zh, advice_en=advice_en)
    else:
        verdict = _mail_verdict(ws, account) if account.kind is AccountKind.EMAIL else Verdict(is_ok=True)
        code = verdict.code
    with ws.sql.write() as tx:
        rows.change(tx, account_id, {"checked_at": ws.clock.now(), "problem_code": code or None})
    return verdict


def _mail_verdict(ws: Workspace, account: Account) -> Verdict:
    if not mail.trouble(ws, account):
        return Verdict(is_ok=True)
    zh, en, advice_zh, advice_en = codes.words(codes.UNREACHABLE)
    return Verdict(is_ok=False, code=codes.UNREACHABLE, zh=zh, en=en, advice_zh=advice_zh, advice_en=advice_en)


def _forget_keys(ws: Workspace, account_id: str) -> None:
    tokens.forget(ws, account_id)
    keeping.forget_door(ws, account_id)


def shaped(row: rows.Row) -> Account:
    """A row as it crosses the front door."""
    fields: dict[str, Any] = {field.name: row[field.name] for field in dataclasses.fields(Account)}
    kind = AccountKind(row["kind"])
    return Account(**{**fields, "kind": kind, "state": AccountState(row["state"]), "host": row["host"] or HOSTS[kind]})


def _columns(ws: Workspace, draft: AccountDraft, kept: Secrets) -> dict[str, Any]:
    return {
        "name": draft.name,
        "corp_id": draft.corp_id,
        "agent_id": draft.agent_id,
        "host": "" if draft.host.rstrip("/") == HOSTS[draft.kind] else draft.host.rstrip("/"),
        "secrets": secrets.sealed(ws, kept),
        "has_secret": bool(kept.secret),
        "has_callback": bool(kept.callback_token and kept.callback_key),
        "options": {name: value for name, value in draft.options.items() if value},
    }


def _told(draft: AccountDraft) -> dict[str, Any]:
    """What the audit may know: everything but the secrets."""
    named = {"secret": draft.secret, "callback_token": draft.callback_token, "callback_key": draft.callback_key}
    changed = sorted([name for name, value in named.items() if value is not None] + list(draft.extra))
    return {
        "kind": draft.kind,
        "name": draft.name,
        "corp_id": draft.corp_id,
        "agent_id": draft.agent_id,
        "host": draft.host,
        "secrets": changed,
        "options": sorted(draft.options),
    }


def _demand_usable(ws: Workspace, draft: AccountDraft) -> None:
    if not draft.name.strip() or not draft.corp_id.strip():
        raise Invalid(field="name" if not draft.name.strip() else "corp_id", reason="不能为空 / must not be empty")
    if not (draft.corp_id.isascii() and draft.corp_id.isprintable()):
        # It goes into headers and addresses of calls, which take no other letters.
        raise Invalid(field="corp_id", reason="只能用英文字母、数字和符号 / letters, digits and signs of ASCII only")
    token, key = draft.callback_token, draft.callback_key
    if token and (len(token) > _CALLBACK_TOKEN_MAX or not token.isalnum()):
        raise Invalid(field="callback_token", reason="最多 32 个字母或数字 / at most 32 letters and digits")
    if key and (len(key) != _CALLBACK_KEY_LENGTH or not key.isascii() or not key.isalnum()):
        raise Invalid(field="callback_key", reason="须为 43 个字母或数字 / must be 43 letters and digits")
    for field, reason in options.faults(draft.kind, draft.options, draft.host):
        raise Invalid(field=field, reason=reason)
    if draft.host and draft.host.rstrip("/") != HOSTS[draft.kind]:
        hosts.check(ws, draft.host)
