"""Who was lost, and welcomes that went wrong: what somebody should look after."""

import datetime as dt
from typing import Any

from wellspring.acquisition.contracts.codes import Loss, LossReason, WelcomeTrouble
from wellspring.acquisition.errors.codes import LossUnknown
from wellspring.acquisition.repo import arrivals
from wellspring.acquisition.repo import codes as repo
from wellspring.acquisition.service import naming_people
from wellspring.activity import api as activity
from wellspring.channels import api as channels
from wellspring.channels.contracts import WelcomeRow, WelcomeState
from wellspring.kernel import audit
from wellspring.kernel.auth import Principal
from wellspring.kernel.clock import from_millis, to_millis
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.workspace import Workspace

TROUBLES_MAX = 200
_WRONG = (WelcomeState.FAILED, WelcomeState.UNKNOWN, WelcomeState.TOO_LATE)


def listing(
    ws: Workspace,
    *,
    by: Principal,
    reason: LossReason | None,
    is_handled: bool | None,
    since: dt.date | None,
    until: dt.date | None,
    cursor: str | None,
    limit: int | None,
) -> Page[Loss]:
    """Losses within the caller's scope, the newest first; hand-overs only when they are asked for."""
    size, after = limit_of(limit), None
    if cursor:
        millis, loss_id = decode_cursor(cursor, length=2)
        after = (from_millis(int(millis or 0)), str(loss_id))
    asked: dict[str, Any] = {"scope": by.scope, "reason": reason, "is_handled": is_handled, "since": since, "until": until}
    with ws.sql.read() as tx:
        rows, total = arrivals.losses(tx, **asked, after=after, limit=size + 1)
    shown = _shown(ws, by, rows[:size])
    more = encode_cursor([to_millis(shown[-1].at), shown[-1].id]) if len(rows) > size else None
    return Page(shown, more, total)


def settle(ws: Workspace, *, by: Principal, loss_id: str, note: str, is_handled: bool) -> Loss:
    """Marks a loss as dealt with, or not. Raises LossUnknown."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        if arrivals.loss(tx, loss_id, by.scope) is None:
            raise LossUnknown
        values = {"handled_at": now if is_handled else None, "handled_by": by.name[:120] if is_handled else "", "note": note}
        arrivals.update_loss(tx, loss_id, **values)
        audit.append(ws.sql, tx, by=by, action="acquisition.loss.settle", subject=loss_id, at=now, detail={"is_handled": is_handled})
        row = arrivals.loss(tx, loss_id, by.scope)
    return _shown(ws, by, [row])[0]


def open_count(ws: Workspace, *, by: Principal) -> int:
    """How many losses nobody dealt with yet."""
    nothing: dict[str, Any] = dict.fromkeys(("reason", "since", "until", "after"))
    with ws.sql.read() as tx:
        return arrivals.losses(tx, scope=by.scope, is_handled=False, limit=1, **nothing)[1]


def troubles(ws: Workspace, *, by: Principal, days: int) -> list[WelcomeTrouble]:
    """Welcomes of the last days that failed, came late, or of which nobody knows; the newest first."""
    since = ws.clock.now() - dt.timedelta(days=days)
    rows = channels.welcomes(ws, states=_WRONG, since=since, limit=TROUBLES_MAX)
    with ws.sql.read() as tx:
        came = [
            arrivals.last_arrival(
                tx, account_id=row.account_id, external_userid=row.external_userid, userid=row.userid, before=row.added_at
            )
            for row in rows
        ]
        names = repo.names(tx, [one.code_id for one in came if one is not None and one.code_id])
    staff = naming_people.staff(ws, [one.staff_id for one in came if one is not None])
    members = naming_people.members(ws, by, [one.member_no for one in came if one is not None])
    found = []
    for row, arrival in zip(rows, came, strict=True):
        if not by.scope.covers(None if arrival is None else arrival.unit_id):
            continue
        found.append(_trouble(row, arrival, names, staff, members))
    return found


def _trouble(row: WelcomeRow, arrival: Any, names: dict[str, str], staff: dict[str, str], members: dict[int, Any]) -> WelcomeTrouble:  # noqa: ANN401 - a row
    member = members.get(arrival.member_no) if arrival is not None else None
    code_id = arrival.code_id if arrival is not None else None
    zh, en = _WORDS[row.state]
    if row.code:
        (why_zh, why_en, *_) = channels.words(row.code)
        zh, en = f"{zh}：{why_zh}（{row.code}）", f"{en}: {why_en} ({row.code})"
    return WelcomeTrouble(
        at=row.added_at,
        outcome=row.state,
        staff_id=arrival.staff_id if arrival is not None else None,
        staff_name=staff.get(arrival.staff_id or "", row.userid) if arrival is not None else row.userid,
        member_id=member.id if member else None,
        member_name=member.name_masked if member else None,
        code_id=code_id,
        code_name=names.get(code_id or "", ""),
        latency_ms=row.latency_millis,
        zh=zh,
        en=en,
    )


_WORDS: dict[str, tuple[str, str]] = {
    WelcomeState.FAILED: ("企业微信拒绝发送", "WeCom refused it"),
    WelcomeState.UNKNOWN: ("已发出，但不知道是否送达，不会重发", "It was sent and no answer came; it is not sent again"),
    WelcomeState.TOO_LATE: ("超过 20 秒，欢迎语已失效", "More than 20 seconds had passed"),
}


def _shown(ws: Workspace, by: Principal, rows: list[Any]) -> list[Loss]:
    with ws.sql.read() as tx:
        names = repo.names(tx, [row.code_id for row in rows if row.code_id])
    staff = naming_people.staff(ws, [row.staff_id for row in rows])
    units = naming_people.units(ws, [row.unit_id for row in rows])
    members = naming_people.members(ws, by, [row.member_no for row in rows])
    bought = activity.order_facts(ws, member_nos=[one.member_no for one in members.values()])
    found = []
    for row in rows:
        member = members.get(row.member_no)
        orders = bought.get(member.member_no) if member else None
        kept = {
            name: getattr(row, name) for name in ("id", "at", "days", "staff_id", "unit_id", "code_id", "handled_by", "handled_at", "note")
        }
        loss = Loss(
            **kept,
            reason=LossReason(row.reason),
            member_id=member.id if member else None,
            member_name=member.name_masked if member else None,
            staff_name=staff.get(row.staff_id or "", row.userid),
            unit_name=units.get(row.unit_id or "", ""),
            code_name=names.get(row.code_id or "", ""),
            orders=orders.paid_orders if orders else 0,
            revenue_minor=orders.revenue_minor if orders else 0,
            last_order_at=orders.last_order_at if orders else None,
            is_handled=row.handled_at is not None,
        )
        found.append(loss)
    return found
