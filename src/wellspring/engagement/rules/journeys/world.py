"""What a walk is told, what it asks of the outside, and what it leaves behind."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Protocol

from pyroaring import BitMap

from wellspring.engagement.rules.journeys.nodes import Node
from wellspring.engagement.rules.zones import Zones
from wellspring.kernel.sets.columns import Column

# Pseudo nodes: what follows the name of a node says what somebody waits for there.
THEN, AGAIN, HERE, ENTERING = "#then", "#again", "#here", "@entering"
# Somebody whose attributes come a moment after their event is asked again then (J11).
ENTRY_RETRIES = (1, 5, 30)
INSIDE, EVER, CONTROL, CONVERTED = "in", "ever", "control", "converted"


def fate_set(node_id: str, fate: str) -> str:
    """The name of the set of those whose present message of a node came this far."""
    return f"fate.{node_id}.{fate}"


@dataclasses.dataclass(frozen=True)
class Move:
    """Subjects that went from one node to another, and why."""

    version: int
    minute: int
    from_node: str
    to_node: str
    reason: str
    subjects: BitMap


@dataclasses.dataclass(frozen=True)
class Sent:
    """What became of a message: who gets it now or later, who has to wait for a cap, and who does not get it, by reason."""

    planned: BitMap
    held: BitMap
    capped: BitMap
    dropped: Mapping[str, BitMap]
    # How far it came, where that is known at once: in a dry run, by assumption.
    fates: Mapping[str, BitMap] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Happening:
    """An event of a member that concerns the journey: the wishes it fulfils (of a version, what for, the value of the key)."""

    member_no: int
    minute: int
    wishes: tuple[tuple[int, str, str], ...]


@dataclasses.dataclass(frozen=True)
class Coming:
    """Members who came (into an audience, by a date, by a call) or went, at a minute; `what` is the wish they fulfil."""

    minute: int
    what: str
    members: BitMap
    version: int = 0


@dataclasses.dataclass(frozen=True)
class News:
    """How far a message of a node came (`nodes.FATES`), the first, second, … that its members got there; each with the key of the run."""

    minute: int
    node: str
    time: int
    fate: str
    runs: Sequence[tuple[int, str]]


class World(Protocol):
    """Everything that a walk asks of the outside; it answers as of now, or of the past that is replayed."""

    zones: Zones
    is_keyed: bool

    def where(self, definition: Mapping[str, object], minute: int) -> BitMap:
        """The members for whom a condition holds."""
        ...

    def dates(self, attribute: str) -> Mapping[str, BitMap]:
        """The members of each text that is the value of an attribute."""
        ...

    def column(self, subjects: BitMap) -> Column:
        """The member of each subject, in order of the subjects."""
        ...

    def instances(self, found: Sequence[tuple[int, str]], *, makes: bool) -> list[int]:
        """The subject of each member and key, 0 where there is none; `makes` those that never were, and 0 for those that were."""
        ...

    def of_members(self, members: BitMap, inside: BitMap) -> BitMap:
        """The subjects of these members among some."""
        ...

    def admit(self, members: BitMap, minute: int) -> BitMap:
        """Those who are left alone for comparison; everybody is noted as met."""
        ...

    def send(self, version: int, node: Node, subjects: BitMap, minute: int, time: int) -> Sent:
        """Asks the planner for a message that these subjects get for the first (second, …) time."""
        ...

    def act(self, version: int, node: Node, subjects: BitMap, minute: int) -> None:
        """Owes the outside what the node does."""
        ...

    def withdraw(self, subjects: BitMap, reason: str) -> None:
        """Takes back what was planned for subjects that leave."""
        ...

    def entered_after(self, minute: int) -> BitMap:
        """Subjects that came in after a minute: what arrives late from before does not concern them (J08)."""
        ...


@dataclasses.dataclass(frozen=True)
class Span:
    """What a walk covers: minutes after `since` up to `until`, with everything that arrived meanwhile.

    Of a past that is replayed nothing is late: every step is taken as if in its own minute.
    """

    since: int
    until: int
    happenings: Sequence[Happening] = ()
    comings: Sequence[Coming] = ()
    news: Sequence[News] = ()
    is_replay: bool = False
