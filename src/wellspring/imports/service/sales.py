"""Importing orders in sets: stage, resolve buyers, find what cancellations take back, group, hand over to activity.

Every step can be done again: staging is made anew, resolving somebody known changes nothing, and activity writes one
version per import. A killed run is therefore simply run again from the start.
"""

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from wellspring.activity import api as activity
from wellspring.activity import contracts as activity_contracts
from wellspring.imports.contracts import Report
from wellspring.imports.facts import flat, foreseen, orders, properties, staging
from wellspring.imports.facts import related as related_facts
from wellspring.imports.rules import cancellations
from wellspring.imports.rules.fields import IDENTITY_NAMES
from wellspring.imports.rules.reasons import explained
from wellspring.imports.service import happened, reject, related, stage
from wellspring.imports.service.plans import Plan
from wellspring.imports.service.stage import Progress
from wellspring.kernel import failpoints
from wellspring.kernel.auth import Principal
from wellspring.kernel.clock import from_millis
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Claim, Identity, IdentityKind

# One transaction of people: large enough for sets to pay, small enough to let other writers in between.
_CLAIMS_MAX = 5000
_KEYS_MAX = 20_000
# Rows whose orders are handed over at a time, two such pieces side by side: some hundred megabytes each.
_PIECE_ROWS = 500_000
_SIDE_BY_SIDE = 2
# Identifiers that mean something within one shop only.
_OF_SHOP = {"buyer_id", "openid"}


def shape_of(plan: Plan) -> orders.Shape:
    """The shape of a plan."""
    fields = set(plan.mapping.fields)
    if plan.mapping.tables:
        # What related files are joined into may hold anything.
        filled = frozenset(orders.OPTIONAL)
        return orders.Shape(paid_is_net=False, has_state=True, has_paid_at=True, has_cancels=False, money=related.MONEY, filled=filled)
    money = [name for name in flat.MONEY_FIELDS if name in fields or (name == "line_total" and "price" in fields)]
    has_properties = any(name.startswith("property.") for name in fields)
    filled = frozenset({*fields, *money, *(["properties"] if has_properties else [])})
    return orders.Shape(
        paid_is_net=plan.mapping.paid_is_net,
        has_state="state" in fields,
        has_paid_at="paid_at" in fields,
        has_cancels=bool(plan.mapping.cancel_prefix),
        money=tuple(money),
        filled=filled,
    )


def staged(ws: Workspace, plan: Plan, progress: Progress) -> orders.OrderTables:
    """The flat table of the plan's files, made anew."""
    tables = orders.OrderTables(plan.prefix)
    if plan.mapping.tables:
        related.flatten(ws, plan, tables, progress)
    else:
        stage.flat_file(ws, plan, tables, progress)
    return tables


def dry(ws: Workspace, plan: Plan, progress: Progress) -> Report:
    """Everything short of writing: rows, rejects with reasons, money per column, orders that are new or there already, buyers.

    An order that is there counts as updated; whether it says anything new is seen once it is written.
    """
    try:
        tables = staged(ws, plan, progress)
        # Nobody is resolved, so nobody is refused.
        orders.make_who(ws.log, tables)
        orders.keep_known(ws.log, tables, activity.orders_sql())
        keeps = _mode(plan, tables)
        counted = foreseen.counts(ws.log, tables, keeps)
        known = counted.pop("known_orders")
        samples = [{"row": place + 1, "code": code} for place, code, _ in _first(orders.rejected(ws.log, tables.flat))]
        report = _report(ws, plan, tables, keeps)
        return dataclasses.replace(report, counts=counted, samples=samples, created=counted["orders"] - known, updated=known)
    finally:
        staging.drop_all(ws.log, plan.prefix)


def run(ws: Workspace, plan: Plan, *, by: Principal, version: int, progress: Progress) -> tuple[Report, Iterator[reject.Rejected]]:
    """Writes the orders; gives the report and the rejected rows (to be read before the staging tables are dropped)."""
    tables, shape = staged(ws, plan, progress), shape_of(plan)
    keeps, spans = _grouped(ws, plan, tables, shape, by=by, progress=progress)
    failpoints.hit("imports.orders.grouped")
    progress(0, None, "写入 / writing")
    refunds = orders.refunds_select(tables, currency=plan.currency, has_cancels=keeps.has_cancels)
    written = _written(ws, plan, tables, spans, refunds, progress)
    failpoints.hit("imports.orders.written")
    counts = {**orders.order_counts(ws.log, tables), "lines": written.lines, "refunds": written.refunds}
    counts["refunds_minor"] = orders.refund_sum(ws.log, refunds)
    if any(name.startswith("property.") for name in plan.mapping.fields):
        properties.write(ws.log, tables, import_id=plan.import_id, version=version)
        failpoints.hit("imports.orders.properties")
    if "reviews" in plan.roles:
        counts["reviews"] = happened.reviews(ws, plan, related_facts.reviews(ws.log, tables))
        failpoints.hit("imports.orders.reviews")
    if plan.mapping.tables:
        counts |= related.file_counts(ws, plan, tables)
    made, updated = activity.orders_of_import(ws, plan.import_id)
    report = dataclasses.replace(
        _report(ws, plan, tables, keeps), counts=counts, created=made - updated, updated=updated, unchanged=counts["orders"] - made
    )
    return report, _rejected(ws, plan, tables, keeps)


def _grouped(
    ws: Workspace, plan: Plan, tables: orders.OrderTables, shape: orders.Shape, *, by: Principal, progress: Progress
) -> tuple[orders.Kept, list[orders.Span]]:
    """Whole orders beside their resolved buyers: the engine groups while buyers are resolved, for neither needs the other."""
    keeps = _keeps(ws, plan, tables, shape)
    spans = orders.spans(ws.log, tables, rows_max=_PIECE_ROWS)

    def group(keeps: orders.Kept) -> None:
        orders.make_orders(ws.log, tables)
        for span in spans:
            orders.group(ws.log, tables, keeps, shape, span)

    with ThreadPoolExecutor(1) as beside:
        grouping = beside.submit(group, keeps)
        resolve_buyers(ws, plan, tables, by=by, progress=progress)
        grouping.result()
    if orders.refused_buyers(ws.log, tables):
        # Rare: somebody erased, or no identifier at all. Their rows are left out, row by row.
        keeps = dataclasses.replace(keeps, has_refused=True)
        group(keeps)
    return keeps, spans


def _written(
    ws: Workspace, plan: Plan, tables: orders.OrderTables, spans: list[orders.Span], refunds: str, progress: Progress
) -> activity_contracts.ImportCounts:
    """Hands the orders over two pieces at a time, so that memory stays flat and both cores are busy; refunds after all of them."""
    lines = done = 0
    pieces = [
        activity.Staged(
            orders=orders.orders_select(tables, span, currency=plan.currency),
            currency=plan.currency,
            carries_lines=True,
            size=orders.sizes(ws.log, tables, span),
        )
        for span in spans
    ]
    for start in range(0, len(pieces), _SIDE_BY_SIDE):
        written = activity.insert_orders_from(
            ws, *pieces[start : start + _SIDE_BY_SIDE], import_id=plan.import_id, source=plan.source, historical=plan.historical
        )
        lines, done = lines + written.lines, done + written.orders
        failpoints.hit("imports.orders.piece_written")
        progress(done, None, "写入 / writing")
    last = activity.Staged(refunds=refunds, currency=plan.currency)
    counts = activity.insert_orders_from(ws, last, import_id=plan.import_id, source=plan.source, historical=plan.historical)
    return dataclasses.replace(counts, lines=lines, orders=done)


def _keeps(ws: Workspace, plan: Plan, tables: orders.OrderTables, shape: orders.Shape) -> orders.Kept:
    has_cancels = shape.has_cancels and match(ws, tables) > 0
    if plan.update_mode != "upsert":
        orders.keep_known(ws.log, tables, activity.orders_sql())
    return dataclasses.replace(_mode(plan, tables), has_cancels=has_cancels)


def _mode(plan: Plan, tables: orders.OrderTables) -> orders.Kept:
    known = orders.known_select(tables)
    if plan.update_mode == "insert_only":
        return orders.Kept(mode=f"(shop, order_no) NOT IN {known}", mode_code="order_exists")
    if plan.update_mode == "update_only":
        return orders.Kept(mode=f"(shop, order_no) IN {known}", mode_code="order_unknown")
    return orders.Kept()


def resolve_buyers(ws: Workspace, plan: Plan, tables: orders.OrderTables, *, by: Principal, progress: Progress) -> int:
    """Finds or makes a member for every distinct buyer, in batches; gives their number."""
    orders.make_who(ws.log, tables)
    named = [name for name in plan.mapping.fields if name.startswith(("buyer.", "attribute."))]
    if len(named) == 1 and named[0].removeprefix("buyer.") in IDENTITY_NAMES:
        return _resolve_keys(ws, plan, tables, named[0].removeprefix("buyer."), by=by, progress=progress)
    done, batch = 0, []
    for buyer in orders.buyers(ws.log, tables):
        batch.append(buyer)
        if len(batch) == _CLAIMS_MAX:
            done += _resolve(ws, plan, tables, batch, by=by)
            batch = []
            progress(done, None, "买家 / buyers")
            failpoints.hit("imports.orders.buyers")
    return done + _resolve(ws, plan, tables, batch, by=by)


def match(ws: Workspace, tables: orders.OrderTables) -> int:
    """Finds which sale each cancelled line takes back; gives how many found one."""
    return orders.put_matches(ws.log, tables, cancellations.matches(orders.movements(ws.log, tables)))


def _resolve(ws: Workspace, plan: Plan, tables: orders.OrderTables, batch: list[dict[str, Any]], *, by: Principal) -> int:
    if not batch:
        return 0
    answer = people.resolve(
        ws, by=by, claims=[_claim(plan, buyer) for buyer in batch], historical=plan.historical, import_id=plan.import_id
    )
    found = (
        (str(buyer["who"]), answer.owner_nos[place], reject.code_of(answer.refused[place].code) if place in answer.refused else "")
        for place, buyer in enumerate(batch)
    )
    orders.put_who(ws.log, tables, found)
    return len(batch)


def _resolve_keys(ws: Workspace, plan: Plan, tables: orders.OrderTables, kind: str, *, by: Principal, progress: Progress) -> int:
    """Buyers of whom the file says one identifier and nothing else: by far the most common and the cheapest case."""
    done = 0
    namespace = plan.shop if kind in _OF_SHOP else ""
    for keys, first in orders.bare_buyers(ws.log, tables, size=_KEYS_MAX):
        numbers = people.resolve_keys(
            ws, kind=IdentityKind(kind), values=keys, namespace=namespace, at=from_millis(first), source=plan.source,
            historical=plan.historical, import_id=plan.import_id,
        )  # fmt: skip
        orders.put_who(ws.log, tables, ((who, number, "") for who, number in zip(keys, numbers, strict=True) if number))
        # Why one could not be taken is said by the slow way only.
        refused = [
            {**dict.fromkeys(flat.BUYER_NAMES, ""), "who": who, kind: who, "attributes": {}, "first_ms": first}
            for who, number in zip(keys, numbers, strict=True)
            if not number
        ]
        _resolve(ws, plan, tables, refused, by=by)
        done += len(keys)
        progress(done, None, "买家 / buyers")
        failpoints.hit("imports.orders.buyers")
    return done


def _claim(plan: Plan, buyer: dict[str, Any]) -> Claim:
    identities = [
        Identity(IdentityKind(name), str(buyer[name]), plan.shop if name in _OF_SHOP else "") for name in IDENTITY_NAMES if buyer[name]
    ]
    attributes = dict(buyer["attributes"])
    if buyer["name"]:
        attributes["name"] = buyer["name"]
    return Claim(identities, from_millis(int(buyer["first_ms"])), plan.source, attributes or None)


def _report(ws: Workspace, plan: Plan, tables: orders.OrderTables, keeps: orders.Kept | None = None) -> Report:
    shape = shape_of(plan)
    by_code = orders.sums(ws.log, tables, shape.money)
    if keeps is not None and (keeps.has_refused or keeps.mode):
        for code, refused in orders.refused_sums(ws.log, tables, keeps, shape.money).items():
            kept = by_code.get("", {})
            by_code[""] = {name: kept.get(name, 0) - amount for name, amount in refused.items()}
            by_code[code] = {name: by_code.get(code, {}).get(name, 0) + amount for name, amount in refused.items()}
    kept = by_code.pop("", {"rows": 0})
    money = [
        {
            "field": name,
            "kept_minor": kept.get(name, 0),
            "rejected_minor": sum(each.get(name, 0) for each in by_code.values()),
            "currency": plan.currency,
        }
        for name in shape.money
    ]
    rejected = {code: each["rows"] for code, each in by_code.items()}
    for row in related.rejected(ws, plan, tables):
        rejected[row.code] = rejected.get(row.code, 0) + 1
    total = kept["rows"] + sum(rejected.values())
    return Report(rows=total, accepted=kept["rows"], rejected=total - kept["rows"], reasons=explained(rejected), money=money)


def _rejected(ws: Workspace, plan: Plan, tables: orders.OrderTables, keeps: orders.Kept) -> Iterator[reject.Rejected]:
    for place, code, cells in orders.rejected(ws.log, tables.flat):
        yield reject.Rejected(place, code, cells)
    yield from related.rejected(ws, plan, tables)
    if not keeps.has_refused and not keeps.mode:
        return
    refused = orders.refused_rows(ws.log, tables, keeps)
    if plan.mapping.tables:
        # A joined row has no single line of its own: its order is named instead.
        yield from (reject.Rejected(place, code, [], role="orders") for place, code in refused.items())
    else:
        yield from reject.picked(ws, plan.file, refused)


def _first(found: Iterator[tuple[int, str, list[str]]], size: int = 20) -> Iterator[tuple[int, str, list[str]]]:
    for _, row in zip(range(size), found, strict=False):
        yield row
