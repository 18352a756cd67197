"""GET /api/rfm, /api/lifecycle, /api/traits and a member's own values: who stands where, with the words for it."""

import datetime as dt
from typing import Annotated

import fastapi

from wellspring.analytics import api
from wellspring.analytics.contracts import Permission
from wellspring.analytics.http.values import ValueOut, value_out
from wellspring.analytics.rules.lifecycle import STAGES
from wellspring.analytics.rules.rfm import BY_CODE, SEGMENTS
from wellspring.analytics.service import profile
from wellspring.kernel import traits
from wellspring.kernel.clock import iso
from wellspring.kernel.web import Call, Out, allow
from wellspring.people.contracts import Permission as PeoplePermission

router = fastapi.APIRouter(prefix="/api", tags=["analytics"])


class RfmCellOut(Out):
    """One of the 125 cells."""

    recency: int
    frequency: int
    monetary: int
    segment: str
    members: int
    net_minor: int


class RfmSegmentOut(Out):
    """A named group of cells, and what to do for those in it."""

    code: str
    zh: str
    en: str
    words_zh: str
    words_en: str
    members: int
    share: float | None
    net_minor: int
    members_before: int | None


class RfmMovementOut(Out):
    """Members who went from one segment to another; null is "did not buy in the window"."""

    came_from: str | None
    went_to: str | None
    members: int


class RfmOut(Out):
    """RFM of the newest day; empty until a first day is derived."""

    on: dt.date | None
    derived_at: str | None
    is_refreshing: bool
    window_days: int
    currency: str
    buyers: int
    net_minor: int
    cells: list[RfmCellOut]
    segments: list[RfmSegmentOut]
    compared_on: dt.date | None
    movements: list[RfmMovementOut]


class StageOut(Out):
    """A stage with its words."""

    code: str
    zh: str
    en: str


class StagesOut(Out):
    """Members by stage on a day; null where nobody can tell any more."""

    on: dt.date
    new: int | None
    first: int
    repeat: int
    sleeping: int
    lost: int


class CategoryCycleOut(Out):
    """A category's cycle in days."""

    category: str
    cycle_days: float
    repeaters: int


class LifecycleOut(Out):
    """Stages by week, and the rhythms behind them; `second_days` are expected, sleeping after, lost after."""

    on: dt.date | None
    derived_at: str | None
    is_refreshing: bool
    cycle_days: float
    second_days: list[float]
    repeaters: int
    stages: list[StageOut]
    weeks: list[StagesOut]
    categories: list[CategoryCycleOut]


class ChoiceOut(Out):
    """A value that a trait can have."""

    value: str
    zh: str
    en: str


class TraitOut(Out):
    """A question that an audience may ask."""

    name: str
    kind: str
    zh: str
    en: str
    help_zh: str
    help_en: str
    choices: list[ChoiceOut] | None


class TraitsOut(Out):
    """Every question that an audience may ask beyond events, attributes and tags."""

    rows: list[TraitOut]


class MemberTraitsOut(Out):
    """What analytics knows of a member."""

    rows: list[ValueOut]


@router.get("/rfm")
def read_rfm(
    call: Annotated[Call, allow(Permission.RFM_READ)],
    since: Annotated[dt.date | None, fastapi.Query(description="the day to compare with; four weeks back by default")] = None,
) -> RfmOut:
    """The 125 cells and eleven segments of the newest day, and the movement between segments since an earlier day."""
    found = api.rfm(call.ws, by=call.by, since=since)
    counted = {segment.code: segment for segment in found.segments}
    return RfmOut(
        on=found.on,
        derived_at=None if found.derived_at is None else iso(found.derived_at),
        is_refreshing=found.is_refreshing,
        window_days=found.window_days,
        currency=found.currency,
        buyers=found.buyers,
        net_minor=found.net_minor,
        cells=[RfmCellOut.model_validate(cell) for cell in found.cells],
        segments=[
            RfmSegmentOut(
                code=code,
                zh=BY_CODE[code].zh,
                en=BY_CODE[code].en,
                words_zh=BY_CODE[code].words_zh,
                words_en=BY_CODE[code].words_en,
                members=counted[code].members,
                share=counted[code].share,
                net_minor=counted[code].net_minor,
                members_before=counted[code].members_before,
            )
            for code in (segment.code for segment in SEGMENTS)
            if code in counted
        ],
        compared_on=found.compared_on,
        movements=[RfmMovementOut.model_validate(movement) for movement in found.movements],
    )


@router.get("/lifecycle")
def read_lifecycle(call: Annotated[Call, allow(Permission.RFM_READ)]) -> LifecycleOut:
    """How many members stood in each stage, by week, with the rhythms of the brand and its categories."""
    found = api.lifecycle(call.ws, by=call.by)
    return LifecycleOut(
        on=found.on,
        derived_at=None if found.derived_at is None else iso(found.derived_at),
        is_refreshing=found.is_refreshing,
        cycle_days=found.cycle_days,
        second_days=list(found.second_days),
        repeaters=found.repeaters,
        stages=[StageOut(code=stage.value, zh=stage.zh, en=stage.en) for stage in STAGES],
        weeks=[
            StagesOut(
                on=week.on,
                new=week.stages["new"],
                first=week.stages["first"] or 0,
                repeat=week.stages["repeat"] or 0,
                sleeping=week.stages["sleeping"] or 0,
                lost=week.stages["lost"] or 0,
            )
            for week in found.weeks
        ],
        categories=[CategoryCycleOut.model_validate(one) for one in found.categories],
    )


@router.get("/traits")
def list_traits(call: Annotated[Call, allow(Permission.RFM_READ)]) -> TraitsOut:
    """Every trait by name, with its words and, where its values are few, all of them."""
    return TraitsOut(
        rows=[
            TraitOut(
                name=trait.name,
                kind=trait.kind,
                zh=trait.zh,
                en=trait.en,
                help_zh=trait.help_zh,
                help_en=trait.help_en,
                choices=None
                if trait.choices is None
                else [ChoiceOut(value=choice.value, zh=choice.zh, en=choice.en) for choice in trait.choices(call.ws)],
            )
            for trait in traits.listing()
        ]
    )


@router.get("/members/{member_id}/traits")
def read_member_traits(call: Annotated[Call, allow(PeoplePermission.MEMBER_READ)], member_id: str) -> MemberTraitsOut:
    """RFM, stage, cycle and the next purchases that are expected of a member; null where there is no value."""
    return MemberTraitsOut(rows=[value_out(one) for one in profile.of_member(call.ws, by=call.by, member_id=member_id)])
