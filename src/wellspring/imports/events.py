"""What imports tells: that one was finished or undone. Numbers only."""

import dataclasses
from typing import ClassVar


@dataclasses.dataclass(frozen=True)
class Finished:
    """An import has written all its rows."""

    name: ClassVar[str] = "imports.finished"
    import_id: str
    kind: str
    accepted: int
    rejected: int
    historical: bool


@dataclasses.dataclass(frozen=True)
class Undone:
    """An import was taken back whole."""

    name: ClassVar[str] = "imports.undone"
    import_id: str
    kind: str
