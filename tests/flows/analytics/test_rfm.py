"""RFM against an independent count: on random orders, and on two public files."""

import collections
import csv
import datetime as dt
import gzip
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support import imports as made
from tests.support.people import claim, resolve
from tests.support.rhythms import Bought, rfm
from tests.support.sales import SHANGHAI, Sale, clear, put_holders, put_refunds, put_sales
from wellspring.analytics import api
from wellspring.analytics.rules.rfm import segment_of
from wellspring.analytics.settings import AnalyticsSettings
from wellspring.analytics.traits import TRAITS
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

DAY = dt.timedelta(days=1)
BY_NAME = {trait.name: trait for trait in TRAITS}


def asked(ws: Workspace, name: str, at: dt.datetime | None = None) -> dict[int, Any]:
    relation = BY_NAME[name].relation
    assert relation is not None
    found = ws.log.query(f"SELECT member_no, value FROM ({relation(ws, at)})", fmt="JSONCompactEachRow")
    return dict(map(orjson.loads, found.splitlines()))


def agrees(ws: Workspace, wanted: dict[int, tuple[int, int, int]], at: dt.datetime | None = None) -> None:
    scores = [asked(ws, f"rfm.{name}", at) for name in ("recency", "frequency", "monetary")]
    assert {number: tuple(int(one[number]) for one in scores) for number in scores[0]} == wanted
    assert asked(ws, "rfm.cell", at) == {number: "-".join(map(str, cell)) for number, cell in wanted.items()}
    assert asked(ws, "rfm.segment", at) == {number: segment_of(*cell) for number, cell in wanted.items()}


def bought(sales: list[Sale]) -> list[Bought]:
    return [Bought(one.buyer, one.placed_at, one.amount) for one in sales if one.is_paid and one.buyer and one.currency == "CNY"]


histories = st.lists(
    st.builds(
        Sale,
        buyer=st.integers(0, 15),
        amount=st.integers(0, 9).map(lambda tens: tens * 1000),
        placed_at=st.integers(0, 500 * 24).map(lambda hours: dt.datetime(2024, 12, 1, tzinfo=dt.UTC) + dt.timedelta(hours=hours)),
        is_paid=st.booleans(),
        currency=st.sampled_from(["CNY", "CNY", "USD"]),
    ),
    max_size=50,
)


@given(sales=histories, days=st.one_of(st.none(), st.integers(0, 500)))
@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_scores_equal_an_independent_count(workspace: Workspace, sales: list[Sale], days: int | None) -> None:
    clear(workspace)
    put_sales(workspace, [*sales, Sale(0, 100, dt.datetime(2025, 1, 1, tzinfo=dt.UTC))])
    at = workspace.clock.now() if days is None else dt.datetime(2024, 12, 1, tzinfo=dt.UTC) + days * DAY
    agrees(workspace, rfm(bought(sales), at=at, window_days=365, zone=SHANGHAI), None if days is None else at)


def test_an_order_that_went_back_whole_is_no_purchase(workspace: Workspace) -> None:
    now = workspace.clock.now()
    put_sales(
        workspace, [Sale(1, 1000, now - 9 * DAY), Sale(1, 500, now - 20 * DAY), Sale(2, 700, now - 10 * DAY), Sale(3, 650, now - 30 * DAY)]
    )
    put_refunds(workspace, [(400, now - DAY), (600, now - DAY)])
    left = [Bought(1, now - 20 * DAY, 500), Bought(2, now - 10 * DAY, 700), Bought(3, now - 30 * DAY, 650)]
    agrees(workspace, rfm(left, at=now, window_days=365, zone=SHANGHAI))
    before = [Bought(1, now - 9 * DAY, 1000), *left]
    agrees(workspace, rfm(before, at=now - 2 * DAY, window_days=365, zone=SHANGHAI), now - 2 * DAY)


def test_days_are_kept_and_movement_is_shown(workspace: Workspace, clock: VirtualClock) -> None:
    ws, now = workspace, workspace.clock.now()
    resolve(ws, *(claim(f"user_id:u{number}", at=now) for number in range(4)))
    put_sales(ws, [Sale(n, 1000 * n, now - n * 10 * DAY) for n in range(1, 5)])
    assert api.derive(ws) == {"days": 14}
    assert api.derive(ws) == {"days": 0}
    found = api.rfm(ws, by=SYSTEM)
    assert (found.buyers, found.net_minor, found.is_refreshing, found.window_days) == (4, 10_000, False, 365)
    assert sum(cell.members for cell in found.cells) == sum(segment.members for segment in found.segments) == 4
    assert sum(segment.members_before or 0 for segment in found.segments) == 1
    assert sum(one.members for one in found.movements if one.came_from is None) == 3
    version = BY_NAME["rfm.segment"].version(ws)
    clock.move_to(now + 40 * DAY)
    assert api.rfm(ws, by=SYSTEM).is_refreshing
    put_sales(ws, [*(Sale(n, 1000 * n, now - n * 10 * DAY) for n in range(1, 5)), Sale(4, 90_000, now + 39 * DAY)])
    assert api.derive(ws) == {"days": 1}
    assert BY_NAME["rfm.segment"].version(ws) != version
    later = api.rfm(ws, by=SYSTEM, since=dt.date(2026, 3, 18))
    assert later.compared_on == dt.date(2026, 3, 18)
    assert [one.members for one in later.movements if one.went_to is None] == []
    assert asked(ws, "rfm.recency")[4] == 4
    agrees(
        ws,
        rfm(
            bought([*(Sale(n, 1000 * n, now - n * 10 * DAY) for n in range(1, 5)), Sale(4, 90_000, now + 39 * DAY)]),
            at=clock.now(),
            window_days=365,
            zone=SHANGHAI,
        ),
    )


def test_a_merge_after_the_day_leaves_one_row_and_an_erasure_none(workspace: Workspace) -> None:
    ws, now = workspace, workspace.clock.now()
    put_sales(ws, [Sale(n, 1000, now - n * DAY) for n in range(1, 4)])
    api.derive(ws)
    put_holders(ws, {2: 1})
    assert sorted(asked(ws, "rfm.cell")) == [1, 3]
    assert api.erase(ws, [3]) > 0
    assert api.erase(ws, [3]) == 0
    assert sorted(asked(ws, "rfm.cell")) == [1]


def test_a_workspace_without_orders_has_an_empty_grid(workspace: Workspace) -> None:
    api.derive(workspace)
    found = api.rfm(workspace, by=SYSTEM)
    assert (found.buyers, list(found.cells), [one.share for one in found.segments]) == (0, [], [None] * 11)


@pytest.mark.slow
@pytest.mark.one_engine("a real file at length: scores come from the log")
def test_cdnow(workspace: Workspace, clock: VirtualClock, real_data: Path) -> None:
    path = real_data / "cdnow/CDNOW_sample.txt.gz"
    made.run(workspace, path, mapping="preset:cdnow")
    numbers = made_by(workspace, "substring(order_no, 1, 5)")
    with gzip.open(path, "rt") as source:
        file = [line.split() for line in source if line.strip()]
    zone = SHANGHAI
    sold = [(row[0], dt.datetime.strptime(row[2], "%Y%m%d").replace(tzinfo=zone), int(Decimal(row[4]) * 100)) for row in file]
    clock.move_to(dt.datetime(1998, 7, 1, tzinfo=dt.UTC))
    workspace.settings.put(AnalyticsSettings(rfm_window_days=720))
    wanted = rfm((Bought(numbers[who], at, net) for who, at, net in sold), at=clock.now(), window_days=720, zone=zone)
    assert len(wanted) > 2000
    agrees(workspace, wanted)
    api.derive(workspace)
    agrees(workspace, wanted)


@pytest.mark.slow
@pytest.mark.one_engine("a real file at length: scores come from the log")
def test_online_retail(workspace: Workspace, clock: VirtualClock, real_data: Path) -> None:
    path = real_data / "online_retail/online_retail.csv.gz"
    made.run(workspace, path, mapping="preset:online-retail")
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as source:
        rows = list(csv.DictReader(source))
    # Invoices that touch no cancellation at all: their buyers must come out to the cent from the file alone.
    cancelled = {row["CustomerID"] for row in rows if row["InvoiceNo"].startswith("C")}
    odd = {row["CustomerID"] for row in rows if Decimal(row["UnitPrice"]) <= 0 or int(row["Quantity"]) <= 0}
    invoices: dict[str, list[dict[str, str]]] = collections.defaultdict(list)
    for row in rows:
        if row["CustomerID"] and row["CustomerID"] not in cancelled | odd:
            invoices[row["InvoiceNo"]].append(row)
    by_invoice = made_by(workspace, "order_no")
    numbers = {own[0]["CustomerID"]: by_invoice.get(invoice) for invoice, own in invoices.items()}
    clock.move_to(dt.datetime(2011, 12, 10, tzinfo=dt.UTC))
    spent: collections.Counter[int] = collections.Counter()
    times: collections.Counter[int] = collections.Counter()
    for own in invoices.values():
        number = numbers[own[0]["CustomerID"]]
        assert number is not None
        when = dt.datetime.fromisoformat(own[0]["InvoiceDate"])
        if clock.now().replace(tzinfo=None) - when < 365 * DAY:
            times[number] += 1
            spent[number] += sum(round(Decimal(row["UnitPrice"]) * int(row["Quantity"]) * 100) for row in own)
    api.derive(workspace)
    stored = {row["member_no"]: row for row in made_rows(workspace)}
    assert len(spent) > 1000
    assert sum(abs(stored[number]["net_minor"] - total) > times[number] for number, total in spent.items()) == 0
    assert {number: stored[number]["orders"] for number in times} == dict(times)
    assert sum(one.members for one in api.rfm(workspace, by=SYSTEM).cells) == len(stored) <= people.last_member_no(workspace)


def made_by(ws: Workspace, key: str) -> dict[str, int]:
    found = ws.log.query(f"SELECT DISTINCT {key} AS key, member_no FROM activity_order FINAL", fmt="JSONCompactEachRow")
    return dict(map(orjson.loads, found.splitlines()))


def made_rows(ws: Workspace) -> list[dict[str, Any]]:
    newest = "(SELECT max(run) FROM analytics_rfm)"
    found = ws.log.query(f"SELECT member_no, orders, net_minor FROM analytics_rfm WHERE run = {newest}", fmt="JSONEachRow")
    return [orjson.loads(line) for line in found.splitlines()]
