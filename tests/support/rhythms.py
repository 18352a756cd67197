"""RFM and lifecycle counted in Python from plain rows: the reference that shares no code with the product."""

import bisect
import collections
import dataclasses
import datetime as dt
import itertools
import math
import statistics
from collections.abc import Iterable, Mapping

Cell = tuple[int, int, int]


@dataclasses.dataclass(frozen=True)
class Bought:
    """A purchase as it counts: after refunds, and not at all where everything went back."""

    buyer: int
    at: dt.datetime
    net_minor: int


def rfm(bought: Iterable[Bought], *, at: dt.datetime, window_days: int, zone: dt.tzinfo) -> dict[int, Cell]:
    """Each buyer's scores: 1 + the fifths of buyers with a lower value."""
    since = at - dt.timedelta(days=window_days)
    own: dict[int, list[Bought]] = collections.defaultdict(list)
    for one in bought:
        if since < one.at <= at:
            own[one.buyer].append(one)
    days = {buyer: max(one.at.astimezone(zone).date() for one in mine).toordinal() for buyer, mine in own.items()}
    orders = {buyer: len(mine) for buyer, mine in own.items()}
    money = {buyer: sum(one.net_minor for one in mine) for buyer, mine in own.items()}
    recency, frequency, monetary = (_scores(values) for values in (days, orders, money))
    return {buyer: (recency[buyer], frequency[buyer], monetary[buyer]) for buyer in own}


def stages(bought: Iterable[Bought], *, at: dt.datetime, zone: dt.tzinfo, assumed: float) -> dict[int, tuple[str, float]]:
    """Each buyer's stage and cycle, by the rule as the manual states it."""
    days: dict[int, set[int]] = collections.defaultdict(set)
    last: dict[int, dt.datetime] = {}
    for one in bought:
        if one.at <= at:
            days[one.buyer].add(one.at.astimezone(zone).date().toordinal())
            last[one.buyer] = max(last.get(one.buyer, one.at), one.at)
    gaps = {buyer: [later - earlier for earlier, later in itertools.pairwise(mine)] for buyer, mine in _sorted(days).items()}
    medians = [statistics.median(mine) for mine in gaps.values() if mine]
    seconds = sorted(mine[0] for mine in gaps.values() if mine)
    if len(medians) < 30:
        brand, second = assumed, (assumed, 2 * assumed, 4 * assumed)
    else:
        brand, second = statistics.median(medians), tuple(_quantile(seconds, share) for share in (0.5, 0.75, 0.9375))
    brand, second = max(brand, 7.0), tuple(max(value, 7.0) for value in second)
    found = {}
    for buyer, mine in gaps.items():
        silent = (at - last[buyer]) / dt.timedelta(days=1)
        if mine:
            drawn = (len(mine) * math.log(statistics.median(mine)) + 3 * math.log(brand)) / (len(mine) + 3)
            cycle = max(math.exp(drawn), 7.0)
            bounds, lively = (2 * cycle, 4 * cycle), "repeat"
        else:
            cycle, bounds, lively = second[0], (second[1], second[2]), "first"
        found[buyer] = ("lost" if silent > bounds[1] else "sleeping" if silent > bounds[0] else lively, cycle)
    return found


def _sorted(days: Mapping[int, set[int]]) -> dict[int, list[int]]:
    return {buyer: sorted(mine) for buyer, mine in days.items()}


def _scores(values: Mapping[int, int]) -> dict[int, int]:
    ordered = sorted(values.values())
    return {buyer: 1 + math.floor(5 * bisect.bisect_left(ordered, value) / len(ordered)) for buyer, value in values.items()}


def _quantile(ordered: list[int], share: float) -> float:
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
