"""The import wizard over HTTP: upload, dry run, start, rejects, replay, undo; and who may do what."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support import console as consoles
from tests.support import imports as made
from wellspring.kernel import jobs
from wellspring.kernel.files import file_table
from wellspring.kernel.workspace import Installation, Workspace


@pytest.fixture
def console(installation: Installation, workspace: Workspace) -> Iterator[Any]:
    with consoles.opened(installation, workspace) as opened:
        opened.by = consoles.everything()
        yield opened.client


def uploaded(console: Any, content: str, kind: str = "orders") -> dict[str, Any]:
    answer = console.post(f"/api/imports?kind={kind}", files={"files": ("订单.csv", content.encode(), "text/csv")})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def finished(console: Any, workspace: Workspace, address: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = console.post(address, json=body) if body is not None else console.post(address)
    assert answer.status_code == 202, answer.text
    jobs.run_due(workspace)
    job = jobs.get(workspace, answer.json()["job_id"])
    assert job.state == "done", job.error
    return job.result or {}


class TestTheWizard:
    def test_from_upload_to_undo(self, console: Any, workspace: Workspace) -> None:
        body = made.lines(6)
        body[5][5] = "?"
        found = uploaded(console, made.text(body))
        assert found["encoding"] == "utf-8"
        assert [column["name"] for column in found["columns"]] == made.HEADER
        assert found["suggested_mapping"]["fields"]["order_no"]["column"] == "订单编号"
        assert found["sample_rows"][0][1] == "13800138000"
        address = f"/api/imports/{found['id']}"
        dry = finished(console, workspace, f"{address}/dry-run", {})
        assert (dry["accepted"], dry["rejected"]) == (5, 1)
        done = finished(console, workspace, f"{address}/start", {"mapping": found["suggested_mapping"], "options": {"historical": True}})
        assert done["counts"]["orders"] == 3
        rejects = console.get(f"{address}/rejects")
        assert rejects.headers["content-type"].startswith("text/csv")
        assert "amount_unreadable" in rejects.text
        corrected = rejects.content.replace(b'"?"', b'"10.55"')
        again = console.post(f"{address}/replay", files={"files": ("rejects.csv", corrected, "text/csv")}).json()
        assert finished(console, workspace, f"/api/imports/{again['id']}/start", {})["accepted"] == 1
        finished(console, workspace, f"{address}/undo")
        listed = console.get("/api/imports?kind=orders").json()["rows"]
        assert [row["state"] for row in listed] == ["done", "undone"]
        assert console.get("/api/imports/mappings?kind=orders").json()[0]["mapping"]["kind"] == "orders"

    def test_no_plain_value_is_kept_in_the_store_of_definitions(self, console: Any, workspace: Workspace) -> None:
        uploaded(console, made.text(made.lines(2)))
        with workspace.sql.read() as tx:
            kept = str(tx.exec_driver_sql("SELECT files FROM imports_run").fetchall())
        assert "13800138000" not in kept

    def test_a_mapping_may_come_with_the_file_but_never_from_a_path(self, console: Any) -> None:
        files = {"files": ("a.csv", made.text(made.lines(2)).encode(), "text/csv")}
        wanted = '{"kind": "orders", "fields": {"order_no": {"column": "订单编号"}}}'
        answer = console.post("/api/imports", params={"kind": "orders", "mapping": wanted}, files=files)
        assert list(answer.json()["suggested_mapping"]["fields"]) == ["order_no"]
        assert console.post("/api/imports", params={"kind": "orders", "mapping": "/etc/passwd"}, files=files).status_code == 422

    def test_kinds_name_their_fields_in_both_languages(self, console: Any) -> None:
        kinds = console.get("/api/imports/kinds").json()
        assert {kind["kind"] for kind in kinds} == {"members", "orders", "events", "consents", "tags", "staff", "units"}
        assert all(field["zh"] and field["en"] for kind in kinds for field in kind["fields"])
        assert "tmall-orders" in next(kind for kind in kinds if kind["kind"] == "orders")["presets"]


class TestRefusals:
    def test_a_body_that_is_no_multipart_is_refused(self, console: Any) -> None:
        assert console.post("/api/imports?kind=orders", json={}).status_code == 422
        headers = {"content-type": "multipart/form-data; boundary=x"}
        assert console.post("/api/imports?kind=orders", content=b"nonsense", headers=headers).status_code == 422
        assert console.post("/api/imports?kind=orders", content=b"--x\r\n\r\n--x--\r\n", headers=headers).status_code == 422

    def test_an_empty_file_is_refused_and_not_kept(self, console: Any, workspace: Workspace) -> None:
        answer = console.post("/api/imports?kind=orders", files={"files": ("a.csv", b"", "text/csv")})
        assert (answer.status_code, answer.json()["code"]) == (422, "imports.file_unreadable")
        with workspace.sql.read() as tx:
            assert tx.exec_driver_sql("SELECT count(*) FROM kernel_file").scalar() == 0

    def test_a_mapping_that_does_not_fit_is_refused_at_once(self, console: Any) -> None:
        found = uploaded(console, made.text(made.lines(2)))
        wrong = {"kind": "orders", "fields": {"order_no": {"column": "nowhere"}}}
        answer = console.post(f"/api/imports/{found['id']}/start", json={"mapping": wrong})
        assert (answer.status_code, answer.json()["code"]) == (422, "imports.mapping_invalid")
        assert console.post(f"/api/imports/{found['id']}/start", json={"preset": "nobody"}).status_code == 422
        assert console.post(f"/api/imports/{found['id']}/undo").status_code == 409
        assert console.get("/api/imports/imp_nobody").status_code == 404
        assert console.get(f"/api/imports/{found['id']}/rejects").status_code == 404


class TestWorkbooks:
    def test_a_large_one_is_refused_while_it_arrives(self, console: Any, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("wellspring.imports.service.tables.WORKBOOK_MEGABYTES_MAX", 1)
        content = b"PK\x03\x04" + b"\0" * 26 + b"[Content_Types].xml" + b"\0" * 1_500_000
        answer = console.post("/api/imports?kind=orders", files={"files": ("订单.xlsx", content, "application/octet-stream")})
        assert (answer.status_code, answer.json()["code"]) == (413, "imports.workbook_too_large")
        assert "CSV" in answer.json()["detail"]
        assert "Parquet" in answer.json()["detail"]
        assert console.get("/api/imports").json()["rows"] == []
        with workspace.sql.read() as tx:
            assert tx.execute(sa.select(sa.func.count()).select_from(file_table)).scalar() == 0
