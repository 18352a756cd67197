"""Tags of ours that staff shall see on their customers: made corp tags, and linked, before the first customer carries them."""

import contextlib
from collections.abc import Sequence

from wellspring.channels.adapters.wecom import tags as wecom
from wellspring.channels.repo import corptags as repo
from wellspring.channels.service import corptags, tagging
from wellspring.channels.service.asking import asking
from wellspring.channels.settings import ChannelsSettings
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.workspace import Workspace
from wellspring.tags import api as tags


def publish(ws: Workspace, account_id: str, words: Sequence[tuple[str, str]]) -> int:
    """Makes what is missing there and links it; gives how many tags were made. Raises ChannelFailed, OutcomeUnknown."""
    if not ws.settings.get(ChannelsSettings).links_tags:
        return 0
    _define(ws, words)
    if not _missing(ws, account_id, words):
        return 0
    # What is there by the same names already is found and linked; only the rest is made.
    corptags.compare(ws, account_id)
    made = 0
    for group, ours in _missing(ws, account_id, words).items():
        made += _make(ws, account_id, group, ours)
    return made


def _define(ws: Workspace, words: Sequence[tuple[str, str]]) -> None:
    for group, name in words:
        if tags.find(ws, group, name) is None:
            # Too many tags, or no name for one: whoever puts it is told so, and there is nothing to publish.
            with contextlib.suppress(WellspringError):
                tags.add_tag(ws, by=SYSTEM, group=group, name=name)


def _missing(ws: Workspace, account_id: str, words: Sequence[tuple[str, str]]) -> dict[str, dict[str, str]]:
    """Group → names with our ids of what no corp tag stands for, without what a person keeps apart."""
    with ws.sql.read() as tx:
        rows, groups = repo.tags(tx, account_id), repo.groups(tx, account_id)
    linked = {row.our_tag_id for row in rows}
    apart = {row.name for row in groups if not row.is_linked and not row.is_gone}
    # A tag that is there under the same name and linked to none of ours was kept apart by a person.
    there = {(group.name, row.name) for row in rows for group in groups if row.group_id == group.group_id and not row.is_gone}
    found: dict[str, dict[str, str]] = {}
    for group, name in words:
        ours = tags.find(ws, group, name)
        fits = len(group) <= wecom.NAME_MAX and len(name) <= wecom.NAME_MAX
        if ours is not None and fits and ours not in linked and group not in apart and (group, name) not in there:
            found.setdefault(group, {})[name] = ours
    return found


def _make(ws: Workspace, account_id: str, group: str, ours: dict[str, str]) -> int:
    with ws.sql.read() as tx:
        known = next((row for row in repo.groups(tx, account_id) if row.name == group and not row.is_gone), None)
    to = {"group_name": group} if known is None else {"group_id": known.group_id}
    # A lost answer is no harm: the next comparison lists what was made and finds ours by its name.
    group_id, ids = wecom.add(asking(ws, account_id), sorted(ours), **to)
    now, mine = ws.clock.now(), next((one.id for one in tags.listing(ws) if one.name == group), None)
    with ws.sql.write() as tx:
        if known is None:
            base = {"name": group, "seen_name": group, "our_group_id": mine, "is_linked": True, "is_gone": False}
            repo.put_group(tx, account_id, group_id, winner=ws.settings.get(ChannelsSettings).tags_winner, synced_at=now, **base)
        for name, our_id in ours.items():
            if name in ids:
                tag = {"group_id": group_id, "name": name, "seen_name": name, "our_tag_id": our_id, "is_gone": False}
                repo.put_tag(tx, account_id, ids[name], synced_at=now, **tag)
        tagging.changed_here(ws, tx, list(ours.values()))
    return len(ids)
