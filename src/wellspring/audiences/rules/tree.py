"""The nodes and leaves of an audience definition: frozen, hashable, already checked (see `read`).

Every default of the written forms is filled in, so that an evaluator never asks what a missing key means. Texts are in
Unicode normal form C, durations in whole milliseconds. Instants stay text, because one without a zone waits for its zone.
Beware: Python holds 1, 1.0 and True for equal. Where trees are told apart, ask `write.canonical`.
"""

import dataclasses
import enum
from collections.abc import Iterator

Scalar = str | bool | int | float
# What a comparison may compare with and what a property, attribute or trait may hold; None is a missing value.
Value = Scalar | tuple["Scalar | None", ...] | None


class Op(enum.StrEnum):
    """How a value is compared; the text is the JSON key."""

    IS = "is"
    IS_NOT = "is_not"
    IN = "in"
    NOT_IN = "not_in"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    BETWEEN = "between"
    EXISTS = "exists"
    MISSING = "missing"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    INCLUDES = "includes"
    BEFORE = "before"
    AFTER = "after"
    WITHIN_LAST = "within_last"
    WITHIN_NEXT = "within_next"
    ANNIVERSARY = "anniversary_within_next"


class Zone(enum.StrEnum):
    """Whose days are meant."""

    WORKSPACE = "workspace"
    MEMBER = "member"


class Unit(enum.StrEnum):
    """What a calendar window covers; weeks start on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class MeasureKind(enum.StrEnum):
    """What is computed of the matching events."""

    COUNT = "count"
    DAYS = "days"
    SUM = "sum"
    AVG = "avg"
    MIN = "min"
    MAX = "max"
    DISTINCT = "distinct"


# Of no event these are 0; of the other measures nothing is missing.
ZERO_OF_NOTHING = frozenset({MeasureKind.COUNT, MeasureKind.DAYS, MeasureKind.SUM, MeasureKind.DISTINCT})


class Relation(enum.StrEnum):
    """By whom or what a member is served."""

    STAFF = "staff"
    STORE = "store"
    DEALER = "dealer"
    REGION = "region"


@dataclasses.dataclass(frozen=True, slots=True)
class Duration:
    """An exact length of time."""

    millis: int


@dataclasses.dataclass(frozen=True, slots=True)
class Comparison:
    """`value` is a tuple for in, not_in and between, True for exists and missing.

    It is a Duration for within_last, within_next and anniversary_within_next, and for before and after either a
    Duration or the text of an instant.
    """

    op: Op
    value: Value | Duration = True


@dataclasses.dataclass(frozen=True, slots=True)
class Rolling:
    """(now − millis, now]."""

    millis: int


@dataclasses.dataclass(frozen=True, slots=True)
class Calendar:
    """The day, week or month that now lies in."""

    unit: Unit
    zone: Zone = Zone.WORKSPACE


@dataclasses.dataclass(frozen=True, slots=True)
class Between:
    """[start, end), as ISO 8601 text; without an offset it is read in the workspace's zone."""

    start: str
    end: str


Window = Rolling | Calendar | Between


@dataclasses.dataclass(frozen=True, slots=True)
class Measure:
    """`property` is given for sum, avg, min, max and distinct."""

    kind: MeasureKind = MeasureKind.COUNT
    property: str | None = None


COUNT = Measure()
AT_LEAST_ONCE = Comparison(Op.GTE, 1)


@dataclasses.dataclass(frozen=True, slots=True)
class Where:
    """A comparison of one property of an event, or with `lines[].sku` of one line of it."""

    property: str
    comparison: Comparison


@dataclasses.dataclass(frozen=True, slots=True)
class All:
    """Every one; of nothing, everybody."""

    nodes: tuple["Node", ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Any:
    """At least one; of nothing, nobody."""

    nodes: tuple["Node", ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Not:
    """The rest of the active members."""

    node: "Node"


@dataclasses.dataclass(frozen=True, slots=True)
class Attribute:
    """The last value of an attribute."""

    name: str
    comparison: Comparison


@dataclasses.dataclass(frozen=True, slots=True)
class Tag:
    """`group/name`."""

    name: str


@dataclasses.dataclass(frozen=True, slots=True)
class TagGroup:
    """Any tag of the group."""

    group: str


@dataclasses.dataclass(frozen=True, slots=True)
class Did:
    """A measure of the matching events. `zone` is where `days` and a calendar window cut.

    `is_bare` tells only how it was written: without a comparison, which means at least once.
    """

    event: str
    where: tuple[Where, ...] = ()
    measure: Measure = COUNT
    comparison: Comparison = AT_LEAST_ONCE
    window: Window | None = None
    zone: Zone = Zone.WORKSPACE
    is_bare: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Last:
    """The instant of the last matching event of all; window and comparison, where given, must both hold of that instant.

    With neither, there must be one.
    """

    event: str
    where: tuple[Where, ...] = ()
    comparison: Comparison | None = None
    window: Window | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class First:
    """As Last, of the first matching event of all."""

    event: str
    where: tuple[Where, ...] = ()
    comparison: Comparison | None = None
    window: Window | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """An event that follows; `within` counts from the event of the step before, its end included."""

    event: str
    where: tuple[Where, ...] = ()
    within: Duration | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Absent:
    """`did_not`: no such event between its neighbours; leading, never before; final, not since."""

    event: str
    where: tuple[Where, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Sequence:
    """At least one Step; the first has no `within`."""

    steps: tuple[Step | Absent, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Trait:
    """A value that a domain offers, such as loyalty.tier."""

    name: str
    comparison: Comparison


@dataclasses.dataclass(frozen=True, slots=True)
class AudienceRef:
    """Another audience, by id (or by name, until the service has looked it up)."""

    audience: str


@dataclasses.dataclass(frozen=True, slots=True)
class ServedBy:
    """The member's staff, store, dealer or region."""

    relation: Relation
    id: str


@dataclasses.dataclass(frozen=True, slots=True)
class InGroup:
    """In a customer group."""

    chat_id: str


@dataclasses.dataclass(frozen=True, slots=True)
class Reachable:
    """Has an address in the channel that may be used."""

    channel: str


@dataclasses.dataclass(frozen=True, slots=True)
class Consent:
    """Has agreed to the purpose (in a channel)."""

    purpose: str


@dataclasses.dataclass(frozen=True, slots=True)
class Touched:
    """How often the member was touched in a channel. `is_bare` as in Did."""

    channel: str
    comparison: Comparison = AT_LEAST_ONCE
    window: Window | None = None
    is_bare: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Sample:
    """low ≤ bucket < high, in per cent; the salt is kept as it was given, since it is hashed."""

    salt: str
    low: int | float
    high: int | float


@dataclasses.dataclass(frozen=True, slots=True)
class Top:
    """The members with the highest measure: per cent of those who have a value, rounded up. `zone` as in Did."""

    measure: Measure
    event: str
    percent: int | float
    where: tuple[Where, ...] = ()
    window: Window | None = None
    zone: Zone = Zone.WORKSPACE


@dataclasses.dataclass(frozen=True, slots=True)
class Like:
    """The `size` members most like an audience."""

    audience: str
    size: int


Branch = All | Any | Not
Leaf = (
    Attribute
    | Tag
    | TagGroup
    | Did
    | Last
    | First
    | Sequence
    | Trait
    | AudienceRef
    | ServedBy
    | InGroup
    | Reachable
    | Consent
    | Touched
    | Sample
    | Top
    | Like
)
Node = Branch | Leaf

EVERYBODY = All(())
NOBODY = Any(())


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below."""
    if isinstance(node, All | Any):
        return node.nodes
    return (node.node,) if isinstance(node, Not) else ()


def child_path(node: Node, path: str, index: int) -> str:
    """Where the child stands: `$.all[1]`, `$.not`."""
    if isinstance(node, Not):
        return f"{path}.not"
    return f"{path}.{'all' if isinstance(node, All) else 'any'}[{index}]"


def walk(node: Node, path: str = "$") -> Iterator[tuple[str, Node]]:
    """Every node with its path, parents before children."""
    yield path, node
    for index, child in enumerate(children(node)):
        yield from walk(child, child_path(node, path, index))


def leaves(node: Node) -> Iterator[tuple[str, Leaf]]:
    """Every leaf with its path."""
    for path, found in walk(node):
        if not isinstance(found, Branch):
            yield path, found


def array_and_field(path: str) -> tuple[str | None, str]:
    """`lines[].sku` is ("lines", "sku"); a property of the event itself is (None, name)."""
    array, mark, field = path.partition("[].")
    return (array, field) if mark else (None, path)
