"""What audiences tell: who they are, and that members entered or left, exactly once per transition."""

import dataclasses
from typing import ClassVar


@dataclasses.dataclass(frozen=True)
class Changed:
    """Members entered or left; who they are is asked by audience and version (`api.change`)."""

    name: ClassVar[str] = "audiences.changed"
    audience_id: str
    version: int
    entered: int
    left: int
    cause: str


@dataclasses.dataclass(frozen=True)
class Defined:
    """An audience was made or its definition changed."""

    name: ClassVar[str] = "audiences.defined"
    audience_id: str


@dataclasses.dataclass(frozen=True)
class Deleted:
    """An audience is gone."""

    name: ClassVar[str] = "audiences.deleted"
    audience_id: str


@dataclasses.dataclass(frozen=True)
class Stale:
    """An audience could not be brought up to date; its older members answer meanwhile."""

    name: ClassVar[str] = "audiences.stale"
    audience_id: str
    reason: str
