"""What organization tells; who needs more than the id asks the api."""

import dataclasses
from typing import ClassVar


@dataclasses.dataclass(frozen=True)
class UnitCreated:
    """A unit was made."""

    name: ClassVar[str] = "organization.unit_created"
    unit_id: str


@dataclasses.dataclass(frozen=True)
class UnitChanged:
    """Fields of a unit changed (`closed_on` among them)."""

    name: ClassVar[str] = "organization.unit_changed"
    unit_id: str
    fields: list[str]


@dataclasses.dataclass(frozen=True)
class UnitMoved:
    """From a day on, the unit belongs under another one."""

    name: ClassVar[str] = "organization.unit_moved"
    unit_id: str
    parent_id: str | None
    effective_on: str


@dataclasses.dataclass(frozen=True)
class StaffAdded:
    """Somebody joined the staff."""

    name: ClassVar[str] = "organization.staff_added"
    staff_id: str


@dataclasses.dataclass(frozen=True)
class StaffChanged:
    """Fields of a member of staff changed (`left_on` among them)."""

    name: ClassVar[str] = "organization.staff_changed"
    staff_id: str
    fields: list[str]


@dataclasses.dataclass(frozen=True)
class StaffMoved:
    """From a day on, somebody works in another unit."""

    name: ClassVar[str] = "organization.staff_moved"
    staff_id: str
    unit_id: str
    effective_on: str


@dataclasses.dataclass(frozen=True)
class RowsImported:
    """A batch of an import was taken: `what` is units or staff, `ids` those made or changed."""

    name: ClassVar[str] = "organization.rows_imported"
    what: str
    ids: list[str]


@dataclasses.dataclass(frozen=True)
class RowsRemoved:
    """What an import had made was taken back."""

    name: ClassVar[str] = "organization.rows_removed"
    what: str
    ids: list[str]
