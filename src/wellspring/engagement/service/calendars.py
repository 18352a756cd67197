"""Marketing calendars, and the calendar of deliveries: what went, what will go, and which days are named."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from wellspring.engagement.contracts.campaigns import (
    CALENDARS_MAX,
    NAME_MAX,
    NODES_MAX,
    Calendar,
    CampaignStanding,
    Node,
    Planned,
    Rhythm,
    Timing,
)
from wellspring.engagement.errors.campaigns import CalendarInUse, CalendarUnknown, CampaignChanged, CampaignRefused
from wellspring.engagement.repo import campaigns as repo
from wellspring.engagement.rules import occasions
from wellspring.engagement.service import booking, campaigns
from wellspring.engagement.service.timing import FIRST_ZONE
from wellspring.kernel import audit
from wellspring.kernel.auth import Principal
from wellspring.kernel.ids import new_id
from wellspring.kernel.workspace import Workspace

_SPAN_MAX = dt.timedelta(days=100)
_AHEAD = (CampaignStanding.SCHEDULED.value, CampaignStanding.RUNNING.value, CampaignStanding.PAUSED.value)


def listing(ws: Workspace) -> list[Calendar]:
    """All calendars, by name."""
    with ws.sql.read() as tx:
        return [_calendar(row) for row in repo.calendars(tx)]


def put(ws: Workspace, *, by: Principal, calendar_id: str | None, version: int | None, name: str, nodes: Sequence[Node]) -> Calendar:
    """Adds a calendar, or changes one; campaigns that go by it follow from their next time on."""
    with ws.sql.read() as tx:
        if calendar_id is not None and repo.calendar(tx, calendar_id) is None:
            raise CalendarUnknown
    if not 1 <= len(name.strip()) <= NAME_MAX or not 1 <= len(nodes) <= NODES_MAX:
        raise CampaignRefused(field="nodes", reason=f"1 to {NODES_MAX}")
    if any((node.month_day is None) == (node.on is None) or not 1 <= (node.month_day or 1) <= 31 for node in nodes):
        raise CampaignRefused(field="nodes", reason="month_day or on")
    now = ws.clock.now()
    with ws.sql.write() as tx:
        if calendar_id is None and len(repo.calendars(tx)) >= CALENDARS_MAX:
            raise CampaignRefused(field="calendars", reason=f"<= {CALENDARS_MAX}")
        kept = [{"name": node.name, "month_day": node.month_day, "on": node.on.isoformat() if node.on else None} for node in nodes]
        row = {"id": calendar_id or new_id("cal"), "name": name.strip(), "nodes": kept, "version": (version or 0) + 1}
        if not repo.put_calendar(tx, row, version=version if calendar_id else None):
            raise CampaignChanged
        audit.append(ws.sql, tx, by=by, action="engagement.calendar.put", subject=str(row["id"]), at=now)
        for campaign in repo.in_states(tx, [CampaignStanding.SCHEDULED.value, CampaignStanding.RUNNING.value]):
            if campaign["content"]["schedule"]["calendar_id"] == row["id"] and campaign["next_at"] is not None:
                draft = campaigns.found(tx, campaign["id"]).draft
                repo.change(tx, campaign["id"], next_at=campaigns.following(ws, tx, draft, now))
        return _calendar(row)


def remove(ws: Workspace, *, by: Principal, calendar_id: str) -> None:
    """Deletes a calendar that no campaign goes by. Raises CalendarUnknown, CalendarInUse."""
    with ws.sql.write() as tx:
        for campaign in repo.in_states(tx, [CampaignStanding.DRAFT.value, *_AHEAD]):
            if campaign["content"]["schedule"]["calendar_id"] == calendar_id:
                raise CalendarInUse(name=campaign["name"])
        if not repo.remove_calendar(tx, calendar_id):
            raise CalendarUnknown
        audit.append(ws.sql, tx, by=by, action="engagement.calendar.remove", subject=calendar_id, at=ws.clock.now())


def deliveries(ws: Workspace, *, since: dt.datetime, until: dt.datetime) -> list[Planned]:
    """What went and what will go within a span of at most 100 days, and the named days of all calendars, in order."""
    until = min(until, since + _SPAN_MAX)
    now, zone = ws.clock.now(), campaigns.zone_of(ws)
    with ws.sql.read() as tx:
        found = [
            Planned(told.at, "campaign", campaign_id, name, state, told.planned + told.held, is_ahead=False)
            for campaign_id, name, state, told in repo.occurrences_between(tx, since, until)
        ]
        for row in repo.in_states(tx, _AHEAD):
            campaign = campaigns.found(tx, row["id"])
            if campaign.next_at is None or campaign.draft.schedule.rhythm is Rhythm.NOW:
                continue
            there = FIRST_ZONE if campaign.draft.schedule.timing is Timing.LOCAL else zone
            nodes = campaigns.nodes_of(tx, campaign.draft.schedule.calendar_id)
            ahead = occasions.between(campaign.draft.schedule, max(now, since - dt.timedelta(seconds=1)), until, there, nodes)
            name, state = campaign.draft.name, campaign.state.value
            many = len(booking.audience(ws, campaign.draft.audience_id, campaign.draft.excluded_ids)) if ahead else 0
            found += [Planned(at, "campaign", campaign.id, name, state, many, is_ahead=True) for at in ahead]
        for calendar in repo.calendars(tx):
            named = tuple(_node(node) for node in calendar["nodes"])
            for day, name in occasions.days_of(named, since.astimezone(zone).date(), until.astimezone(zone).date()):
                at = occasions.at_minute(day, 0, zone)
                found.append(Planned(at, "node", calendar["id"], f"{calendar['name']} · {name}", "", 0, is_ahead=at > now))
    return sorted(found, key=lambda one: (one.at, one.kind, one.id))


def _calendar(row: Mapping[str, Any]) -> Calendar:
    return Calendar(row["id"], row["name"], tuple(_node(node) for node in row["nodes"]), row["version"])


def _node(kept: Mapping[str, Any]) -> Node:
    return Node(kept["name"], kept["month_day"], dt.date.fromisoformat(kept["on"]) if kept["on"] else None)
