"""What the platform counted of staff by day: closed days of the last half year, asked for in pieces that it takes."""

import datetime as dt
from typing import Any

from wellspring.channels.adapters.wecom import transfers as wecom
from wellspring.channels.contracts.transfers import StaffDay
from wellspring.channels.errors import ChannelFailed
from wellspring.channels.repo import transfers as repo
from wellspring.channels.rules.transfers import CHINA, spans
from wellspring.channels.service import corps
from wellspring.channels.service.asking import account_of, asking
from wellspring.kernel import jobs
from wellspring.kernel.auth import Principal
from wellspring.kernel.workspace import Workspace

JOB = "channels.staff_days"
# Yesterday may still be all zero in the early hours, so the last days are asked for again.
_DAYS_AGAIN = 3


def ask_sync(ws: Workspace, *, by: Principal, account_id: str, first: dt.date | None, last: dt.date | None) -> str:
    """Queues the fetching of these days (the last three); gives the job."""
    account_of(ws, account_id)
    body = {"account_id": account_id} | {name: day.isoformat() for name, day in (("first", first), ("last", last)) if day is not None}
    with ws.sql.write() as tx:
        return jobs.enqueue(ws, tx, JOB, body, by=by)


def sync(running: jobs.Running) -> dict[str, Any]:
    """Fetches days of staff; the job of it. Trouble with one member of staff is told and stops no other."""
    ws, body = running.workspace, running.body
    today = ws.clock.now().astimezone(CHINA).date()
    first = dt.date.fromisoformat(body["first"]) if "first" in body else today - dt.timedelta(days=_DAYS_AGAIN)
    last = dt.date.fromisoformat(body["last"]) if "last" in body else today
    days = failed = 0
    for account_id in [body["account_id"]] if "account_id" in body else corps.active(ws):
        userids = corps.userids(ws, account_id)
        for place, userid in enumerate(userids):
            running.progress(done=place, total=len(userids))
            for start, end in spans(first, last, today):
                try:
                    found = wecom.days(asking(ws, account_id), userid, _midnight(start), _midnight(end))
                except ChannelFailed:
                    failed += 1
                    continue
                with ws.sql.write() as tx:
                    repo.put_days(tx, account_id, found, at=ws.clock.now())
                days += len(found)
    return {"days": days, "failed": failed}


def listing(ws: Workspace, *, by: Principal, account_id: str, first: dt.date, last: dt.date, userid: str | None) -> list[StaffDay]:
    """What was counted on these days, of those of the staff whom the caller may see."""
    wanted = corps.visible(ws, by)
    if userid is not None:
        wanted = [userid] if wanted is None or userid in wanted else []
    with ws.sql.read() as tx:
        return repo.days(tx, account_id, first, last, wanted)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=CHINA)
