"""What goes into requests and answers about cards and packages: designs, batches, funnels, comparisons."""

import datetime as dt
from typing import Annotated

import pydantic

from wellspring.acquisition.contracts.cards import (
    STEPS_MAX,
    BatchStanding,
    CardBatch,
    Design,
    DesignDraft,
    DesignKind,
    Funnel,
    Hook,
    Look,
    Metric,
    Size,
)
from wellspring.kernel.web import In, Moment, Out, Part

Id = Annotated[str, pydantic.Field(min_length=1, max_length=40)]
Name = Annotated[str, pydantic.Field(min_length=1, max_length=120)]
Note = Annotated[str, pydantic.Field(max_length=200)]
Minor = Annotated[int, pydantic.Field(ge=0, le=10**9)]
_Line = Annotated[str, pydantic.Field(max_length=40)]
_Color = Annotated[str, pydantic.Field(pattern="^#[0-9a-f]{6}$")]
_Shipped = Annotated[int, pydantic.Field(ge=0, le=10**9)]


class LookIn(Part):
    """What is printed."""

    size: Size = Size.CARD
    brand: _Line = ""
    headline: _Line = ""
    subline: _Line = ""
    offer: _Line = ""
    steps: Annotated[list[_Line], pydantic.Field(max_length=STEPS_MAX)] = pydantic.Field(default=[])
    footnote: Annotated[str, pydantic.Field(max_length=80)] = ""
    color: _Color = "#c8102e"
    paper: _Color = "#fff8f0"
    ink: _Color = "#2b1d14"
    is_code_left: bool = False

    def look(self) -> Look:
        """As a contract."""
        return Look(**{**self.model_dump(), "steps": tuple(step for step in self.steps if step)})


class DesignIn(In):
    """A design."""

    name: Name
    kind: DesignKind
    hook: Hook
    look: LookIn
    gift_cost_minor: Minor = 0
    note: Note = ""

    def draft(self) -> DesignDraft:
        """As a contract."""
        return DesignDraft(self.name, self.kind, self.hook, self.look.look(), self.gift_cost_minor, self.note)


class PreviewIn(In):
    """What to draw."""

    look: LookIn


class ArchiveIn(In):
    """Whether it is out of the list."""

    is_archived: bool


class LookOut(Out):
    """What is printed."""

    size: Size
    brand: str
    headline: str
    subline: str
    offer: str
    steps: list[str]
    footnote: str
    color: str
    paper: str
    ink: str
    is_code_left: bool


class DesignOut(Out):
    """A design with the number of its batches and of cards shipped."""

    id: str
    name: str
    kind: DesignKind
    hook: Hook
    look: LookOut
    gift_cost_minor: int
    note: str
    is_archived: bool
    created_at: Moment
    changed_at: Moment
    batches: int
    shipped: int


class DesignsOut(Out):
    """Designs, the newest first."""

    rows: list[DesignOut]
    next_cursor: str | None


class CardBatchIn(In):
    """A new batch; with `template_code_id` it gets a channel code of its own, made like that one."""

    name: Name
    design_id: Id
    shipped: _Shipped
    shipped_on: dt.date | None = None
    card_cost_minor: Minor = 0
    code_id: Id | None = None
    template_code_id: Id | None = None
    note: Note = ""


class CardBatchChangeIn(In):
    """What to change of a batch."""

    name: Name | None = None
    shipped: _Shipped | None = None
    shipped_on: dt.date | None = None
    card_cost_minor: Minor | None = None
    code_id: Id | None = None
    note: Note | None = None
    standing: BatchStanding | None = None


class KeptOut(Out):
    """Of those who came at least so many days ago, how many were still there then."""

    days: int
    mature: int
    kept: int


class FunnelOut(Out):
    """From the card to the first repurchase; `grade` (weak, pass, good, excellent) is of added per shipped."""

    shipped: int
    scanned: int
    scans: int
    added: int
    returning: int
    staying: int
    kept: list[KeptOut]
    bought: int
    revenue_minor: int
    gifts: int
    cost_minor: int
    cost_per_kept_minor: int | None
    left_after_gift: int
    grade: str


class CardBatchOut(Out):
    """A batch with its address, its design as it was printed, and its funnel."""

    id: str
    name: str
    design_id: str
    design_name: str
    kind: DesignKind
    hook: Hook
    look: LookOut
    gift_cost_minor: int
    shipped: int
    shipped_on: dt.date | None
    card_cost_minor: int
    code_id: str | None
    note: str
    standing: BatchStanding
    created_at: Moment
    url: str
    funnel: FunnelOut


class CardBatchesOut(Out):
    """Batches, the newest first; `bought` of their funnels is told by one batch alone."""

    rows: list[CardBatchOut]
    next_cursor: str | None


class LeaverOut(Out):
    """Somebody who left within a day of the gift; without a name where it is outside the caller's data scope."""

    member_id: str | None
    name_masked: str | None
    staff_id: str | None
    came_at: Moment
    left_at: Moment
    minutes: int


class RangeOut(Out):
    """An estimate with the ends of its interval."""

    estimate: float
    low: float | None
    high: float | None


class ArmOut(Out):
    """One side of a comparison; gap and lift are against the first one."""

    id: str
    name: str
    count: int
    total: int
    share: RangeOut
    gap: RangeOut | None
    lift: RangeOut | None
    verdict: str


class ComparisonOut(Out):
    """Sides of a comparison; the confidence holds for all intervals together."""

    metric: Metric
    confidence: float
    arms: list[ArmOut]


def design_out(found: Design) -> DesignOut:
    """A design as an answer."""
    draft = found.draft
    names = ("id", "is_archived", "created_at", "changed_at", "batches", "shipped")
    written = ("name", "kind", "hook", "gift_cost_minor", "note")
    return DesignOut(
        **{name: getattr(found, name) for name in names},
        **{name: getattr(draft, name) for name in written},
        look=LookOut.model_validate(draft.look),
    )


def funnel_out(found: Funnel) -> FunnelOut:
    """A funnel as an answer."""
    return FunnelOut.model_validate(found)


def batch_out(found: CardBatch, address: str) -> CardBatchOut:
    """A batch as an answer; `address` is where its cards lead to."""
    draft, design = found.draft, found.design
    written = ("name", "design_id", "shipped", "shipped_on", "card_cost_minor", "code_id", "note")
    return CardBatchOut(
        id=found.id,
        **{name: getattr(draft, name) for name in written},
        design_name=design.name,
        kind=design.kind,
        hook=design.hook,
        look=LookOut.model_validate(design.look),
        gift_cost_minor=design.gift_cost_minor,
        standing=found.standing,
        created_at=found.created_at,
        url=address,
        funnel=funnel_out(found.funnel),
    )
