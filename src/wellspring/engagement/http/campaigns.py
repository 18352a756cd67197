"""Campaigns and marketing calendars over HTTP."""

from typing import Annotated

import fastapi
from fastapi.responses import StreamingResponse

from wellspring.engagement.api import campaigns as api
from wellspring.engagement.api import touches
from wellspring.engagement.contracts import Permission
from wellspring.engagement.contracts.campaigns import CampaignKind, CampaignStanding
from wellspring.engagement.contracts.touches import OriginKind
from wellspring.engagement.http.shapes_calendars import CalendarIn, CalendarOut, CalendarsOut, DeliveriesOut, deliveries_out
from wellspring.engagement.http.shapes_campaigns import (
    CampaignChangeIn,
    CampaignIn,
    CampaignOut,
    CampaignProgressOut,
    CampaignsOut,
    Id,
    LaunchIn,
    NewAudienceOut,
    OccurrencesOut,
    PartAudienceIn,
    PressureAudienceIn,
    PressureIn,
    PressureOut,
    RecalledOut,
    campaign_out,
    occurrences_out,
    pressure_out,
    progress_out,
)
from wellspring.kernel.pages import PAGE_MAX
from wellspring.kernel.web import Asked, Call, allow

router = fastapi.APIRouter(prefix="/api/engagement")
Reader = Annotated[Call, allow(Permission.CAMPAIGN_READ)]
Writer = Annotated[Call, allow(Permission.CAMPAIGN_WRITE)]
_Cursor = Annotated[str | None, fastapi.Query(max_length=400)]
_Limit = Annotated[int | None, fastapi.Query(ge=1, le=PAGE_MAX)]
_Text = Annotated[str, fastapi.Query(max_length=80)]


@router.get("/campaigns")
def list_campaigns(
    call: Reader,
    kind: CampaignKind = CampaignKind.SEND,
    q: _Text = "",
    state: CampaignStanding | None = None,
    cursor: _Cursor = None,
    limit: _Limit = None,
) -> CampaignsOut:
    """Campaigns of a kind, the one changed last first."""
    page = api.page(call.ws, kind=kind, q=q, state=state, cursor=cursor, limit=limit)
    return CampaignsOut(rows=[campaign_out(row) for row in page.rows], next_cursor=page.next_cursor)


@router.post("/campaigns", status_code=201)
def add_campaign(call: Writer, body: CampaignIn) -> CampaignOut:
    """Writes a draft."""
    return campaign_out(api.add(call.ws, by=call.by, draft=body.draft()))


@router.post("/campaigns/pressure")
def preview_pressure(call: Reader, body: PressureIn) -> PressureOut:
    """What launching a draft would come to; nothing is kept."""
    return pressure_out(api.pressure(call.ws, draft=body.draft.draft(), campaign_id=body.campaign_id))


@router.post("/campaigns/pressure/audience", status_code=201)
def make_pressure_audience(call: Writer, body: PressureAudienceIn) -> NewAudienceOut:
    """Makes an audience of those who would be left out for a reason."""
    made = api.audience_of_pressure(
        call.ws, by=call.by, draft=body.draft.draft(), reason=body.reason, name=body.name, campaign_id=body.campaign_id
    )
    return NewAudienceOut(id=made.audience.id, members=made.audience.members)


@router.get("/campaigns/{campaign_id}")
def read_campaign(call: Reader, campaign_id: Id) -> CampaignOut:
    """One campaign."""
    return campaign_out(api.one(call.ws, campaign_id=campaign_id))


@router.put("/campaigns/{campaign_id}")
def change_campaign(call: Writer, campaign_id: Id, body: CampaignChangeIn) -> CampaignOut:
    """Changes what has not gone yet."""
    return campaign_out(api.change(call.ws, by=call.by, campaign_id=campaign_id, version=body.version, draft=body.draft.draft()))


@router.delete("/campaigns/{campaign_id}", status_code=204)
def remove_campaign(call: Writer, campaign_id: Id) -> None:
    """Deletes a draft."""
    api.remove(call.ws, by=call.by, campaign_id=campaign_id)


@router.post("/campaigns/{campaign_id}/launch")
def launch_campaign(call: Writer, campaign_id: Id, body: LaunchIn) -> CampaignOut:
    """Lets a draft go at its times."""
    return campaign_out(api.launch(call.ws, by=call.by, campaign_id=campaign_id, version=body.version))


@router.post("/campaigns/{campaign_id}/pause")
def pause_campaign(call: Writer, campaign_id: Id) -> CampaignOut:
    """Stops it where it stands."""
    return campaign_out(api.pause(call.ws, by=call.by, campaign_id=campaign_id))


@router.delete("/campaigns/{campaign_id}/pause")
def resume_campaign(call: Writer, campaign_id: Id) -> CampaignOut:
    """Goes on."""
    return campaign_out(api.resume(call.ws, by=call.by, campaign_id=campaign_id))


@router.post("/campaigns/{campaign_id}/stop")
def stop_campaign(call: Writer, campaign_id: Id) -> CampaignOut:
    """Ends it."""
    return campaign_out(api.stop(call.ws, by=call.by, campaign_id=campaign_id))


@router.post("/campaigns/{campaign_id}/recall")
def recall_campaign(call: Writer, campaign_id: Id) -> RecalledOut:
    """Ends it and takes back what was handed over, where the channel can."""
    return RecalledOut.model_validate(api.recall(call.ws, by=call.by, campaign_id=campaign_id))


@router.get("/campaigns/{campaign_id}/progress")
def read_progress(call: Reader, campaign_id: Id) -> CampaignProgressOut:
    """How far it is, by fate, reason, variant and sender."""
    api.one(call.ws, campaign_id=campaign_id)
    return progress_out(api.progress(call.ws, campaign_id=campaign_id))


@router.get("/campaigns/{campaign_id}/occurrences")
def list_occurrences(call: Reader, campaign_id: Id) -> OccurrencesOut:
    """When it went, the latest first."""
    api.one(call.ws, campaign_id=campaign_id)
    return occurrences_out(api.occurrences(call.ws, campaign_id=campaign_id))


@router.post("/campaigns/{campaign_id}/audience", status_code=201)
def make_dropped_audience(call: Writer, campaign_id: Id, body: PartAudienceIn) -> NewAudienceOut:
    """Makes an audience of those who were left out for a reason."""
    api.one(call.ws, campaign_id=campaign_id)
    made = touches.audience_of_dropped(
        call.ws, by=call.by, kind=OriginKind.CAMPAIGN, origin_id=campaign_id, reason=body.reason, name=body.name
    )
    return NewAudienceOut(id=made.audience.id, members=made.audience.members)


@router.get("/campaigns/{campaign_id}/fates.csv", response_class=StreamingResponse, responses={200: {"content": {"text/csv": {}}}})
def download_fates(call: Annotated[Call, allow(Permission.TOUCH_EXPORT)], campaign_id: Id) -> StreamingResponse:
    """The fate of every message as a file for a spreadsheet; members by their ids."""
    api.one(call.ws, campaign_id=campaign_id)
    lines = touches.file_of(call.ws, by=call.by, kind=OriginKind.CAMPAIGN, origin_id=campaign_id)
    headers = {"content-disposition": f'attachment; filename="{campaign_id}-fates.csv"'}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/calendars")
def list_calendars(call: Reader) -> CalendarsOut:
    """All marketing calendars."""
    return CalendarsOut(rows=[CalendarOut.model_validate(one) for one in api.calendars(call.ws)])


@router.post("/calendars", status_code=201)
def add_calendar(call: Writer, body: CalendarIn) -> CalendarOut:
    """Adds a calendar."""
    nodes = [node.node() for node in body.nodes]
    made = api.put_calendar(call.ws, by=call.by, calendar_id=None, version=None, name=body.name, nodes=nodes)
    return CalendarOut.model_validate(made)


@router.put("/calendars/{calendar_id}")
def change_calendar(call: Writer, calendar_id: Id, body: CalendarIn) -> CalendarOut:
    """Changes a calendar that is still of this version."""
    nodes = [node.node() for node in body.nodes]
    made = api.put_calendar(call.ws, by=call.by, calendar_id=calendar_id, version=body.version or 1, name=body.name, nodes=nodes)
    return CalendarOut.model_validate(made)


@router.delete("/calendars/{calendar_id}", status_code=204)
def remove_calendar(call: Writer, calendar_id: Id) -> None:
    """Deletes a calendar that no campaign goes by."""
    api.remove_calendar(call.ws, by=call.by, calendar_id=calendar_id)


@router.get("/deliveries")
def list_deliveries(call: Reader, since: Asked, until: Asked) -> DeliveriesOut:
    """What went and what will go within a span of at most 100 days, and the named days of all calendars."""
    return deliveries_out(api.deliveries(call.ws, since=since, until=until))
