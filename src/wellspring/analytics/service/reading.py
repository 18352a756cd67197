"""Builds an experiment's report: who was exposed, what they did since, arm beside arm. By assignment, not by delivery (E02).

An answer is kept while nothing arrived and nobody more was exposed, for a minute at most: a page is looked at by several people.
"""

import datetime as dt
import threading
import time
import weakref
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from wellspring.activity import api as activity
from wellspring.analytics.contracts.effects import OutcomeReport, Point, Report
from wellspring.analytics.contracts.experiments import Exposures
from wellspring.analytics.facts import outcomes as facts
from wellspring.analytics.rules.experiments import exposures as rules
from wellspring.analytics.rules.experiments import figures
from wellspring.analytics.rules.experiments.balance import balance
from wellspring.analytics.rules.experiments.figures import Column, Values
from wellspring.analytics.service.derive import currency_of, zone_of
from wellspring.engagement.api import proof
from wellspring.engagement.contracts.proof import Experiment, Exposure, Outcome
from wellspring.kernel.clock import from_millis, to_millis
from wellspring.kernel.sets import to_column
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

# What was bought in so many days before the exposure explains best what is bought after it (CUPED).
_EARLIER = dt.timedelta(days=90)
_DAY_MS = 86_400_000
# A curve needs no more to be read, and each point is a whole reading.
_POINTS_MAX = 20
_KEPT_SECONDS, _KEPT_MAX = 60.0, 200

_Key = tuple[str, bool, int, int, int]
_kept: "weakref.WeakKeyDictionary[Workspace, dict[_Key, tuple[float, Report]]]" = weakref.WeakKeyDictionary()
_lock = threading.Lock()


class Seen(NamedTuple):
    """What the exposed did, read once: columns of buyers with instants and values, and of those who left."""

    purchases: facts.Rows
    withdrawn: tuple[Column, Column]
    lost: facts.Rows


def report(ws: Workspace, *, experiment_id: str) -> Report:
    """See `analytics.api.effects`."""
    found = proof.experiment(ws, experiment_id=experiment_id)
    exposed = proof.exposures(ws, experiment_id=experiment_id)
    now = ws.clock.now()
    key = (experiment_id, found.ended_at is None, len(exposed), activity.watermark(ws), to_millis(now) // 60_000)
    with _lock:
        held = _kept.setdefault(ws, {}).get(key)
    if held is not None and time.monotonic() - held[0] < _KEPT_SECONDS:
        return held[1]
    built = _build(ws, found, exposed, now)
    with _lock:
        kept = _kept[ws]
        kept[key] = (time.monotonic(), built)
        while len(kept) > _KEPT_MAX:
            kept.pop(next(iter(kept)))
    return built


def exposed_of(ws: Workspace, exposures: Sequence[Exposure]) -> Exposures:
    """One arm per member of today."""
    columns = [to_column(one.members).astype(np.int64) for one in exposures]
    sizes = [len(one) for one in columns]
    units = np.concatenate([*columns, np.zeros(0, dtype=np.int64)])
    arms = np.repeat(np.array([one.arm for one in exposures], dtype=np.int64), sizes)
    at = np.repeat(np.array([to_millis(one.at) for one in exposures], dtype=np.int64), sizes)
    return rules.unmixed(_held_now(units, activity.holders(ws)), arms, at)


def seen(ws: Workspace, exposed: Exposures, until: dt.datetime) -> Seen:
    """Everything since so long before the first exposure."""
    first = from_millis(int(exposed.at.min())) if len(exposed.at) else until
    bought = facts.purchases(ws, since=first - _EARLIER, until=until, zone=zone_of(ws).key, currency=currency_of(ws))
    said = people.withdrawals(ws, since=first)
    withdrawn = (np.array([number for number, _ in said], dtype=np.int64), np.array([to_millis(at) for _, at in said], dtype=np.int64))
    return Seen(bought, withdrawn, facts.lost_contacts(ws, since=first, until=until))


def values_of(exposed: Exposures, happened: Seen, outcome: Outcome, *, within_ms: int, cap: int | None) -> Values:
    """One value per exposed member."""
    bought = happened.purchases
    if outcome in {Outcome.UNSUBSCRIBED, Outcome.DELETED}:
        who, at = happened.withdrawn if outcome is Outcome.UNSUBSCRIBED else (happened.lost["member"], happened.lost["at"])
        return Values(outcome, (rules.followed(exposed, who, at, np.ones(len(who)), within_ms=within_ms) > 0).astype(np.int64))
    each = np.ones(len(bought), dtype=np.int64)
    value = {Outcome.CONVERSION: each, Outcome.REVENUE: bought["net"], Outcome.MARGIN: bought["margin"]}[outcome]
    column = rules.followed(exposed, bought["buyer"], bought["at"], value, within_ms=within_ms)
    before = int(_EARLIER.total_seconds() * 1000)
    earlier = [
        rules.preceded(exposed, bought["buyer"], bought["at"], each, within_ms=before),
        rules.preceded(exposed, bought["buyer"], bought["at"], bought["net"], within_ms=before),
    ]
    if outcome is Outcome.CONVERSION:
        return Values(outcome, (column > 0).astype(np.int64), earlier)
    return Values(outcome, column, earlier, cap)


def _build(ws: Workspace, experiment: Experiment, exposures: Sequence[Exposure], now: dt.datetime) -> Report:
    design = experiment.design
    exposed, weights = exposed_of(ws, exposures), design.arm_weights()
    counts = [int((exposed.arms == arm).sum()) for arm in range(len(weights))]
    happened, within_ms = seen(ws, exposed, now), design.terms.window_days * _DAY_MS
    is_matured = rules.is_matured(exposed, at_ms=to_millis(now), within_ms=within_ms)
    known = int(happened.purchases["known"].sum())
    total = int(happened.purchases["net"].sum())
    return Report(
        experiment=experiment,
        arms=("", *design.labels),
        balance=balance(counts, weights),
        outcomes=tuple(
            _outcome(exposed, happened, one, experiment, is_matured=is_matured) for one in Outcome if one is not Outcome.MARGIN or known
        ),
        series=_series(ws, exposed, happened, experiment, now),
        is_matured=is_matured,
        matures_at=from_millis(int(exposed.at.max()) + within_ms) if len(exposed.at) else None,
        leaks=proof.leaks(ws, experiment_id=experiment.id),
        crossed=exposed.crossed,
        currency=currency_of(ws),
        cost_known_share=min(known / total, 1.0) if total > 0 and known else None,
        as_of=now,
    )


def _outcome(exposed: Exposures, happened: Seen, outcome: Outcome, experiment: Experiment, *, is_matured: bool) -> OutcomeReport:
    declared = experiment.design.terms
    values = values_of(exposed, happened, outcome, within_ms=declared.window_days * _DAY_MS, cap=declared.cap_minor)
    terms = figures.terms_of(outcome, alpha=declared.alpha, is_any_day=declared.is_any_day)
    return figures.report(values, exposed, weights=experiment.design.arm_weights(), terms=terms, is_matured=is_matured)


def _series(ws: Workspace, exposed: Exposures, happened: Seen, experiment: Experiment, now: dt.datetime) -> tuple[Point, ...]:
    """The primary outcome by the end of days since the first exposure, today's so far included."""
    if not len(exposed.at):
        return ()
    zone, declared = zone_of(ws), experiment.design.terms
    terms = figures.terms_of(declared.primary, alpha=declared.alpha, is_any_day=declared.is_any_day)
    first = from_millis(int(exposed.at.min())).astimezone(zone).date()
    last = min(now, from_millis(int(exposed.at.max())) + dt.timedelta(days=declared.window_days)).astimezone(zone).date()
    days = max((last - first).days, 0) + 1
    step, points = -(-days // _POINTS_MAX), []
    for on in sorted({last - dt.timedelta(days=back) for back in range(0, days, step)}):
        ends_ms = to_millis(dt.datetime.combine(on + dt.timedelta(days=1), dt.time(), zone))
        part = rules.until(exposed, ends_ms)
        known = happened._replace(
            purchases=happened.purchases[happened.purchases["at"] < ends_ms],
            withdrawn=tuple(one[happened.withdrawn[1] < ends_ms] for one in happened.withdrawn),  # type: ignore[arg-type]
            lost=happened.lost[happened.lost["at"] < ends_ms],
        )
        values = values_of(part, known, declared.primary, within_ms=declared.window_days * _DAY_MS, cap=declared.cap_minor)
        found = figures.differences(values, part, weights=experiment.design.arm_weights(), terms=terms)
        points.append(Point(on, tuple(one for one, _ in found), tuple(one for _, one in found)))
    return tuple(points)


def _held_now(units: Column, holders: Mapping[int, int]) -> Column:
    merged = np.array(sorted(holders), dtype=np.int64)
    if not len(merged) or not len(units):
        return units
    into = np.array([holders[number] for number in merged.tolist()], dtype=np.int64)
    places = np.minimum(np.searchsorted(merged, units), len(merged) - 1)
    return np.where(merged[places] == units, into[places], units)
