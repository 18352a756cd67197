"""Codes on packages, one per piece: batches of them, what a scan shows, and the draw that a batch may carry."""

import dataclasses
import datetime as dt
import enum
from collections.abc import Sequence

# A zip of pictures is for samples and small series; a printing house takes the list.
PICTURES_MAX = 2_000
PRIZES_MAX = 20
# What a prize of a promotional draw may cost at most (规范促销行为暂行规定, 2020, article 17), in fen.
PRIZE_MINOR_MAX = 5_000_000


class BatchState(enum.StrEnum):
    """Codes of a void batch are known and worth nothing: a delivery that was lost or stolen."""

    ACTIVE = "active"
    VOID = "void"


class DrawState(enum.StrEnum):
    """A draft changes; what is published does not any more; after the end the seed is shown."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ENDED = "ended"


class PrizeKind(enum.StrEnum):
    """What is won."""

    CASH = "cash"
    COUPON = "coupon"
    SAMPLE = "sample"
    SERVICE = "service"
    POINTS = "points"


class Standing(enum.StrEnum):
    """What a code is to whoever scanned it: fresh, bound to themselves, bound to somebody else, or void."""

    FRESH = "fresh"
    MINE = "mine"
    TAKEN = "taken"
    VOID = "void"


@dataclasses.dataclass(frozen=True)
class PackageDraft:
    """What people write of a batch."""

    name: str
    product: str
    codes: int
    sku: str = ""
    note: str = ""
    # The channel code whose QR is shown once a package was found genuine.
    code_id: str | None = None
    code_cost_minor: int = 0


@dataclasses.dataclass(frozen=True)
class PackageBatch:
    """A batch of codes, and how many of them were scanned, bound and drawn."""

    id: str
    no: int
    draft: PackageDraft
    state: BatchState
    created_at: dt.datetime
    created_by: str
    scanned: int = 0
    scans: int = 0
    suspicious: int = 0
    bound: int = 0
    members: int = 0
    drawn: int = 0
    draw_id: str | None = None


@dataclasses.dataclass(frozen=True)
class ScanDay:
    """How many codes of a batch were first scanned, bound and drawn on one day."""

    day: dt.date
    scanned: int
    bound: int


@dataclasses.dataclass(frozen=True)
class Suspect:
    """A code that several people scanned: printed twice, or copied."""

    code: str
    first_at: dt.datetime
    last_at: dt.datetime
    scans: int
    others: int


@dataclasses.dataclass(frozen=True)
class PrizeDraft:
    """A prize with its number and what one costs."""

    name: str
    kind: PrizeKind
    count: int
    value_minor: int


@dataclasses.dataclass(frozen=True)
class Prize:
    """A prize, how many there are and how many have been won."""

    id: str
    name: str
    kind: PrizeKind
    count: int
    value_minor: int
    won: int = 0


@dataclasses.dataclass(frozen=True)
class DrawDraft:
    """What people write of a draw."""

    name: str
    rules: str
    budget_minor: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    prizes: Sequence[PrizeDraft] = ()


@dataclasses.dataclass(frozen=True)
class Draw:
    """A draw: its prizes, what it has cost so far, the seed's hash, and the seed itself after the end."""

    id: str
    batch_id: str
    name: str
    rules: str
    tickets: int
    budget_minor: int
    spent_minor: int
    drawn: int
    state: DrawState
    starts_at: dt.datetime
    ends_at: dt.datetime
    seed_hash: str
    published_at: dt.datetime | None
    seed: str | None
    prizes: Sequence[Prize] = ()


@dataclasses.dataclass(frozen=True)
class Award:
    """What one code won."""

    code: str
    ticket: int
    prize: str
    kind: PrizeKind
    value_minor: int
    drawn_at: dt.datetime
    member_id: str | None
    handed_at: dt.datetime | None
    handed_by: str


@dataclasses.dataclass(frozen=True)
class Seen:
    """What the page of a code shows. `ticket` and `prize` are for whoever the code is bound to."""

    code: str
    batch_id: str
    product: str
    standing: Standing
    first_at: dt.datetime | None
    scans: int
    bound_at: dt.datetime | None
    draw: Draw | None = None
    may_draw: bool = False
    ticket: int | None = None
    drawn_at: dt.datetime | None = None
    prize: Prize | None = None
    code_id: str | None = None
