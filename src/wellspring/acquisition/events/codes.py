"""What codes tell: that one was made, changed or archived, and that its staff was exchanged."""

import dataclasses
from typing import ClassVar


@dataclasses.dataclass(frozen=True)
class CodeChanged:
    """A code was made, changed or archived."""

    name: ClassVar[str] = "acquisition.code_changed"
    code_id: str
    action: str


@dataclasses.dataclass(frozen=True)
class CodeTurned:
    """Other members of staff serve a code from now on."""

    name: ClassVar[str] = "acquisition.code_turned"
    code_id: str
    way_id: str
    staff_ids: list[str]
    duty: str
