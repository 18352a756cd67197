"""Time zones of members: few distinct ones, so each is a set.

A zone is a place ("Asia/Shanghai"), never an offset: an offset does not know when summer time begins. Who is in none of
the sets lives in the zone of the project. Offsets are always taken at the instant that is asked about.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pyroaring import BitMap

# Area/Place. "Etc/GMT-8" and the old "EST" are offsets by another name; UTC is what a project without a place has.
_PLACE = re.compile(r"(?!Etc/)[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2}|UTC")


@dataclass(frozen=True)
class Zones:
    """Disjoint sets of members by zone, and the zone of all others."""

    parts: tuple[tuple[ZoneInfo, BitMap], ...]
    rest: ZoneInfo

    def split(self, members: BitMap) -> list[tuple[ZoneInfo, BitMap]]:
        """The members by zone; only parts with somebody in them, disjoint, together all of them."""
        found, left = [], members
        for zone, there in self.parts:
            if here := left & there:
                found.append((zone, here))
                left = left - here
        return [*found, (self.rest, left)] if left else found

    def by_day(self, at: dt.datetime, members: BitMap) -> list[tuple[int, BitMap]]:
        """The members by what day it is for them (`date.toordinal`) at an instant; at most three days at once."""
        found: dict[int, BitMap] = {}
        for zone, here in self.split(members):
            day = at.astimezone(zone).toordinal()
            found[day] = found[day] | here if day in found else here
        return sorted(found.items(), key=lambda pair: pair[0])


def zone_of(name: str) -> ZoneInfo | None:
    """The zone of this name; None for what is no place on earth, fixed offsets among it."""
    if not _PLACE.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, ZoneInfoNotFoundError):
        return None


def zones_of(said: Sequence[Mapping[str, BitMap]], project: ZoneInfo) -> tuple[Zones, dict[str, BitMap]]:
    """Zones from sets by name, the surer source first (what people said, then what was inferred), then the project's.

    A name that is no zone counts as not said; the second answer says for whom that was so, by name, to be reported.
    """
    parts: dict[str, BitMap] = {}
    unknown: dict[str, BitMap] = {}
    placed = BitMap()
    for source in said:
        for name in sorted(source):
            members = source[name]
            if zone_of(name) is None:
                unknown[name] = unknown.get(name, BitMap()) | members
            else:
                parts[name] = parts.get(name, BitMap()) | (members - placed)
                placed = placed | members
    return Zones(tuple((ZoneInfo(name), members) for name, members in parts.items() if members), project), unknown


def at_local(wall: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The instant of a wall clock's reading: the next one that exists where summer time skips it, the first of two."""
    first = wall.replace(tzinfo=zone, fold=0).astimezone(dt.UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    return change_between(wall.replace(tzinfo=zone, fold=1).astimezone(dt.UTC), first, zone)


def change_between(low: dt.datetime, high: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The first whole second in (low, high] with the offset that holds at `high`, of two instants whose offsets differ."""
    after = high.astimezone(zone).utcoffset()
    early, late = int(low.timestamp()), int(high.timestamp())
    while late - early > 1:
        middle = (early + late) // 2
        if dt.datetime.fromtimestamp(middle, zone).utcoffset() == after:
            late = middle
        else:
            early = middle
    return dt.datetime.fromtimestamp(late, dt.UTC)
