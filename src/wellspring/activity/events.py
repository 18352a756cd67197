"""What activity tells: behaviour itself goes into the log, which is read by arrival; only the exceptions are told."""

import dataclasses
from typing import ClassVar


@dataclasses.dataclass(frozen=True)
class ImportUndone:
    """Everything that an import wrote was taken out of the log and the orders."""

    name: ClassVar[str] = "activity.import_undone"
    import_id: str


@dataclasses.dataclass(frozen=True)
class RejectedReplayed:
    """Rejected input was accepted at its replay."""

    name: ClassVar[str] = "activity.rejected_replayed"
    rejected_id: str
