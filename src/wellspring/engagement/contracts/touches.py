"""Touches: on whose behalf, to whom, how far each came, and why some were never made.

A *batch* is an intent: these members, by this sender, from this instant on. A *parcel* is one call of a provider, and a
*touch* what one member got of it. States only ever go forward (`rules.fates`), in whatever order news arrives.
"""

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping


class OriginKind(enum.StrEnum):
    """On whose behalf somebody is touched."""

    CAMPAIGN = "campaign"
    JOURNEY = "journey"


class Purpose(enum.StrEnum):
    """What a touch is for: marketing needs consent and room under the caps, a service message neither."""

    MARKETING = "marketing"
    SERVICE = "service"


@dataclasses.dataclass(frozen=True)
class Origin:
    """A campaign or a journey, with its version; `node` also names a campaign's variant."""

    kind: OriginKind
    id: str
    version: int
    node: str = ""


class Fate(enum.StrEnum):
    """How far a touch came; the last five are ends that no news changes but for better news."""

    CLAIMED = "claimed"
    CALLING = "calling"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    # A member of staff has yet to confirm.
    WAITING = "waiting"
    EXPIRED = "expired"
    SENT = "sent"
    FAILED = "failed"
    DELIVERED = "delivered"
    READ = "read"
    CLICKED = "clicked"
    REPLIED = "replied"
    # Decided against before the call: the provider never heard of it.
    DROPPED = "dropped"


class Told(enum.IntEnum):
    """What the log of activity has heard of a touch, and what it is owed."""

    NOTHING = 0
    SENT_OWED = 1
    SENT = 2
    FAILED_OWED = 3
    FAILED = 4


class Why(enum.StrEnum):
    """Why a touch was not made; the first eight are the planner's, in the order in which they are asked."""

    NO_CONSENT = "no_consent"
    UNREACHABLE = "unreachable"
    SUPPRESSED = "suppressed"
    HELD_OUT = "held_out"
    CAPPED = "capped"
    QUIET = "quiet"
    STALE = "stale"
    ADDRESS_TAKEN = "address_taken"
    NO_GUIDE = "no_guide"
    OVER_LIMIT = "over_limit"
    REPEATED = "repeated"
    NOT_RENDERED = "not_rendered"
    WITHDRAWN = "withdrawn"
    LOST_SLOT = "lost_slot"
    REFUSED = "refused"
    GIVEN_UP = "given_up"


class BatchState(enum.StrEnum):
    """Where an intent stands: waiting for its time, with room reserved, in a worker's hands, paused, worked off, or taken back."""

    WAITING = "waiting"
    PLANNED = "planned"
    CLAIMED = "claimed"
    PAUSED = "paused"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class ParcelState(enum.StrEnum):
    """Where a call stands. `unknown`: it may have been taken and nobody could tell yet."""

    READY = "ready"
    PAUSED = "paused"
    CALLING = "calling"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    FAILED = "failed"
    DROPPED = "dropped"


class Resolution(enum.StrEnum):
    """What a person decides about a dead letter."""

    RESEND = "resend"
    GIVE_UP = "give_up"
    DELIVERED = "delivered"


@dataclasses.dataclass(frozen=True)
class Touch:
    """One touch of one member, or one that was not made: then `fate` is dropped and `reason` says why."""

    origin: Origin
    scope: str
    channel: str
    content_id: str
    member_no: int
    sender: str
    fate: Fate
    reason: str
    at: dt.datetime
    changed_at: dt.datetime
    due_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True)
class Tally:
    """How many members stand where, of one origin, node or sender; `waiting` are planned and not yet claimed."""

    planned: int
    by_fate: Mapping[str, int]
    by_reason: Mapping[str, int]


@dataclasses.dataclass(frozen=True)
class DeadLetter:
    """A call that came to no good end by itself, for a person to settle."""

    key: str
    origin: Origin
    channel: str
    account_id: str
    sender: str
    state: ParcelState
    problem: str
    members: int
    called_at: dt.datetime | None
    deadline_at: dt.datetime | None
    resolution: Resolution | None
    resolved_by: str
    resolved_at: dt.datetime | None
