"""What one evaluation asks with: the instant, the members who count, and everything that leaves share."""

import copy
import dataclasses
import functools
import weakref
from collections.abc import Hashable, Mapping
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from wellspring.activity import api as activity
from wellspring.audiences.facts import mirror
from wellspring.audiences.facts.events import Cut, Reader, shapes
from wellspring.audiences.facts.terms import Moment
from wellspring.audiences.rules.meaning import ZONE_ATTRIBUTE
from wellspring.audiences.rules.windows import zone_of
from wellspring.audiences.service import mirror as mirroring
from wellspring.kernel import bus
from wellspring.kernel.clock import from_millis, to_millis
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people


@dataclasses.dataclass(frozen=True)
class Instant:
    """When is asked: `now` in milliseconds; in the past if so named, and then perhaps as it was known then."""

    now: int
    is_past: bool = False
    as_known: bool = False


# The members of today, by the epoch that they were read in; not to be changed.
_universes: "weakref.WeakKeyDictionary[Workspace, tuple[int, BitMap]]" = weakref.WeakKeyDictionary()

# And by their own zone.
_zones: "weakref.WeakKeyDictionary[Workspace, tuple[tuple[int, ZoneInfo], Mapping[ZoneInfo, BitMap]]]" = weakref.WeakKeyDictionary()


class Asking:
    """One evaluation: built after the mirror was brought up to date, read by every leaf."""

    def __init__(self, ws: Workspace, instant: Instant, *, watermark: int | None = None, among: BitMap | None = None) -> None:
        self.ws, self.instant, self.among = ws, instant, among
        self.place = mirroring.refresh(ws)
        self.arrived = activity.watermark(ws) if watermark is None else watermark
        # What a leaf worked out and another may ask of again.
        self.kept: dict[Hashable, object] = {}
        self._watermark = watermark
        # Whether what is held in memory may answer; to check that it is true, the stores themselves are asked.
        self.is_held = True
        self.zone = ZoneInfo(ws.settings.get(WorkspaceSettings).time_zone)

    def narrowed(self, among: BitMap) -> "Asking":
        """The same evaluation, for some members only; everything that was looked up is shared."""
        found = copy.copy(self)
        found.among = among
        found.__dict__.pop("numbers", None)
        return found

    def of_log(self) -> "Asking":
        """The same evaluation of the log itself, whatever is held in memory."""
        found = copy.copy(self)
        found.is_held = False
        found.__dict__.pop("reader", None)
        return found

    @functools.cached_property
    def universe(self) -> BitMap:
        """The members who count: the active ones; of the past only those of whom something had happened (or was known) by then."""
        kept = _universes.get(self.ws)
        if kept is None or kept[0] != self.place.epoch:
            kept = _universes[self.ws] = self.place.epoch, people.active_members(self.ws)
        found = kept[1]
        if not self.instant.is_past:
            return found
        at = from_millis(self.instant.now)
        if self.instant.as_known:
            return found - people.seen_after(self.ws, at, was_made=True)
        # Events of an earlier time may have come after the first one: then the log knows better.
        return (found - people.seen_after(self.ws, at)) | (found & self.reader.anyone(self.cut()))

    @functools.cached_property
    def names_told(self) -> tuple[int, int]:
        """While it is the same, every name of a tag, a unit or a member of staff means what it meant."""
        with self.ws.sql.read() as tx:
            return bus.latest(self.ws.sql, tx, "tags."), bus.latest(self.ws.sql, tx, "organization.")

    @functools.cached_property
    def tag_versions(self) -> dict[str, tuple[int, ...]]:
        """Of tags that were asked about, by id: what their members stand on."""
        return {}

    @functools.cached_property
    def reader(self) -> Reader:
        """Asks the log."""
        is_settled = activity.taken(self.ws) == self.arrived
        known = shapes(self.ws, self.arrived, is_settled=is_settled)
        return Reader(self.ws, known, settled=self.arrived if is_settled else None, is_held=self.is_held)

    @functools.cached_property
    def zones(self) -> Mapping[ZoneInfo, BitMap]:
        """Members by their own zone, those in the workspace's left out."""
        about = self.place.epoch, self.zone
        kept = _zones.get(self.ws)
        if kept is not None and kept[0] == about and self.is_held:
            return kept[1]
        found: dict[ZoneInfo, BitMap] = {}
        for name, members in mirror.by_text(self.ws, ZONE_ATTRIBUTE).items():
            zone = zone_of(name, self.zone)
            if zone != self.zone:
                found[zone] = found.get(zone, BitMap()) | members
        _zones[self.ws] = about, found
        return found

    @functools.cached_property
    def numbers(self) -> tuple[int, ...] | None:
        """The numbers under which something of `among` may be written; None is everybody."""
        if self.among is None:
            return None
        merged = [number for number, holder in people.holders(self.ws).items() if holder in self.among]
        return tuple(self.among | BitMap(merged))

    def moment(self, member_zone: ZoneInfo | None = None) -> Moment:
        """The instant with the zones."""
        return Moment(self.instant.now, self.zone, member_zone)

    def cut(self, member_zone: ZoneInfo | None = None) -> Cut:
        """What the log may show."""
        known = self.instant.now if self.instant.as_known else None
        return Cut(self.moment(member_zone), watermark=self._watermark, known=known, among=self.numbers)


def now_of(ws: Workspace) -> int:
    """The present in milliseconds."""
    return to_millis(ws.clock.now())
