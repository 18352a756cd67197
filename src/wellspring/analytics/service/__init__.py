"""Builds the overview from what activity, people and organization answer, and keeps it while nothing changed.

It counts nothing itself but the meeting of two answers: which source a buyer came from.
"""

import collections
import datetime as dt
import threading
import time
import weakref

import numpy as np
from pyroaring import BitMap

from wellspring.activity import api as activity
from wellspring.analytics import facts, repo, rules
from wellspring.analytics.contracts import Overview, Question, Source, Unattributed
from wellspring.kernel.auth import Principal, Scope
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.people import api as people

# Answers kept per workspace: the spans that a few people look at, for as long as nothing was told.
_KEPT_MAX = 32
_KEPT_SECONDS = 60.0
_Key = tuple[int, int, dt.datetime | None, dt.datetime | None, Scope]
_kept: weakref.WeakKeyDictionary[Workspace, collections.OrderedDict[_Key, tuple[float, Overview]]] = weakref.WeakKeyDictionary()
_BUYERS_SECONDS = 10.0
_buyers: weakref.WeakKeyDictionary[Workspace, tuple[float, int, BitMap]] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def overview(ws: Workspace, *, by: Principal, since: dt.datetime | None, until: dt.datetime | None) -> Overview:
    """The overview, from memory while neither store has changed."""
    watermark = activity.watermark(ws)
    with ws.sql.read() as tx:
        key = (watermark, repo.change_mark(tx), since, until, by.scope)
    with _lock:
        held = _kept.setdefault(ws, collections.OrderedDict()).get(key)
    if held is not None and time.monotonic() - held[0] < _KEPT_SECONDS:
        return held[1]
    built = _build(ws, by, since, until, watermark=watermark)
    with _lock:
        answers = _kept[ws]
        answers[key] = (time.monotonic(), built)
        while len(answers) > _KEPT_MAX:
            answers.popitem(last=False)
    return built


def buyers(ws: Workspace) -> BitMap:
    """Everybody who ever ordered; a filter of lists, so a few seconds of age are fine and a scan per request is not."""
    watermark = activity.watermark(ws)
    with _lock:
        held = _buyers.get(ws)
    if held is not None and (held[1] == watermark or time.monotonic() - held[0] < _BUYERS_SECONDS):
        return held[2]
    found = BitMap(facts.ordering(ws))
    with _lock:
        _buyers[ws] = (time.monotonic(), watermark, found)
    return found


def _build(ws: Workspace, by: Principal, since: dt.datetime | None, until: dt.datetime | None, *, watermark: int) -> Overview:
    settings = ws.settings.get(WorkspaceSettings)
    used = facts.currencies(ws)
    currency = rules.leading_currency(settings.currency, [found.currency for found in used])
    stores = _store_codes(ws, by.scope)
    question = Question(settings.time_zone, currency, since, until, stores)
    totals = facts.totals(ws, question)
    members, identified = people.counts(ws, by=by)
    refunds_minor = totals.refunds_minor + totals.negative_minor
    return Overview(
        currency=currency,
        members=members,
        identified=identified,
        buyers=totals.buyers,
        orders=totals.orders,
        paid_orders=totals.paid_orders,
        revenue_minor=totals.revenue_minor,
        refunds=totals.refunds,
        refunds_minor=refunds_minor,
        negative_orders=totals.negative_orders,
        net_minor=totals.revenue_minor - refunds_minor,
        unattributed=Unattributed(totals.unattributed_orders, totals.unattributed_revenue_minor),
        repeat_rate=rules.rate(totals.repeat_buyers, totals.buyers),
        average_order_minor=rules.average_minor(totals.revenue_minor, totals.paid_orders),
        top_decile_share=rules.rate(totals.top_decile_revenue_minor, totals.attributed_revenue_minor),
        by_week=facts.periods(ws, question, by="week"),
        by_month=facts.periods(ws, question, by="month"),
        sources=_sources(ws, by, question),
        places=facts.places(ws, question),
        other_currencies=[found for found in used if found.currency != currency],
        watermark=watermark,
        as_of=ws.clock.now(),
    )


def _store_codes(ws: Workspace, scope: Scope) -> tuple[str, ...] | None:
    if scope.unit_ids is None:
        return None
    return tuple(sorted(unit.code for unit in organization.nodes(ws, scope.unit_ids).values()))


def _sources(ws: Workspace, by: Principal, question: Question) -> list[Source]:
    members = people.members_by_source(ws, by=by)
    buyers, spent = facts.by_buyer(ws, question)
    last = max([int(buyers[-1]) if len(buyers) else 0, *(int(numbers.max()) for numbers in members.values() if numbers)])
    # One small number per member says which source it has; sources are few, members are many.
    place_of = np.full(last + 1, -1, dtype=np.int32)
    for place, numbers in enumerate(members.values()):
        place_of[np.frombuffer(numbers.to_array(), dtype=np.uint32)] = place
    places = place_of[buyers]
    known = places >= 0
    counted = np.bincount(places[known], minlength=len(members))
    revenue = np.zeros(len(members), dtype=np.int64)
    np.add.at(revenue, places[known], spent[known])
    rows = [Source(name, len(numbers), int(counted[place]), int(revenue[place])) for place, (name, numbers) in enumerate(members.items())]
    return sorted(rows, key=lambda row: (-row.members, row.source))
