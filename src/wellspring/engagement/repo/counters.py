"""Counters of touches at rest: a set for each bucket and level, read and changed within the planner's transaction."""

import hashlib
from collections.abc import Iterable, Mapping

from pyroaring import BitMap

from wellspring.engagement.rules.caps import Bucket, Counters, Reservation, Scope, Unit
from wellspring.engagement.rules.levels import Levels, lowered, moved, raised
from wellspring.kernel.sets import store
from wellspring.kernel.stores import Tx

_PREFIX = "engagement.cap/"


def load(tx: Tx, scopes: Iterable[Scope], holders: Mapping[int, int]) -> Counters:
    """What was counted under these scopes; of members who became one, for whoever holds their numbers now (N01)."""
    found: dict[Bucket, dict[int, BitMap]] = {}
    for scope in sorted(set(scopes)):
        prefix = _of_scope(scope)
        names = store.names(tx, prefix)
        for name, members in store.read_several(tx, names).items():
            unit, number, level = name[len(prefix) :].split("/")
            found.setdefault(Bucket(scope, Unit(unit), int(number)), {})[int(level)] = members
    merged = BitMap(holders)
    return Counters({bucket: _held(tuple(levels[place] for place in sorted(levels)), holders, merged) for bucket, levels in found.items()})


def _held(levels: Levels, holders: Mapping[int, int], merged: BitMap) -> Levels:
    """Rows stay under the number that they were written for, so that what was taken can be given back."""
    for number in levels[0] & merged if merged else ():
        levels = moved(levels, number, holders[number])
    return levels


def charge(tx: Tx, reservation: Reservation) -> None:
    """Counts what was reserved."""
    _write(tx, [(bucket, members, True) for bucket, members in reservation.charges])


def release(tx: Tx, reservation: Reservation) -> None:
    """Takes back what was reserved; buckets that were let go of long ago are left alone."""
    _write(tx, [(bucket, members, False) for bucket, members in reservation.charges])


def release_several(tx: Tx, reservations: Iterable[Reservation]) -> None:
    """Takes many back as one: thousands of intents of a campaign were counted in the same few buckets."""
    gathered: dict[Bucket, list[BitMap]] = {}
    for reservation in reservations:
        for bucket, members in reservation.charges:
            gathered.setdefault(bucket, []).append(members)
    charges: list[tuple[Bucket, BitMap, bool]] = []
    for bucket, several in gathered.items():
        whole = BitMap().union(*several)
        # Who is in two of them was counted twice, and is taken back twice.
        is_once = len(whole) == sum(len(members) for members in several)
        charges += [(bucket, members, False) for members in ([whole] if is_once else several)]
    _write(tx, charges)


def forget(tx: Tx, *, local_day: int, day: int, hour: int) -> int:
    """Lets go of buckets older than these; gives how many sets that were."""
    oldest = {Unit.LOCAL_DAY: local_day, Unit.DAY: day, Unit.HOUR: hour}
    gone = [name for name in store.names(tx, _PREFIX) if _is_older(name, oldest)]
    for name in gone:
        store.remove(tx, name)
    return len(gone)


def _is_older(name: str, oldest: dict[Unit, int]) -> bool:
    unit, number, _ = name.rsplit("/", 3)[1:]
    return int(number) < oldest[Unit(unit)]


def _write(tx: Tx, charges: list[tuple[Bucket, BitMap, bool]]) -> None:
    changes: dict[str, tuple[BitMap, BitMap]] = {}
    known = _levels(tx, [_of_bucket(bucket) for bucket, _, _ in charges])
    for bucket, members, is_more in charges:
        place = _of_bucket(bucket)
        before = known.get(place, ())
        # Somebody whose bucket was let go of, or who became another by a merge, is no longer counted there.
        after = raised(before, members) if is_more else lowered(before, members & before[0] if before else BitMap())
        known[place] = after
        for name, (added, removed) in _changes(place, before, after).items():
            more, less = changes.get(name, (BitMap(), BitMap()))
            changes[name] = (more - removed) | added, (less - added) | removed
    store.change_several(tx, changes)


def _levels(tx: Tx, places: list[str]) -> dict[str, Levels]:
    names = [name for place in sorted(set(places)) for name in store.names(tx, place + "/")]
    found: dict[str, dict[int, BitMap]] = {}
    for name, members in store.read_several(tx, names).items():
        place, _, level = name.rpartition("/")
        found.setdefault(place, {})[int(level)] = members
    return {place: tuple(levels[number] for number in sorted(levels)) for place, levels in found.items()}


def _changes(place: str, before: Levels, after: Levels) -> dict[str, tuple[BitMap, BitMap]]:
    nobody = BitMap()
    found = {}
    for level in range(max(len(before), len(after))):
        old, new = (levels[level] if level < len(levels) else nobody for levels in (before, after))
        if old != new:
            found[f"{place}/{level + 1}"] = new - old, old - new
    return found


def _of_scope(scope: Scope) -> str:
    # A tag's name may be long and of any letters.
    name = hashlib.blake2b(scope.name.encode(), digest_size=12).hexdigest() if scope.name else "-"
    return f"{_PREFIX}{scope.kind.value}/{name}/"


def _of_bucket(bucket: Bucket) -> str:
    return f"{_of_scope(bucket.scope)}{bucket.unit.value}/{bucket.number}"
