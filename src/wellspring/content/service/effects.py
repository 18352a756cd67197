"""What became of content: opened by whom, bought by whom within some days, by material, persona, topic, hour and audience.

A purchase after a message is no proof that the message caused it; that is what holdouts are for, and the page says so.
"""

import dataclasses
import datetime as dt
import zoneinfo
from collections.abc import Callable, Iterable, Mapping

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from wellspring.activity import api as activity
from wellspring.content.contracts import Material, Permission, Used
from wellspring.content.contracts.looks import Effect
from wellspring.content.facts import buying, openings
from wellspring.content.repo import materials, tracks
from wellspring.content.service import registry
from wellspring.content.settings import ContentSettings
from wellspring.kernel.auth import Principal
from wellspring.kernel.clock import to_millis
from wellspring.kernel.errors import Invalid
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.workspace import Workspace

BYS = ("material", "persona", "topic", "hour", "audience")
_DAYS_MAX = 366
_AUDIENCES_MAX = 8

Mask = npt.NDArray[np.bool_]
# Rows with a member and an instant, in order of time.
Rows = npt.NDArray[np.void]


@dataclasses.dataclass
class _Sum:
    """What is added up under one key; every opening and every order counts once, however many messages came before it."""

    name: str
    sends: int = 0
    members: BitMap = dataclasses.field(default_factory=BitMap)
    bought: Mask | None = None
    opened: dict[str, Mask] = dataclasses.field(default_factory=dict)


def effects(
    ws: Workspace, *, by: Principal, since: dt.datetime, until: dt.datetime, key: str, audience_ids: Iterable[str] = ()
) -> list[Effect]:
    """See `content.api.effects`."""
    by.require(Permission.RADAR_READ)
    if key not in BYS or not dt.timedelta() < until - since <= dt.timedelta(days=_DAYS_MAX):
        raise Invalid(field="by", reason=", ".join(BYS))
    activity.catch_up(ws)
    window = dt.timedelta(days=ws.settings.get(ContentSettings).effect_days)
    with ws.sql.read() as tx:
        uses = tracks.uses(tx, since=since, until=until)
        named = materials.several(tx, {one.content_id for one in uses})
    currency = ws.settings.get(WorkspaceSettings).currency
    paid = buying.paid_between(ws, since, until + window, currency)
    opened = openings.opened_between(ws, since, until + window)
    keys = _keys(ws, key, named, list(audience_ids)[:_AUDIENCES_MAX])
    sums: dict[str, _Sum] = {}
    for one in uses:
        for name, words, members in keys(one):
            _add(sums.setdefault(name, _Sum(words)), one, members, window, paid, opened.get(one.content_id))
    found = [_effect(name, total, paid, opened) for name, total in sums.items()]
    return sorted(found, key=lambda one: one.key) if key == "hour" else sorted(found, key=lambda one: (-one.members, one.key))


def _keys(
    ws: Workspace, key: str, named: Mapping[str, Material], audience_ids: list[str]
) -> Callable[[Used], list[tuple[str, str, BitMap]]]:
    zone = zoneinfo.ZoneInfo(ws.settings.get(WorkspaceSettings).time_zone)
    audiences = {one: found for one in audience_ids if (found := registry.members_of(ws, one)) is not None} if key == "audience" else {}
    words = {one: registry.name_of(ws, one) or one for one in audiences}

    def of(used: Used) -> list[tuple[str, str, BitMap]]:
        material = named[used.content_id]
        if key == "audience":
            return [(one, words[one], shared) for one, members in audiences.items() if (shared := used.members & members)]
        if key == "topic":
            return [(f"{tag.dimension}:{tag.name}", tag.name, used.members) for tag in material.tags]
        if key == "hour":
            hour = f"{used.at.astimezone(zone).hour:02}"
            return [(hour, f"{hour}:00", used.members)]
        if key == "persona":
            return [(material.persona_id or "", material.persona_name, used.members)]
        return [(material.id, material.name, used.members)]

    return of


def _add(total: _Sum, used: Used, members: BitMap, window: dt.timedelta, paid: Rows, opened: Rows | None) -> None:
    total.sends += max(len(members), 1)
    total.members |= members
    if not members:
        return
    numbers = np.fromiter(members, dtype=np.uint32, count=len(members))
    if total.bought is None:
        total.bought = np.zeros(len(paid), dtype=np.bool_)
    _mark(total.bought, paid, numbers, used.at, window)
    if opened is not None:
        mask = total.opened.setdefault(used.content_id, np.zeros(len(opened), dtype=np.bool_))
        _mark(mask, opened, numbers, used.at, window)


def _mark(mask: Mask, rows: Rows, numbers: npt.NDArray[np.uint32], at: dt.datetime, window: dt.timedelta) -> None:
    first, last = np.searchsorted(rows["at"], [to_millis(at), to_millis(at + window)])
    mask[first:last] |= np.isin(rows["member_no"][first:last], numbers, assume_unique=False)


def _effect(key: str, total: _Sum, paid: Rows, opened: Mapping[str, Rows]) -> Effect:
    bought = paid[total.bought] if total.bought is not None else paid[:0]
    openers = [opened[content_id]["member_no"][mask] for content_id, mask in total.opened.items()]
    return Effect(
        key=key,
        name=total.name,
        sends=total.sends,
        members=len(total.members),
        openers=len(np.unique(np.concatenate(openers))) if openers else 0,
        opens=sum(len(one) for one in openers),
        buyers=len(np.unique(bought["member_no"])),
        revenue_minor=int(bought["amount"].sum()),
    )
