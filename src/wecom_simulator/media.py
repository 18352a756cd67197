"""Temporary media of a corp (page 90253): kept for three days, shared by all its apps.

What was uploaded as an attachment of moments or the product album can only be used there, and nothing else can.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from wecom_simulator.call import Call
from wecom_simulator.corp import Corp
from wecom_simulator.errors import Refused
from wecom_simulator.world import World

LIVES_SECONDS = 3 * 86_400


@dataclass(slots=True)
class Media:
    """One uploaded file."""

    media_id: str
    kind: str
    filename: str
    content_type: str
    content: bytes
    created_at: int
    # 0 ordinary, 1 moments, 2 product album.
    attachment_type: int = 0

    @property
    def expires_at(self) -> int:
        """When it can no longer be used."""
        return self.created_at + LIVES_SECONDS


@dataclass(slots=True)
class Shelf:
    """The media of one corp; expired ones are dropped when something is added."""

    by_id: dict[str, Media] = field(default_factory=dict)

    def add(self, world: World, media: Media) -> None:
        """Keeps a file."""
        for old in [one for one in self.by_id.values() if one.created_at + LIVES_SECONDS < world.now()]:
            del self.by_id[old.media_id]
        self.by_id[media.media_id] = media


def usable(call: Call, media_id: object, kinds: Collection[str], *, attachment_type: int = 0) -> Media:
    """The media that a message or a post may use: 40007 when unknown, expired, of another kind or from another endpoint."""
    found = call.corp.part(Shelf).by_id.get(media_id) if isinstance(media_id, str) else None
    if found is None or found.created_at + LIVES_SECONDS < call.now:
        raise Refused(40007)
    if found.kind not in kinds or found.attachment_type != attachment_type:
        raise Refused(40007)
    return found


def found(corp: Corp, media_id: str) -> Media | None:
    """A medium, also when it has expired (`expires_at`)."""
    return corp.part(Shelf).by_id.get(media_id)
