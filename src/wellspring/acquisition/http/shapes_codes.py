"""What the addresses of codes take and give."""

import datetime as dt
from typing import Annotated, Any

import fastapi
import pydantic

from wellspring.acquisition.contracts.codes import (
    ATTACHMENTS_MAX,
    CHATS_MAX,
    SHIFTS_MAX,
    STAFF_MAX,
    STORES_MAX,
    VARIANTS_MAX,
    Code,
    CodeKind,
    CodeState,
    Draft,
    Duty,
    DutyKind,
    Groups,
    LossReason,
    Newness,
    Part,
    PartKind,
    Plan,
    Shift,
    Variant,
    WayState,
)
from wellspring.kernel import web
from wellspring.kernel.pages import PAGE_MAX
from wellspring.kernel.web import In, Out

Moment = web.Moment
Limit = Annotated[int | None, fastapi.Query(ge=1, le=PAGE_MAX)]
Cursor = Annotated[str | None, fastapi.Query(max_length=400)]
Day = Annotated[dt.date, pydantic.Field(ge=dt.date(1900, 1, 1), le=dt.date(2200, 1, 1))]
Name = Annotated[str, pydantic.StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Id = Annotated[str, pydantic.Field(min_length=1, max_length=80)]
Clock = Annotated[str, pydantic.Field(max_length=5)]
Weekdays = Annotated[list[Annotated[int, pydantic.Field(ge=0, le=6)]], pydantic.Field(max_length=7)]
Words = Annotated[str, pydantic.Field(max_length=300)]
Staff = Annotated[list[Id], pydantic.Field(max_length=STAFF_MAX)]
Limits = Annotated[int, pydantic.Field(ge=1, le=1_000_000)]
_EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]


class CodeShiftIn(web.Part):
    """Who serves on which weekdays (0 is Monday) and hours; an end at or before its start lies on the next day."""

    staff_ids: Staff
    weekdays: Weekdays = pydantic.Field(default=_EVERY_DAY)
    start: Clock = "00:00"
    end: Clock = "00:00"


class CodePlanIn(web.Part):
    """Who serves a code, how many arrivals each takes a day, and who steps in."""

    shifts: Annotated[list[CodeShiftIn], pydantic.Field(max_length=SHIFTS_MAX)] = pydantic.Field(default=[])
    backup_staff_ids: Staff = pydantic.Field(default=[])
    daily_limit: Limits | None = None
    daily_limits: Annotated[dict[Id, Limits], pydantic.Field(max_length=STAFF_MAX)] = pydantic.Field(default={})


class WelcomePartIn(web.Part):
    """An attachment of a welcome; which fields count follows from the kind."""

    kind: PartKind
    title: Words = ""
    description: Annotated[str, pydantic.Field(max_length=600)] = ""
    url: Annotated[str, pydantic.Field(max_length=2_048)] = ""
    picture_url: Annotated[str, pydantic.Field(max_length=2_048)] = ""
    file_id: Annotated[str, pydantic.Field(max_length=40)] = ""
    appid: Annotated[str, pydantic.Field(max_length=64)] = ""
    page: Annotated[str, pydantic.Field(max_length=500)] = ""
    offer_id: Annotated[str, pydantic.Field(max_length=40)] = ""


class WelcomeVariantIn(web.Part):
    """What is said to these people at these hours; the text is Liquid."""

    text: Annotated[str, pydantic.Field(max_length=6_000)] = ""
    parts: Annotated[list[WelcomePartIn], pydantic.Field(max_length=ATTACHMENTS_MAX)] = pydantic.Field(default=[])
    newness: Newness = Newness.ANYONE
    weekdays: Weekdays = pydantic.Field(default=_EVERY_DAY)
    start: Clock = "00:00"
    end: Clock = "00:00"


class CodeGroupsIn(web.Part):
    """The groups that a code leads into, and whether the platform opens another when all are full."""

    chat_ids: Annotated[list[Id], pydantic.Field(max_length=CHATS_MAX)] = pydantic.Field(default=[])
    opens_new: bool = True
    base_name: Annotated[str, pydantic.Field(max_length=40)] = ""
    base_number: Annotated[int, pydantic.Field(ge=1, le=1_000_000)] = 1


class CodeTagIn(web.Part):
    """A tag that everybody gets who comes through the code."""

    group: Annotated[str, pydantic.Field(min_length=1, max_length=30)]
    name: Annotated[str, pydantic.Field(min_length=1, max_length=30)]


class CodeIn(In):
    """A code as people write it."""

    name: Name
    kind: CodeKind
    account_id: Annotated[str, pydantic.Field(min_length=1, max_length=40)]
    folder: Annotated[str, pydantic.StringConstraints(strip_whitespace=True, max_length=60)] = ""
    remark: Words = ""
    plan: CodePlanIn = pydantic.Field(default=CodePlanIn())
    groups: CodeGroupsIn = pydantic.Field(default=CodeGroupsIn())
    unit_ids: Annotated[list[Id], pydantic.Field(max_length=STORES_MAX)] = pydantic.Field(default=[])
    welcome: Annotated[list[WelcomeVariantIn], pydantic.Field(max_length=VARIANTS_MAX)] = pydantic.Field(default=[])
    tags: Annotated[list[CodeTagIn], pydantic.Field(max_length=20)] = pydantic.Field(default=[])
    is_single: bool = False
    skips_verification: bool = True
    is_exclusive: bool = False


class CodeDutyOut(Out):
    """Who should serve now, why, who is full, and when that changes by itself."""

    staff_ids: list[str]
    kind: DutyKind
    full_staff_ids: list[str]
    changes_at: Moment | None


class CodeWayOut(Out):
    """A code as it stands at the platform; a store code has one for each store."""

    id: str
    unit_id: str | None
    state: str
    standing: WayState
    url: str
    has_picture: bool
    staff_ids: list[str]
    duty: str
    problem: str
    turned_at: Moment | None
    now: CodeDutyOut | None = None


class CodeRowOut(Out):
    """A code in a list."""

    id: str
    name: str
    kind: CodeKind
    account_id: str
    folder: str
    remark: str
    state: CodeState
    standing: WayState
    url: str
    has_picture: bool
    serving: list[str]
    duty: str
    stores: int
    variants: int
    tags: list[CodeTagIn]
    added: int
    left: int
    created_at: Moment
    created_by: str
    changed_at: Moment


class CodeListOut(Out):
    """A page of codes, the newest first."""

    rows: list[CodeRowOut]
    next_cursor: str | None
    total: int | None


class CodeOut(CodeRowOut):
    """A code with all that people wrote and how it stands."""

    # Where customers open a store code; empty for others.
    page: str
    plan: CodePlanIn
    groups: CodeGroupsIn
    unit_ids: list[str]
    welcome: list[WelcomeVariantIn]
    is_single: bool
    skips_verification: bool
    is_exclusive: bool
    due_at: Moment | None
    ways: list[CodeWayOut]


class LossOut(Out):
    """Somebody who was lost."""

    id: str
    at: Moment
    reason: LossReason
    days: int | None
    member_id: str | None
    member_name: str | None
    staff_id: str | None
    staff_name: str
    unit_id: str | None
    unit_name: str
    code_id: str | None
    code_name: str
    orders: int
    revenue_minor: int
    last_order_at: Moment | None
    is_handled: bool
    handled_by: str
    handled_at: Moment | None
    note: str


def draft_of(body: CodeIn) -> Draft:
    """The request as a draft."""
    plan, groups = body.plan, body.groups
    return Draft(
        name=body.name,
        kind=body.kind,
        account_id=body.account_id,
        folder=body.folder,
        remark=body.remark,
        plan=Plan(
            tuple(Shift(tuple(one.staff_ids), tuple(sorted(set(one.weekdays))), one.start, one.end) for one in plan.shifts),
            tuple(plan.backup_staff_ids),
            plan.daily_limit,
            plan.daily_limits,
        ),
        groups=Groups(tuple(groups.chat_ids), groups.opens_new, groups.base_name, groups.base_number),
        unit_ids=tuple(body.unit_ids),
        welcome=tuple(variant_of(one) for one in body.welcome),
        tags=tuple((one.group.strip(), one.name.strip()) for one in body.tags),
        is_single=body.is_single,
        skips_verification=body.skips_verification,
        is_exclusive=body.is_exclusive,
    )


def variant_of(body: WelcomeVariantIn) -> Variant:
    """A variant of a request."""
    parts = tuple(Part(**one.model_dump()) for one in body.parts)
    return Variant(body.text, parts, body.newness, tuple(sorted(set(body.weekdays))), body.start, body.end)


def row_of(code: Code) -> dict[str, Any]:
    """What a list shows of a code."""
    wanted, ways = code.draft, [way for way in code.ways if way.standing is not WayState.GONE]
    worst = next(
        (state for state in (WayState.BEHIND, WayState.EMPTY, WayState.MAKING) if any(way.standing is state for way in ways)), None
    )
    kept = {name: getattr(code, name) for name in ("id", "state", "added", "left", "created_at", "created_by", "changed_at")}
    written = {name: getattr(wanted, name) for name in ("name", "kind", "account_id", "folder", "remark")}
    only = ways[0] if len(ways) == 1 and wanted.kind is not CodeKind.STORE else None
    return {
        **kept,
        **written,
        "standing": worst or (WayState.READY if ways else WayState.GONE if code.ways else WayState.MAKING),
        "url": only.url if only else "",
        "has_picture": any(way.picture_id for way in ways),
        "serving": list(only.staff_ids) if only else [],
        "duty": only.duty if only else "",
        "stores": len(ways) if wanted.kind is CodeKind.STORE else 0,
        "variants": len(wanted.welcome),
        "tags": [CodeTagIn(group=group, name=name) for group, name in wanted.tags],
    }


def whole(code: Code, duties: dict[str, Duty] | None = None) -> CodeOut:
    """A code with everything."""
    wanted, now_on = code.draft, duties or {}
    ways = [
        CodeWayOut(
            **{
                name: getattr(way, name)
                for name in ("id", "unit_id", "state", "standing", "url", "staff_ids", "duty", "problem", "turned_at")
            },
            has_picture=bool(way.picture_id),
            now=CodeDutyOut.model_validate(now_on[way.id]) if way.id in now_on else None,
        )
        for way in code.ways
    ]
    return CodeOut(
        **row_of(code),
        page=f"/s/{code.token}" if wanted.kind is CodeKind.STORE else "",
        plan=CodePlanIn.model_validate(wanted.plan, from_attributes=True),
        groups=CodeGroupsIn.model_validate(wanted.groups, from_attributes=True),
        unit_ids=list(wanted.unit_ids),
        welcome=[WelcomeVariantIn.model_validate(one, from_attributes=True) for one in wanted.welcome],
        is_single=wanted.is_single,
        skips_verification=wanted.skips_verification,
        is_exclusive=wanted.is_exclusive,
        due_at=code.due_at,
        ways=ways,
    )
