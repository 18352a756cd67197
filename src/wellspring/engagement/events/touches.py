"""What touches tell: how far they came. Numbers only, no address and no text."""

import dataclasses
from typing import ClassVar


@dataclasses.dataclass(frozen=True)
class SendEnded:
    """Touches of one origin and scope came this far (`contracts.touches.Fate`), for `reason` where it is not good news.

    `instances` belong to the members one by one where the origin touches by instance; otherwise the list is empty.
    """

    name: ClassVar[str] = "engagement.send_ended"
    origin_kind: str
    origin_id: str
    origin_version: int
    origin_node: str
    scope: str
    channel: str
    state: str
    reason: str
    member_nos: list[int]
    instances: list[str]


@dataclasses.dataclass(frozen=True)
class LetterDied:
    """A call came to no good end by itself: a person has to settle it."""

    name: ClassVar[str] = "engagement.letter_died"
    parcel_key: str
    channel: str
    state: str
    members: int
