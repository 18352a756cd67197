"""The ledger, dead letters, the rules of touching, and one member's touches over HTTP."""

from typing import Annotated, Literal

import fastapi
import pydantic

from wellspring.engagement.api import touches
from wellspring.engagement.contracts import Permission
from wellspring.engagement.contracts.rules import NAME_MAX, SPANS_MAX, CapRule, Rule, RuleDraft, RuleKind, SpanRule
from wellspring.engagement.contracts.touches import Fate, ParcelState, Resolution, Touch
from wellspring.kernel.pages import PAGE_MAX
from wellspring.kernel.web import Call, In, Moment, Out, Part, allow
from wellspring.people import api as people

router = fastapi.APIRouter(prefix="/api/engagement")
Reader = Annotated[Call, allow(Permission.TOUCH_READ)]
_Cursor = Annotated[str | None, fastapi.Query(max_length=400)]
_Limit = Annotated[int | None, fastapi.Query(ge=1, le=PAGE_MAX)]
_Word = Annotated[str | None, fastapi.Query(max_length=80)]
_Days = Annotated[int, fastapi.Query(ge=1, le=365)]
Id = Annotated[str, pydantic.Field(min_length=1, max_length=40)]
_Minute = Annotated[int, pydantic.Field(ge=0, le=1439)]


class TouchOut(Out):
    """One touch, or one that was not made."""

    origin_kind: Literal["campaign", "journey"]
    origin_id: str
    origin_name: str
    origin_node: str
    channel: str
    content_id: str
    member_id: str | None
    member_name: str
    sender: str
    sender_name: str
    fate: Fate
    reason: str
    at: Moment
    changed_at: Moment
    due_at: Moment | None


class TouchesOut(Out):
    """A page of the ledger."""

    rows: list[TouchOut]
    next_cursor: str | None


class TouchTotalsOut(Out):
    """How many touches came how far, and how many dead letters wait."""

    by_fate: dict[str, int]
    open_letters: int


class LetterOut(Out):
    """A dead letter."""

    key: str
    origin_kind: Literal["campaign", "journey"]
    origin_id: str
    origin_name: str
    channel: str
    sender: str
    sender_name: str
    state: ParcelState
    problem: str
    members: int
    called_at: Moment | None
    deadline_at: Moment | None
    resolution: Resolution | None
    resolved_by: str
    resolved_at: Moment | None


class LettersOut(Out):
    """A page of dead letters."""

    rows: list[LetterOut]
    next_cursor: str | None


class ResolutionIn(In):
    """What is decided about a dead letter."""

    resolution: Resolution


class CapIn(Part):
    """At most so many touches within a window."""

    scope: Annotated[str, pydantic.Field(pattern="^(all|channel|tag|campaign)$")]
    name: Annotated[str, pydantic.Field(max_length=80)] = ""
    times: Annotated[int, pydantic.Field(ge=1, le=30)]
    is_calendar: bool = True
    length: Annotated[int, pydantic.Field(ge=1, le=2208)]
    passed_from: Annotated[int | None, pydantic.Field(ge=0, le=100)] = None


class SpanIn(Part):
    """From one minute of the local day to another."""

    start: _Minute
    end: _Minute
    weekdays: Annotated[list[Annotated[int, pydantic.Field(ge=0, le=6)]], pydantic.Field(min_length=1, max_length=7)] = pydantic.Field(
        default=[0, 1, 2, 3, 4, 5, 6]
    )


class RuleIn(In):
    """A rule of touching; with `version` a change of one."""

    kind: RuleKind
    name: Annotated[str, pydantic.Field(min_length=1, max_length=NAME_MAX)]
    cap: CapIn | None = None
    spans: Annotated[list[SpanIn], pydantic.Field(max_length=SPANS_MAX)] = pydantic.Field(default=[])
    zones: Annotated[list[Annotated[str, pydantic.Field(max_length=64)]], pydantic.Field(max_length=50)] = pydantic.Field(default=[])
    audience_id: Annotated[str, pydantic.Field(max_length=40)] = ""
    is_on: bool = True
    version: Annotated[int | None, pydantic.Field(ge=1, le=10**9)] = None

    def draft(self) -> RuleDraft:
        """As a contract."""
        return RuleDraft(
            kind=self.kind,
            name=self.name,
            cap=None if self.cap is None else CapRule(**self.cap.model_dump()),
            spans=tuple(SpanRule(one.start, one.end, tuple(one.weekdays)) for one in self.spans),
            zones=tuple(self.zones),
            audience_id=self.audience_id,
            is_on=self.is_on,
        )


class CapOut(Out):
    """A cap."""

    scope: str
    name: str
    times: int
    is_calendar: bool
    length: int
    passed_from: int | None


class SpanOut(Out):
    """A span of quiet hours."""

    start: int
    end: int
    weekdays: list[int]


class RuleOut(Out):
    """A rule of touching."""

    id: str
    kind: RuleKind
    name: str
    cap: CapOut | None
    spans: list[SpanOut]
    zones: list[str]
    audience_id: str
    is_on: bool
    version: int
    changed_at: Moment
    changed_by: str


class RulesOut(Out):
    """Every rule, and time zones that members are said to live in and that are none."""

    rows: list[RuleOut]
    unknown_zones: dict[str, int]


@router.get("/touches")
def list_touches(
    call: Reader,
    origin_id: _Word = None,
    fate: Fate | None = None,
    channel: _Word = None,
    sender: _Word = None,
    cursor: _Cursor = None,
    limit: _Limit = None,
) -> TouchesOut:
    """The ledger, the newest touches first."""
    told = None if fate is None else fate.value
    page = touches.page(call.ws, origin_id=origin_id, fate=told, channel=channel, sender=sender, cursor=cursor, limit=limit)
    return TouchesOut(rows=_touches(call, list(page.rows)), next_cursor=page.next_cursor)


@router.get("/touches/totals")
def read_touch_totals(call: Reader, days: _Days = 7) -> TouchTotalsOut:
    """How many touches of the last days came how far."""
    return TouchTotalsOut(by_fate=touches.totals(call.ws, days=days), open_letters=touches.open_letters(call.ws))


@router.get("/members/{member_id}/touches")
def list_member_touches(call: Reader, member_id: Id, limit: _Limit = None) -> TouchesOut:
    """Every touch of a member, made, waiting and not made with its reason, the latest first."""
    number = people.member_no(call.ws, by=call.by, member_id=member_id)
    return TouchesOut(rows=_touches(call, touches.touches_of_member(call.ws, member_no=number, limit=limit or PAGE_MAX)), next_cursor=None)


@router.get("/letters")
def list_letters(call: Reader, is_open: bool = True, cursor: _Cursor = None, limit: _Limit = None) -> LettersOut:  # noqa: FBT001, FBT002 - a query parameter
    """Dead letters, the latest first: those to be settled, or those that were."""
    page = touches.letters(call.ws, is_open=is_open, cursor=cursor, limit=limit)
    names = touches.origin_names(call.ws, [row.origin for row in page.rows])
    senders = touches.sender_names(call.ws, [row.sender for row in page.rows])
    rows = [
        LetterOut(
            origin_kind=row.origin.kind.value,
            origin_id=row.origin.id,
            origin_name=names.get(row.origin.id, ""),
            sender_name=senders.get(row.sender, ""),
            **{name: getattr(row, name) for name in _LETTER},
        )
        for row in page.rows
    ]
    return LettersOut(rows=rows, next_cursor=page.next_cursor)


@router.post("/letters/{letter_key}/resolution", status_code=204)
def resolve_letter(call: Annotated[Call, allow(Permission.TOUCH_WRITE)], letter_key: Id, body: ResolutionIn) -> None:
    """Settles a dead letter: sent once more, given up, or told to have arrived."""
    touches.resolve_letter(call.ws, by=call.by, key=letter_key, resolution=body.resolution)


@router.get("/rules")
def list_rules(call: Annotated[Call, allow(Permission.RULE_READ)]) -> RulesOut:
    """Every rule of touching."""
    return RulesOut(rows=[_rule(rule) for rule in touches.rules(call.ws)], unknown_zones=touches.unknown_zones(call.ws))


@router.post("/rules", status_code=201)
def add_rule(call: Annotated[Call, allow(Permission.RULE_WRITE)], body: RuleIn) -> RuleOut:
    """Adds a rule."""
    return _rule(touches.add_rule(call.ws, by=call.by, draft=body.draft()))


@router.put("/rules/{rule_id}")
def change_rule(call: Annotated[Call, allow(Permission.RULE_WRITE)], rule_id: Id, body: RuleIn) -> RuleOut:
    """Changes a rule that is still of this version."""
    return _rule(touches.change_rule(call.ws, by=call.by, rule_id=rule_id, version=body.version or 1, draft=body.draft()))


@router.delete("/rules/{rule_id}", status_code=204)
def remove_rule(call: Annotated[Call, allow(Permission.RULE_WRITE)], rule_id: Id) -> None:
    """Deletes a rule."""
    touches.remove_rule(call.ws, by=call.by, rule_id=rule_id)


_LETTER = (
    "key",
    "channel",
    "sender",
    "state",
    "problem",
    "members",
    "called_at",
    "deadline_at",
    "resolution",
    "resolved_by",
    "resolved_at",
)
_TOUCH = ("channel", "content_id", "sender", "fate", "reason", "at", "changed_at", "due_at")


def _touches(call: Call, found: list[Touch]) -> list[TouchOut]:
    names = touches.origin_names(call.ws, [touch.origin for touch in found])
    senders = touches.sender_names(call.ws, [touch.sender for touch in found])
    members = people.members_of(call.ws, by=call.by, member_nos=sorted({touch.member_no for touch in found}))
    rows = []
    for touch in found:
        member = members.get(touch.member_no)
        rows.append(
            TouchOut(
                origin_kind=touch.origin.kind.value,
                origin_id=touch.origin.id,
                origin_name=names.get(touch.origin.id, ""),
                sender_name=senders.get(touch.sender, ""),
                origin_node=touch.origin.node,
                member_id=member.id if member else None,
                member_name=member.name_masked or "" if member else "",
                **{name: getattr(touch, name) for name in _TOUCH},
            )
        )
    return rows


def _rule(rule: Rule) -> RuleOut:
    draft = rule.draft
    return RuleOut(
        id=rule.id,
        kind=draft.kind,
        name=draft.name,
        cap=None if draft.cap is None else CapOut.model_validate(draft.cap),
        spans=[SpanOut.model_validate(span) for span in draft.spans],
        zones=list(draft.zones),
        audience_id=draft.audience_id,
        is_on=draft.is_on,
        version=rule.version,
        changed_at=rule.changed_at,
        changed_by=rule.changed_by,
    )
