"""Customer groups kept as the platform has them: a word of a callback wants a fetch, and the fetch tells who is there.

Words keep what no fetch can tell (when somebody left, whether they were removed, who came and went in between), and
are held against every list again, so that neither order nor repetition matters.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from wellspring.channels import errors
from wellspring.channels.adapters.wecom import groups as wecom
from wellspring.channels.contracts import Account
from wellspring.channels.contracts.groups import GroupState, GroupVerb
from wellspring.channels.events import GroupChanged, GroupJoined, GroupLeft
from wellspring.channels.repo import groups as repo
from wellspring.channels.rules import groups as rules
from wellspring.channels.service import recognising
from wellspring.channels.service.asking import asking
from wellspring.kernel import bus, failpoints, pumps
from wellspring.kernel.clock import iso
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

PUMP = "channels.groups"
NAME, NOTICE = "channels.group_member", "channels.group_notice"
_STEP = 50
_RETRY = dt.timedelta(seconds=30)
_RETRY_MAX = dt.timedelta(hours=1)
_VERBS = {"add_member": GroupVerb.JOINED, "del_member": GroupVerb.LEFT}
_SCENES = {"add_member": "JoinScene", "del_member": "QuitScene"}
_NAME_CHARACTERS, _STATE_CHARACTERS = 60, 64


def heard(ws: Workspace, account: Account, fields: Mapping[str, Any], at: dt.datetime, callback_id: int) -> None:
    """Takes a callback of change_external_chat: keeps what it says, and wants the group fetched."""
    chat_id, detail = str(fields.get("ChatId") or ""), str(fields.get("UpdateDetail") or "")
    if not chat_id:
        return
    with ws.sql.write() as tx:
        ws.sql.lock(tx, f"channels.chat.{chat_id}")
        if (verb := _VERBS.get(detail)) is not None:
            word = {"account_id": account.id, "callback_id": callback_id, "chat_id": chat_id, "verb": verb, "at": at}
            userids, scene = _named(fields.get("MemChangeList")), _whole(fields.get(_SCENES[detail]))
            repo.add_word(tx, word | {"userids": userids, "scene": scene, "version": str(fields.get("CurMemVer") or "")})
        elif fields.get("ChangeType") == "dismiss":
            word = {"account_id": account.id, "callback_id": callback_id, "chat_id": chat_id, "verb": GroupVerb.DISSOLVED, "at": at}
            repo.add_word(tx, word | {"userids": [], "scene": 0, "version": ""})
        repo.want(tx, account.id, chat_id, at=ws.clock.now())
        ws.sql.after_commit(lambda: pumps.wake(PUMP))


def step(ws: Workspace) -> int:
    """Fetches groups that are due; the pump's step."""
    with ws.sql.read() as tx:
        rows = repo.due(tx, ws.clock.now(), limit=_STEP)
    for row in rows:
        refresh(ws, row.account_id, row.chat_id)
    return len(rows)


def refresh(ws: Workspace, account_id: str, chat_id: str) -> None:
    """Fetches one group and takes what it tells, unless somebody else is at it."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        leased = repo.lease(tx, account_id, chat_id, now)
    if leased is None:
        return
    failpoints.hit("channels.groups.before_fetch")
    try:
        fetched = wecom.fetch(asking(ws, account_id), chat_id)
    except errors.ChannelFailed as failure:
        if failure.errcode in wecom.GONE:
            _dissolve(ws, leased)
        else:
            _later(ws, leased, failure.retry_seconds)
        return
    except WellspringError:
        _later(ws, leased, 0)
        return
    failpoints.hit("channels.groups.after_fetch")
    _take(ws, leased, fetched)


def _take(ws: Workspace, leased: repo.Row, fetched: wecom.Fetched) -> None:
    now = ws.clock.now()
    numbers = recognising.numbers_of(ws, [one for one in fetched.members if not one.is_staff])
    with ws.sql.write() as tx:
        values = _columns(ws, fetched) | {"fetched_no": leased.wanted_no, "fetched_at": now, "attempts": 0}
        # An owner who left is told by the list alone; a living group that was found again is not dissolved.
        values |= {"state": GroupState.ACTIVE, "dissolved_at": None} if leased.state == GroupState.DISSOLVED else {}
        if not repo.settle(tx, leased, **values):
            return
        listed = {one.userid: one for one in fetched.members}
        _apply(ws, tx, leased, listed, numbers, at=now)
        _tell_changes(ws, tx, leased, fetched, at=now)


def _apply(
    ws: Workspace, tx: Tx, leased: repo.Row, listed: Mapping[str, wecom.Listed] | None, numbers: Mapping[str, int], *, at: dt.datetime
) -> None:
    """Writes the stays that a list and the words make, and tells what is new of them."""
    rows = {(row.userid, row.joined_at): row for row in repo.stays(tx, leased.account_id, leased.chat_id)}
    known = [rules.Stay(row.userid, row.joined_at, row.left_at, row.was_removed) for row in rows.values()]
    words = [rules.Word(row.verb, tuple(row.userids), row.at, row.scene) for row in repo.words(tx, leased.account_id, leased.chat_id)]
    joined = None if listed is None else {userid: one.joined_at for userid, one in listed.items()}
    found = rules.step(known, joined, words, at=at)
    repo.add_stays(tx, [_stay(ws, leased, stay, (listed or {}).get(stay.userid), numbers) for stay in found.came])
    for stay in found.ended:
        ends = {"left_at": stay.left_at, "was_removed": stay.was_removed}
        repo.change_stay(tx, leased.account_id, leased.chat_id, stay.userid, stay.joined_at, **ends)
    _correct(tx, leased, found, rows)
    changes = _changes(leased, found, rows, listed or {}, numbers, at)
    told = repo.add_changes(tx, changes)
    bus.tell(ws.sql, tx, *[event for one in told if (event := _event(leased, one)) is not None], at=at)


def _correct(tx: Tx, leased: repo.Row, found: rules.Step, rows: Mapping[tuple[str, dt.datetime], repo.Row]) -> None:
    """A word that tells when somebody left corrects what a list had only found."""
    for stay in found.ended:
        before = rows[stay.userid, stay.joined_at]
        if before.left_at is not None and stay.left_at is not None:
            scene = int(bool(stay.was_removed))
            repo.move_exit(tx, leased.account_id, leased.chat_id, stay.userid, before.left_at, stay.left_at, scene)


def _changes(
    leased: repo.Row,
    found: rules.Step,
    rows: Mapping[tuple[str, dt.datetime], repo.Row],
    listed: Mapping[str, wecom.Listed],
    numbers: Mapping[str, int],
    at: dt.datetime,
) -> list[dict[str, Any]]:
    base = {"account_id": leased.account_id, "chat_id": leased.chat_id, "recorded_at": at, "is_logged": False}
    made = []
    for stay in found.came:
        one = listed.get(stay.userid)
        number, state, scene = numbers.get(stay.userid, 0), one.state if one else "", one.scene if one else 0
        whom = {"userid": stay.userid, "member_no": number, "state": state[:_STATE_CHARACTERS]}
        made.append(base | whom | {"verb": GroupVerb.JOINED, "at": stay.joined_at, "scene": scene})
        if stay.left_at is not None:
            made.append(base | whom | {"verb": GroupVerb.LEFT, "at": stay.left_at, "scene": int(bool(stay.was_removed))})
    for stay in found.ended:
        before = rows[stay.userid, stay.joined_at]
        if before.left_at is None and stay.left_at is not None:
            whom = {"userid": stay.userid, "member_no": before.member_no, "state": before.state}
            made.append(base | whom | {"verb": GroupVerb.LEFT, "at": stay.left_at, "scene": int(bool(stay.was_removed))})
    return made


def _event(leased: repo.Row, one: dict[str, Any]) -> GroupJoined | GroupLeft | None:
    who = (leased.account_id, leased.chat_id, one["userid"], one["member_no"], one["state"])
    if one["verb"] == GroupVerb.JOINED:
        return GroupJoined(*who, scene=one["scene"], at=iso(one["at"]))
    if one["verb"] == GroupVerb.LEFT:
        return GroupLeft(*who, was_removed=bool(one["scene"]), at=iso(one["at"]))
    return None


def _tell_changes(ws: Workspace, tx: Tx, leased: repo.Row, fetched: wecom.Fetched, *, at: dt.datetime) -> None:
    base = {"account_id": leased.account_id, "chat_id": leased.chat_id, "recorded_at": at, "is_logged": True, "at": at}
    made = []
    if leased.fetched_at is not None and leased.name != fetched.name:
        made.append(base | {"verb": GroupVerb.RENAMED})
    if leased.fetched_at is not None and leased.owner != fetched.owner:
        made.append(base | {"verb": GroupVerb.OWNER, "userid": fetched.owner})
    repo.add_changes(tx, [{"userid": "", "member_no": 0, "scene": 0, "state": "", **one} for one in made])
    if made or leased.fetched_at is None:
        bus.tell(ws.sql, tx, GroupChanged(leased.account_id, leased.chat_id, str(GroupState.ACTIVE)), at=at)


def _dissolve(ws: Workspace, leased: repo.Row) -> None:
    """Everybody's stay ended when the group did; a word may tell when that was."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        words = repo.words(tx, leased.account_id, leased.chat_id)
        ended = min((row.at for row in words if row.verb == GroupVerb.DISSOLVED), default=leased.dissolved_at or now)
        values = {"state": GroupState.DISSOLVED, "dissolved_at": ended, "members_count": 0, "customers_count": 0}
        if not repo.settle(tx, leased, fetched_no=leased.wanted_no, fetched_at=now, attempts=0, **values):
            return
        _apply(ws, tx, leased, {}, {}, at=ended)
        if leased.state != GroupState.DISSOLVED:
            change = {"verb": GroupVerb.DISSOLVED, "userid": "", "member_no": 0, "scene": 0, "state": "", "at": ended}
            repo.add_changes(
                tx, [change | {"account_id": leased.account_id, "chat_id": leased.chat_id, "recorded_at": now, "is_logged": True}]
            )
            bus.tell(ws.sql, tx, GroupChanged(leased.account_id, leased.chat_id, str(GroupState.DISSOLVED)), at=now)


def _later(ws: Workspace, leased: repo.Row, seconds: int) -> None:
    pause = dt.timedelta(seconds=seconds) if seconds else _RETRY * 2 ** min(leased.attempts, 7)
    with ws.sql.write() as tx:
        repo.settle(tx, leased, due_at=ws.clock.now() + min(pause, _RETRY_MAX), attempts=leased.attempts + 1)


def _columns(ws: Workspace, fetched: wecom.Fetched) -> dict[str, Any]:
    return {
        "name": fetched.name[:120],
        "owner": fetched.owner,
        "notice": ws.keys.seal(fetched.notice, context=NOTICE) if fetched.notice else None,
        "admins": list(fetched.admins),
        "member_version": fetched.version,
        "members_count": len(fetched.members),
        "customers_count": sum(not one.is_staff for one in fetched.members),
        "created_at": fetched.created_at,
    }


def _stay(ws: Workspace, leased: repo.Row, stay: rules.Stay, one: wecom.Listed | None, numbers: Mapping[str, int]) -> dict[str, Any]:
    named = recognising.sealed(ws, one.name if one else "", context=NAME)
    return {
        "account_id": leased.account_id,
        "chat_id": leased.chat_id,
        "userid": stay.userid,
        "joined_at": stay.joined_at,
        "left_at": stay.left_at,
        "was_removed": stay.was_removed,
        "is_staff": one.is_staff if one else recognising.is_staff(ws, leased.account_id, stay.userid),
        "member_no": numbers.get(stay.userid, 0),
        "name": named[0],
        "name_masked": named[1],
        "unionid": one.unionid if one else "",
        "join_scene": one.scene if one else 0,
        "state": one.state[:_STATE_CHARACTERS] if one else "",
        "invited_by": one.invited_by if one else None,
    }


def _named(changed: Any) -> list[str]:  # noqa: ANN401 - a list, one text, or what stood around them
    if isinstance(changed, Mapping):
        changed = changed.get("Item")
    if isinstance(changed, str):
        return [changed] if changed else []
    return [str(one) for one in changed] if isinstance(changed, Sequence) else []


def _whole(text: Any) -> int:  # noqa: ANN401 - a number, its text, or nothing
    return int(text) if str(text or "").isdigit() else 0
