"""What people tells: who joined, changed, became one, came apart, was erased, and what was agreed to.

Numbers only: no event holds a personal value. `people.merged` names both numbers, which is the hook for whatever
must be noted when a held-out and a treated person become one (rule N05).
"""

import dataclasses
from typing import ClassVar


@dataclasses.dataclass(frozen=True)
class Joined:
    """Members first_no to last_no were made (dense, both included)."""

    name: ClassVar[str] = "people.joined"
    first_no: int
    last_no: int
    historical: bool


@dataclasses.dataclass(frozen=True)
class Changed:
    """Attributes, identities or the home unit of these members changed."""

    name: ClassVar[str] = "people.changed"
    member_nos: list[int]
    historical: bool


@dataclasses.dataclass(frozen=True)
class Merged:
    """`loser_no` and all that had been merged into it (`moved_nos`, loser included) are now `survivor_no`."""

    name: ClassVar[str] = "people.merged"
    merge_id: str
    survivor_no: int
    loser_no: int
    moved_nos: list[int]
    rule: str
    historical: bool


@dataclasses.dataclass(frozen=True)
class Unmerged:
    """`restored_no` is a member of its own again and holds `moved_nos` (itself included), which `survivor_no` held."""

    name: ClassVar[str] = "people.unmerged"
    merge_id: str
    survivor_no: int
    restored_no: int
    moved_nos: list[int]


@dataclasses.dataclass(frozen=True)
class Erased:
    """These numbers are gone for good; nothing of theirs may remain in any store."""

    name: ClassVar[str] = "people.erased"
    member_nos: list[int]


@dataclasses.dataclass(frozen=True)
class ImportTakenBack:
    """Everything that an import told of people was taken back; those that it concerned are named by other events."""

    name: ClassVar[str] = "people.import_taken_back"
    import_id: str


@dataclasses.dataclass(frozen=True)
class ConsentChanged:
    """The state of a purpose and channel changed for an address of this member."""

    name: ClassVar[str] = "people.consent_changed"
    member_no: int
    purpose: str
    channel: str
    state: str


@dataclasses.dataclass(frozen=True)
class ConflictOpened:
    """Two profiles claim one identifier; a person must decide."""

    name: ClassVar[str] = "people.conflict_opened"
    conflict_id: str
    holder_no: int
    claimant_no: int


@dataclasses.dataclass(frozen=True)
class ConflictDecided:
    """A person decided a conflict."""

    name: ClassVar[str] = "people.conflict_decided"
    conflict_id: str
    decision: str
