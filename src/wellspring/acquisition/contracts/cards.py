"""Printed designs: parcel cards, posters, receipts, pictures of live streams; their batches and what became of them."""

import dataclasses
import datetime as dt
import enum
from collections.abc import Sequence

# A card is read in three seconds: more steps are read by nobody.
STEPS_MAX = 3
# Batches that are compared at once: with more the intervals, which share one error of 5 %, say nothing any more.
ARMS_MAX = 8
# How many of those who left right after the gift are listed.
LEAVERS_MAX = 200
# Somebody who leaves within a day of the gift came for the gift.
GIFT_HOURS = 24
KEPT_DAYS = (1, 7, 30)
# Added per card shipped: what the trade calls passing, good, excellent.
GRADES = ((0.15, "excellent"), (0.10, "good"), (0.05, "pass"))


class DesignKind(enum.StrEnum):
    """Where a design is seen."""

    PARCEL_CARD = "parcel_card"
    POSTER = "poster"
    RECEIPT = "receipt"
    LIVE = "live"


class Hook(enum.StrEnum):
    """What is promised to whoever adds us."""

    CASH = "cash"
    COUPON = "coupon"
    SAMPLE = "sample"
    SERVICE = "service"
    NONE = "none"


class Size(enum.StrEnum):
    """Trimmed sizes; the numbers stand in rules.layouts."""

    CARD = "card"
    TALL = "tall"
    A6 = "a6"
    A4 = "a4"
    RECEIPT = "receipt"
    SCREEN = "screen"


class Sheet(enum.StrEnum):
    """What is printed on; `single` is one card per page."""

    SINGLE = "single"
    A4 = "a4"
    A3 = "a3"
    SRA3 = "sra3"


class BatchStanding(enum.StrEnum):
    """A closed batch is counted on and scanned no more."""

    ACTIVE = "active"
    CLOSED = "closed"


class Metric(enum.StrEnum):
    """What is compared, each out of the cards shipped."""

    SCANNED = "scanned"
    ADDED = "added"
    KEPT = "kept"
    BOUGHT = "bought"


@dataclasses.dataclass(frozen=True)
class Look:
    """What is printed. Colours are #rrggbb."""

    size: Size = Size.CARD
    brand: str = ""
    headline: str = ""
    subline: str = ""
    offer: str = ""
    steps: tuple[str, ...] = ()
    footnote: str = ""
    color: str = "#c8102e"
    paper: str = "#fff8f0"
    ink: str = "#2b1d14"
    is_code_left: bool = False


@dataclasses.dataclass(frozen=True)
class DesignDraft:
    """A design as people write it."""

    name: str
    kind: DesignKind
    hook: Hook
    look: Look
    # What the gift costs, in minor units.
    gift_cost_minor: int = 0
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Design:
    """A design with the number of its batches and of cards shipped with it."""

    id: str
    draft: DesignDraft
    is_archived: bool
    created_at: dt.datetime
    changed_at: dt.datetime
    batches: int = 0
    shipped: int = 0


@dataclasses.dataclass(frozen=True)
class CardDraft:
    """A batch of one design: how many went out, since when, what one cost to print, and which code it leads to."""

    name: str
    design_id: str
    shipped: int
    shipped_on: dt.date | None = None
    card_cost_minor: int = 0
    code_id: str | None = None
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Kept:
    """Of those who came at least so many days ago, how many were still there then."""

    days: int
    mature: int
    kept: int


@dataclasses.dataclass(frozen=True)
class Funnel:
    """From the card to the first repurchase. `grade` is of added per shipped."""

    shipped: int
    scanned: int
    scans: int
    added: int
    returning: int
    staying: int
    kept: Sequence[Kept]
    bought: int
    revenue_minor: int
    gifts: int
    cost_minor: int
    left_after_gift: int
    grade: str

    @property
    def cost_per_kept_minor(self) -> int | None:
        """What each contact that is still there has cost, rounded to the nearest; None while there is none."""
        return None if self.staying == 0 else (self.cost_minor * 2 + self.staying) // (2 * self.staying)


@dataclasses.dataclass(frozen=True)
class CardBatch:
    """A batch with its address, its design as it was printed, and its funnel."""

    id: str
    draft: CardDraft
    token: str
    standing: BatchStanding
    design: DesignDraft
    created_at: dt.datetime
    funnel: Funnel


@dataclasses.dataclass(frozen=True)
class Leaver:
    """Somebody who left within a day of the gift."""

    member_no: int
    staff_id: str | None
    came_at: dt.datetime
    left_at: dt.datetime


@dataclasses.dataclass(frozen=True)
class Range:
    """An estimate with the ends of its interval; an end that cannot be told is None."""

    estimate: float
    low: float | None
    high: float | None


@dataclasses.dataclass(frozen=True)
class Arm:
    """One side of a comparison; `gap` and `lift` are against the first one."""

    id: str
    name: str
    count: int
    total: int
    share: Range
    gap: Range | None = None
    lift: Range | None = None
    # higher, lower or unclear; empty for the first.
    verdict: str = ""


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Sides of a comparison, the first being what the others are measured against; `confidence` holds for all together."""

    metric: Metric
    confidence: float
    arms: Sequence[Arm]


@dataclasses.dataclass(frozen=True)
class Landing:
    """What the page behind a card shows."""

    brand: str
    look: Look
    hook: Hook
    is_open: bool
    # The QR to be scanned: a file, or the page of a store code to go on to.
    picture_id: str | None = None
    place_token: str | None = None
