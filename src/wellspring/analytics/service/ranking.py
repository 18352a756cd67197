"""The league: what was tried within a span and what it brought, by experiment, journey or campaign, by guide, by store.

Chance is held against everything that was tried: of those shown as findings at most a tenth is expected to be none.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

import numpy as np
from pyroaring import BitMap

from wellspring.analytics.contracts.effects import League, Place
from wellspring.analytics.contracts.experiments import Effect, Exposures, Tried
from wellspring.analytics.rules.experiments import figures, strata
from wellspring.analytics.rules.experiments.balance import balance
from wellspring.analytics.rules.experiments.league import league as ranked
from wellspring.analytics.rules.experiments.strata import Column
from wellspring.analytics.service import reading
from wellspring.analytics.service.derive import currency_of
from wellspring.channels import api as channels
from wellspring.engagement.api import proof
from wellspring.engagement.contracts.proof import Experiment, OriginKind, Outcome
from wellspring.kernel.auth import Principal
from wellspring.kernel.sets import to_column
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.people import api as people

Of = Literal["experiment", "guide", "store"]
# What a page can show, and what is read for it.
_EXPERIMENTS_MAX, _PLACES_MAX, _GUIDES_MAX = 200, 500, 20_000
_ALPHA = 0.05
_DAY_MS = 86_400_000


class _Read(NamedTuple):
    experiment: Experiment
    exposed: Exposures
    values: Column
    is_blocked: bool


def league(ws: Workspace, *, by: Principal, of: Of, since: dt.datetime) -> League:
    """See `analytics.api.effects`."""
    read = [_read(ws, one) for one in _tried(ws, since)]
    places = _by_experiment(read) if of == "experiment" else _by_group(ws, by, of, read)
    total = sum(place.incremental_minor or 0 for place in places) if of == "experiment" else 0
    return League(_in_order(places)[:_PLACES_MAX], total, currency_of(ws), ws.clock.now())


def _tried(ws: Workspace, since: dt.datetime) -> Iterable[Experiment]:
    """Campaigns and journeys with somebody to compare with; the workspace's holdout spans all of them."""
    found: list[Experiment] = []
    cursor: str | None = None
    while len(found) < _EXPERIMENTS_MAX:
        page = proof.experiments(ws, cursor=cursor, limit=100)
        found += [one for one in page.rows if one.started_at >= since and one.origin_kind is not OriginKind.WORKSPACE]
        cursor = page.next_cursor
        if cursor is None or page.rows[-1].started_at < since:
            break
    return [one for one in found if one.design.control_basis_points]


def _read(ws: Workspace, experiment: Experiment) -> _Read:
    exposed = reading.exposed_of(ws, proof.exposures(ws, experiment_id=experiment.id))
    terms = experiment.design.terms
    happened = reading.seen(ws, exposed, ws.clock.now())
    values = reading.values_of(exposed, happened, Outcome.REVENUE, within_ms=terms.window_days * _DAY_MS, cap=terms.cap_minor)
    column = values.column if terms.cap_minor is None else np.clip(values.column, -terms.cap_minor, terms.cap_minor)
    weights = experiment.design.arm_weights()
    is_blocked = balance([int((exposed.arms == arm).sum()) for arm in range(len(weights))], weights).is_blocked
    return _Read(experiment, exposed, column, is_blocked)


def _by_experiment(read: Iterable[_Read]) -> list[Place]:
    places = []
    for one in read:
        terms, weights = one.experiment.design.terms, one.experiment.design.arm_weights()
        judged = figures.terms_of(Outcome.REVENUE, alpha=terms.alpha, is_any_day=terms.is_any_day)
        report = figures.report(figures.Values(Outcome.REVENUE, one.values), one.exposed, weights=weights, terms=judged, is_matured=False)
        controls = int((one.exposed.arms == 0).sum())
        for arm, label in enumerate(one.experiment.design.labels, start=1):
            name = f"{one.experiment.name} · {label}" if label else one.experiment.name
            units = int((one.exposed.arms == arm).sum())
            effect = report.arms[arm].difference
            places.append(_place(name, str(one.experiment.origin_kind), one.experiment.origin_id, one, (units, controls, effect)))
    return places


def _by_group(ws: Workspace, by: Principal, of: Of, read: list[_Read]) -> list[Place]:
    groups, names = _groups(ws, by, of)
    sound = [one for one in read if not one.is_blocked]
    places = []
    for group_id, members in groups.items():
        column = to_column(members).astype(np.int64)
        pooled = strata.pooled([strata.stratum(one.exposed, one.values, column) for one in sound], alpha=_ALPHA)
        if pooled[0]:
            places.append(_place(names.get(group_id, group_id), of, group_id, None, pooled))
    return places


def _groups(ws: Workspace, by: Principal, of: Of) -> tuple[Mapping[str, BitMap], Mapping[str, str]]:
    """Stores or guides within the caller's scope, with their members and names."""
    if of == "store":
        groups = {unit_id: members for unit_id, members in people.served_by_unit(ws).items() if by.scope.covers(unit_id)}
        return groups, {unit.id: unit.name for unit in organization.nodes(ws, groups.keys()).values()}
    names = _guides(ws, by)
    return {staff_id: members for staff_id, members in channels.members_by_staff(ws).items() if staff_id in names}, names


def _guides(ws: Workspace, by: Principal) -> dict[str, str]:
    found: dict[str, str] = {}
    cursor: str | None = None
    while len(found) < _GUIDES_MAX:
        page = organization.list_staff(ws, by=by, cursor=cursor, limit=200)
        found |= {one.id: one.name for one in page.rows}
        cursor = page.next_cursor
        if cursor is None:
            break
    return found


def _place(name: str, kind: str, subject: str, read: _Read | None, found: tuple[int, int, Effect | None]) -> Place:
    units, controls, effect = found
    return Place(
        name=name,
        kind=kind,
        id=subject,
        experiment_id=read.experiment.id if read else "",
        units=units,
        controls=controls,
        is_blocked=read is not None and read.is_blocked,
        per_unit_minor=effect,
        incremental_minor=None if effect is None else round(effect.value * units),
        low_minor=None if effect is None else round(effect.low * units),
        high_minor=None if effect is None else round(effect.high * units),
        q=None,
        is_found=False,
    )


def _in_order(places: list[Place]) -> list[Place]:
    """Findings by what they brought, then the others by how near they are to one, then what cannot be read."""
    told = {str(number): one for number, one in enumerate(places) if one.per_unit_minor is not None}
    standings = ranked([Tried(number, one.per_unit_minor) for number, one in told.items() if one.per_unit_minor is not None])
    found = [dataclasses.replace(told[one.name], q=one.q, is_found=one.is_found) for one in standings]
    found.sort(key=lambda one: (not one.is_found, -(one.incremental_minor or 0) if one.is_found else one.q or 0.0))
    return [*found, *(one for one in places if one.per_unit_minor is None)]
