"""Hand-over: customers (and groups) of one member of staff given to another, in service or after leaving; statistics of staff."""

import dataclasses
import datetime as dt
import enum

# A customer and a group may be handed over twice within 90 natural days (page 92125).
TRANSFERS_MAX = 2
TRANSFER_WINDOW = dt.timedelta(days=90)
# Named in one call, and the message that the customer sees.
CUSTOMERS_PER_CALL = 100
MESSAGE_MAX = 200
# One hand-over names this many at most: a member of staff has 20,000.
CUSTOMERS_MAX = 20_000


class TransferKind(enum.StrEnum):
    """Of a member of staff in service, or of one who left."""

    ON_JOB = "on_job"
    RESIGNED = "resigned"


class TransferState(enum.StrEnum):
    """Where the hand-over of one customer is. `unknown`: the call was not answered, and the result is asked for."""

    PLANNED = "planned"
    CALLING = "calling"
    UNKNOWN = "unknown"
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    FULL = "full"
    FAILED = "failed"
    SKIPPED = "skipped"


ENDED = frozenset({TransferState.DONE, TransferState.REFUSED, TransferState.FULL, TransferState.FAILED, TransferState.SKIPPED})


@dataclasses.dataclass(frozen=True)
class TransferDraft:
    """What is wished. Without customers: everybody whom the handing-over member of staff follows."""

    account_id: str
    kind: TransferKind
    handover_userid: str
    takeover_userid: str
    external_userids: tuple[str, ...] = ()
    message: str = ""


@dataclasses.dataclass(frozen=True)
class TransferPlan:
    """Who would be handed over, and who not: by reason, in both languages."""

    external_userids: tuple[str, ...]
    left_out: tuple[tuple[str, str, str, str], ...]


@dataclasses.dataclass(frozen=True)
class Transfer:
    """A hand-over with how many customers stand where."""

    id: str
    account_id: str
    kind: TransferKind
    handover_userid: str
    takeover_userid: str
    message: str
    counts: dict[str, int]
    created_by: str
    created_at: dt.datetime
    ended_at: dt.datetime | None


@dataclasses.dataclass(frozen=True)
class TransferCustomer:
    """One customer of a hand-over; `takeover_at` is when it happens by itself while it is waited for."""

    external_userid: str
    state: TransferState
    error_code: int | None
    takeover_at: dt.datetime | None
    changed_at: dt.datetime


@dataclasses.dataclass(frozen=True)
class Unassigned:
    """A customer of somebody who left and whom nobody took over yet."""

    handover_userid: str
    external_userid: str
    left_at: dt.datetime | None


@dataclasses.dataclass(frozen=True)
class StaffDay:
    """What the platform counted of one member of staff on one day; the last two are missing without any chat."""

    userid: str
    day: dt.date
    new_applications: int
    new_contacts: int
    chats: int
    messages: int
    negative_feedback: int
    reply_percentage: float | None
    reply_minutes: float | None
