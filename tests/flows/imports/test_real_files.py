"""The public data sets, reconciled to the last cent with sums taken straight from the files by other code (csv and Decimal)."""

import csv
import gzip
import json
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support import imports as made
from wellspring.imports import api
from wellspring.kernel.stores.log import rows
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

pytestmark = [
    pytest.mark.slow,
    pytest.mark.one_engine("minutes of files whose rows go to the log; test_orders.py writes the same rows on each"),
]


def read(path: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding=encoding, newline="") as source:
        return list(csv.DictReader(source))


def minor(text: str | Decimal) -> int:
    return int((Decimal(text) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def stored(ws: Workspace) -> dict[str, int]:
    sql = (
        "SELECT count() AS orders, countIf(is_paid AND total_minor >= 0) AS paid_orders, sumIf(paid_minor, is_paid AND total_minor >="
        " 0) AS revenue,"
        " countIf(total_minor < 0) AS negative_orders, sumIf(total_minor, total_minor < 0) AS negative, countIf(member_no = 0) AS"
        " unattributed,"
        " uniqExactIf(member_no, member_no > 0) AS buyers FROM activity_order FINAL"
    )
    refunds = made.one(ws, "SELECT count() AS refunds, sum(amount_minor) AS refunded FROM activity_refund FINAL")
    lines = made.one(ws, "SELECT count() AS lines, sum(total_minor) AS lines_total FROM activity_order_line")
    return {name: int(value) for name, value in {**made.one(ws, sql), **refunds, **lines}.items()}


def shown(name: str, table: dict[str, Any]) -> None:
    print(f"\n{name}: " + json.dumps(table, ensure_ascii=False))


class TestOnlineRetail:
    def test_reconciles(self, workspace: Workspace, real_data: Path) -> None:
        path = real_data / "online_retail/online_retail.csv.gz"
        report = made.run(workspace, path, mapping="preset:online-retail")
        file = read(path)
        sums: Counter[str] = Counter()
        for row in file:
            total = minor(Decimal(row["Quantity"]) * Decimal(row["UnitPrice"]))
            sums["file"] += total
            if row["InvoiceNo"].startswith("A"):
                sums["not_a_sale"] += total
                sums["not_a_sale_rows"] += 1
            elif row["InvoiceNo"].startswith("C"):
                sums["cancelled"] += total
                sums["cancelled_rows"] += 1
            elif int(row["Quantity"]) < 0:
                sums["adjusted"] += total
                sums["adjusted_rows"] += 1
            else:
                sums["sold"] += total
                sums["sold_rows"] += 1
        found = stored(workspace)
        assert found["revenue"] == sums["sold"]
        assert found["negative"] - found["refunded"] == sums["cancelled"]
        assert found["revenue"] - found["refunded"] + found["negative"] + sums["not_a_sale"] + sums["adjusted"] == sums["file"]
        assert report["rows"] == len(file)
        assert {reason["code"]: reason["rows"] for reason in report["reasons"]} == {
            "quantity_negative": sums["adjusted_rows"], "not_a_sale": sums["not_a_sale_rows"],
        }  # fmt: skip
        assert report["accepted"] == sums["sold_rows"] + sums["cancelled_rows"]
        kept = report["money"][0]
        assert kept["kept_minor"] + kept["rejected_minor"] == sums["file"]
        customers = {row["CustomerID"] for row in file if row["CustomerID"]}
        assert people.counts(workspace, by=made.SYSTEM)[0] == len(customers)
        sales = {row["InvoiceNo"] for row in file if row["InvoiceNo"][0].isdigit() and int(row["Quantity"]) >= 0}
        assert found["paid_orders"] == len(sales)
        assert found["unattributed"] >= len({row["InvoiceNo"] for row in file if not row["CustomerID"] and row["InvoiceNo"] in sales})
        shown("online_retail", {**found, **sums, "net": found["revenue"] - found["refunded"] + found["negative"]})

    def test_a_refund_names_an_earlier_sale_of_the_same_buyer_product_and_price(self, workspace: Workspace, real_data: Path) -> None:
        path = real_data / "online_retail/online_retail.csv.gz"
        made.run(workspace, path, mapping="preset:online-retail")
        sold: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
        cancelled: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in read(path):
            if row["InvoiceNo"].startswith("C"):
                cancelled[row["InvoiceNo"]].append(row)
            else:
                sold[row["InvoiceNo"], row["StockCode"]].append(row)
        refunds = rows(workspace.log, "SELECT refund_no, order_no, amount_minor FROM activity_refund FINAL")
        assert len(refunds) > 1000
        for refund in refunds:
            number = refund["refund_no"].partition("/")[0]
            fitting = [
                row
                for row in cancelled[number]
                if any(
                    sale["CustomerID"] == row["CustomerID"] and sale["UnitPrice"] == row["UnitPrice"]
                    and sale["InvoiceDate"] <= row["InvoiceDate"] and int(sale["Quantity"]) >= -int(row["Quantity"])
                    for sale in sold[refund["order_no"], row["StockCode"]]
                )
            ]  # fmt: skip
            assert sum(-minor(Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])) for row in fitting) >= int(refund["amount_minor"])


class TestTmall:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
    def test_reconciles_in_every_encoding(self, workspace: Workspace, real_data: Path, tmp_path: Path, encoding: str) -> None:
        path = real_data / "tmall_orders/tmall_order_report.csv.gz"
        copy = made.file(tmp_path, gzip.decompress(path.read_bytes()).decode().encode(encoding), "report.csv")
        report = made.run(workspace, copy, mapping="preset:tmall-orders")
        file = read(path)
        paid = [row for row in file if row["订单付款时间 "].strip()]
        found = stored(workspace)
        # What the shop calls "actually paid" is what was left after refunds.
        assert found["revenue"] == sum(minor(row["买家实际支付金额"]) + minor(row["退款金额"]) for row in paid)
        assert found["refunded"] == sum(minor(row["退款金额"]) for row in file)
        assert found["revenue"] - found["refunded"] == sum(minor(row["买家实际支付金额"]) for row in file)
        assert (found["orders"], found["paid_orders"], found["unattributed"]) == (len(file), len(paid), len(file))
        assert made.one(workspace, "SELECT sum(total_minor) AS t FROM activity_order FINAL")["t"] == sum(
            minor(row["总金额"]) for row in file
        )
        assert report["rejected"] == 0
        assert api.order_properties(workspace, shop="tmall", order_no=file[1]["订单编号"]) == {"province": file[1]["收货地址 "]}
        shown(f"tmall_orders ({encoding})", found)

    def test_it_is_recognised_without_being_told(self, workspace: Workspace, real_data: Path) -> None:
        report = made.run(workspace, real_data / "tmall_orders/tmall_order_report.csv.gz", dry_run=True)
        assert (report["accepted"], report["counts"]["orders"]) == (28_010, 28_010)


class TestCdnow:
    def test_reconciles(self, workspace: Workspace, real_data: Path) -> None:
        path = real_data / "cdnow/CDNOW_sample.txt.gz"
        made.run(workspace, path, mapping="preset:cdnow")
        with gzip.open(path, "rt") as source:
            file = [line.split() for line in source if line.strip()]
        found = stored(workspace)
        assert found["orders"] == found["paid_orders"] == found["lines"] == len(file)
        assert found["revenue"] == found["lines_total"] == sum(minor(row[4]) for row in file)
        assert found["buyers"] == len({row[0] for row in file})
        pieces = made.one(workspace, "SELECT sum(quantity) AS n FROM activity_order_line")["n"]
        assert pieces == sum(int(row[3]) for row in file)
        shown("cdnow", found)

    def test_order_numbers_are_stable(self, workspace: Workspace, real_data: Path) -> None:
        path = real_data / "cdnow/CDNOW_sample.txt.gz"
        made.run(workspace, path, mapping="preset:cdnow")
        before = made.everything(workspace)
        made.run(workspace, path, mapping="preset:cdnow")
        assert made.everything(workspace) == before
        assert made.one(workspace, "SELECT count() AS n FROM activity_order FINAL WHERE order_no = '00004-19970101-1'")["n"] == 1


class TestOlist:
    def test_nine_tables_reconcile_as_one_import(self, workspace: Workspace, real_data: Path) -> None:
        folder = real_data / "olist_subset"
        report = made.run(workspace, sorted(folder.glob("*.csv.gz")), mapping="preset:olist")
        tables = {path.name.removesuffix(".csv.gz"): read(path) for path in folder.glob("*.csv.gz")}
        orders = {row["order_id"]: row for row in tables["olist_orders_dataset"]}
        paying = {"delivered", "shipped", "invoiced", "processing", "approved"}
        payments: Counter[str] = Counter()
        for row in tables["olist_order_payments_dataset"]:
            payments[row["order_id"]] += minor(row["payment_value"])
        totals: Counter[str] = Counter()
        for row in tables["olist_order_items_dataset"]:
            totals[row["order_id"]] += minor(row["price"]) + minor(row["freight_value"])
        found = stored(workspace)
        paid = [order_id for order_id, row in orders.items() if row["order_status"] in paying]
        assert (found["orders"], found["paid_orders"]) == (len(orders), len(paid))
        assert found["revenue"] == sum(payments[order_id] for order_id in paid)
        assert found["revenue"] + report["counts"]["held_minor"] == sum(payments.values())
        assert found["lines"] == len(tables["olist_order_items_dataset"])
        assert found["lines_total"] == sum(minor(row["price"]) for row in tables["olist_order_items_dataset"])
        assert made.one(workspace, "SELECT sum(total_minor) AS t FROM activity_order FINAL")["t"] == sum(totals.values())
        unique = {row["customer_unique_id"] for row in tables["olist_customers_dataset"]}
        assert people.counts(workspace, by=made.SYSTEM)[0] == found["buyers"] == len(unique)
        reviews = made.one(workspace, "SELECT count() AS n FROM activity_event WHERE kind = 'Review Written'")["n"]
        assert reviews == len({(row["review_id"], row["order_id"]) for row in tables["olist_order_reviews_dataset"]})
        assert report["rejected"] == 0
        shown("olist_subset", {**found, "held": report["counts"]["held_minor"], "reviews": reviews})

    def test_orphans_are_rejected_with_their_reason(self, workspace: Workspace, real_data: Path, tmp_path: Path) -> None:
        for path in (real_data / "olist_subset").glob("*.csv.gz"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
        orders = gzip.decompress((tmp_path / "olist_orders_dataset.csv.gz").read_bytes()).decode().splitlines(keepends=True)
        lost = orders.pop(1).split(",")[0].strip('"')
        (tmp_path / "olist_orders_dataset.csv.gz").write_bytes(gzip.compress("".join(orders).encode()))
        report = made.run(workspace, sorted(tmp_path.glob("*.csv.gz")), mapping="preset:olist")
        found = made.rejects(workspace, report["id"])
        assert {row["reject_code"] for row in found} == {"order_unknown"}
        assert {row["table"] for row in found} <= {"lines", "payments", "reviews"}
        assert all(lost in row.values() for row in found)


class TestEventsAndMembers:
    def test_brand_events_keep_their_kind_time_and_member(self, workspace: Workspace, real_data: Path) -> None:
        path = real_data / "tianchi_brand_events/UserBehavior.csv.gz"
        report = made.run(workspace, path, "events", mapping="preset:tianchi-brand-events")
        file = read(path)
        names = {"buy": "Product Bought", "cart": "Product Added", "fav": "Product Favorited", "pv": "Product Viewed"}
        expected = Counter(names[row["行为类型"]] for row in file)
        assert {
            row["kind"]: row["n"] for row in rows(workspace.log, "SELECT kind, count() AS n FROM activity_event GROUP BY kind")
        } == expected
        assert report["accepted"] == len(file)
        assert people.counts(workspace, by=made.SYSTEM)[0] == len({row["用户ID"] for row in file})
        times = made.one(workspace, "SELECT sum(toUnixTimestamp(at)) AS s, sum(toFloat64(props.price)) AS p FROM activity_event")
        assert times["s"] == sum(int(row["时间戳"]) for row in file)
        assert round(times["p"], 2) == round(float(sum(Decimal(row["售价"]) for row in file)), 2)

    def test_profiles_from_json_lines(self, workspace: Workspace, real_data: Path) -> None:
        report = made.run(workspace, real_data / "starbucks_rewards/profile.json.gz", "members", mapping="preset:starbucks-profile")
        assert (report["rows"], report["accepted"], report["created"]) == (17_000, 17_000, 17_000)
