"""What content tells: that a material was written, approved, rejected or taken out of use."""

import dataclasses
from typing import ClassVar


@dataclasses.dataclass(frozen=True)
class Changed:
    """A material changed: what was done, and the version that is sent from now on (0 for none)."""

    name: ClassVar[str] = "content.changed"
    content_id: str
    action: str
    version: int


@dataclasses.dataclass(frozen=True)
class PersonaChanged:
    """A persona was made or changed."""

    name: ClassVar[str] = "content.persona_changed"
    persona_id: str
