"""The addresses of journeys: lists, drafts, versions, who is where, dry runs, templates."""

from typing import Annotated

import fastapi

from wellspring.engagement.api import journeys as api
from wellspring.engagement.contracts import Permission
from wellspring.engagement.contracts.journeys import JourneyKind, JourneyState
from wellspring.engagement.http.shapes_journeys import (
    DryRunIn,
    DryRunOut,
    EnteredOut,
    FlowOut,
    GraphFaultOut,
    GraphIn,
    JourneyDraftIn,
    JourneyEnterIn,
    JourneyIn,
    JourneyListOut,
    JourneyOut,
    JourneyPressureOut,
    JourneyTemplateOut,
    JourneyVersionOut,
    NodeHereOut,
    PublishIn,
    StandingOut,
    WayOut,
    WhereaboutsListOut,
    pressed,
    replay,
    row_of,
    step_of,
    there,
    whole,
)
from wellspring.kernel.web import Call, allow
from wellspring.people import api as people

router = fastapi.APIRouter(prefix="/api/engagement/journeys")
Reader = Annotated[Call, allow(Permission.JOURNEY_READ)]
Writer = Annotated[Call, allow(Permission.JOURNEY_WRITE)]
Limit = Annotated[int | None, fastapi.Query(ge=1, le=200)]
Cursor = Annotated[str | None, fastapi.Query(max_length=200)]


@router.get("")
def list_journeys(
    call: Reader,
    kind: Annotated[list[JourneyKind] | None, fastapi.Query()] = None,
    state: JourneyState | None = None,
    q: Annotated[str | None, fastapi.Query(max_length=80)] = None,
    limit: Limit = None,
    cursor: Cursor = None,
) -> JourneyListOut:
    """Journeys, the newest first."""
    page = api.listing(call.ws, kinds=kind or (), state=state, q=q, cursor=cursor, limit=limit)
    return JourneyListOut(rows=[row_of(one) for one in page.rows], next_cursor=page.next_cursor, total=page.total)


@router.post("", status_code=201)
def add_journey(call: Writer, body: JourneyIn) -> JourneyOut:
    """Makes a journey that does not run yet."""
    made = api.create(
        call.ws,
        by=call.by,
        name=body.name,
        kind=body.kind,
        description=body.description,
        draft=body.draft,
        sop=body.sop,
        template=body.template,
        audience_id=body.audience_id,
    )
    return whole(made)


@router.get("/templates")
def list_journey_templates(call: Reader) -> list[JourneyTemplateOut]:
    """The ready-made journeys."""
    return [JourneyTemplateOut.model_validate(one) for one in api.template_listing()]


@router.post("/check")
def check_journey_graph(call: Reader, body: GraphIn) -> list[GraphFaultOut]:
    """Everything that is to be said of a graph."""
    return [GraphFaultOut.model_validate(one) for one in api.faults(call.ws, draft=body.draft)]


@router.post("/dry-run")
def dry_run_journey(call: Reader, body: DryRunIn) -> DryRunOut:
    """Replays a graph over the past; writes nothing."""
    return replay(api.dry_run(call.ws, draft=body.draft, since=body.since, until=body.until))


@router.post("/pressure")
def preview_journey_pressure(call: Reader, body: GraphIn) -> JourneyPressureOut:
    """Who would get each message now, who would not and why, and through whom; writes nothing."""
    return pressed(*api.pressure(call.ws, draft=body.draft))


@router.get("/{journey_id}")
def read_journey(call: Reader, journey_id: str) -> JourneyOut:
    """One journey with its draft."""
    return whole(api.one(call.ws, journey_id=journey_id))


@router.put("/{journey_id}")
def save_journey(call: Writer, journey_id: str, body: JourneyDraftIn) -> JourneyOut:
    """Keeps an edit, unless somebody else saved one meanwhile."""
    saved = api.save(
        call.ws,
        by=call.by,
        journey_id=journey_id,
        revision=body.revision,
        name=body.name,
        description=body.description,
        draft=body.draft,
        sop=body.sop,
    )
    return whole(saved)


@router.get("/{journey_id}/versions")
def list_journey_versions(call: Reader, journey_id: str) -> list[JourneyVersionOut]:
    """The published versions, the newest first."""
    return [JourneyVersionOut.model_validate(one) for one in api.versions(call.ws, journey_id=journey_id)]


@router.post("/{journey_id}/versions", status_code=201)
def publish_journey(call: Writer, journey_id: str, body: PublishIn) -> JourneyOut:
    """Makes the draft the running version."""
    plan = {node: fate.model_dump(exclude_none=True) for node, fate in body.plan.items()}
    return whole(api.publish(call.ws, by=call.by, journey_id=journey_id, plan=plan, note=body.note))


@router.put("/{journey_id}/pause")
def pause_journey(call: Writer, journey_id: str) -> JourneyOut:
    """People stay where they are."""
    return whole(api.pause(call.ws, by=call.by, journey_id=journey_id))


@router.delete("/{journey_id}/pause")
def resume_journey(call: Writer, journey_id: str) -> JourneyOut:
    """Goes on."""
    return whole(api.resume(call.ws, by=call.by, journey_id=journey_id))


@router.put("/{journey_id}/stop")
def stop_journey(call: Writer, journey_id: str) -> JourneyOut:
    """Ends every run, for ever."""
    return whole(api.stop(call.ws, by=call.by, journey_id=journey_id))


@router.post("/{journey_id}/entries")
def enter_journey(call: Writer, journey_id: str, body: JourneyEnterIn) -> EnteredOut:
    """Lets members in by a call; those whom the caller may not see are left out."""
    numbers = [number for number in people.numbers_visible(call.ws, by=call.by, names=body.members) if number]
    return EnteredOut(waiting=api.enter(call.ws, by=call.by, journey_id=journey_id, members=numbers, key=body.key))


@router.get("/{journey_id}/standing")
def read_journey_standing(call: Reader, journey_id: str) -> StandingOut:
    """How many are at each node now, and everything that flowed."""
    found = api.standing(call.ws, journey_id=journey_id)
    here = [
        NodeHereOut(version=version, node=node, members=members)
        for version, by_node in sorted(found.here.items())
        for node, members in sorted(by_node.items())
    ]
    flows = [FlowOut.model_validate(flow) for flow in found.flows]
    return StandingOut(tick=found.tick, at=found.at, here=here, flows=flows, days_skipped=found.days_skipped)


@router.get("/{journey_id}/nodes/{node}/members")
def list_members_at_node(call: Reader, journey_id: str, node: str, limit: Limit = None, cursor: Cursor = None) -> WhereaboutsListOut:
    """Who stands at a node, until when, and how they came there."""
    page = api.at_node(call.ws, by=call.by, journey_id=journey_id, node=node, cursor=cursor, limit=limit)
    return WhereaboutsListOut(rows=[there(one) for one in page.rows], next_cursor=page.next_cursor, total=page.total)


@router.get("/{journey_id}/members/{member_id}")
def read_way_of_member(call: Reader, journey_id: str, member_id: str, limit: Limit = None, cursor: Cursor = None) -> WayOut:
    """Every step of a member through the journey, the newest first, and why."""
    page = api.way_of(call.ws, by=call.by, journey_id=journey_id, member=member_id, cursor=cursor, limit=limit)
    return WayOut(rows=[step_of(step) for step in page.rows], next_cursor=page.next_cursor)
