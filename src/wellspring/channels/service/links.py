"""Acquisition links beyond their making: who came through them, what they brought, what is left of the corp's quota."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from wellspring.channels import errors
from wellspring.channels.adapters.wecom.asking import Ask, pages
from wellspring.channels.contracts import Account
from wellspring.channels.contracts.ways import Entrance, EntranceKind, EntranceState, LinkCustomer, LinkDay, Quota
from wellspring.channels.events import LinkCustomerFound
from wellspring.channels.repo import entrances as entrance_repo
from wellspring.channels.repo import media as repo
from wellspring.channels.rules import ways
from wellspring.channels.service import entrances
from wellspring.channels.service.asking import account_of, asking
from wellspring.kernel import bus, jobs
from wellspring.kernel.clock import UTC
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.workspace import Workspace

_PATH = "externalcontact/customer_acquisition"
SOON_JOB = "channels.new_link_customers"
_CUSTOMERS_MAX = 1000
_LINKS_MAX = 10_000
# The platform lists an arrival a moment after it has told of it.
_SOON = dt.timedelta(seconds=20)
_SPAN_MAX = dt.timedelta(days=180)
# Words of chat_status: has not written, has, unknown.
_WRITTEN = {0: False, 1: True}
# Nobody of its range can take customers: the code that says so of a way.
_NOBODY = 41054
_WORDS = {"balance_low": "low", "balance_exhausted": "exhausted", "balance_increased": "increased"}


def address(entrance: Entrance, channel: str) -> str:
    """The link's address that brings `channel` back as state. Raises DraftRefused for one that the platform would cut."""
    found = ways.with_channel(entrance.address or "", channel) if entrance.address else None
    if found is None:
        raise errors.DraftRefused(field="channel", zh_reason="渠道参数超过 64 字节或链接未生效", en_reason="over 64 bytes, or no link yet")
    return found


def fetch_customers(ws: Workspace, *, entrance_id: str) -> int:
    """Brings the list of a link's customers up to date; gives how many there are."""
    link = _active(ws, entrance_id)
    count = 0
    for page in pages(asking(ws, link.account_id), f"{_PATH}/customer", {"link_id": link.remote_id, "limit": _CUSTOMERS_MAX}):
        listed = [_customer(one) for one in page.get("customer_list", [])]
        with ws.sql.write() as tx:
            for one in repo.keep_customers(tx, entrance_id, listed, at=ws.clock.now()):
                found = LinkCustomerFound(link.account_id, entrance_id, one.external_userid, one.userid, one.state)
                bus.tell(ws.sql, tx, found, at=ws.clock.now())
        count += len(listed)
    return count


def ask_customers(ws: Workspace) -> None:
    """Has the lists of all links fetched in a moment, once for everybody who came meanwhile."""
    with ws.sql.write() as tx:
        if not jobs.is_queued(tx, SOON_JOB, by=ws.clock.now() + _SOON):
            jobs.enqueue(ws, tx, SOON_JOB, {}, run_at=ws.clock.now() + _SOON)


def link_of(ws: Workspace, account_id: str, external_userid: str, userid: str) -> str | None:
    """The link through which somebody came to a member, as far as the lists were fetched."""
    with ws.sql.read() as tx:
        return repo.link_of(tx, account_id, external_userid, userid)


def customers(ws: Workspace, *, entrance_id: str, cursor: str | None, limit: int | None) -> Page[LinkCustomer]:
    """Who came through a link, as of the last time that its list was fetched."""
    entrances.one(ws, entrance_id)
    size, after = limit_of(limit), str(decode_cursor(cursor, length=1)[0]) if cursor else ""
    with ws.sql.read() as tx:
        rows = repo.customers(tx, entrance_id, after=after, limit=size + 1)
    return Page(rows[:size], encode_cursor([rows[size - 1].external_userid]) if len(rows) > size else None)


def statistics(ws: Workspace, *, entrance_id: str, first: dt.datetime, last: dt.datetime) -> LinkDay:
    """Clicks and new customers of a link within a span of at most 180 days, as the platform counts them now."""
    link = _active(ws, entrance_id)
    if not dt.timedelta() <= last - first <= _SPAN_MAX:
        raise errors.DraftRefused(field="from", zh_reason="时间跨度最长 180 天", en_reason="180 days at most")
    body = {"link_id": link.remote_id, "start_time": int(first.timestamp()), "end_time": int(last.timestamp())}
    found = asking(ws, link.account_id)(f"{_PATH}/statistic", body, safe=True)
    return LinkDay(int(found.get("click_link_customer_cnt") or 0), int(found.get("new_customer_cnt") or 0))


def quota(ws: Workspace, *, account_id: str) -> Quota:
    """What is left of the corp's quota now; kept for the diagnosis."""
    account_of(ws, account_id)
    found = _quota(asking(ws, account_id))
    with ws.sql.write() as tx:
        repo.keep_quota(tx, account_id, found, word=None, at=ws.clock.now())
    return found


def heard(ws: Workspace, account: Account, fields: Mapping[str, Any], at: dt.datetime, _callback_id: int) -> None:
    """Takes a callback of customer_acquisition: what it says of a link, or of the quota. The lists are fetched by a job."""
    change, link_id = str(fields.get("ChangeType") or ""), str(fields.get("LinkId") or "")
    with ws.sql.write() as tx:
        ws.sql.lock(tx, f"channels.entrance.{account.id}")
        if change in _WORDS:
            known = repo.quota(tx, account.id)
            # Of two words the later one counts, in whatever order they come.
            if known is None or known[2] <= at:
                repo.keep_quota(tx, account.id, None, word=_WORDS[change], at=at)
        row = entrance_repo.by_remote(tx, account.id, EntranceKind.LINK, link_id) if link_id else None
        if row is None or row.state == EntranceState.DELETED:
            return
        if change == "delete_link":
            gone = {"state": EntranceState.DELETED, "mark_held": None, "due_at": None}
            entrance_repo.change(tx, row.id, updated_at=at, **gone)
        elif change == "link_unavailable":
            entrance_repo.change(tx, row.id, updated_at=at, error_code=_NOBODY)
        else:
            return
        entrances.tell(ws, tx, row.id)


def fetch_all(running: jobs.Running) -> dict[str, Any]:
    """Brings every link's customers up to date; the job of it."""
    ws, count = running.workspace, 0
    with ws.sql.read() as tx:
        rows = entrance_repo.page(tx, EntranceKind.LINK, account_id=None, state=EntranceState.ACTIVE, before=None, limit=_LINKS_MAX)
    for place, row in enumerate(rows):
        running.progress(done=place, total=len(rows))
        try:
            count += fetch_customers(ws, entrance_id=row.id)
        except errors.ChannelFailed:
            # One account's trouble is on its diagnosis; the other links have customers too.
            continue
    return {"links": len(rows), "customers": count}


def _active(ws: Workspace, entrance_id: str) -> Entrance:
    link = entrances.one(ws, entrance_id)
    if link.kind is not EntranceKind.LINK or link.remote_id is None:
        raise errors.EntranceUnknown
    return link


def _customer(one: dict[str, Any]) -> LinkCustomer:
    written = _WRITTEN.get(int(one.get("chat_status", 2)))
    return LinkCustomer(str(one["external_userid"]), str(one["userid"]), str(one.get("state") or ""), written)


def _quota(ask: Ask) -> Quota:
    found = ask("externalcontact/customer_acquisition_quota", safe=True)
    expiring = tuple(
        (dt.datetime.fromtimestamp(int(one["expire_date"]), tz=UTC), int(one["balance"])) for one in found.get("quota_list", [])
    )
    return Quota(int(found.get("total") or 0), int(found.get("balance") or 0), expiring)
