"""Who carries which tag, on both sides: one customer at a time is compared, pulled here and pushed there.

A customer becomes due by a callback, by a change of tags here, or by a walk. What is decided by a rule, an expiry or an
exclusive group is decided here, whoever wins otherwise: the platform knows none of the three.
"""

import concurrent.futures
import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from pyroaring import BitMap

from wellspring.channels import errors
from wellspring.channels.adapters.wecom import tags as wecom
from wellspring.channels.contracts import RelationState
from wellspring.channels.contracts.tags import Winner
from wellspring.channels.repo import corptags as repo
from wellspring.channels.rules.corptags import Outcome, There, agreed
from wellspring.channels.service.asking import asking
from wellspring.channels.settings import ChannelsSettings
from wellspring.kernel import audit, failpoints, jobs, pumps, sets
from wellspring.kernel.auth import SYSTEM, Principal
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.tags import api as tags
from wellspring.tags.errors import TagRetired, TagUnknown

PUMP = "channels.tags"
JOB = "channels.compare_tags"
_STEP = 60
_PIECE = 500
_RETRY = dt.timedelta(seconds=20)
_RETRY_MAX = dt.timedelta(hours=6)
# The relation ended meanwhile, which its own callback tells.
_OVER = frozenset({84061, 40096, 60111, 84084})


class _Case(NamedTuple):
    """One customer's comparison: our ids and winners of the linked tags, both sides, and what follows."""

    number: int
    links: Mapping[str, tuple[str, Winner]]
    outcomes: Mapping[str, Outcome]
    relations: Sequence[repo.Row]
    seen: Mapping[str, set[str]]


def want(ws: Workspace, tx: Tx, account_id: str, external_userids: Collection[str]) -> None:
    """Notes in the running transaction that these customers have to be compared."""
    repo.want(tx, account_id, external_userids, at=ws.clock.now())
    ws.sql.after_commit(lambda: pumps.wake(PUMP))


def changed_here(ws: Workspace, tx: Tx, our_tag_ids: Collection[str]) -> None:
    """Tags changed on members of ours: whoever of them is a contact has to be compared."""
    numbers: dict[str, set[int]] = {}
    for link in repo.linked(tx, our_tag_ids=our_tag_ids):
        name = f"channels.tag.{link.account_id}.{link.tag_id}"
        before, now = sets.read(tx, name), _members(ws, link.our_tag_id)
        if moved := before ^ now:
            sets.change(tx, name, add=now - before, remove=before - now)
            numbers.setdefault(link.account_id, set()).update(moved)
    for account_id, mine in numbers.items():
        want(ws, tx, account_id, repo.contacts_of(tx, account_id, _family(ws, mine)))


def step(ws: Workspace) -> int:
    """Compares customers that are due; the pump's step."""
    with ws.sql.read() as tx:
        rows = repo.due(tx, ws.clock.now(), limit=_STEP)
    if not rows:
        return 0
    decided = _decided_here(ws)
    if len(rows) == 1:
        compare(ws, rows[0].account_id, rows[0].external_userid, decided)
        return 1
    threads = min(ws.settings.get(ChannelsSettings).sync_threads, len(rows))
    with concurrent.futures.ThreadPoolExecutor(threads, thread_name_prefix="tags") as pool:
        list(pool.map(lambda row: compare(ws, row.account_id, row.external_userid, decided), rows))
    return len(rows)


def compare(ws: Workspace, account_id: str, external_userid: str, decided: Collection[str]) -> None:
    """Makes both sides agree on one customer, unless somebody else is at it; `decided` are our tags that this side decides on."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        leased = repo.lease(tx, account_id, external_userid, now)
    if leased is None:
        return
    case = _case(ws, account_id, external_userid, decided)
    if case is None:
        with ws.sql.write() as tx:
            repo.settle(tx, leased, due_at=None, error_code=None)
        return
    here = _pull(ws, account_id, case)
    failpoints.hit("channels.tags.before_push")
    failed, code = _push(ws, account_id, external_userid, case)
    failpoints.hit("channels.tags.after_push")
    with ws.sql.write() as tx:
        repo.set_seen(tx, account_id, external_userid, _now_seen(tx, account_id, external_userid, case, here, failed), dict(case.seen))
        pause = min(_RETRY * 2 ** min(leased.attempts, 12), _RETRY_MAX) if code else None
        again = {"error_code": code, "attempts": leased.attempts + 1} if code else {"error_code": None, "attempts": 0}
        repo.settle(tx, leased, due_at=now + pause if pause else None, **again)


def mark(
    ws: Workspace, *, by: Principal, account_id: str, external_userid: str, userid: str, put: Sequence[str], lift: Sequence[str]
) -> None:
    """Puts and lifts corp tags on one relation, and here with them. Raises ChannelFailed, OutcomeUnknown."""
    now = ws.clock.now()
    _mark(ws, account_id, external_userid, userid, put, lift)
    with ws.sql.write() as tx:
        detail = {"userid": userid, "put": list(put), "lift": list(lift)}
        audit.append(ws.sql, tx, by=by, action="channels.contact.tag", subject=external_userid, at=now, detail=detail)
        want(ws, tx, account_id, [external_userid])


def walk(running: jobs.Running) -> dict[str, Any]:
    """Wants every contact of an account compared, a piece at a time; the job of it."""
    ws, account_id, after = running.workspace, str(running.body["account_id"]), ""
    count = 0
    while True:
        with ws.sql.write() as tx:
            piece = repo.contacts_after(tx, account_id, after, limit=_PIECE)
            if piece:
                want(ws, tx, account_id, piece)
        if not piece:
            return {"contacts": count}
        after, count = piece[-1], count + len(piece)
        running.progress(done=count)


def _case(ws: Workspace, account_id: str, external_userid: str, decided: Collection[str]) -> _Case | None:
    with ws.sql.read() as tx:
        links = {link.tag_id: (link.our_tag_id, Winner(link.winner)) for link in repo.linked(tx, account_id)}
        number = repo.contact_no(tx, account_id, external_userid)
        relations = repo.relations(tx, account_id, external_userid)
        seen = repo.seen(tx, account_id, external_userid)
    if not links or not number:
        return None
    [held] = people.holders_of(ws, member_nos=[number])
    carried = {tag.id for tag in tags.of_member(ws, member_no=held)}
    outcomes = {}
    for tag_id, (our_id, winner) in links.items():
        there = {row.userid: _there(row, tag_id, seen) for row in relations}
        outcomes[tag_id] = agreed(
            is_here=our_id in carried,
            was_here=tag_id in seen.get("", ()),
            there=there,
            winner=Winner.WELLSPRING if our_id in decided else winner,
        )
    return _Case(held, links, outcomes, relations, seen)


def _there(row: repo.Row, tag_id: str, seen: Mapping[str, set[str]]) -> There:
    was_there = tag_id in seen.get(row.userid, ())
    if row.state != RelationState.FOLLOWING:
        return There(was_there, was_there, is_open=False)
    return There(tag_id in row.tag_ids, was_there, is_open=True)


def _pull(ws: Workspace, account_id: str, case: _Case) -> set[str]:
    """Makes this side agree; gives the platform's tags that the member carries here then."""
    source = f"wecom:{account_id}"
    with ws.sql.write():
        carried = {tag.id for tag in tags.of_member(ws, member_no=case.number)}
        for tag_id, outcome in case.outcomes.items():
            our_id = case.links[tag_id][0]
            if outcome.is_carried is (our_id in carried):
                continue
            put, lift = ([case.number], []) if outcome.is_carried else ([], [case.number])
            try:
                tags.set_members(ws, by=SYSTEM, tag_id=our_id, put=put, lift=lift, source=source, reason="企业微信标签 / WeCom tags")
            except (TagUnknown, TagRetired):
                # Its own deletion or retirement is a difference for a person to decide.
                continue
        carried = {tag.id for tag in tags.of_member(ws, member_no=case.number)}
    return {tag_id for tag_id, (our_id, _) in case.links.items() if our_id in carried}


def _push(ws: Workspace, account_id: str, external_userid: str, case: _Case) -> tuple[set[str], int | None]:
    """Makes the other side agree; gives the tags that could not be told, and why."""
    failed: set[str] = set()
    code: int | None = None
    for row in case.relations:
        put = [tag_id for tag_id, outcome in case.outcomes.items() if row.userid in outcome.put]
        lift = [tag_id for tag_id, outcome in case.outcomes.items() if row.userid in outcome.lift]
        if not put and not lift:
            continue
        try:
            _mark(ws, account_id, external_userid, row.userid, put, lift)
        except errors.ChannelFailed as failure:
            if failure.errcode not in _OVER:
                failed.update(put, lift)
                code = failure.errcode
        except WellspringError:
            failed.update(put, lift)
            code = -1
    return failed, code


def _mark(ws: Workspace, account_id: str, external_userid: str, userid: str, put: Sequence[str], lift: Sequence[str]) -> None:
    wecom.mark(asking(ws, account_id), userid, external_userid, put=put, lift=lift)
    with ws.sql.write() as tx:
        row = next((one for one in repo.relations(tx, account_id, external_userid) if one.userid == userid), None)
        if row is not None:
            had = [tag_id for tag_id in row.tag_ids if tag_id not in lift]
            repo.set_tags(tx, account_id, external_userid, userid, [*had, *(tag_id for tag_id in put if tag_id not in had)])


def _now_seen(tx: Tx, account_id: str, external_userid: str, case: _Case, here: set[str], failed: set[str]) -> dict[str, set[str]]:
    """What both sides agree on now; of tags that could not be told the old agreement stands, so that they are told again."""
    known = set(case.links)
    found = {"": (here - failed) | (case.seen.get("", set()) & failed)}
    standing = {row.userid: row for row in repo.relations(tx, account_id, external_userid)}
    for row in case.relations:
        before = case.seen.get(row.userid, set())
        newest = standing.get(row.userid, row)
        there = set(newest.tag_ids) & known if newest.state == RelationState.FOLLOWING else before & known
        # Whatever came there since it was read is not agreed on yet.
        expected = {tag_id for tag_id in known if row.userid in case.outcomes[tag_id].put or tag_id in row.tag_ids}
        found[row.userid] = ((there & expected) - failed) | (before & failed)
    return found


def _decided_here(ws: Workspace) -> set[str]:
    """Our tags that follow a rule, run out, or are one of a group that takes one only."""
    found = set(tags.rules(ws))
    for group in tags.listing(ws):
        found.update(tag.id for tag in group.tags if group.is_exclusive or tag.expires_after_days)
    return found


def _members(ws: Workspace, our_tag_id: str) -> BitMap:
    try:
        return tags.members(ws, tag_id=our_tag_id)
    except TagUnknown:
        return BitMap()


def _family(ws: Workspace, numbers: Collection[int]) -> set[int]:
    """These members' numbers, and those that were merged into them."""
    wanted = set(numbers)
    return wanted | {number for number, holder in people.holders(ws).items() if holder in wanted}
