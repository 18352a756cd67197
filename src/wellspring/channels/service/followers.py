"""Followers of Official Accounts and people of Mini Programs: who they are through One-ID, and what they agreed to.

A callback tells the instant, and the newest one counts; the details are fetched a hundred at a time.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from wellspring.channels import errors
from wellspring.channels.contracts import Account, AccountKind
from wellspring.channels.contracts.followers import Follower, MiniSession
from wellspring.channels.events import OfficialFollowed, OfficialScanned, OfficialUnfollowed
from wellspring.channels.repo import followers as repo
from wellspring.channels.repo import secrets
from wellspring.channels.service import corps
from wellspring.channels.service.asking import account_of, asking
from wellspring.kernel import bus, jobs, pumps
from wellspring.kernel.auth import SYSTEM, Principal
from wellspring.kernel.clock import UTC, iso
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Claim, ConsentState, ConsentWord, Identity, IdentityKind

PUMP, JOB = "channels.followers", "channels.sync_followers"
_BATCH = 100
_RETRY = dt.timedelta(minutes=5)
_SCENE_PREFIX = "qrscene_"
_VERBS = {"subscribe": "followed", "unsubscribe": "unfollowed", "SCAN": "scanned"}
EVENTS = tuple(_VERBS)
_PURPOSE, _CHANNEL, _SOURCE = "marketing", "official_account", "official"


def heard(ws: Workspace, account: Account, fields: Mapping[str, Any], at: dt.datetime, _callback_id: int) -> None:
    """Takes subscribe, unsubscribe and SCAN: the instant at once, the person with the next fetch."""
    openid, verb = str(fields.get("FromUserName") or ""), _VERBS.get(str(fields.get("Event") or ""))
    if not openid or verb is None:
        return
    scene = str(fields.get("EventKey") or "").removeprefix(_SCENE_PREFIX)[:64]
    with ws.sql.write() as tx:
        ws.sql.lock(tx, f"channels.follower.{account.id}")
        row = {"account_id": account.id, "appid": account.corp_id, "openid": openid, "verb": verb, "scene": scene, "at": at}
        # Nobody's yet, so there is nothing to tell the log before the fetch.
        if not repo.add_change(tx, row | {"member_no": 0, "recorded_at": ws.clock.now(), "is_logged": True}):
            return
        values = _instants(tx, account.id, openid, verb, at, scene)
        repo.put(tx, account.id, openid, due_at=ws.clock.now(), changed_at=ws.clock.now(), **values)
        ws.sql.after_commit(lambda: pumps.wake(PUMP))


def step(ws: Workspace) -> int:
    """Fetches people that are due; the pump's step."""
    with ws.sql.read() as tx:
        rows = repo.due(tx, ws.clock.now(), limit=_BATCH)
    for account_id in dict.fromkeys(row.account_id for row in rows):
        _fetch(ws, account_id, [row.openid for row in rows if row.account_id == account_id])
    return len(rows)


def ask_sync(ws: Workspace, *, by: Principal, account_id: str) -> str:
    """Queues a walk through everybody who follows an account; gives the job."""
    account_of(ws, account_id)
    with ws.sql.write() as tx:
        return jobs.enqueue(ws, tx, JOB, {"account_id": account_id}, by=by)


def sync(running: jobs.Running) -> dict[str, Any]:
    """Walks through the followers of one account or of all, and has everybody new, or gone, fetched; the job of it."""
    ws, wanted = running.workspace, running.body.get("account_id")
    count = 0
    for account_id in [wanted] if wanted else corps.active(ws, AccountKind.OFFICIAL):
        following: set[str] = set()
        after = ""
        while True:
            page = asking(ws, account_id)("cgi-bin/user/get", safe=True, query={"next_openid": after} if after else None)
            openids = [str(one) for one in (page.get("data") or {}).get("openid") or []]
            if not openids:
                break
            following.update(openids)
            _want_new(ws, account_id, openids)
            count, after = count + len(openids), str(page.get("next_openid") or "")
            running.progress(done=count, total=int(page.get("total") or 0) or None)
            if not after:
                break
        _want_gone(ws, account_id, following)
    return {"followers": count}


def listing(ws: Workspace, *, account_id: str, is_following: bool | None, cursor: str | None, limit: int | None) -> Page[Follower]:
    """People of an account in order of their openids."""
    size, after = limit_of(limit), str(decode_cursor(cursor, length=1)[0]) if cursor else ""
    with ws.sql.read() as tx:
        rows = repo.page(tx, account_id, is_following=is_following, after=after, limit=size + 1)
    held = people.holders_of(ws, member_nos=[row.member_no for row in rows[:size]])
    shown = [_told(row, number) for row, number in zip(rows[:size], held, strict=True)]
    return Page(shown, encode_cursor([rows[size - 1].openid]) if len(rows) > size else None)


def mini_session(ws: Workspace, *, account_id: str, js_code: str) -> MiniSession:
    """Who opened the Mini Program, made known to One-ID. Raises AccountUnknown, KindMismatch, ChannelFailed for a used code."""
    account = account_of(ws, account_id)
    if account.kind is not AccountKind.MINI:
        raise errors.KindMismatch
    query = {"appid": account.corp_id, "secret": secrets.of(ws, account_id).secret_or_raise(account.name)}
    query |= {"js_code": js_code, "grant_type": "authorization_code"}
    # A code is good for one answer: asked for again it is refused, which is told as such.
    answer = asking(ws, account_id)("sns/jscode2session", safe=False, query=query)
    openid, unionid = str(answer["openid"]), str(answer.get("unionid") or "")
    number = _resolved(ws, account, openid, unionid)
    with ws.sql.write() as tx:
        repo.put(tx, account_id, openid, unionid=unionid, member_no=number, changed_at=ws.clock.now(), fetched_at=ws.clock.now())
    return MiniSession(account_id, openid, bool(unionid), number)


def _instants(tx: Tx, account_id: str, openid: str, verb: str, at: dt.datetime, scene: str) -> dict[str, Any]:
    row = repo.follower(tx, account_id, openid)
    followed = row.followed_at if row else None
    unfollowed = row.unfollowed_at if row else None
    if verb == "followed":
        followed = max(followed or at, at)
    elif verb == "unfollowed":
        unfollowed = max(unfollowed or at, at)
    values: dict[str, Any] = {"followed_at": followed, "unfollowed_at": unfollowed}
    if followed is not None or unfollowed is not None:
        values["is_following"] = followed is not None and (unfollowed is None or followed > unfollowed)
    if scene and (row is None or not row.scene):
        # The first source stays; later ones are in the history.
        values["scene"] = scene
    return values


def _fetch(ws: Workspace, account_id: str, openids: Sequence[str]) -> None:
    account = account_of(ws, account_id)
    body = {"user_list": [{"openid": openid, "lang": "zh_CN"} for openid in openids]}
    try:
        found = asking(ws, account_id)("cgi-bin/user/info/batchget", body, safe=True).get("user_info_list") or []
    except (errors.ChannelLimited, errors.ChannelUnreachable) as wait:
        _later(ws, account_id, openids, dt.timedelta(seconds=wait.retry_seconds) if wait.retry_seconds else _RETRY)
        return
    except WellspringError:
        # Without the permission nobody's details can be had: the openid is all there is.
        found = []
    known = {str(one["openid"]): one for one in found}
    for openid in openids:
        _take(ws, account, openid, known.get(openid, {}))


def _take(ws: Workspace, account: Account, openid: str, details: Mapping[str, Any]) -> None:
    now, unionid = ws.clock.now(), str(details.get("unionid") or "")
    number = _resolved(ws, account, openid, unionid)
    with ws.sql.write() as tx:
        row = repo.follower(tx, account.id, openid)
        values: dict[str, Any] = {"member_no": number, "due_at": None, "fetched_at": now, "changed_at": now}
        values |= {"unionid": unionid} if unionid else {}
        if "subscribe" in details:
            values["is_following"] = bool(int(details["subscribe"]))
            if values["is_following"] and details.get("subscribe_time"):
                since = dt.datetime.fromtimestamp(int(details["subscribe_time"]), tz=UTC)
                values["followed_at"] = max(row.followed_at or since, since) if row else since
                values["subscribe_scene"] = str(details.get("subscribe_scene") or "")[:40]
            scene = str(details.get("qr_scene_str") or details.get("qr_scene") or "")
            if scene and scene != "0" and (row is None or not row.scene):
                values["scene"] = scene[:64]
        repo.put(tx, account.id, openid, **values)
        _tell(ws, tx, account, openid, number)
    _consent(ws, account, openid)


def _tell(ws: Workspace, tx: Tx, account: Account, openid: str, number: int) -> None:
    """Tells what happened before the person was known, and lets the log hear of it."""
    for row in repo.name_changes(tx, account.id, openid, number):
        at = iso(row.at)
        event: OfficialFollowed | OfficialUnfollowed | OfficialScanned
        if row.verb == "followed":
            event = OfficialFollowed(account.id, openid, number, row.scene, at)
        elif row.verb == "scanned":
            event = OfficialScanned(account.id, openid, number, row.scene, at)
        else:
            event = OfficialUnfollowed(account.id, openid, number, at)
        bus.tell(ws.sql, tx, event, at=ws.clock.now())


def _consent(ws: Workspace, account: Account, openid: str) -> None:
    """Following an account is agreeing to its messages, leaving it is taking that back; the newest instant counts."""
    with ws.sql.read() as tx:
        row = repo.follower(tx, account.id, openid)
    if row is None:
        return
    at = row.followed_at if row.is_following else row.unfollowed_at
    if at is None:
        return
    who = Identity(IdentityKind.OPENID, openid, account.corp_id)
    state = ConsentState.SUBSCRIBED if row.is_following else ConsentState.UNSUBSCRIBED
    word = ConsentWord(_PURPOSE, _CHANNEL, state, at, source=_SOURCE, address=who, explicit=row.is_following)
    people.put_consents(ws, by=SYSTEM, words=[((who,), word)])


def _resolved(ws: Workspace, account: Account, openid: str, unionid: str) -> int:
    who = Identity(IdentityKind.OPENID, openid, account.corp_id)
    identities = (Identity(IdentityKind.UNIONID, unionid), who) if unionid else (who,)
    claim = Claim(identities, ws.clock.now(), _SOURCE if account.kind is AccountKind.OFFICIAL else "mini")
    return people.resolve(ws, by=SYSTEM, claims=[claim]).owner_nos[0]


def _later(ws: Workspace, account_id: str, openids: Sequence[str], pause: dt.timedelta) -> None:
    with ws.sql.write() as tx:
        for openid in openids:
            repo.put(tx, account_id, openid, due_at=ws.clock.now() + pause, changed_at=ws.clock.now())


def _want_new(ws: Workspace, account_id: str, openids: Sequence[str]) -> None:
    now = ws.clock.now()
    for start in range(0, len(openids), 500):
        some = openids[start : start + 500]
        with ws.sql.write() as tx:
            known = repo.following_among(tx, account_id, some)
            for openid in some:
                if openid not in known:
                    repo.put(tx, account_id, openid, is_following=True, due_at=now, changed_at=now)
            ws.sql.after_commit(lambda: pumps.wake(PUMP))


def _want_gone(ws: Workspace, account_id: str, following: set[str]) -> None:
    now = ws.clock.now()
    with ws.sql.write() as tx:
        for openid in repo.all_following(tx, account_id):
            if openid not in following:
                repo.put(tx, account_id, openid, due_at=now, changed_at=now)


def _told(row: repo.Row, number: int) -> Follower:
    return Follower(
        row.account_id, row.openid, number, row.is_following, row.followed_at, row.unfollowed_at, row.subscribe_scene, row.scene
    )
