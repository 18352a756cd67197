"""What tags tells: that members gained or lost tags, and that a group or a tag was made, changed or deleted."""

import dataclasses
from typing import ClassVar


@dataclasses.dataclass(frozen=True)
class Changed:
    """These tags were put on or lifted from some members; who they are is read from the sets."""

    name: ClassVar[str] = "tags.changed"
    tag_ids: list[str]
    put: int
    lifted: int
    source: str


@dataclasses.dataclass(frozen=True)
class Defined:
    """A group or a tag was made, renamed, retired or otherwise changed."""

    name: ClassVar[str] = "tags.defined"
    subject: str
    action: str
