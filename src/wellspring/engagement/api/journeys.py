"""The front door of journeys: made, edited, published, followed, replayed over the past."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from wellspring.engagement.contracts.journeys import (
    DryRun,
    Fault,
    Journey,
    JourneyKind,
    JourneyState,
    JourneyTemplate,
    JourneyVersion,
    NodePressure,
    Standing,
    Step,
    Whereabouts,
)
from wellspring.engagement.rules.journeys import sops, templates
from wellspring.engagement.service import foreseeing, journeying, looking, replaying, stocking
from wellspring.kernel.auth import Principal
from wellspring.kernel.pages import Page
from wellspring.kernel.workspace import Workspace


def create(
    ws: Workspace,
    *,
    by: Principal,
    name: str,
    kind: JourneyKind = JourneyKind.JOURNEY,
    description: str = "",
    draft: Mapping[str, Any] | None = None,
    sop: Mapping[str, Any] | None = None,
    template: str = "",
    audience_id: str = "",
) -> Journey:
    """Makes a journey that does not run yet, empty, from a graph, a template, or an SOP.

    A template comes with its materials, approved, and with the accounts that are connected. Raises JourneyNameTaken,
    TemplateUnknown.
    """
    graph = stocking.stocked(ws, template_id=template, audience_id=audience_id) if template else draft or {}
    return journeying.create(
        ws, by=by, name=name, kind=kind, description=description, draft=sops.graph_of(kind, sop) if sop is not None else graph, sop=sop
    )


def save(
    ws: Workspace,
    *,
    by: Principal,
    journey_id: str,
    revision: int,
    name: str,
    description: str = "",
    draft: Mapping[str, Any] | None = None,
    sop: Mapping[str, Any] | None = None,
) -> Journey:
    """Keeps an edit; nothing that runs changes by it. Raises JourneyUnknown, JourneyEditedElsewhere (V08), JourneyNameTaken."""
    journey = journeying.one(ws, journey_id)
    graph = sops.graph_of(journey.kind, sop) if sop is not None else draft or {}
    return journeying.save(ws, by=by, journey_id=journey_id, revision=revision, name=name, description=description, draft=graph, sop=sop)


def faults(ws: Workspace, *, draft: object) -> list[Fault]:
    """Everything that is to be said of a graph before it is published."""
    return journeying.faults(ws, draft)


def publish(ws: Workspace, *, by: Principal, journey_id: str, plan: Mapping[str, Any] | None = None, note: str = "") -> Journey:
    """Makes the draft the running version; `plan` says per node what becomes of those inside: stay, move, exit (V02).

    Raises JourneyUnknown, GraphInvalid, PlanIncomplete, JourneyNotSo, JourneyEditedElsewhere.
    """
    return journeying.publish(ws, by=by, journey_id=journey_id, plan=plan or {}, note=note)


def pause(ws: Workspace, *, by: Principal, journey_id: str) -> Journey:
    """People stay where they are. Raises JourneyUnknown, JourneyNotSo."""
    return journeying.pause(ws, by=by, journey_id=journey_id)


def resume(ws: Workspace, *, by: Principal, journey_id: str) -> Journey:
    """Goes on; messages that are too late by now are left out. Raises JourneyUnknown, JourneyNotSo."""
    return journeying.resume(ws, by=by, journey_id=journey_id)


def stop(ws: Workspace, *, by: Principal, journey_id: str) -> Journey:
    """Ends every run and takes back what was planned, for ever. Raises JourneyUnknown, JourneyNotSo."""
    return journeying.stop(ws, by=by, journey_id=journey_id)


def enter(ws: Workspace, *, by: Principal, journey_id: str, members: Sequence[int], key: str = "") -> int:
    """Lets members into a journey that is entered by calls; gives how many stand at its door. Raises JourneyNotSo."""
    return journeying.enter(ws, by=by, journey_id=journey_id, members=members, key=key)


def one(ws: Workspace, *, journey_id: str) -> Journey:
    """One journey. Raises JourneyUnknown."""
    return journeying.one(ws, journey_id)


def listing(
    ws: Workspace,
    *,
    kinds: Sequence[JourneyKind] = (),
    state: JourneyState | None = None,
    q: str | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Journey]:
    """Journeys, the newest first."""
    return journeying.listing(ws, kinds=kinds, state=state, q=q, cursor=cursor, limit=limit)


def versions(ws: Workspace, *, journey_id: str) -> list[JourneyVersion]:
    """The published versions, the newest first. Raises JourneyUnknown."""
    return journeying.versions(ws, journey_id)


def standing(ws: Workspace, *, journey_id: str) -> Standing:
    """How many are at each node now, and everything that flowed. Raises JourneyUnknown."""
    return looking.standing_of(ws, journey_id)


def at_node(
    ws: Workspace, *, by: Principal, journey_id: str, node: str, cursor: str | None = None, limit: int | None = None
) -> Page[Whereabouts]:
    """Who stands at a node, until when, and how they came there; of those whom the caller may see. Raises JourneyUnknown."""
    return looking.at_node(ws, by=by, journey_id=journey_id, node=node, cursor=cursor, limit=limit)


def way_of(
    ws: Workspace, *, by: Principal, journey_id: str, member: str, cursor: str | None = None, limit: int | None = None
) -> Page[Step]:
    """Every step of a member (by id or number) through a journey, the newest first, and why. Raises JourneyUnknown, MemberUnknown."""
    return looking.way_of(ws, by=by, journey_id=journey_id, member=member, cursor=cursor, limit=limit)


def steps_of_member(ws: Workspace, *, member_no: int, limit: int = 200) -> list[Step]:
    """What a member went through in every journey, the newest first."""
    return looking.steps_of_member(ws, member_no=member_no, limit=limit)


def dry_run(ws: Workspace, *, draft: object, since: dt.datetime, until: dt.datetime) -> DryRun:
    """Replays a graph over the past: who would have got what, what caps would have cost. Nothing is written.

    Raises GraphInvalid, DryRunTooLong.
    """
    return replaying.dry_run(ws, draft=draft, since=since, until=until)


def pressure(ws: Workspace, *, draft: object) -> tuple[int, list[NodePressure]]:
    """Whom a graph concerns now, and what each of its messages would come to; nothing is written. Raises GraphInvalid."""
    return foreseeing.pressure(ws, draft=draft)


def template_listing() -> Sequence[JourneyTemplate]:
    """The ready-made journeys."""
    return templates.TEMPLATES
