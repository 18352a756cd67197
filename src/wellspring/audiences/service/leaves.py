"""One leaf for everybody: the members for whom it holds, by whatever is quickest for its kind."""

import dataclasses
from collections.abc import Callable
from zoneinfo import ZoneInfo

import numpy as np
from pyroaring import BitMap

from wellspring.activity.contracts import MESSAGE_SENT
from wellspring.audiences import errors
from wellspring.audiences.facts import columns, mirror, sequences, value_sets
from wellspring.audiences.facts.events import Spec, window_of
from wellspring.audiences.rules import text_write, tree
from wellspring.audiences.rules.sampling import sample_buckets
from wellspring.audiences.rules.tree import Comparison, Op
from wellspring.audiences.rules.upkeep import is_of_member_zone
from wellspring.audiences.rules.values import matches, number_matches, positive
from wellspring.audiences.service import related
from wellspring.audiences.service.asking import Asking
from wellspring.kernel import buckets
from wellspring.kernel.errors import QueryTooSlow
from wellspring.kernel.sets import from_column, to_column
from wellspring.people import api as people
from wellspring.people.contracts import Identity, IdentityKind

# Members whose ids are read and hashed at a time.
_IDS_MAX = 100_000
# What an attribute of this name asks is known to people itself.
IDENTIFIED = "identified"

References = Callable[[str], BitMap]


def members(leaf: tree.Leaf, asking: Asking, references: References) -> BitMap:
    """The members for whom the leaf holds; numbers that are no members may be among them. Raises LeafTooSlow."""
    try:
        return _members(leaf, asking, references)
    except QueryTooSlow as slow:
        raise errors.LeafTooSlow(leaf=text_write.print_text(leaf), seconds=slow.params["seconds"]) from slow


def _members(leaf: tree.Leaf, asking: Asking, references: References) -> BitMap:
    match leaf:
        case tree.Did():
            return _by_zone(asking, is_of_member_zone(leaf), lambda zone: did(leaf, asking, zone))
        case tree.Last() | tree.First():
            return instant(leaf, asking)
        case tree.Sequence():
            return sequences.members(asking.reader, leaf, asking.cut())
        case tree.Top():
            return top(leaf, asking)
        case tree.Attribute():
            return attribute(leaf, asking)
        case tree.Sample():
            return sample(leaf, asking)
        case _:
            return related.members(leaf, asking, references)


def touches(leaf: tree.Touched) -> tree.Did:
    """Contact pressure is a count of messages sent in the channel."""
    where = (tree.Where("channel", Comparison(Op.IS, leaf.channel)),)
    return tree.Did(MESSAGE_SENT, where, tree.COUNT, leaf.comparison, leaf.window)


def did(leaf: tree.Did, asking: Asking, zone: ZoneInfo | None) -> BitMap:
    """Where nothing satisfies the comparison too, the members for whom it fails are taken off everybody."""
    kind = leaf.measure.kind
    nothing = 0 if kind in tree.ZERO_OF_NOTHING else None
    cut = asking.cut(zone)
    if number_matches(nothing, leaf.comparison):
        return asking.universe - asking.reader.did(leaf, cut, negated=True)
    return asking.reader.did(leaf, cut)


def instant(leaf: tree.Last | tree.First, asking: Asking) -> BitMap:
    """Of no event there is no instant, which only `missing` asks for."""
    if leaf.comparison is not None and leaf.comparison.op is Op.MISSING:
        return asking.universe - instant(dataclasses.replace(leaf, comparison=None), asking)
    return _by_zone(asking, is_of_member_zone(leaf), lambda zone: asking.reader.instant(leaf, asking.cut(zone)))


def top(leaf: tree.Top, asking: Asking) -> BitMap:
    """The highest of all members who count, whatever their zones."""
    spec = Spec(leaf.event, leaf.where, leaf.measure, leaf.zone)
    parts = []
    zones: list[tuple[ZoneInfo | None, BitMap | None]] = [(None, None)]
    if is_of_member_zone(leaf) and asking.zones:
        others = BitMap.union(*asking.zones.values())
        zones = [(None, asking.universe - others), *asking.zones.items()]
    for zone, mine in zones:
        found, measured = asking.reader.values(spec, window_of(leaf, asking.moment(zone)), asking.cut(zone), ranked=True)
        whom = asking.universe if mine is None else asking.universe & mine
        kept = np.isin(found, to_column(whom), assume_unique=True)
        parts.append((found[kept], measured[kept]))
    found, measured = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
    order = np.argsort(found, kind="stable")
    return columns.highest(found[order], measured[order], leaf.percent)


def attribute(leaf: tree.Attribute, asking: Asking) -> BitMap:
    """The last value compares; a comparison that a missing value satisfies is everybody but those for whom it fails."""
    name, identity, is_sealed = people.attribute_name(leaf.name)
    comparison = leaf.comparison
    if (failing := positive(comparison)) is not None:
        return asking.universe - attribute(tree.Attribute(leaf.name, failing), asking)
    if leaf.name == IDENTIFIED:
        found = BitMap()
        known = mirror.members(asking.ws, mirror.IDENTIFIED, Comparison(Op.IS, value=True), asking.moment())
        for value, mine in ((True, known), (False, asking.universe - known)):
            if matches(value, comparison, now=asking.instant.now, zone=asking.zone):
                found |= mine
        return found
    if identity is not None:
        return _identity(identity, comparison, asking)
    if is_sealed:
        comparison = _blinded(asking, name, comparison)
    is_of_zone = comparison.op is Op.ANNIVERSARY
    return _by_zone(asking, is_of_zone, lambda zone: _valued(name, comparison, asking, zone))


def sample(leaf: tree.Sample, asking: Asking) -> BitMap:
    """Stable by public id."""
    low, high = sample_buckets(leaf)
    found = BitMap()
    wanted = asking.universe if asking.among is None else asking.universe & asking.among
    if not wanted:
        return found
    first, last = wanted.min(), wanted.max()
    for start in range(first, last + 1, _IDS_MAX):
        rows = people.member_rows(asking.ws, start, min(start + _IDS_MAX - 1, last))
        hashed = buckets.of_ids(leaf.salt, [row.id for row in rows])
        numbers = np.fromiter((row.member_no for row in rows), dtype=np.uint32, count=len(rows))
        found |= from_column(numbers[(hashed >= low) & (hashed < high)])
    return found


def _valued(name: str, comparison: Comparison, asking: Asking, zone: ZoneInfo | None) -> BitMap:
    instant, among = asking.instant, asking.numbers
    if instant.is_past:
        known = instant.now if instant.as_known else None
        return mirror.members_at(asking.ws, name, comparison, asking.moment(zone), at=instant.now, known=known, among=among)
    if asking.is_held:
        held, count = value_sets.of(asking.ws), len(asking.universe)
        found = held.members(asking.ws, name, comparison, asking.moment(zone), epoch=asking.place.epoch, count=count)
        if found is not None:
            return found if among is None else found & BitMap(among)
    return mirror.members(asking.ws, name, comparison, asking.moment(zone), among=among)


def _identity(kind: IdentityKind, comparison: Comparison, asking: Asking) -> BitMap:
    held = people.holders(asking.ws)
    if comparison.op is Op.EXISTS:
        owners = people.holding(asking.ws, kind)
    else:
        wanted = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
        owners = BitMap(people.find(asking.ws, [Identity(kind, str(value)) for value in wanted if isinstance(value, str)]))
    owners.discard(0)
    return BitMap(held.get(number, number) for number in owners) if held else owners


def _blinded(asking: Asking, name: str, comparison: Comparison) -> Comparison:
    """A sealed value is known by its blind index alone: equality is all that can be asked of it."""
    if comparison.op is Op.EXISTS:
        return comparison
    wanted = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
    blind = tuple(people.blinded(asking.ws, name, value) for value in wanted if isinstance(value, str))
    return Comparison(Op.IN, blind or ("",))


def _by_zone(asking: Asking, is_of_zone: bool, ask: Callable[[ZoneInfo | None], BitMap]) -> BitMap:  # noqa: FBT001 - of the leaf
    """Asks once for each zone that members live in, and takes from each answer its own members."""
    found = ask(None)
    if not is_of_zone:
        return found
    for zone, mine in asking.zones.items():
        found = (found - mine) | (ask(zone) & mine)
    return found
