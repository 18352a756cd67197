"""Random audience definitions and random members for them, and short cuts for tests of evaluators.

Everything is drawn from small pools, so that definitions and histories meet; instants are close to `NOW`.
"""

import dataclasses
import itertools
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from wellspring.audiences.rules import tree
from wellspring.audiences.rules.durations import DAY, HOUR, MINUTE
from wellspring.audiences.rules.history import Event, History
from wellspring.audiences.rules.meaning import holds
from wellspring.audiences.rules.text_read import parse
from wellspring.audiences.rules.tree import Comparison, Duration, Measure, MeasureKind, Node, Op, Where, Zone
from wellspring.kernel.clock import from_millis, iso
from wellspring.kernel.text import nfc

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
# 2026-03-18T12:00:00 in Shanghai.
NOW = 1_773_806_400_000

EVENTS = ("Order Completed", "A", "B", "C", "加入购物车")
ATTRIBUTES = ("city", "age", "vip", "birthday", "interests", "address.city", "注册 时间")
TRAITS = ("loyalty.tier", "loyalty.points")
TAGS = ("渠道/包裹卡", "渠道/门店", "兴趣/茶", "VIP")
CHANNELS = ("wecom", "wecom.moment", "sms")
PURPOSES = ("marketing.sms", "marketing")
STORES = ("S001", "S002")
GROUPS = ("chat-1", "chat 2")
AUDIENCES = ("aud_1", "老客")
PROPERTIES = ("total", "sku", "paid_at", "labels", "lines[].sku", "lines[].quantity")
TEXTS = ("", "上海", "shanghai", "Shang", "1", "S", "e\u0301", "\u00e9", 'a "b" \\ c', "true")
NUMBERS = (0, 1, 1.0, 2, 2.5, -3, 0.1, 100, 18, 30)
DATES = ("1990-03-20", "2000-02-29", "2026-03-18", "2026-03-17T20:00:00Z", "2026-03-18T09:30:00.250+08:00", "2027-01-01")
LENGTHS = (HOUR, 12 * HOUR, DAY, 7 * DAY, 30 * DAY, 90 * MINUTE)

# What was sent may be in any normal form; what a definition holds is in form C.
raw_texts = st.sampled_from(TEXTS)
texts = raw_texts.map(nfc)
numbers = st.sampled_from(NUMBERS)
dates = st.sampled_from(DATES)
scalars = texts | numbers | st.booleans() | dates
raw_scalars = raw_texts | numbers | st.booleans() | dates
lengths = st.sampled_from(LENGTHS)
durations = lengths.map(Duration)
instants = st.integers(-40 * DAY, 10 * MINUTE).map(lambda ahead: NOW + ahead)
near = st.sampled_from([-30 * DAY, -7 * DAY, -DAY, -DAY - 1, -DAY + 1, -12 * HOUR, -1, 0, 1, MINUTE, 6 * MINUTE]).map(
    lambda ahead: NOW + ahead
)


def _scalar_lists(one: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(one, min_size=1, max_size=3).map(tuple)


def _ranges() -> st.SearchStrategy[Comparison]:
    return st.tuples(numbers, numbers).map(lambda ends: Comparison(Op.BETWEEN, (min(ends), max(ends))))


def _ops(ops: list[Op], value: st.SearchStrategy[Any]) -> st.SearchStrategy[Comparison]:
    return st.builds(Comparison, st.sampled_from(ops), value)


presence = st.sampled_from([Comparison(Op.EXISTS), Comparison(Op.MISSING)])
date_comparisons = (
    _ops([Op.BEFORE, Op.AFTER], durations | dates)
    | _ops([Op.WITHIN_LAST, Op.WITHIN_NEXT], durations)
    | st.sampled_from([0, 1, 7, 400]).map(lambda days: Comparison(Op.ANNIVERSARY, Duration(days * DAY)))
)
value_comparisons = (
    _ops([Op.IS, Op.IS_NOT, Op.INCLUDES], scalars)
    | _ops([Op.IN, Op.NOT_IN], _scalar_lists(scalars))
    | _ops([Op.GT, Op.GTE, Op.LT, Op.LTE], numbers)
    | _ops([Op.CONTAINS, Op.STARTS_WITH], texts)
    | _ranges()
    | presence
    | date_comparisons
)
# No exists and missing: of a count they are refused.
count_comparisons = (
    _ops([Op.IS, Op.IS_NOT, Op.GT, Op.GTE, Op.LT, Op.LTE], numbers) | _ops([Op.IN, Op.NOT_IN], _scalar_lists(numbers)) | _ranges()
)


@st.composite
def betweens(draw: st.DrawFn) -> tree.Between:
    """An absolute window around now."""
    first, last = sorted(draw(st.lists(instants, min_size=2, max_size=2, unique=True)))
    return tree.Between(iso(from_millis(first)), iso(from_millis(last)))


rolling = lengths.map(tree.Rolling)
calendars = st.builds(tree.Calendar, st.sampled_from(tree.Unit), st.sampled_from(Zone))
windows = rolling | calendars | betweens()
maybe_windows = st.none() | windows
wheres = st.lists(st.builds(Where, st.sampled_from(PROPERTIES), value_comparisons), max_size=2).map(tuple)
measures = st.sampled_from([Measure(), Measure(MeasureKind.DAYS)]) | st.builds(
    Measure,
    st.sampled_from([MeasureKind.SUM, MeasureKind.AVG, MeasureKind.MIN, MeasureKind.MAX, MeasureKind.DISTINCT]),
    st.sampled_from(PROPERTIES),
)
events = st.sampled_from(EVENTS)


def _zone_of(draw: st.DrawFn, measure: Measure, window: tree.Window | None) -> Zone:
    if isinstance(window, tree.Calendar):
        return window.zone
    return draw(st.sampled_from(Zone)) if measure.kind is MeasureKind.DAYS else Zone.WORKSPACE


@st.composite
def dids(draw: st.DrawFn) -> tree.Did:
    """A behaviour."""
    event, where, window = draw(events), draw(wheres), draw(maybe_windows)
    if draw(st.integers(0, 4)) == 0:
        return tree.Did(event, where, window=window, zone=_zone_of(draw, tree.COUNT, window), is_bare=True)
    measure = draw(measures)
    compared = count_comparisons if measure.kind in tree.ZERO_OF_NOTHING else count_comparisons | presence
    zone = _zone_of(draw, measure, window)
    comparison = draw(compared.filter(lambda found: not _clash(found, window, zone)))
    return tree.Did(event, where, measure, comparison, window, zone)


def _clash(comparison: Comparison, window: tree.Window | None, zone: Zone) -> bool:
    """Both would stand under one key of the JSON: `between` twice, or `in` twice."""
    is_between = comparison.op is Op.BETWEEN and isinstance(window, tree.Between)
    return is_between or (comparison.op is Op.IN and zone is Zone.MEMBER)


@st.composite
def instants_of_events(draw: st.DrawFn) -> tree.Last | tree.First:
    """A first or last time."""
    comparison = draw(st.none() | date_comparisons | presence)
    is_missing = comparison is not None and comparison.op is Op.MISSING
    window = None if is_missing else draw(maybe_windows)
    return draw(st.sampled_from([tree.Last, tree.First]))(draw(events), draw(wheres), comparison, window)


@st.composite
def sequences(draw: st.DrawFn) -> tree.Sequence:
    """Two to four steps."""
    steps: list[tree.Step | tree.Absent] = []
    absent = draw(st.lists(st.booleans(), min_size=2, max_size=4).filter(lambda flags: not all(flags)))
    for is_absent in absent:
        is_first = not any(isinstance(step, tree.Step) for step in steps)
        if is_absent:
            steps.append(tree.Absent(draw(events), draw(wheres)))
        else:
            steps.append(tree.Step(draw(events), draw(wheres), None if is_first else draw(st.none() | durations)))
    return tree.Sequence(tuple(steps))


@st.composite
def tops(draw: st.DrawFn) -> tree.Top:
    """The best few per cent."""
    measure, window = draw(measures), draw(maybe_windows)
    percent = draw(st.sampled_from([0.5, 10, 50, 100]))
    return tree.Top(measure, draw(events), percent, draw(wheres), window, _zone_of(draw, measure, window))


@st.composite
def touches(draw: st.DrawFn) -> tree.Touched:
    """Contact pressure."""
    channel, window = draw(st.sampled_from(CHANNELS)), draw(maybe_windows)
    if draw(st.booleans()):
        return tree.Touched(channel, window=window, is_bare=True)
    zone = window.zone if isinstance(window, tree.Calendar) else Zone.WORKSPACE
    return tree.Touched(channel, draw(count_comparisons.filter(lambda found: not _clash(found, window, zone))), window)


samples = st.sampled_from([(0, 10), (0, 100), (10, 55.5), (0.29, 0.3), (50, 100)]).flatmap(
    lambda ends: st.builds(tree.Sample, st.sampled_from(["x", "盐 1"]), st.just(ends[0]), st.just(ends[1]))
)
event_leaves = dids() | instants_of_events() | sequences()
state_leaves = (
    st.builds(tree.Attribute, st.sampled_from(ATTRIBUTES), value_comparisons)
    | st.builds(tree.Trait, st.sampled_from(TRAITS), value_comparisons)
    | st.builds(tree.Tag, st.sampled_from(TAGS))
    | st.builds(tree.TagGroup, st.sampled_from(["渠道", "兴趣", "VIP"]))
    | st.builds(tree.AudienceRef, st.sampled_from(AUDIENCES))
    | st.builds(tree.ServedBy, st.sampled_from(tree.Relation), st.sampled_from(STORES))
    | st.builds(tree.InGroup, st.sampled_from(GROUPS))
    | st.builds(tree.Reachable, st.sampled_from(CHANNELS))
    | st.builds(tree.Consent, st.sampled_from(PURPOSES))
    | samples
)
everybodys_leaves = tops() | st.builds(tree.Like, st.sampled_from(AUDIENCES), st.sampled_from([1, 50_000]))
all_leaves = event_leaves | event_leaves | state_leaves | touches() | everybodys_leaves


def trees(leaves: st.SearchStrategy[Any] = all_leaves, max_leaves: int = 8) -> st.SearchStrategy[Node]:
    """Definitions over the given leaves."""
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3).map(lambda nodes: tree.All(tuple(nodes)))
            | st.lists(inner, max_size=3).map(lambda nodes: tree.Any(tuple(nodes)))
            | inner.map(tree.Not)
        ),
        max_leaves=max_leaves,
    ).filter(lambda node: depth_of(node) <= 12)


def depth_of(node: Node) -> int:
    """How many nodes stand above each other, leaves not included."""
    return 1 + max(map(depth_of, tree.children(node)), default=0) if isinstance(node, tree.Branch) else 0


# What a property may hold in the log: typed, missing, null, a list.
plain_values = raw_scalars | st.none() | st.lists(raw_texts | numbers, max_size=2)
lines = st.lists(st.fixed_dictionaries({}, optional={"sku": raw_texts | st.none(), "quantity": numbers | raw_texts}), max_size=3)
props = st.fixed_dictionaries(
    {}, optional={"total": plain_values, "sku": plain_values, "paid_at": dates | plain_values, "labels": plain_values, "lines": lines}
)


@st.composite
def event_lists(draw: st.DrawFn, max_size: int = 8) -> tuple[Event, ...]:
    """Events close to now, many of them at the same instants, in order of arrival."""
    drawn = draw(st.lists(st.tuples(events, near | instants, props, st.integers(0, 10 * MINUTE)), max_size=max_size))
    numbered = zip(itertools.count(1), drawn)
    return tuple(Event(kind, at, number, 0, held, max(at - early, 0)) for number, (kind, at, held, early) in numbered)


@st.composite
def histories(draw: st.DrawFn, max_events: int = 8) -> History:
    """One member; `standing` is left to who knows the definition (see `with_standing`)."""
    values = raw_scalars | st.lists(raw_texts | numbers, max_size=2).map(tuple)
    zones = st.sampled_from(["America/New_York", "Asia/Tokyo", "no/zone", ""])
    attributes: Mapping[str, Any] = draw(st.dictionaries(st.sampled_from(ATTRIBUTES), values, max_size=4))
    zone = draw(st.none() | zones)
    return History(
        public_id=draw(st.sampled_from(["mem_1", "mem_2", "会员\U0001f375"])),
        events=draw(event_lists(max_events)),
        attributes={**attributes, **({"timezone": zone} if zone is not None else {})},
        tags=draw(st.frozensets(st.sampled_from(TAGS))),
        traits=draw(st.dictionaries(st.sampled_from(TRAITS), values, max_size=2)),
        consents=draw(st.frozensets(st.sampled_from(PURPOSES))),
        reachable=draw(st.frozensets(st.sampled_from(CHANNELS))),
        served_by=draw(st.frozensets(st.tuples(st.sampled_from(tree.Relation), st.sampled_from(STORES)))),
        groups=draw(st.frozensets(st.sampled_from(GROUPS))),
        touched=tuple(draw(st.lists(st.tuples(st.sampled_from(CHANNELS), instants), max_size=4))),
        audiences={name: draw(st.booleans()) for name in AUDIENCES},
    )


def with_standing(history: History, node: Node, *, is_in: bool = False) -> History:
    """The history with an answer to every top and like of the definition."""
    asked = [leaf for _, leaf in tree.leaves(node) if isinstance(leaf, tree.Top | tree.Like)]
    return dataclasses.replace(history, standing=dict.fromkeys(asked, is_in))


def said(text: str, history: History, *, now: int = NOW) -> bool:
    """What the reference evaluator says of a definition in text."""
    return holds(parse(text), history, now=now, zone=SHANGHAI)


def did(*happened: tuple[str, int] | tuple[str, int, dict[str, Any]], **known: Any) -> History:
    """A member whose events are (kind, milliseconds before now, properties), in order of arrival."""
    events = [Event(one[0], NOW - one[1], number, 0, one[2] if len(one) > 2 else {}) for number, one in enumerate(happened, 1)]
    return History(events=events, **known)


def order(ago: int = DAY, **props: Any) -> tuple[str, int, dict[str, Any]]:
    """An event for `did`."""
    return ("Order Completed", ago, props)
