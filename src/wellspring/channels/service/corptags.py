"""The library of corp tags: linked to ours by name, new ones made on the other side, renamed by whoever renamed them.

What was deleted on one side is deleted nowhere else: the link ends, and a person decides.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from wellspring.channels import errors
from wellspring.channels.adapters.wecom import tags as wecom
from wellspring.channels.contracts import Account
from wellspring.channels.contracts.tags import (
    CorpTag,
    CorpTagGroup,
    DifferenceKind,
    TagDecision,
    TagDifference,
    TagUpkeep,
    Winner,
)
from wellspring.channels.repo import corptags as repo
from wellspring.channels.rules.corptags import renamed
from wellspring.channels.service import corps, tagging
from wellspring.channels.service.asking import account_of, asking
from wellspring.channels.settings import ChannelsSettings
from wellspring.kernel import audit, failpoints, jobs
from wellspring.kernel.auth import SYSTEM, Principal
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.ids import new_id
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.tags import api as tags
from wellspring.tags.contracts import Group, State, Tag

JOB = "channels.sync_tags"


def ask_sync(ws: Workspace, *, by: Principal, account_id: str) -> str:
    """Queues a comparison of the two libraries; gives the job."""
    account_of(ws, account_id)
    with ws.sql.write() as tx:
        return jobs.enqueue(ws, tx, JOB, {"account_id": account_id}, by=by)


def heard(ws: Workspace, account: Account, _fields: Mapping[str, Any], _at: dt.datetime, _callback_id: int) -> None:
    """Takes a callback of change_external_tag: whatever it says, the library is compared."""
    with ws.sql.write() as tx:
        if not jobs.is_queued(tx, JOB, by=ws.clock.now()):
            jobs.enqueue(ws, tx, JOB, {"account_id": account.id})


def want_sync(ws: Workspace, tx: Tx) -> None:
    """Groups or tags changed here: corps that have any linked group are compared."""
    if repo.has_links(tx) and not jobs.is_queued(tx, JOB, by=ws.clock.now()):
        jobs.enqueue(ws, tx, JOB, {})


def sync(running: jobs.Running) -> dict[str, Any]:
    """Compares the libraries of one account, or of all; the job of it."""
    ws, wanted = running.workspace, running.body.get("account_id")
    counts = {"groups": 0, "tags": 0, "made_there": 0, "differences": 0}
    for account_id in [wanted] if wanted else corps.active(ws):
        for name, count in compare(ws, account_id).items():
            counts[name] += count
        running.progress(done=counts["tags"], note=account_id)
    return counts


def compare(ws: Workspace, account_id: str) -> dict[str, int]:
    """Makes both libraries agree as far as no person has to decide. Raises ChannelFailed."""
    found = wecom.library(asking(ws, account_id))
    differences = _take_groups(ws, account_id, found) + _take_tags(ws, account_id, found)
    failpoints.hit("channels.tags.taken")
    made = _tell(ws, account_id)
    return {"groups": len(found.groups), "tags": len(found.tags), "made_there": made, "differences": differences}


def listing(ws: Workspace, *, account_id: str) -> list[CorpTagGroup]:
    """The groups of a corp with their tags, as last compared."""
    with ws.sql.read() as tx:
        counts, rows = repo.open_counts(tx, account_id), repo.tags(tx, account_id)
        groups = repo.groups(tx, account_id)
    members: dict[str, list[CorpTag]] = {}
    for row in rows:
        members.setdefault(row.group_id, []).append(CorpTag(row.tag_id, row.name, row.our_tag_id, row.is_gone))
    return [_group(row, members.get(row.group_id, []), counts.get(row.group_id, 0)) for row in groups]


def change_group(ws: Workspace, *, by: Principal, group_id: str, winner: Winner | None, is_linked: bool | None) -> CorpTagGroup:
    """Says which side wins, and whether the group is linked at all. Raises TagUnknownThere."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        row = repo.group(tx, group_id)
        if row is None:
            raise errors.TagUnknownThere
        values: dict[str, Any] = {} if winner is None else {"winner": winner}
        values |= {} if is_linked is None else {"is_linked": is_linked}
        if values:
            repo.put_group(tx, row.account_id, group_id, **values)
            audit.append(ws.sql, tx, by=by, action="channels.tag_group.change", subject=group_id, at=now, detail=dict(values))
            jobs.enqueue(ws, tx, JOB, {"account_id": row.account_id}, by=by)
    return next(one for one in listing(ws, account_id=row.account_id) if one.group_id == group_id)


def differences(ws: Workspace, *, account_id: str | None, is_open: bool, cursor: str | None, limit: int | None) -> Page[TagDifference]:
    """What has to be decided, the newest first."""
    size, before = limit_of(limit), str(decode_cursor(cursor, length=1)[0]) if cursor else None
    with ws.sql.read() as tx:
        rows = repo.differences(tx, account_id, is_open=is_open, before=before, limit=size + 1)
    return Page([_difference(row) for row in rows[:size]], encode_cursor([rows[size - 1].id]) if len(rows) > size else None)


def decide(ws: Workspace, *, by: Principal, difference_id: str, decision: TagDecision) -> TagDifference:
    """Carries out what a person decided. Raises TagUnknownThere, ChannelFailed, TagInUse."""
    with ws.sql.read() as tx:
        row = repo.difference(tx, difference_id)
    if row is None or row.decided_at is not None:
        raise errors.TagUnknownThere
    if row.kind == DifferenceKind.GONE_THERE:
        _decide_gone_there(ws, by, row, decision)
    elif row.kind == DifferenceKind.GONE_HERE:
        _decide_gone_here(ws, by, row, decision)
    now = ws.clock.now()
    with ws.sql.write() as tx:
        repo.decide(tx, difference_id, decision=decision, decided_by=by.id, decided_at=now)
        audit.append(
            ws.sql, tx, by=by, action="channels.tag_difference.decide", subject=difference_id, at=now, detail={"decision": decision}
        )
        if decision is TagDecision.REMAKE:
            jobs.enqueue(ws, tx, tagging.JOB, {"account_id": row.account_id}, by=by)
        return _difference(repo.difference(tx, difference_id))


def upkeep(ws: Workspace, *, account_id: str) -> TagUpkeep:
    """How many customers wait to be compared, and when the libraries last were."""
    with ws.sql.read() as tx:
        waiting, failing = repo.backlog(tx, account_id)
        synced = max((row.synced_at for row in repo.groups(tx, account_id)), default=None)
    return TagUpkeep(waiting, failing, synced)


def _take_groups(ws: Workspace, account_id: str, found: wecom.Library) -> int:
    now, settings = ws.clock.now(), ws.settings.get(ChannelsSettings)
    with ws.sql.write() as tx:
        ours = {group.name: group for group in tags.listing(ws)}
        by_id = {group.id: group for group in ours.values()}
        known = {row.group_id: row for row in repo.groups(tx, account_id)}
        for group_id, name in found.groups.items():
            row = known.get(group_id)
            if row is None:
                link = ours[name].id if name in ours else None
                base = {"name": name, "seen_name": name, "our_group_id": link, "winner": settings.tags_winner, "is_gone": False}
                repo.put_group(tx, account_id, group_id, is_linked=settings.links_tags, synced_at=now, **base)
                continue
            _rename_group(ws, tx, row, name, by_id.get(row.our_group_id or ""))
        for group_id, row in known.items():
            if group_id not in found.groups and not row.is_gone:
                repo.put_group(tx, account_id, group_id, is_gone=True, synced_at=now)
    return 0


def _rename_group(ws: Workspace, tx: Tx, row: repo.Row, name: str, ours: Group | None) -> None:
    """A group renamed there is renamed here; one renamed here is told with the tags."""
    values: dict[str, Any] = {"name": name, "is_gone": False, "synced_at": ws.clock.now()}
    if ours is not None and row.is_linked:
        wished = renamed(here=ours.name, there=name, seen=row.seen_name, winner=Winner(row.winner))
        if (
            wished != ours.name and _renamed_here(ws, lambda: tags.change_group(ws, by=SYSTEM, group_id=ours.id, values={"name": wished}))
        ) or wished == ours.name == name:
            values["seen_name"] = wished
    repo.put_group(tx, row.account_id, row.group_id, **values)


def _take_tags(ws: Workspace, account_id: str, found: wecom.Library) -> int:
    """Links new tags, renames, and notes what is gone on either side."""
    count = 0
    with ws.sql.write() as tx:
        groups = {row.group_id: row for row in repo.groups(tx, account_id)}
        ours = {tag.id: tag for group in tags.listing(ws) for tag in group.tags}
        known = {row.tag_id: row for row in repo.tags(tx, account_id)}
        for tag_id, (group_id, name) in found.tags.items():
            group, row = groups[group_id], known.get(tag_id)
            if row is None or (row.our_tag_id is None and group.is_linked and not _was_decided(tx, account_id, tag_id)):
                _link(ws, tx, group, tag_id, name)
            elif row.our_tag_id is not None and row.our_tag_id not in ours and group.is_linked:
                count += _note(ws, tx, group, row, DifferenceKind.GONE_HERE)
            else:
                _rename_tag(ws, tx, group, row, name, ours.get(row.our_tag_id or ""))
        for tag_id, row in known.items():
            if tag_id not in found.tags and not row.is_gone:
                repo.put_tag(tx, account_id, tag_id, is_gone=True, synced_at=ws.clock.now())
                if row.our_tag_id in ours:
                    count += _note(ws, tx, groups[row.group_id], row, DifferenceKind.GONE_THERE)
    return count


def _link(ws: Workspace, tx: Tx, group: repo.Row, tag_id: str, name: str) -> None:
    """A tag that is new here: ours of the same names is it, or is made. What both sides have of it is put on both."""
    our_id = None
    if group.is_linked:
        our_id = tags.find(ws, group.name, name) or _made(ws, group.name, name)
    base = {"group_id": group.group_id, "name": name, "seen_name": name, "our_tag_id": our_id, "is_gone": False}
    repo.put_tag(tx, group.account_id, tag_id, synced_at=ws.clock.now(), **base)
    if our_id is None:
        return
    if group.our_group_id is None:
        mine = next((one.id for one in tags.listing(ws) if one.name == tags.get(ws, tag_id=our_id).group), None)
        repo.put_group(tx, group.account_id, group.group_id, our_group_id=mine)
    tagging.changed_here(ws, tx, [our_id])


def _made(ws: Workspace, group: str, name: str) -> str | None:
    try:
        return tags.add_tag(ws, by=SYSTEM, group=group.replace("/", "／"), name=name)
    except WellspringError:
        # Too many tags, or a name that cannot be one here: it stays apart.
        return None


def _rename_tag(ws: Workspace, tx: Tx, group: repo.Row, row: repo.Row, name: str, ours: Tag | None) -> None:
    values: dict[str, Any] = {"name": name, "group_id": group.group_id, "is_gone": False, "synced_at": ws.clock.now()}
    if ours is not None and group.is_linked:
        wished = renamed(here=ours.name, there=name, seen=row.seen_name, winner=Winner(group.winner))
        if wished == ours.name == name:
            values["seen_name"] = wished
        elif wished != ours.name:
            if _renamed_here(ws, lambda: tags.change_tag(ws, by=SYSTEM, tag_id=ours.id, values={"name": wished})):
                values["seen_name"] = wished
            else:
                _note(ws, tx, group, row, DifferenceKind.NAME)
    repo.put_tag(tx, row.account_id, row.tag_id, **values)


def _renamed_here(ws: Workspace, rename: Any) -> bool:  # noqa: ANN401 - a verb of tags without arguments
    try:
        with ws.sql.write():
            rename()
    except WellspringError:
        return False
    return True


def _tell(ws: Workspace, account_id: str) -> int:
    """Makes there what is new in linked groups here, and renames what was renamed here; gives how many tags were made."""
    with ws.sql.read() as tx:
        rows, groups = repo.tags(tx, account_id), repo.groups(tx, account_id)
        ours = {group.id: group for group in tags.listing(ws)}
    ask, made = asking(ws, account_id), 0
    linked = {row.our_tag_id for row in rows}
    for group in [one for one in groups if one.is_linked and not one.is_gone and one.our_group_id in ours]:
        mine = ours[group.our_group_id]
        _tell_names(ws, account_id, group, mine, rows)
        fresh = {tag.name: tag.id for tag in mine.tags if tag.id not in linked and tag.state is State.ACTIVE}
        if not fresh:
            continue
        # A lost answer is no harm: the next comparison lists what was made and finds ours by its name.
        _group_id, ids = wecom.add(ask, sorted(fresh), group_id=group.group_id)
        now = ws.clock.now()
        with ws.sql.write() as tx:
            for name, our_id in fresh.items():
                if name in ids:
                    base = {"group_id": group.group_id, "name": name, "seen_name": name, "our_tag_id": our_id, "is_gone": False}
                    repo.put_tag(tx, account_id, ids[name], synced_at=now, **base)
            tagging.changed_here(ws, tx, list(fresh.values()))
        made += len(ids)
    return made


def _tell_names(ws: Workspace, account_id: str, group: repo.Row, mine: Group, rows: list[repo.Row]) -> None:
    ask = asking(ws, account_id)
    if mine.name not in {group.name, group.seen_name}:
        wecom.rename(ask, group.group_id, mine.name)
        with ws.sql.write() as tx:
            repo.put_group(tx, account_id, group.group_id, name=mine.name, seen_name=mine.name)
    names = {tag.id: tag.name for tag in mine.tags}
    for row in rows:
        wished = names.get(row.our_tag_id or "")
        if wished is None or row.is_gone or wished in {row.name, row.seen_name} or row.group_id != group.group_id:
            continue
        wecom.rename(ask, row.tag_id, wished)
        with ws.sql.write() as tx:
            repo.put_tag(tx, account_id, row.tag_id, name=wished, seen_name=wished)


def _decide_gone_there(ws: Workspace, by: Principal, row: repo.Row, decision: TagDecision) -> None:
    if decision is TagDecision.DELETE and row.our_tag_id:
        tags.delete_tag(ws, by=by, tag_id=row.our_tag_id)
    if decision is TagDecision.REMAKE and row.our_tag_id:
        with ws.sql.read() as tx:
            group = repo.group(tx, row.group_id)
        there = {"group_id": row.group_id} if group is not None and not group.is_gone else {"group_name": row.group_name}
        group_id, ids = wecom.add(asking(ws, row.account_id), [row.name], **there)
        now = ws.clock.now()
        with ws.sql.write() as tx:
            if group is None or group.group_id != group_id:
                base = {"name": row.group_name, "seen_name": row.group_name, "is_linked": True, "is_gone": False}
                winner = ws.settings.get(ChannelsSettings).tags_winner if group is None else group.winner
                ours = None if group is None else group.our_group_id
                repo.put_group(tx, row.account_id, group_id, winner=winner, our_group_id=ours, synced_at=now, **base)
            base = {"group_id": group_id, "name": row.name, "seen_name": row.name, "our_tag_id": row.our_tag_id, "is_gone": False}
            repo.put_tag(tx, row.account_id, ids[row.name], synced_at=now, **base)
            tagging.changed_here(ws, tx, [row.our_tag_id])
    with ws.sql.write() as tx:
        repo.put_tag(tx, row.account_id, row.tag_id, our_tag_id=None)
        repo.forget_tag(tx, row.account_id, row.tag_id)


def _decide_gone_here(ws: Workspace, by: Principal, row: repo.Row, decision: TagDecision) -> None:
    if decision is TagDecision.DELETE:
        wecom.delete(asking(ws, row.account_id), [row.tag_id])
    our_id = tags.add_tag(ws, by=by, group=row.group_name, name=row.name) if decision is TagDecision.REMAKE else None
    with ws.sql.write() as tx:
        repo.put_tag(tx, row.account_id, row.tag_id, our_tag_id=our_id, is_gone=decision is TagDecision.DELETE)
        repo.forget_tag(tx, row.account_id, row.tag_id)


def _was_decided(tx: Tx, account_id: str, tag_id: str) -> bool:
    """Whether a person left this tag apart from ours."""
    return repo.was_kept_apart(tx, account_id, tag_id)


def _note(ws: Workspace, tx: Tx, group: repo.Row, row: repo.Row, kind: DifferenceKind) -> int:
    difference = {"id": new_id("tgd"), "account_id": row.account_id, "kind": kind, "group_id": group.group_id, "tag_id": row.tag_id}
    difference |= {"our_tag_id": row.our_tag_id, "group_name": group.name, "name": row.name, "at": ws.clock.now()}
    return int(repo.add_difference(tx, difference))


def _group(row: repo.Row, members: list[CorpTag], count: int) -> CorpTagGroup:
    return CorpTagGroup(row.account_id, row.group_id, row.name, row.our_group_id, Winner(row.winner), row.is_linked, tuple(members), count)


def _difference(row: Any) -> TagDifference:  # noqa: ANN401 - a row that is there
    return TagDifference(
        id=row.id,
        account_id=row.account_id,
        kind=DifferenceKind(row.kind),
        group_name=row.group_name,
        name=row.name,
        tag_id=row.tag_id,
        our_tag_id=row.our_tag_id,
        at=row.at,
        decision=TagDecision(row.decision) if row.decision else None,
        decided_at=row.decided_at,
    )
