"""Campaigns: written under an optimistic lock, launched, paused, resumed, stopped and recalled."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from wellspring.audiences import api as audiences
from wellspring.channels.contracts.sends import SILENT, Channel
from wellspring.content import api as content
from wellspring.engagement.contracts.campaigns import (
    CAMPAIGNS_MAX,
    EXCLUDED_MAX,
    NAME_MAX,
    TAGS_MAX,
    VARIANTS_MAX,
    Campaign,
    CampaignDraft,
    CampaignKind,
    CampaignStanding,
    Node,
    Passed,
    Recalled,
    Rhythm,
    Schedule,
    Timing,
    Variant,
    Worth,
)
from wellspring.engagement.contracts.proof import Design, Terms
from wellspring.engagement.contracts.touches import Fate, Origin, OriginKind, Purpose
from wellspring.engagement.errors.campaigns import CampaignChanged, CampaignRefused, CampaignState, CampaignUnknown
from wellspring.engagement.repo import campaigns as repo
from wellspring.engagement.repo import ledger
from wellspring.engagement.rules import occasions
from wellspring.engagement.rules.senders import Choice
from wellspring.engagement.rules.slots import SLOTS_MAX
from wellspring.engagement.service import exposing, settling, touching, turns
from wellspring.engagement.service.carrying import carrier
from wellspring.engagement.service.timing import FIRST_ZONE
from wellspring.kernel import audit, pumps
from wellspring.kernel.auth import Principal
from wellspring.kernel.clock import from_millis, to_millis
from wellspring.kernel.ids import new_id
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

_CHANNELS = {
    CampaignKind.SEND: frozenset(Channel) - {Channel.WECOM_GROUP, Channel.MOMENTS},
    CampaignKind.GROUPS: frozenset({Channel.WECOM_GROUP}),
    CampaignKind.MOMENTS: frozenset({Channel.MOMENTS}),
}
# What may still be edited: nothing of it has gone.
EDITABLE = frozenset({CampaignStanding.DRAFT, CampaignStanding.SCHEDULED, CampaignStanding.PAUSED})
_LIVE = frozenset({CampaignStanding.SCHEDULED, CampaignStanding.RUNNING})


def add(ws: Workspace, *, by: Principal, draft: CampaignDraft) -> Campaign:
    """Writes a draft. Raises CampaignRefused."""
    check(draft)
    now, campaign_id = ws.clock.now(), new_id("cmp")
    row = {"id": campaign_id, **_values(draft), "state": CampaignStanding.DRAFT.value, "version": 1, "next_at": None, "occurrences": 0}
    with ws.sql.write() as tx:
        if repo.count(tx) >= CAMPAIGNS_MAX:
            raise CampaignRefused(field="campaigns", reason=f"<= {CAMPAIGNS_MAX}")
        repo.insert(tx, {**row, "created_at": now, "created_by": by.id, "changed_at": now, "launched_at": None})
        audit.append(ws.sql, tx, by=by, action="engagement.campaign.add", subject=campaign_id, at=now)
        return found(tx, campaign_id)


def change(ws: Workspace, *, by: Principal, campaign_id: str, version: int, draft: CampaignDraft) -> Campaign:
    """Changes what has not gone yet; what is planned already stays as it was. Raises CampaignChanged, CampaignState, CampaignRefused."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        known = found(tx, campaign_id, locks=True)
        check(draft)
        if known.state not in EDITABLE:
            raise CampaignState(state=known.state.value)
        values = _values(draft) | {"version": version + 1, "changed_at": now}
        if known.state is not CampaignStanding.DRAFT:
            values["next_at"] = first(ws, tx, draft, now)
        if not repo.change(tx, campaign_id, was=version, **values):
            raise CampaignChanged
        if known.state is not CampaignStanding.DRAFT:
            _declare(ws, tx, found(tx, campaign_id), by, now)
        audit.append(ws.sql, tx, by=by, action="engagement.campaign.change", subject=campaign_id, at=now, detail={"version": version + 1})
        return found(tx, campaign_id)


def launch(ws: Workspace, *, by: Principal, campaign_id: str, version: int) -> Campaign:
    """Lets a draft go at its times, the first being now for one that goes at once. Raises CampaignState, CampaignRefused."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        known = found(tx, campaign_id, locks=True)
        if known.state is not CampaignStanding.DRAFT:
            raise CampaignState(state=known.state.value)
        _ready(ws, known.draft)
        first_at = first(ws, tx, known.draft, now)
        if first_at is None:
            raise CampaignRefused(field="schedule", reason="past")
        state = CampaignStanding.RUNNING if known.draft.schedule.rhythm is Rhythm.NOW else CampaignStanding.SCHEDULED
        values = {"state": state.value, "next_at": first_at, "launched_at": now, "changed_at": now, "version": version + 1}
        if not repo.change(tx, campaign_id, was=version, **values):
            raise CampaignChanged
        _declare(ws, tx, known, by, now)
        audit.append(ws.sql, tx, by=by, action="engagement.campaign.launch", subject=campaign_id, at=now)
        ws.sql.after_commit(lambda: pumps.wake(turns.PUMP))
        return found(tx, campaign_id)


def pause(ws: Workspace, *, by: Principal, campaign_id: str) -> Campaign:
    """Stops it where it stands; whom a provider has heard of already cannot be stopped so. Raises CampaignState."""
    with ws.sql.write() as tx:
        known = _turned(ws, tx, campaign_id, _LIVE, CampaignStanding.PAUSED, by)
        touching.pause(ws, tx, origin=origin_of(known))
        return found(tx, campaign_id)


def resume(ws: Workspace, *, by: Principal, campaign_id: str) -> Campaign:
    """Goes on: what is stale by now is left out, and times that passed meanwhile are not made up for. Raises CampaignState."""
    with ws.sql.write() as tx:
        known = _turned(ws, tx, campaign_id, frozenset({CampaignStanding.PAUSED}), CampaignStanding.RUNNING, by)
        now = ws.clock.now()
        if known.next_at is not None and known.next_at < now and known.draft.schedule.rhythm not in (Rhythm.NOW, Rhythm.ONCE):
            repo.change(tx, campaign_id, next_at=following(ws, tx, known.draft, now))
        touching.resume(ws, tx, origin=origin_of(known))
        return found(tx, campaign_id)


def stop(ws: Workspace, *, by: Principal, campaign_id: str) -> Campaign:
    """Ends it: what no provider has heard of is taken back. Raises CampaignState."""
    with ws.sql.write() as tx:
        known = _turned(ws, tx, campaign_id, _LIVE | {CampaignStanding.PAUSED}, CampaignStanding.STOPPED, by)
        repo.change(tx, campaign_id, next_at=None)
        touching.withdraw(ws, tx, origin=origin_of(known), any_node=True)
        end_experiment(ws, tx, campaign_id, by, ws.clock.now())
        return found(tx, campaign_id)


def recall(ws: Workspace, *, by: Principal, campaign_id: str) -> Recalled:
    """Takes back what was handed over, where the channel can; those for whom staff had not confirmed are freed. Stops it first."""
    with ws.sql.read() as tx:
        known = found(tx, campaign_id)
        can = carrier().capabilities(ws)[Channel(known.draft.channel)]
        if not can.can_recall:
            raise CampaignRefused(field="channel", reason=known.draft.channel)
    if known.state in _LIVE | {CampaignStanding.PAUSED}:
        stop(ws, by=by, campaign_id=campaign_id)
    with ws.sql.read() as tx:
        parcels = ledger.accepted_of(tx, OriginKind.CAMPAIGN.value, campaign_id)
    taken = 0
    for parcel in parcels:
        where = {"channel": Channel(parcel["channel"]), "account_id": parcel["account_id"], "provider_id": parcel["provider_id"]}
        if not carrier().recall(ws, **where):
            continue
        taken += 1
        with ws.sql.write() as tx:
            sends = [send for send in ledger.sends_of(tx, parcel["key"]) if send["fate"] == Fate.WAITING.value]
            settling.settle(ws, tx, sends, {send["id"]: (Fate.EXPIRED, "recalled") for send in sends}, ws.clock.now())
    with ws.sql.write() as tx:
        detail = {"taken_back": taken, "refused": len(parcels) - taken}
        audit.append(ws.sql, tx, by=by, action="engagement.campaign.recall", subject=campaign_id, at=ws.clock.now(), detail=detail)
    return Recalled(taken, len(parcels) - taken)


def remove(ws: Workspace, *, by: Principal, campaign_id: str) -> None:
    """Deletes a draft. Raises CampaignState for what was launched: that is kept."""
    with ws.sql.write() as tx:
        known = found(tx, campaign_id, locks=True)
        if known.state is not CampaignStanding.DRAFT:
            raise CampaignState(state=known.state.value)
        repo.remove(tx, campaign_id)
        audit.append(ws.sql, tx, by=by, action="engagement.campaign.remove", subject=campaign_id, at=ws.clock.now())


def page(
    ws: Workspace, *, kind: CampaignKind, q: str, state: CampaignStanding | None, cursor: str | None, limit: int | None
) -> Page[Campaign]:
    """Campaigns of a page, the one changed last first."""
    size = limit_of(limit)
    after = None
    if cursor:
        millis, name = decode_cursor(cursor, length=2)
        after = from_millis(int(str(millis))), str(name)
    with ws.sql.read() as tx:
        rows = repo.page(tx, kind=kind.value, q=q, state=state.value if state else None, after=after, limit=size + 1)
    more = encode_cursor([to_millis(rows[size - 1]["changed_at"]), rows[size - 1]["id"]]) if len(rows) > size else None
    return Page([_campaign(row) for row in rows[:size]], more)


def found(tx: Tx, campaign_id: str, *, locks: bool = False) -> Campaign:
    """One campaign. Raises CampaignUnknown."""
    row = repo.one(tx, campaign_id, locks=locks)
    if row is None:
        raise CampaignUnknown
    return _campaign(row)


def origin_of(campaign: Campaign) -> Origin:
    """On whose behalf it touches."""
    return Origin(OriginKind.CAMPAIGN, campaign.id, campaign.version)


def zone_of(ws: Workspace) -> ZoneInfo:
    """The workspace's zone."""
    return ZoneInfo(ws.settings.get(WorkspaceSettings).time_zone)


def following(ws: Workspace, tx: Tx, draft: CampaignDraft, after: dt.datetime) -> dt.datetime | None:
    """When it goes next after an instant."""
    zone = FIRST_ZONE if draft.schedule.timing is Timing.LOCAL else zone_of(ws)
    return occasions.next_after(draft.schedule, after, zone, nodes_of(tx, draft.schedule.calendar_id))


def nodes_of(tx: Tx, calendar_id: str) -> tuple[Node, ...]:
    """The nodes of a calendar; none of one that is gone."""
    row = repo.calendar(tx, calendar_id) if calendar_id else None
    return () if row is None else tuple(_node(node) for node in row["nodes"])


def _turned(ws: Workspace, tx: Tx, campaign_id: str, was: frozenset[CampaignStanding], now: CampaignStanding, by: Principal) -> Campaign:
    known = found(tx, campaign_id, locks=True)
    if known.state not in was:
        raise CampaignState(state=known.state.value)
    at = ws.clock.now()
    repo.change(tx, campaign_id, state=now.value, changed_at=at)
    audit.append(ws.sql, tx, by=by, action=f"engagement.campaign.{now.value}", subject=campaign_id, at=at)
    return known


def first(ws: Workspace, tx: Tx, draft: CampaignDraft, now: dt.datetime) -> dt.datetime | None:
    """The first time that a launch now would lead to; None when all have passed."""
    if draft.schedule.rhythm is Rhythm.NOW:
        return now
    found_at = following(ws, tx, draft, now)
    schedule = draft.schedule
    today = now.astimezone(zone_of(ws)).date()
    if found_at is None and schedule.timing is Timing.LOCAL and schedule.on is not None and schedule.on >= today:
        # The day has begun somewhere: whoever's time has passed is handled as the campaign says (Q10).
        return now
    return found_at


def _declare(ws: Workspace, tx: Tx, campaign: Campaign, by: Principal, at: dt.datetime) -> None:
    draft = campaign.draft
    if draft.purpose is Purpose.SERVICE or draft.slots:
        return
    design = Design(
        control_basis_points=draft.control_basis_points,
        weights=tuple(variant.weight for variant in draft.variants),
        labels=tuple(variant.name for variant in draft.variants),
        terms=Terms(window_days=draft.window_days),
    )
    exposing.declare(ws, tx, origin_kind="campaign", origin_id=campaign.id, name=draft.name, design=design, by=by, at=at)


def end_experiment(ws: Workspace, tx: Tx, campaign_id: str, by: Principal, at: dt.datetime) -> None:
    """Nobody is exposed any more; what those did who were is counted for the whole of its window all the same (E08)."""
    exposing.end(ws, tx, origin_kind=OriginKind.CAMPAIGN.value, origin_id=campaign_id, by=by, at=at)


def _ready(ws: Workspace, draft: CampaignDraft) -> None:
    """Whether everything is there that a launch needs."""
    if audiences.find(ws, audience_id=draft.audience_id) is None:
        raise CampaignRefused(field="audience_id", reason=draft.audience_id or "missing")
    for variant in () if draft.channel in SILENT else draft.variants:
        material = content.find(ws, variant.content_id)
        if material is None or material.version == 0:
            raise CampaignRefused(field="content_id", reason=variant.content_id or "missing")
    if not draft.account_id:
        raise CampaignRefused(field="account_id", reason="missing")


def check(draft: CampaignDraft) -> None:
    """Refuses what cannot be kept. Raises CampaignRefused."""
    schedule = draft.schedule
    faults = {
        "name": not 1 <= len(draft.name.strip()) <= NAME_MAX,
        "channel": draft.channel not in {channel.value for channel in _CHANNELS[draft.kind]},
        "purpose": draft.purpose is Purpose.SERVICE and draft.channel in SILENT,
        "variants": not 1 <= len(draft.variants) <= VARIANTS_MAX or len({one.name for one in draft.variants}) < len(draft.variants),
        "weight": any(variant.weight < 0 for variant in draft.variants) or sum(variant.weight for variant in draft.variants) == 0,
        "excluded_ids": len(draft.excluded_ids) > EXCLUDED_MAX,
        "tags": len(draft.tags) > TAGS_MAX,
        "expires_hours": not 1 <= draft.expires_hours <= 24 * 31,
        "senders": not draft.senders or not set(draft.senders) <= {choice.value for choice in Choice},
        "slots": not 0 <= draft.slots <= SLOTS_MAX,
        "control_basis_points": not 0 <= draft.control_basis_points <= 9_000,
        "schedule.on": schedule.rhythm is Rhythm.ONCE and schedule.on is None,
        "schedule.minute": not 0 <= schedule.minute < 24 * 60,
        "schedule.weekdays": schedule.rhythm is Rhythm.WEEKLY and not schedule.weekdays,
        "schedule.month_days": schedule.rhythm is Rhythm.MONTHLY and not schedule.month_days,
        "schedule.calendar_id": schedule.rhythm is Rhythm.CALENDAR and not schedule.calendar_id,
    }
    for field, is_wrong in faults.items():
        if is_wrong:
            raise CampaignRefused(field=field, reason="range")


def _values(draft: CampaignDraft) -> dict[str, Any]:
    kept = dataclasses.asdict(draft)
    for name in ("on", "until"):
        kept["schedule"][name] = kept["schedule"][name].isoformat() if kept["schedule"][name] else None
    return {"kind": draft.kind.value, "name": draft.name.strip(), "content": kept}


def _campaign(row: Mapping[str, Any]) -> Campaign:
    kept = dict(row["content"])
    schedule = dict(kept["schedule"])
    for name in ("on", "until"):
        schedule[name] = dt.date.fromisoformat(schedule[name]) if schedule[name] else None
    schedule |= {
        "rhythm": Rhythm(schedule["rhythm"]),
        "timing": Timing(schedule["timing"]),
        "passed": Passed(schedule["passed"]),
        "weekdays": tuple(schedule["weekdays"]),
        "month_days": tuple(schedule["month_days"]),
    }
    variants = tuple(
        Variant(**(one | {"senders": tuple(one["senders"]), "worths": tuple(Worth(**worth) for worth in one["worths"])}))
        for one in kept["variants"]
    )
    kept |= {
        "kind": CampaignKind(kept["kind"]),
        "purpose": Purpose(kept["purpose"]),
        "schedule": Schedule(**schedule),
        "variants": variants,
    }
    kept |= {name: tuple(kept[name]) for name in ("excluded_ids", "tags", "senders")}
    plain = ("id", "version", "next_at", "occurrences", "created_at", "created_by", "changed_at", "launched_at")
    return Campaign(draft=CampaignDraft(**kept), state=CampaignStanding(row["state"]), **{name: row[name] for name in plain})


def _node(kept: Mapping[str, Any]) -> Node:
    return Node(kept["name"], kept["month_day"], dt.date.fromisoformat(kept["on"]) if kept["on"] else None)
