"""The leaves of live audiences, kept up from tick to tick in memory.

Everything here can be built anew from the log and the definitions: after a start, a clock that went back, a long pause or
a failure half way, it is. What is built is of one cut (instant and arrival number), and so is every step forward.
"""

import dataclasses
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from wellspring.audiences.errors import LeafTooSlow
from wellspring.audiences.facts import deltas, held_deltas
from wellspring.audiences.facts.events import SCALE, Spec, window_of
from wellspring.audiences.rules import tree
from wellspring.audiences.rules.counters import Counter, compared
from wellspring.audiences.rules.measuring import share_of
from wellspring.audiences.rules.tree import MeasureKind
from wellspring.audiences.rules.upkeep import (
    Way,
    counter_key,
    counting,
    having,
    holds_of_pair,
    kinds_of,
    least_distinct,
    pair_of,
    takes_nothing,
    way_of,
)
from wellspring.audiences.rules.windows import Span
from wellspring.audiences.service import leaves
from wellspring.audiences.service.asking import Asking
from wellspring.audiences.service.edges import capped, edges_of, outside, stands_for_today
from wellspring.audiences.service.evaluating import combined, is_timed, token_of
from wellspring.audiences.service.mirror import News
from wellspring.audiences.service.plans import Plan, planned
from wellspring.kernel.sets import from_column, to_column

# After a longer pause more rows have crossed an edge than a full computation reads.
_PAUSE_MILLIS_MAX = 6 * 3_600_000
# A look-alike is fitted once a day: it is a guess, and everybody moves a little with every order.
_LIKE_MILLIS = 24 * 3_600_000
References = Callable[[str], BitMap]
_Numbers = npt.NDArray[np.uint32]
_Values = tuple[_Numbers, npt.NDArray[np.int64]]


@dataclasses.dataclass(frozen=True)
class Line:
    """The cut that the leaves are of."""

    now: int
    watermark: int
    told_id: int
    epoch: int
    zone: ZoneInfo


@dataclasses.dataclass
class _Counted:
    """A counter with its window, shared by all leaves that count the same."""

    spec: Spec
    leaf: tree.Did
    counter: Counter


@dataclasses.dataclass
class _Kept:
    """A leaf's members; of one that nothing satisfies too, those who fail it instead."""

    leaf: tree.Leaf
    way: Way
    members: BitMap
    is_negated: bool = False
    counter_key: bytes = b""
    among_key: bytes = b""
    token: Hashable = None
    now: int = 0


@dataclasses.dataclass
class Step:
    """What one step forward looked at."""

    arrived: int = 0
    aged: int = 0
    rebuilt: int = 0
    # Leaves that took too long: they are not kept, and are tried again with the next step.
    failed: dict[bytes, LeafTooSlow] = dataclasses.field(default_factory=dict)

    def failure_of(self, node: tree.Node) -> LeafTooSlow | None:
        """Why a definition cannot be answered this time, None when it can."""
        return next((slow for key in planned(node).leaves if (slow := self.failed.get(key)) is not None), None)


class Live:
    """The leaves of one workspace."""

    def __init__(self) -> None:
        self.line: Line | None = None
        self._kept: dict[bytes, _Kept] = {}
        self._counters: dict[bytes, _Counted] = {}
        self._universe = BitMap()
        # The leaves of each definition as they are kept, by the definition's object, which is the same from tick to tick.
        self._plans: dict[int, Plan] = {}
        # What was just read for a counter, until the step ends.
        self._fresh: dict[bytes, _Values] = {}

    def forget(self) -> None:
        """Drops everything: the next step builds anew."""
        self.line = None
        self._kept.clear()
        self._counters.clear()
        self._fresh.clear()

    def step(self, asking: Asking, nodes: Iterable[tree.Node], news: News | None, references: References) -> Step:
        """Brings every leaf of these definitions to the cut of `asking`; those that no definition names are dropped.

        Half a step is none: whoever calls must `forget` when this raises.
        """
        done = Step()
        self._plans = {id(node): self._plan(node) for node in nodes}
        wanted = {key: leaf for plan in self._plans.values() for key, leaf in plan.leaves.items()}
        if not self._continues(asking, news):
            self.forget()
        for key in self._kept.keys() - wanted.keys():
            del self._kept[key]
        used = {key for kept in self._kept.values() for key in (kept.counter_key, kept.among_key)}
        for key in self._counters.keys() - used:
            del self._counters[key]
        self._universe = asking.universe
        if self.line is not None and news is not None:
            self._forward(asking, self.line, news, references, done)
        missing = [(key, leaf) for key, leaf in wanted.items() if key not in self._kept and key not in done.failed]
        # Those of one counter after each other: what was read for it is held no longer than that.
        for key, leaf in sorted(missing, key=lambda one: counter_key(one[1])):
            try:
                self._kept[key] = self._built(leaf, asking, references)
                done.rebuilt += 1
            except LeafTooSlow as slow:
                done.failed[key] = slow
        self._fresh.clear()
        self.line = Line(asking.instant.now, asking.arrived, asking.place.told_id, asking.place.epoch, asking.zone)
        return done

    def members(self, node: tree.Node, references: References) -> BitMap:
        """The members of a definition whose leaves are kept; other audiences are asked of whoever goes through them in order."""
        return self._members(node, self._plan(node), references)

    def _members(self, node: tree.Node, plan: Plan, references: References) -> BitMap:
        if isinstance(node, tree.Branch):
            return combined(node, [self._members(child, plan, references) for child in tree.children(node)], self._universe)
        if isinstance(node, tree.AudienceRef):
            return references(node.audience) & self._universe
        plain, key = plan.of[id(node)]
        if isinstance(plain, tree.Branch):
            return self._members(plain, plan, references)
        kept = self._kept[key]
        return self._universe - kept.members if kept.is_negated else kept.members & self._universe

    def _plan(self, node: tree.Node) -> Plan:
        known = self._plans.get(id(node))
        return known if known is not None and known.node is node else planned(node)

    def _continues(self, asking: Asking, news: News | None) -> bool:
        line = self.line
        if line is None or news is None or news.is_rewritten or asking.arrived < line.watermark or asking.zone != line.zone:
            return False
        return 0 <= asking.instant.now - line.now <= _PAUSE_MILLIS_MAX

    # ------------------------------------------------------------------------------------------ building

    def _built(self, leaf: tree.Leaf, asking: Asking, references: References) -> _Kept:
        way = way_of(leaf)
        now = asking.instant.now
        if way is Way.COUNTED and isinstance(leaf, tree.Did):
            key = self._counter(leaf, asking)
            is_negated = takes_nothing(leaf)
            members, values = self._valued(key)
            held = compared(values, leaf.comparison, scale=_scale(leaf)) != is_negated
            return _Kept(leaf, way, from_column(members[held]), is_negated, key, now=now)
        if way is Way.RANKED and isinstance(leaf, tree.Top):
            key, among = self._counter(counting(leaf), asking), self._counter(having(leaf), asking)
            return _Kept(leaf, way, self._highest(leaf, key, among), counter_key=key, among_key=among, now=now)
        if (pair := pair_of(leaf)) is not None and way is Way.PAIRED:
            first, second = (self._counter(one, asking) for one in pair)
            kept = _Kept(leaf, way, BitMap(), takes_nothing(leaf), first, second, now=now)
            return self._paired(kept, to_column(self._counters[second].counter.members()))
        found = leaves.members(leaf, asking, references) & self._universe
        if way is Way.MEASURED and isinstance(leaf, tree.Did) and takes_nothing(leaf):
            return _Kept(leaf, way, self._universe - found, is_negated=True, now=now)
        return _Kept(leaf, way, found, token=token_of(leaf, asking), now=now)

    def _counter(self, leaf: tree.Did, asking: Asking) -> bytes:
        key = counter_key(leaf)
        if key not in self._counters:
            spec = Spec(leaf.event, leaf.where, leaf.measure, leaf.zone)
            members, values = asking.reader.values(spec, window_of(leaf, asking.moment()), asking.cut())
            self._counters[key] = _Counted(spec, leaf, Counter.of(members, values))
            self._fresh = {key: (members, values)}
        return key

    def _valued(self, key: bytes) -> _Values:
        """Everyone whose number is not 0, with the number."""
        if key in self._fresh:
            return self._fresh[key]
        counter = self._counters[key].counter
        members = to_column(counter.members())
        return members, counter.get(members)

    def _paired(self, kept: _Kept, whom: _Numbers) -> _Kept:
        """Decides these members by two numbers; who has none of the second has no value, and neither satisfies nor fails."""
        first, second = (self._counters[key].counter.get(whom) for key in (kept.counter_key, kept.among_key))
        held = (second > 0) & (holds_of_pair(kept.leaf, first, second, scale=SCALE) != kept.is_negated)
        kept.members = (kept.members - from_column(whom)) | from_column(whom[held])
        return kept

    def _highest(self, leaf: tree.Top, key: bytes, among_key: bytes) -> BitMap:
        counter = self._counters[key].counter
        among = self._counters[among_key].counter.members() & self._universe
        return counter.highest(share_of(len(among), leaf.percent), among)

    # ------------------------------------------------------------------------------------------ forward

    def _forward(self, asking: Asking, line: Line, news: News, references: References, done: Step) -> None:
        joined_or_changed = BitMap(news.touched)
        merged = joined_or_changed if news.has_merges else BitMap()
        touched: dict[str, _Numbers] = {}
        slid: dict[str, BitMap] = {}
        by_kind: dict[str, list[bytes]] = {}
        for key, counted in self._counters.items():
            by_kind.setdefault(counted.spec.event, []).append(key)
        asked_of = {kind for kept in self._kept.values() if kept.way in {Way.MEASURED, Way.TOUCHED} for kind in kinds_of(kept.leaf)}
        edges = {kind: self._edges(by_kind.get(kind, []), asking, line) for kind in by_kind.keys() | asked_of}
        crossings = {kind: self._crossings(kind, mine, asking, line) for kind, mine in edges.items()}
        views = {kind: asking.reader.view(kind, asking.cut()) for kind in crossings}
        told = {kind: spans for kind, spans in crossings.items() if views[kind] is None}
        aged = deltas.aged(asking.reader, told, asking.cut(), since=line.watermark)
        moved_counters: dict[bytes, _Values] = {}
        for kind, spans in crossings.items():
            keys, view, since = by_kind.get(kind, []), views[kind], line.watermark
            if view is not None:
                passed = held_deltas.passed(asking.reader, view, kind, edges[kind], asking.cut(), since=since, spans=spans)
            else:
                whose = aged.get(kind, [])
                passed = deltas.passed(asking.reader, kind, edges[kind], asking.cut(), since=since, spans=spans, whose=whose)
            done.arrived, done.aged = done.arrived + passed.arrived, done.aged + passed.aged
            slid[kind] = from_column(passed.slid) | merged
            touched[kind] = np.union1d(passed.touched, to_column(merged)) if merged else passed.touched
            for key, moved in zip(keys, passed.moved, strict=True):
                kept_apart = outside(moved.members, merged)
                members, amounts = moved.members[kept_apart], moved.amounts[kept_apart]
                moved_counters[key] = members, self._counters[key].counter.add(members, amounts)
            if merged:
                self._recount(kind, keys, merged, asking, moved_counters)
        self._compare(moved_counters)
        self._measure(touched, slid, asking)
        for key, kept in list(self._kept.items()):
            try:
                self._renew(kept, asking, joined_or_changed, touched, references)
            except LeafTooSlow as slow:
                done.failed[key] = slow
                del self._kept[key]

    def _edges(self, keys: Sequence[bytes], asking: Asking, line: Line) -> list[deltas.Edges]:
        before = dataclasses.replace(asking.moment(), now=line.now)
        return [
            deltas.Edges(
                self._counters[key].spec,
                capped(window_of(self._counters[key].leaf, before), line.now),
                capped(window_of(self._counters[key].leaf, asking.moment()), asking.instant.now),
            )
            for key in keys
        ]

    def _crossings(self, kind: str, edges: Sequence[deltas.Edges], asking: Asking, line: Line) -> list[tuple[Span, Span]]:
        """The windows of everything that looks at the kind, at the last cut and at this one."""
        return [(one.before, one.after) for one in edges] + [
            pair
            for kept in self._kept.values()
            if kept.way in {Way.MEASURED, Way.TOUCHED} and kind in kinds_of(kept.leaf)
            for pair in edges_of(kept.leaf, line.now, asking)
        ]

    def _recount(self, kind: str, keys: Sequence[bytes], merged: BitMap, asking: Asking, moved: dict[bytes, _Values]) -> None:
        """Members who were merged or came apart are counted anew: their rows have changed hands."""
        if not keys:
            return
        among = asking.narrowed(merged)
        asked = [(self._counters[key].spec, window_of(self._counters[key].leaf, asking.moment()), None) for key in keys]
        rows = asking.reader.several(kind, asked, among.cut())
        members = to_column(merged)
        place = np.searchsorted(members, rows["m"])
        inside = (place < len(members)) & (members[np.minimum(place, len(members) - 1)] == rows["m"])
        for column, key in enumerate(keys):
            values = np.zeros(len(members), dtype=np.int64)
            values[place[inside]] = rows[f"c{column}"][inside]
            self._counters[key].counter.put(members, values)
            known, amounts = moved[key]
            order = np.argsort(np.concatenate([known, members]), kind="stable")
            moved[key] = np.concatenate([known, members])[order], np.concatenate([amounts, values])[order]

    def _compare(self, moved: Mapping[bytes, _Values]) -> None:
        for kept in self._kept.values():
            if kept.way is Way.PAIRED:
                self._paired(kept, np.union1d(moved[kept.counter_key][0], moved[kept.among_key][0]))
            elif kept.way is Way.COUNTED and isinstance(kept.leaf, tree.Did):
                members, values = moved[kept.counter_key]
                if len(members):
                    held = compared(values, kept.leaf.comparison, scale=_scale(kept.leaf)) != kept.is_negated
                    kept.members = (kept.members - from_column(members)) | from_column(members[held])

    def _measure(self, touched: Mapping[str, _Numbers], slid: Mapping[str, BitMap], asking: Asking) -> None:
        """Measures that no counter carries, for the touched members, all of a kind in one pass."""
        by_kind: dict[str, list[_Kept]] = {}
        for kept in self._kept.values():
            if kept.way is Way.MEASURED and isinstance(kept.leaf, tree.Did) and len(touched[kept.leaf.event]):
                by_kind.setdefault(kept.leaf.event, []).append(kept)
        for kind, mine in by_kind.items():
            whom, told = from_column(touched[kind]), []
            among = asking.narrowed(whom)
            for kept in mine:
                assert isinstance(kept.leaf, tree.Did)  # noqa: S101 - chosen above
                spec = Spec(kept.leaf.event, kept.leaf.where, kept.leaf.measure, kept.leaf.zone)
                if asking.reader.holds(spec):
                    found = asking.reader.did(kept.leaf, among.cut(), negated=kept.is_negated)
                    kept.members = (kept.members - whom) | (found & whom & self._universe)
                else:
                    told.append((kept, (spec, window_of(kept.leaf, asking.moment()), kept.leaf.comparison)))
            undecided = [self._undecided(kept, whom, slid[kind], asking) for kept, _asked in told]
            asked_of = BitMap.union(*undecided) if undecided else BitMap()
            rows = asking.reader.several(kind, [one for _kept, one in told], asking.narrowed(asked_of).cut()) if asked_of else None
            for column, (kept, _asked) in enumerate(told):
                if rows is not None:
                    # Of 2 there is no value: neither is it satisfied nor does it fail.
                    found = from_column(rows["m"][rows[f"c{column}"] == (0 if kept.is_negated else 1)])
                    kept.members = (kept.members - undecided[column]) | (found & undecided[column] & self._universe)

    def _undecided(self, kept: _Kept, whom: BitMap, slid: BitMap, asking: Asking) -> BitMap:
        """Of whom must be asked how many different values there are; the others are decided here.

        Who is in and lost nothing stays in, and of too few events nobody has enough different values.
        """
        least = least_distinct(kept.leaf)
        if least is None or not isinstance(kept.leaf, tree.Did) or asking.reader.view(kept.leaf.event, asking.cut()) is None:
            return whom
        counted = Spec(kept.leaf.event, (), tree.COUNT, kept.leaf.zone)
        members, counts = asking.reader.values(counted, window_of(kept.leaf, asking.moment()), asking.narrowed(whom).cut())
        enough = from_column(members[counts >= least]) & whom
        kept.members = kept.members - (whom - enough)
        return enough - (kept.members - slid)

    def _renew(self, kept: _Kept, asking: Asking, changed: BitMap, touched: Mapping[str, _Numbers], references: References) -> None:
        now = asking.instant.now
        match kept.way:
            case Way.TOUCHED:
                whom = BitMap.union(*(from_column(touched[kind]) for kind in kinds_of(kept.leaf)))
                self._again(kept, whom, asking, references)
            case Way.PROFILE:
                self._again(kept, changed, asking, references)
            case Way.RANKED if isinstance(kept.leaf, tree.Top):
                kept.members = self._highest(kept.leaf, kept.counter_key, kept.among_key)
            case Way.ANEW if stands_for_today(kept.leaf, kept.now, asking):
                self._again(kept, changed, asking, references)
            case Way.ANEW:
                kept.members = leaves.members(kept.leaf, asking, references) & self._universe
            case Way.RELATED:
                self._by_version(kept, asking, references)
            case _:
                pass
        kept.now = now if kept.way is not Way.RELATED else kept.now

    def _again(self, kept: _Kept, whom: BitMap, asking: Asking, references: References) -> None:
        if whom:
            among = asking.narrowed(whom)
            found = leaves.members(kept.leaf, among, references)
            kept.members = (kept.members - whom) | (found & whom & self._universe)

    def _by_version(self, kept: _Kept, asking: Asking, references: References) -> None:
        token, now = token_of(kept.leaf, asking), asking.instant.now
        if isinstance(kept.leaf, tree.Like):
            is_due = now - kept.now >= _LIKE_MILLIS
        else:
            is_due = token != kept.token or (is_timed(kept.leaf) and now != kept.now)
        if is_due:
            kept.members = leaves.members(kept.leaf, asking, references) & self._universe
            kept.token, kept.now = token, now


def _scale(leaf: tree.Did) -> int:
    return SCALE if leaf.measure.kind is MeasureKind.SUM else 1
