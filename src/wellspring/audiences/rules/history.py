"""What is known of one member, in plain Python: what the reference evaluator looks at."""

import dataclasses
from collections.abc import Mapping, Sequence

from wellspring.audiences.rules.tree import Like, Relation, Top, Value

# An event that claims to be less ahead of the server than this counts at once.
AHEAD_MILLIS_MAX = 5 * 60 * 1000


@dataclasses.dataclass(frozen=True, slots=True)
class Event:
    """Something the member did. `props` is the JSON object as it was sent; order lines are `lines`.

    Without `received_at` an event was received when it happened.
    """

    kind: str
    at: int
    arrival_no: int = 0
    flags: int = 0
    props: Mapping[str, object] = dataclasses.field(default_factory=dict)
    received_at: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class History:
    """One member. Tags are `group/name`; lists among attributes and traits are tuples.

    `audiences` tells of every referenced audience whether the member is in it; `standing` tells the same of every Top
    and Like in the definition, which cannot be told from one member.
    """

    public_id: str = ""
    events: Sequence[Event] = ()
    attributes: Mapping[str, Value] = dataclasses.field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    traits: Mapping[str, Value] = dataclasses.field(default_factory=dict)
    consents: frozenset[str] = frozenset()
    reachable: frozenset[str] = frozenset()
    served_by: frozenset[tuple[Relation, str]] = frozenset()
    groups: frozenset[str] = frozenset()
    touched: Sequence[tuple[str, int]] = ()
    audiences: Mapping[str, bool] = dataclasses.field(default_factory=dict)
    standing: Mapping[Top | Like, bool] = dataclasses.field(default_factory=dict)


def counted_at(event: Event, now: int) -> int | None:
    """When the event counts as happened, None while it does not count yet.

    One that is a little ahead of the server counts as if it happened now; one that is further ahead waits for its time.
    """
    if event.at <= now:
        return event.at
    received = event.at if event.received_at is None else event.received_at
    return now if received <= now and event.at - received <= AHEAD_MILLIS_MAX else None
