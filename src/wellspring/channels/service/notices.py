"""Messages by template and to staff: kept before the call, never sent twice, ended by the platform's own word where it gives one."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import orjson

from wellspring.channels import errors
from wellspring.channels.adapters.wecom.asking import Ask
from wellspring.channels.contracts import Account, AccountKind
from wellspring.channels.contracts.followers import Notice, NoticeDraft, NoticeKind, NoticeState
from wellspring.channels.repo import followers as repo
from wellspring.channels.service.asking import account_of, asking
from wellspring.kernel import audit, failpoints
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.ids import new_id
from wellspring.kernel.workspace import Workspace

CONTEXT = "channels.notice"
_ACCOUNTS = {
    NoticeKind.TEMPLATE: AccountKind.OFFICIAL,
    NoticeKind.OFFICIAL_SUBSCRIBE: AccountKind.OFFICIAL,
    NoticeKind.MINI_SUBSCRIBE: AccountKind.MINI,
    NoticeKind.APP: AccountKind.WECOM,
}
_PATHS = {
    NoticeKind.TEMPLATE: "cgi-bin/message/template/send",
    NoticeKind.OFFICIAL_SUBSCRIBE: "cgi-bin/message/subscribe/bizsend",
    NoticeKind.MINI_SUBSCRIBE: "cgi-bin/message/subscribe/send",
    NoticeKind.APP: "message/send",
}
# Nobody of those named could be sent to.
_NOBODY = 81013
_OPEN = (NoticeState.CALLING, NoticeState.ACCEPTED, NoticeState.UNKNOWN)


def send(ws: Workspace, *, by: Principal, draft: NoticeDraft) -> Notice:
    """Sends one message; what became of it is told by its state. Raises AccountUnknown, KindMismatch."""
    account = account_of(ws, draft.account_id)
    if account.kind is not _ACCOUNTS[draft.kind]:
        raise errors.KindMismatch
    notice_id, now = new_id("ntc"), ws.clock.now()
    body = _body(draft, account)
    sealed = ws.keys.seal_bytes(orjson.dumps(body), context=CONTEXT)
    row: dict[str, Any] = {
        "id": notice_id,
        "account_id": account.id,
        "kind": draft.kind,
        "openid": draft.to,
        "template_id": draft.template_id,
    }
    row |= {"sealed": sealed, "state": NoticeState.CALLING, "created_by": by.id, "created_at": now, "called_at": now}
    with ws.sql.write() as tx:
        repo.add_notice(tx, row)
        audit.append(ws.sql, tx, by=by, action="channels.notice.send", subject=notice_id, at=now, detail={"kind": draft.kind})
    failpoints.hit("channels.notices.before_call")
    values = _sent(asking(ws, account.id), draft.kind, body)
    with ws.sql.write() as tx:
        repo.end_notice(tx, notice_id, among=[NoticeState.CALLING], **values)
    return one(ws, notice_id)


def one(ws: Workspace, notice_id: str) -> Notice:
    """A message. Raises EntranceUnknown for none."""
    with ws.sql.read() as tx:
        row = repo.notice(tx, notice_id)
    if row is None:
        raise errors.EntranceUnknown
    return Notice(row.id, row.account_id, NoticeKind(row.kind), NoticeState(row.state), row.error_code, row.created_at, row.ended_at)


def heard(ws: Workspace, account: Account, fields: Mapping[str, Any], at: dt.datetime, _callback_id: int) -> None:
    """Takes TEMPLATESENDJOBFINISH: what became of a message by the platform's own number. A message that ended stays so."""
    remote_id = str(fields.get("MsgID") or fields.get("MsgId") or "")
    with ws.sql.write() as tx:
        row = repo.notice_of(tx, account.id, remote_id) if remote_id else None
        if row is None:
            return
        state = NoticeState.DELIVERED if fields.get("Status") == "success" else NoticeState.FAILED
        repo.end_notice(tx, row.id, among=_OPEN, state=state, ended_at=at)


def _sent(ask: Ask, kind: NoticeKind, body: Mapping[str, Any]) -> dict[str, Any]:
    try:
        answer = ask(_PATHS[kind], body, safe=False)
    except errors.OutcomeUnknown as lost:
        return {"state": NoticeState.UNKNOWN, "error_code": lost.errcode}
    except errors.ChannelFailed as refused:
        return {"state": NoticeState.FAILED, "error_code": refused.errcode}
    except WellspringError:
        return {"state": NoticeState.FAILED, "error_code": None}
    if answer.get("invaliduser"):
        return {"state": NoticeState.FAILED, "error_code": _NOBODY}
    remote = answer.get("msgid")
    return {"state": NoticeState.ACCEPTED, "remote_id": str(remote) if remote else None}


def _body(draft: NoticeDraft, account: Account) -> dict[str, Any]:
    if draft.kind is NoticeKind.APP:
        text = draft.values.get("text", "")
        return {"touser": draft.to, "msgtype": "text", "agentid": int(account.agent_id or 0), "text": {"content": text}}
    body: dict[str, Any] = {
        "touser": draft.to,
        "template_id": draft.template_id,
        "data": {name: {"value": value} for name, value in draft.values.items()},
    }
    if draft.kind is NoticeKind.TEMPLATE:
        return body | ({"url": draft.url} if draft.url else {})
    return body | ({"page": draft.page} if draft.page else {})
