"""Campaigns and marketing calendars: written, looked at before, launched, stopped, followed."""

import datetime as dt
from collections.abc import Sequence

from wellspring.audiences.contracts import Shown
from wellspring.engagement.contracts.campaigns import (
    Calendar,
    Campaign,
    CampaignDraft,
    CampaignKind,
    CampaignStanding,
    Node,
    Occurrence,
    Planned,
    Pressure,
    Progress,
    Recalled,
)
from wellspring.engagement.contracts.touches import OriginKind
from wellspring.engagement.repo import campaigns as _repo
from wellspring.engagement.service import calendars as _calendars
from wellspring.engagement.service import campaigns as _campaigns
from wellspring.engagement.service import launching as _launching
from wellspring.engagement.service import outlooks as _outlooks
from wellspring.engagement.service import progress as _progress
from wellspring.kernel.auth import Principal
from wellspring.kernel.pages import Page
from wellspring.kernel.workspace import Workspace


def add(ws: Workspace, *, by: Principal, draft: CampaignDraft) -> Campaign:
    """Writes a draft; nothing goes before it is launched. Raises CampaignRefused."""
    return _campaigns.add(ws, by=by, draft=draft)


def change(ws: Workspace, *, by: Principal, campaign_id: str, version: int, draft: CampaignDraft) -> Campaign:
    """Changes what has not gone yet. Raises CampaignUnknown, CampaignChanged, CampaignState, CampaignRefused."""
    return _campaigns.change(ws, by=by, campaign_id=campaign_id, version=version, draft=draft)


def remove(ws: Workspace, *, by: Principal, campaign_id: str) -> None:
    """Deletes a draft. Raises CampaignUnknown, CampaignState."""
    _campaigns.remove(ws, by=by, campaign_id=campaign_id)


def one(ws: Workspace, *, campaign_id: str) -> Campaign:
    """One campaign. Raises CampaignUnknown."""
    with ws.sql.read() as tx:
        return _campaigns.found(tx, campaign_id)


def page(
    ws: Workspace,
    *,
    kind: CampaignKind,
    q: str = "",
    state: CampaignStanding | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Campaign]:
    """Campaigns of a kind, the one changed last first."""
    return _campaigns.page(ws, kind=kind, q=q, state=state, cursor=cursor, limit=limit)


def launch(ws: Workspace, *, by: Principal, campaign_id: str, version: int) -> Campaign:
    """Lets a draft go at its times. Raises CampaignUnknown, CampaignChanged, CampaignState, CampaignRefused."""
    return _campaigns.launch(ws, by=by, campaign_id=campaign_id, version=version)


def pause(ws: Workspace, *, by: Principal, campaign_id: str) -> Campaign:
    """Stops it where it stands. Raises CampaignUnknown, CampaignState."""
    return _campaigns.pause(ws, by=by, campaign_id=campaign_id)


def resume(ws: Workspace, *, by: Principal, campaign_id: str) -> Campaign:
    """Goes on with what is not stale. Raises CampaignUnknown, CampaignState."""
    return _campaigns.resume(ws, by=by, campaign_id=campaign_id)


def stop(ws: Workspace, *, by: Principal, campaign_id: str) -> Campaign:
    """Ends it; what no provider has heard of is taken back. Raises CampaignUnknown, CampaignState."""
    return _campaigns.stop(ws, by=by, campaign_id=campaign_id)


def recall(ws: Workspace, *, by: Principal, campaign_id: str) -> Recalled:
    """Ends it and takes back what was handed over, where the channel can. Raises CampaignUnknown, CampaignRefused."""
    return _campaigns.recall(ws, by=by, campaign_id=campaign_id)


def pressure(ws: Workspace, *, draft: CampaignDraft, campaign_id: str = "") -> Pressure:
    """What launching would come to; nothing is written. Raises CampaignRefused."""
    return _outlooks.pressure(ws, draft, campaign_id=campaign_id)


def audience_of_pressure(ws: Workspace, *, by: Principal, draft: CampaignDraft, reason: str, name: str, campaign_id: str = "") -> Shown:
    """Makes an audience of those who would be left out for a reason. Raises CampaignRefused, NameTaken."""
    return _outlooks.audience_from(ws, by=by, draft=draft, reason=reason, name=name, campaign_id=campaign_id)


def occurrences(ws: Workspace, *, campaign_id: str) -> list[Occurrence]:
    """When a campaign went, the latest first."""
    with ws.sql.read() as tx:
        return _repo.occurrences(tx, campaign_id)


def progress(ws: Workspace, *, campaign_id: str) -> Progress:
    """How far a campaign is, by fate, reason, variant and sender."""
    return _progress.of_origin(ws, OriginKind.CAMPAIGN, campaign_id)


def names(ws: Workspace, *, campaign_ids: Sequence[str]) -> dict[str, str]:
    """The names of campaigns."""
    with ws.sql.read() as tx:
        return _repo.names(tx, campaign_ids)


def calendars(ws: Workspace) -> list[Calendar]:
    """All marketing calendars, by name."""
    return _calendars.listing(ws)


def put_calendar(
    ws: Workspace, *, by: Principal, calendar_id: str | None, version: int | None, name: str, nodes: Sequence[Node]
) -> Calendar:
    """Adds a calendar, or changes one that is still of this version. Raises CampaignRefused, CampaignChanged."""
    return _calendars.put(ws, by=by, calendar_id=calendar_id, version=version, name=name, nodes=nodes)


def remove_calendar(ws: Workspace, *, by: Principal, calendar_id: str) -> None:
    """Deletes a calendar that no campaign goes by. Raises CalendarUnknown, CalendarInUse."""
    _calendars.remove(ws, by=by, calendar_id=calendar_id)


def deliveries(ws: Workspace, *, since: dt.datetime, until: dt.datetime) -> list[Planned]:
    """What went and what will go within a span, and the named days of all calendars."""
    return _calendars.deliveries(ws, since=since, until=until)


def step(ws: Workspace) -> int:
    """Plans the campaigns whose time has come."""
    return _launching.step(ws)
