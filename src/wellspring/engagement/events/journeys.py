"""What journeys tell: that one was changed, and that people went through it."""

import dataclasses
from typing import ClassVar


@dataclasses.dataclass(frozen=True)
class JourneyChanged:
    """A journey was made, published, paused, resumed or stopped."""

    name: ClassVar[str] = "engagement.journey_changed"
    journey_id: str
    version: int
    state: str


@dataclasses.dataclass(frozen=True)
class JourneyMoved:
    """A tick moved subjects of a journey."""

    name: ClassVar[str] = "engagement.journey_moved"
    journey_id: str
    tick: int
    entered: int
    ended: int
