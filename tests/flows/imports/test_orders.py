"""Orders from files: what is read, what is refused, what is written."""

import datetime as dt
import gzip
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import imports as made
from wellspring.activity import api as activity
from wellspring.imports import api
from wellspring.imports.contracts import Kind, Taken
from wellspring.imports.facts import texts
from wellspring.imports.rules import values
from wellspring.kernel import money
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.stores.log import rows
from wellspring.kernel.workspace import Workspace

TWO_SUMS = (
    "SELECT count() AS orders, sum(total_minor) AS total, sum(paid_minor) AS paid, countIf(is_paid) AS paid_orders FROM activity_order"
    " FINAL"
)
# Wall clocks: hypothesis wants its bounds naive.
BOUNDS = (dt.datetime.fromisoformat("1950-01-01"), dt.datetime.fromisoformat("2200-01-01"))


def _without_numbers(ws: Workspace) -> dict[str, list[dict[str, object]]]:
    """Everything that stands, whatever numbers its members have."""
    return {
        name: sorted(({**row, "member_no": None} for row in found), key=lambda row: sorted(map(str, row.items())))
        for name, found in made.everything(ws).items()
    }


class TestAPlainFile:
    def test_orders_lines_buyers_and_events_are_written(self, workspace: Workspace, tmp_path: Path) -> None:
        report = made.run(workspace, made.file(tmp_path, made.text(made.lines())))
        assert (report["rows"], report["accepted"], report["rejected"]) == (6, 6, 0)
        assert made.one(workspace, TWO_SUMS) == {"orders": 3, "total": 6 * 2110, "paid": 4 * 2110, "paid_orders": 2}
        assert made.one(
            workspace, "SELECT count() AS n, uniqExact(member_no) AS members FROM activity_order FINAL WHERE member_no > 0"
        ) == {"n": 3, "members": 3}
        events = rows(
            workspace.log, "SELECT kind, count() AS n, min(bitAnd(flags, 4)) AS historical FROM activity_event GROUP BY kind ORDER BY kind"
        )
        assert events == [{"kind": "Order Completed", "n": 2, "historical": 4}, {"kind": "Order Placed", "n": 3, "historical": 4}]

    def test_wall_clocks_are_read_in_the_zone_of_the_workspace(self, workspace: Workspace, tmp_path: Path) -> None:
        made.run(workspace, made.file(tmp_path, made.text(made.lines(2))))
        assert made.one(workspace, "SELECT placed_at FROM activity_order FINAL")["placed_at"] == "2026-01-01T02:00:00.000Z"

    def test_doing_it_twice_changes_nothing(self, workspace: Workspace, tmp_path: Path) -> None:
        path = made.file(tmp_path, made.text(made.lines()))
        made.run(workspace, path)
        before = made.everything(workspace)
        made.run(workspace, path)
        assert made.everything(workspace) == before

    def test_the_report_says_what_was_made_and_what_changed(self, workspace: Workspace, tmp_path: Path) -> None:
        first = made.run(workspace, made.file(tmp_path, made.text(made.lines(6))))
        again = made.run(workspace, made.file(tmp_path, made.text(made.lines(8)), "more.csv"))
        dearer = [[*made.lines(8)[0][:5], "99.00", *made.lines(8)[0][6:]], *made.lines(8)[1:]]
        last = made.run(workspace, made.file(tmp_path, made.text(dearer), "dearer.csv"))
        # The third order was the last of the first file, and unpaid there.
        assert [[one[name] for name in ("created", "updated", "unchanged")] for one in (first, again, last)] == [
            [3, 0, 0],
            [1, 1, 2],
            [0, 1, 3],
        ]

    def test_many_pieces_give_what_one_gives(self, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = made.file(tmp_path, made.text(made.lines(60)))
        made.run(workspace, path)
        whole = _without_numbers(workspace)
        api.undo_local(workspace, by=SYSTEM, import_id=api.listing(workspace).rows[0].id)
        monkeypatch.setattr("wellspring.imports.facts.orders._ONE_PIECE", 0)
        monkeypatch.setattr("wellspring.imports.service.sales._PIECE_ROWS", 7)
        report = made.run(workspace, path)
        assert report["counts"]["lines"] == 60
        assert _without_numbers(workspace) == whole
        assert [row for row in activity.check(workspace) if not row[1]] == []

    def test_nothing_plain_stays_behind(self, workspace: Workspace, tmp_path: Path, home: Path) -> None:
        made.run(workspace, made.file(tmp_path, made.text(made.lines())))
        assert rows(workspace.log, "SHOW TABLES LIKE 'imports_0%'") == []
        found = [path for path in home.rglob("*") if path.is_file() and b"13800138001" in path.read_bytes()]
        assert found == []


class TestEveryShapeOfTheSameFile:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
    @pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
    def test_encodings_and_delimiters(self, workspace: Workspace, tmp_path: Path, encoding: str, delimiter: str) -> None:
        content = made.text(made.lines(), delimiter=delimiter).encode(encoding)
        assert made.run(workspace, made.file(tmp_path, content))["accepted"] == 6
        assert made.one(workspace, TWO_SUMS)["total"] == 6 * 2110
        assert made.one(workspace, "SELECT product FROM activity_order_line WHERE line_no = 1")["product"] == "护手霜, 第0款"

    def test_packed_and_other_formats(self, workspace: Workspace, tmp_path: Path) -> None:
        text = made.text(made.lines())
        zipped = io.BytesIO()
        with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("订单.csv", text)
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in [made.HEADER, *made.lines()]:
            sheet.append(row)
        book.save(tmp_path / "orders.xlsx")
        columns = dict(zip(made.HEADER, zip(*made.lines(), strict=True), strict=True))
        pa.parquet.write_table(pa.table({name: list(cells) for name, cells in columns.items()}), tmp_path / "orders.parquet")
        paths = [
            made.file(tmp_path, gzip.compress(text.encode()[:200]) + gzip.compress(text.encode()[200:]), "orders.csv.gz"),
            made.file(tmp_path, zipped.getvalue(), "orders.zip"),
            tmp_path / "orders.xlsx",
            tmp_path / "orders.parquet",
        ]
        results = [made.run(workspace, path) for path in paths]
        assert [result["accepted"] for result in results] == [6, 6, 6, 6]
        assert [result["counts"]["orders"] for result in results] == [3, 3, 3, 3]
        assert made.one(workspace, TWO_SUMS)["orders"] == 3

    def test_an_uploaded_parquet_file_is_read_where_it_lies_sealed(self, workspace: Workspace, tmp_path: Path) -> None:
        columns = dict(zip(made.HEADER, zip(*made.lines(5_000), strict=True), strict=True))
        path = tmp_path / "orders.parquet"
        pa.parquet.write_table(
            pa.table({name: list(cells) for name, cells in columns.items()}), path, row_group_size=500, compression="none"
        )
        assert path.stat().st_size > 256 * 1024
        taken = api.upload(workspace, by=SYSTEM, kind=Kind.ORDERS, files=[(path.name, [path.read_bytes()])])
        assert taken.files[0].detected.names == made.HEADER
        report = api.dry_run(workspace, taken.id)
        assert (report.rows, report.counts["orders"]) == (5_000, 31)

    def test_a_file_that_turns_chinese_late_is_still_read(self, workspace: Workspace, tmp_path: Path) -> None:
        header = ["order_no", "placed_at", "product", "line_total"]
        plain = [[f"A{index:06d}", "2026-01-01 00:00:00", "soap", "1.00"] for index in range(12_000)]
        content = made.text([*plain, ["B1", "2026-01-01 00:00:00", "护手霜", "1.00"]], header).encode("gbk")
        assert made.run(workspace, made.file(tmp_path, content))["accepted"] == 12_001
        assert made.one(workspace, "SELECT product FROM activity_order_line WHERE order_no = 'B1'")["product"] == "护手霜"


class TestRejects:
    def test_each_bad_row_is_rejected_alone_with_its_reason(self, workspace: Workspace, tmp_path: Path) -> None:
        body = made.lines(4)
        bad = [list(body[0]) for _ in range(6)]
        bad[0][0] = ""
        bad[1][5] = "1.2.3"
        bad[2][6] = "2026-02-30 10:00:00"
        bad[3][4] = "two"
        bad[4] = bad[4][:3]
        bad[5] = [*bad[5], "more"]
        report = made.run(workspace, made.file(tmp_path, made.text([*body, *bad])))
        assert {reason["code"]: reason["rows"] for reason in report["reasons"]} == {
            "order_no_missing": 1, "amount_unreadable": 1, "time_unreadable": 1, "quantity_unreadable": 1, "columns_ragged": 2,
        }  # fmt: skip
        assert (report["accepted"], report["rejected"]) == (4, 6)
        found = made.rejects(workspace, report["id"])
        assert [row["reject_code"] for row in found] == [
            "order_no_missing", "amount_unreadable", "time_unreadable", "quantity_unreadable", "columns_ragged", "columns_ragged",
        ]  # fmt: skip
        assert found[1]["单价"] == "1.2.3"
        assert found[1]["拒绝原因"] == "金额无法识别"

    def test_an_unclosed_quotation_mark_costs_its_own_line(self, workspace: Workspace, tmp_path: Path) -> None:
        lines = made.text(made.lines(6)).splitlines()
        lines[2] = lines[2].replace('"护', '"护"x"', 1)
        lines[4] = lines[4].replace("S2", '"S2')
        report = made.run(workspace, made.file(tmp_path, "\n".join(lines) + "\n"))
        assert report["rows"] == 6
        assert report["accepted"] >= 4
        assert report["rejected"] >= 1

    def test_no_cell_of_the_rejects_is_a_formula(self, workspace: Workspace, tmp_path: Path) -> None:
        body = made.lines(2)
        body[0][0], body[0][3] = "", "=cmd|' /C calc'!A0"
        report = made.run(workspace, made.file(tmp_path, made.text(body)))
        assert made.rejects(workspace, report["id"])[0]["商品名称"] == "'=cmd|' /C calc'!A0"

    def test_corrected_rejects_are_replayed(self, workspace: Workspace, tmp_path: Path) -> None:
        body = made.lines(4)
        body[3][5] = "?"
        first = made.run(workspace, made.file(tmp_path, made.text(body)))
        content = b"".join(api.rejects(workspace, first["id"], by=SYSTEM)).replace(b'"?"', b'"10.55"')
        again = api.replay(workspace, first["id"], by=SYSTEM, files=[("rejects.csv", [content])])
        api._run.begun(workspace, again.id, by=SYSTEM, mapping=None, options=None)
        assert api.resume_local(workspace, by=SYSTEM, import_id=again.id)["accepted"] == 1

    def test_money_adds_up_over_kept_and_rejected(self, workspace: Workspace, tmp_path: Path) -> None:
        body = made.lines(6)
        body[1][6] = "never"
        report = made.run(workspace, made.file(tmp_path, made.text(body)))
        money_of = next(each for each in report["money"] if each["field"] == "line_total")
        assert (money_of["kept_minor"], money_of["rejected_minor"]) == (5 * 2110, 2110)


class TestModes:
    def test_a_dry_run_writes_nothing_and_says_what_would_be(self, workspace: Workspace, tmp_path: Path) -> None:
        report = made.run(workspace, made.file(tmp_path, made.text(made.lines())), dry_run=True)
        assert report["counts"] == {"orders": 3, "buyers": 3, "unattributed": 0, "refunds": 0}
        assert (report["created"], report["updated"]) == (3, 0)
        assert made.one(workspace, TWO_SUMS)["orders"] == 0
        assert rows(workspace.log, "SHOW TABLES LIKE 'imports_0%'") == []

    @pytest.mark.parametrize(
        ("mode", "foreseen", "accepted"), [("upsert", (2, 1), 6), ("insert_only", (2, 0), 4), ("update_only", (0, 1), 2)]
    )
    def test_a_dry_run_tells_new_orders_from_known_ones(
        self, workspace: Workspace, tmp_path: Path, mode: str, foreseen: tuple[int, int], accepted: int
    ) -> None:
        made.run(workspace, made.file(tmp_path, made.text(made.lines(2))))
        path, options = made.file(tmp_path, made.text(made.lines(6)), "b.csv"), {"update_mode": mode}
        dry = made.run(workspace, path, dry_run=True, options=options)
        assert (dry["created"], dry["updated"], dry["accepted"]) == (*foreseen, accepted)
        done = made.run(workspace, path, options=options)
        assert (done["created"], done["updated"] + done["unchanged"], done["accepted"]) == (*foreseen, accepted)
        assert done["reasons"] == dry["reasons"]

    def test_insert_only_leaves_known_orders_alone(self, workspace: Workspace, tmp_path: Path) -> None:
        made.run(workspace, made.file(tmp_path, made.text(made.lines(2))))
        changed = made.lines(4)
        changed[0][5] = "99.00"
        report = made.run(workspace, made.file(tmp_path, made.text(changed)), options={"update_mode": "insert_only"})
        assert [(reason["code"], reason["rows"]) for reason in report["reasons"]] == [("order_exists", 2)]
        assert made.one(workspace, TWO_SUMS)["total"] == 4 * 2110
        assert {row["reject_code"] for row in made.rejects(workspace, report["id"])} == {"order_exists"}

    def test_update_only_makes_no_orders(self, workspace: Workspace, tmp_path: Path) -> None:
        made.run(workspace, made.file(tmp_path, made.text(made.lines(2))))
        changed = made.lines(4)
        changed[0][5] = changed[1][5] = "1.00"
        report = made.run(workspace, made.file(tmp_path, made.text(changed)), options={"update_mode": "update_only"})
        assert [(reason["code"], reason["rows"]) for reason in report["reasons"]] == [("order_unknown", 2)]
        assert made.one(workspace, TWO_SUMS) == {"orders": 1, "total": 400, "paid": 400, "paid_orders": 1}

    def test_the_mapping_is_remembered_for_the_next_file_of_that_shape(self, workspace: Workspace, tmp_path: Path) -> None:
        path = made.file(tmp_path, made.text(made.lines(2)))
        found = api._take.local(workspace, by=SYSTEM, kind=Kind.ORDERS, paths=[path])
        mapping = api.suggested_mapping(workspace, found)
        chosen = mapping.model_copy(update={"fields": {**mapping.fields, "category": Taken(constant="护肤")}})
        made.run(workspace, path, mapping=chosen)
        again = api._take.local(workspace, by=SYSTEM, kind=Kind.ORDERS, paths=[path])
        assert api.suggested_mapping(workspace, again).fields["category"].constant == "护肤"


AMOUNTS = st.one_of(
    st.decimals(min_value=Decimal(-10) ** 9, max_value=Decimal(10) ** 9, places=4, allow_nan=False).map(str),
    st.from_regex(r"[+-]?[0-9]{1,9}(\.[0-9]{0,6})?", fullmatch=True),
    st.sampled_from(
        [
            "1,234.50",
            "¥12",
            "-¥3.999",
            "1.2.3",
            "abc",
            ".5",
            "5.",
            "1e3",
            "--5",
            "12 345",
            "0.005",
            "-0.005",
            "-",
            "+",
            "1-2",
            "999999999999999999",
        ]
    ),
)


# One run per engine, each with a workspace of its own, is what is meant by the executors that differ.
PER_ENGINE = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]
)


class TestSqlReadsAsPythonDoes:
    @PER_ENGINE
    @given(st.lists(AMOUNTS, min_size=1, max_size=60), st.sampled_from(["CNY", "JPY", "KWD"]))
    def test_amounts(self, workspace: Workspace, amounts: list[str], currency: str) -> None:
        found = _asked(workspace, amounts, texts.minor("t", currency, thorough=True))
        for text, minor in zip(amounts, found, strict=True):
            try:
                expected: int | None = money.parse_minor(text, currency=currency)
            except money.AmountUnreadable:
                expected = None
            assert minor == expected, text

    @PER_ENGINE
    @given(st.lists(AMOUNTS, min_size=1, max_size=60))
    def test_the_fast_reading_is_never_wrong(self, workspace: Workspace, amounts: list[str]) -> None:
        fast = _asked(workspace, amounts, texts.minor("t", "CNY", thorough=False))
        slow = _asked(workspace, amounts, texts.minor("t", "CNY", thorough=True))
        assert [(text, one) for text, one, two in zip(amounts, fast, slow, strict=True) if one is not None and one != two] == []

    @PER_ENGINE
    @given(
        st.lists(
            st.one_of(
                st.datetimes(*BOUNDS).map(lambda moment: str(moment.replace(microsecond=0))),
                st.sampled_from(
                    [
                        "2020-02-30 00:00:00",
                        "2020/2/1 3:04",
                        "2020年2月1日",
                        "20200221",
                        "01/02/2020",
                        "12",
                        "soon",
                        "2020-2-3",
                        "2020-13-01",
                        "2020.02.21",
                    ]
                ),
            ),
            min_size=1,
            max_size=40,
        )
    )
    def test_instants(self, workspace: Workspace, moments: list[str]) -> None:
        sql = f"toUnixTimestamp64Milli({texts.instant('t', zone='UTC', time_format='auto', thorough=True)})"
        for text, found in zip(moments, _asked(workspace, moments, sql), strict=True):
            try:
                expected: int | None = round(values.instant(text, zone=values.zoneinfo.ZoneInfo("UTC")).timestamp() * 1000)
            except values.Unreadable:
                expected = None
            assert found == expected, text


def _asked(ws: Workspace, given_texts: list[str], sql: str) -> list[int | None]:
    answer = rows(ws.log, f"SELECT {sql} AS v FROM (SELECT arrayJoin({{texts:Array(String)}}) AS t)", {"texts": given_texts})
    return [None if row["v"] is None else int(row["v"]) for row in answer]
