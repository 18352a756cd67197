"""What tags tells: which members gained or lost which tag."""

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
