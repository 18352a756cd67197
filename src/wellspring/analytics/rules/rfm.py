"""Recency, frequency and monetary value as scores of 1 to 5, and the names of the 125 cells.

A score says where a buyer's value stands among all buyers of the window: 1 + ⌊5 · L / n⌋, where L of the n buyers have a
lower value. Equal values get equal scores, whatever order the rows come in, and one score may be empty: where half of
all buyers bought once, nobody has a frequency of 2 or 3. Pure.
"""

import dataclasses
from collections.abc import Sequence

SCORES = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Segment:
    """A named group of cells, and what to do for those in it."""

    code: str
    zh: str
    en: str
    words_zh: str
    words_en: str


SEGMENTS: tuple[Segment, ...] = (
    Segment(
        "champions",
        "冠军客户",
        "Champions",
        "刚买过，买得多、花得多：优先给新品和专属权益。",
        "Bought lately, often and much: new products first.",
    ),
    Segment(
        "loyal", "忠诚客户", "Loyal", "常来常买：请他们推荐，升级会员等级。", "Come again and again: ask for referrals, raise their tier."
    ),
    Segment(
        "potential",
        "潜力忠诚",
        "Potential loyalists",
        "近期买过，次数还不多：用组合和会员权益带出下一单。",
        "Recent, not many orders yet: lead to the next one.",
    ),
    Segment(
        "new",
        "新客",
        "New customers",
        "刚买第一次：做好首单服务，约定下一次。",
        "Just bought for the first time: serve the first order well.",
    ),
    Segment(
        "promising",
        "有前景",
        "Promising",
        "不久前小额试过：用试用装和内容建立信任。",
        "Tried a little not long ago: build trust with content and samples.",
    ),
    Segment(
        "attention",
        "需关注",
        "Need attention",
        "各项居中、开始变慢：给一个限时的回购理由。",
        "Average and slowing: a reason to come back soon.",
    ),
    Segment("sleepy", "即将沉睡", "About to sleep", "有一阵没来、买得少：低成本提醒。", "Away for a while, few orders: a cheap reminder."),
    Segment(
        "risk", "有风险", "At risk", "曾经常买，很久没来：由导购一对一问候。", "Bought often, long ago: a personal word from their guide."
    ),
    Segment(
        "precious",
        "不能失去",
        "Cannot lose them",
        "曾是最好的客户，已很久没来：电话回访，给诚意。",
        "Once the best, long away: call them, be generous.",
    ),
    Segment(
        "hibernating",
        "沉睡",
        "Hibernating",
        "买得少，久未再来：大促时再触达。",
        "Few orders, long ago: reach them in large campaigns only.",
    ),
    Segment("gone", "流失", "Lost", "最久没来，也买得最少：不再花钱触达。", "Longest away and least bought: spend nothing more."),
)
BY_CODE = {segment.code: segment for segment in SEGMENTS}

# Rows: recency 1 to 5. Columns: the mean of frequency and monetary, half a point rounded up, 1 to 5.
_MAP = (
    ("gone", "gone", "risk", "risk", "precious"),
    ("hibernating", "hibernating", "risk", "risk", "precious"),
    ("sleepy", "sleepy", "attention", "loyal", "loyal"),
    ("promising", "potential", "potential", "loyal", "loyal"),
    ("new", "potential", "potential", "champions", "champions"),
)


def segment_of(recency: int, frequency: int, monetary: int) -> str:
    """The segment of a cell."""
    return _MAP[recency - 1][(frequency + monetary + 1) // 2 - 1]


def place_of(recency: int, frequency: int, monetary: int) -> int:
    """The place of a cell among all 125: 0 is 1-1-1, 124 is 5-5-5."""
    return ((recency - 1) * SCORES + frequency - 1) * SCORES + monetary - 1


def cell_at(place: int) -> tuple[int, int, int]:
    """The cell of a place."""
    return place // (SCORES * SCORES) + 1, place // SCORES % SCORES + 1, place % SCORES + 1


def segments_by_place() -> list[str]:
    """The segment of every cell, in the order of places."""
    return [segment_of(*cell_at(place)) for place in range(SCORES**3)]


def scores(values: Sequence[float]) -> list[int]:
    """The score of each value among all of them."""
    ordered = sorted(values)
    first: dict[float, int] = {}
    for place, value in enumerate(ordered):
        first.setdefault(value, place)
    return [1 + SCORES * first[value] // len(ordered) for value in values]
