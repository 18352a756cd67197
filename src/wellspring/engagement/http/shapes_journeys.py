"""What journeys look like in requests and answers."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import pydantic

from wellspring.engagement.contracts.journeys import DryRun, Journey, JourneyKind, JourneyState, NodePressure, Step, Whereabouts
from wellspring.kernel.web import Asked, In, Moment, Out, Part

Name = Annotated[str, pydantic.Field(min_length=1, max_length=120)]
Graph = Annotated[dict[str, Any], pydantic.Field(description="入口、节点与连线 / Entry, nodes and their ways")]


class JourneyIn(In):
    """A new journey: empty, from a graph, from a template, or from an SOP's list."""

    name: Name
    kind: JourneyKind = JourneyKind.JOURNEY
    description: Annotated[str, pydantic.Field(max_length=500)] = ""
    draft: Graph | None = None
    sop: dict[str, Any] | None = None
    template: Annotated[str, pydantic.Field(max_length=40)] = ""
    audience_id: Annotated[str, pydantic.Field(max_length=40)] = ""


class JourneyDraftIn(In):
    """An edit; `revision` is that of the draft it began with."""

    name: Name
    description: Annotated[str, pydantic.Field(max_length=500)] = ""
    revision: Annotated[int, pydantic.Field(ge=1, le=2**31 - 1)]
    draft: Graph | None = None
    sop: dict[str, Any] | None = None


class FateIn(Part):
    """What becomes of who is at a node."""

    fate: Literal["stay", "move", "exit"]
    to: Annotated[str | None, pydantic.Field(max_length=60)] = None
    timers: Literal["keep", "reschedule", "restart"] = "keep"


class PublishIn(In):
    """A version, with what becomes of those inside, by node of the version before."""

    plan: dict[str, FateIn] = pydantic.Field(default_factory=dict, max_length=100)
    note: Annotated[str, pydantic.Field(max_length=200)] = ""


class JourneyEnterIn(In):
    """Members, by id or number, who are let in by a call."""

    members: Annotated[list[Annotated[str, pydantic.Field(min_length=1, max_length=40)]], pydantic.Field(min_length=1, max_length=1000)]
    key: Annotated[str, pydantic.Field(max_length=200)] = ""


class GraphIn(In):
    """A graph that is stored nowhere."""

    draft: Graph


class DryRunIn(In):
    """A graph and the span of the past to replay it over."""

    draft: Graph
    since: Asked
    until: Asked


class JourneyRowOut(Out):
    """A journey in a list."""

    id: str
    name: str
    description: str
    kind: JourneyKind
    state: JourneyState
    version: int
    inside: int
    entered: int
    converted: int
    changed_at: Moment
    started_at: Moment | None
    ended_at: Moment | None


class JourneyOut(JourneyRowOut):
    """A journey with its draft."""

    draft: dict[str, Any]
    sop: dict[str, Any] | None
    revision: int
    created_at: Moment
    created_by: str


class JourneyListOut(Out):
    """A page of journeys."""

    rows: list[JourneyRowOut]
    next_cursor: str | None
    total: int | None


class GraphFaultOut(Out):
    """Something that is to be said of a graph."""

    path: str
    code: str
    zh: str
    en: str
    is_warning: bool


class JourneyVersionOut(Out):
    """A published version."""

    version: int
    graph: dict[str, Any]
    plan: dict[str, Any]
    note: str
    at: Moment
    by: str
    inside: int


class FlowOut(Out):
    """How many went from a node to another for a reason; an empty node is outside."""

    version: int
    from_node: str
    to_node: str
    reason: str
    times: int


class NodeHereOut(Out):
    """How many stand at a node of a version."""

    version: int
    node: str
    members: int


class StandingOut(Out):
    """Live figures."""

    tick: int
    at: Moment | None
    here: list[NodeHereOut]
    flows: list[FlowOut]
    days_skipped: int


class StepOut(Out):
    """One step of somebody."""

    journey_id: str
    journey_name: str
    version: int
    at: Moment
    from_node: str
    to_node: str
    reason: str
    key: str


class WhereaboutsOut(Out):
    """Somebody at a node."""

    member_no: int
    member_id: str
    name_masked: str
    version: int
    node: str
    until: Moment | None
    key: str
    steps: list[StepOut]


class WayOut(Out):
    """A page of somebody's steps."""

    rows: list[StepOut]
    next_cursor: str | None


class WhereaboutsListOut(Out):
    """A page of those at a node."""

    rows: list[WhereaboutsOut]
    next_cursor: str | None
    total: int | None


class DrySendOut(Out):
    """What one sending node would have done."""

    node: str
    name: str
    channel: str
    asked: int
    sent: int
    held: int
    dropped: dict[str, int]
    cost_minor: int
    unfilled: int
    sample: str


class NodeGuideOut(Out):
    """How many messages one guide would carry."""

    guide: str
    messages: int


class NodeCrowdedOut(Out):
    """How many another plan would lose."""

    campaign: str
    members: int


class NodePressureOut(Out):
    """What one message would come to."""

    node: str
    name: str
    channel: str
    planned: int
    held: int
    dropped: dict[str, int]
    guides: list[NodeGuideOut]
    crowds_out: list[NodeCrowdedOut]


class JourneyPressureOut(Out):
    """What a journey would press upon people."""

    members: int
    nodes: list[NodePressureOut]


class DryDayOut(Out):
    """One day of a replay."""

    day: dt.date
    entered: int
    sent: int


class DryRunOut(Out):
    """A replay."""

    since: Moment
    until: Moment
    entered: int
    held_out: int
    finished: int
    converted: int
    cost_minor: int
    sends: list[DrySendOut]
    flows: list[FlowOut]
    by_day: list[DryDayOut]
    notes: list[str]


class JourneyTemplateOut(Out):
    """A ready-made journey."""

    id: str
    zh: str
    en: str
    help_zh: str
    help_en: str
    graph: dict[str, Any]


class EnteredOut(Out):
    """How many stand at the door."""

    waiting: int


def row_of(journey: Journey) -> JourneyRowOut:
    """A journey in a list."""
    return JourneyRowOut.model_validate(journey)


def whole(journey: Journey) -> JourneyOut:
    """A journey with its draft."""
    return JourneyOut.model_validate(journey)


def step_of(step: Step) -> StepOut:
    """A step."""
    return StepOut.model_validate(step)


def there(one: Whereabouts) -> WhereaboutsOut:
    """Somebody at a node."""
    return WhereaboutsOut.model_validate(one)


def pressed(members: int, found: Sequence[NodePressure]) -> JourneyPressureOut:
    """What a journey would press upon people."""
    nodes = [
        NodePressureOut(
            **{name: getattr(one, name) for name in ("node", "name", "channel", "planned", "held")},
            dropped=dict(one.dropped),
            guides=[NodeGuideOut(guide=guide, messages=messages) for guide, messages in one.guides],
            crowds_out=[NodeCrowdedOut(campaign=campaign, members=losing) for campaign, losing in one.crowds_out],
        )
        for one in found
    ]
    return JourneyPressureOut(members=members, nodes=nodes)


def replay(run: DryRun) -> DryRunOut:
    """A replay."""
    days = [DryDayOut(day=day, entered=entered, sent=sent) for day, entered, sent in run.by_day]
    sends = [DrySendOut.model_validate(send) for send in run.sends]
    flows = [FlowOut.model_validate(flow) for flow in run.flows]
    figures = {name: getattr(run, name) for name in ("since", "until", "entered", "held_out", "finished", "converted", "cost_minor")}
    return DryRunOut(**figures, sends=sends, flows=flows, by_day=days, notes=list(run.notes))
