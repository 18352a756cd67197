"""Audiences as files: masked, in plain for a purpose, hashed; lists that come in; nothing that a spreadsheet would run."""

import csv
import hashlib
import io
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import activity as acting
from tests.support.access import actions
from tests.support.console import Console, everything, somebody
from wellspring.audiences.contracts import Permission
from wellspring.audiences.service.exporting import csv_pieces
from wellspring.kernel import jobs
from wellspring.kernel.auth import SYSTEM
from wellspring.organization import api as organization
from wellspring.organization.contracts import UnitDraft, UnitKind
from wellspring.people import api as people
from wellspring.people.contracts import Claim, Identity, IdentityKind
from wellspring.people.contracts import Permission as People

PHONES = ("+8613800138000", "+8613800138001")


@pytest.fixture
def shop(console: Console) -> Console:
    """Two members with a phone, the first in a store and with a name that is a formula."""
    console.by = everything()
    unit = organization.create_unit(console.ws, by=SYSTEM, draft=UnitDraft("s1", "一店", UnitKind.STORE))
    now = console.ws.clock.now()
    claims = [
        Claim((Identity(IdentityKind.USER_ID, "=1+1"), Identity(IdentityKind.PHONE, PHONES[0])), now, "test", home_unit_id=unit.id),
        Claim((Identity(IdentityKind.USER_ID, "u2"), Identity(IdentityKind.PHONE, PHONES[1])), now, "test"),
    ]
    people.resolve(console.ws, by=SYSTEM, claims=claims)
    acting.settle(console.ws)
    return console


def everybody(console: Console) -> str:
    answer = console.client.post("/api/audiences", json={"name": "所有人", "definition": {"all": []}})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def written(console: Console, path: str, body: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
    answer = console.client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    jobs.run_due(console.ws)
    job = console.client.get(f"/api/jobs/{answer.json()['job_id']}").json()
    assert job["state"] == "done", job
    return console.client.get(f"/api/files/{job['result']['file_id']}").content, job["result"]


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


class TestExport:
    def test_masked_by_default(self, shop: Console) -> None:
        content, result = written(shop, f"/api/audiences/{everybody(shop)}/export", {})
        rows = table(content)
        assert result["rows"] == 2
        assert [(row["member_no"], row["user_id"], row["home_unit"]) for row in rows] == [("1", "'=1+1", "一店"), ("2", "u2", "")]
        assert all(phone not in content.decode() for phone in PHONES)

    def test_as_parquet(self, shop: Console) -> None:
        body = {"format": "parquet", "columns": ["member_no", "user_id", "orders_count"]}
        content, _ = written(shop, f"/api/audiences/{everybody(shop)}/export", body)
        assert pq.read_table(io.BytesIO(content)).to_pylist() == [
            {"member_no": 1, "user_id": "=1+1", "orders_count": 0},
            {"member_no": 2, "user_id": "u2", "orders_count": 0},
        ]

    def test_plain_values_need_a_permission_and_a_purpose(self, shop: Console) -> None:
        path = f"/api/audiences/{everybody(shop)}/export"
        body = {"columns": ["member_no", "phone"], "purpose": "双十一短信"}
        assert shop.client.post(path, json={"columns": ["phone"]}).json()["code"] == "audiences.purpose_missing"
        shop.by = somebody(*Permission)
        assert shop.client.post(path, json=body).status_code == 403
        shop.by = everything()
        content, _ = written(shop, path, body)
        assert [row["phone"] for row in table(content)] == [f"'{phone}" for phone in PHONES]
        assert "audiences.export" in actions(shop.ws)

    def test_s15_only_who_may_be_seen_and_is_still_there(self, shop: Console) -> None:
        audience_id = everybody(shop)
        unit_id = next(iter(organization.unit_ids_by_code(shop.ws, ["s1"]).values()))
        shop.by = somebody(*Permission, *People, units=frozenset({unit_id}))
        answer = shop.client.post(f"/api/audiences/{audience_id}/export", json={"columns": ["member_no"]})
        shop.by = everything()
        path = f"/api/audiences/{audience_id}/export"
        content, _ = written(shop, path, {"columns": ["member_no"]})
        assert [row["member_no"] for row in table(content)] == ["1", "2"]
        scoped = shop.client.get(f"/api/jobs/{answer.json()['job_id']}").json()["result"]
        assert scoped["rows"] == 1
        member = people.members_of(shop.ws, by=SYSTEM, member_nos=[2])[2]
        people.erase(shop.ws, by=SYSTEM, member_id=member.id, reason="asked for it")
        content, _ = written(shop, path, {"columns": ["member_no"]})
        assert [row["member_no"] for row in table(content)] == ["1"]

    def test_hashes_for_an_ad_platform(self, shop: Console) -> None:
        content, result = written(shop, f"/api/audiences/{everybody(shop)}/ad-export", {"fields": ["phone_sha256"]})
        assert [row["phone_sha256"] for row in table(content)] == [hashlib.sha256(phone.encode()).hexdigest() for phone in PHONES]
        assert result["rows"] == 2
        assert "audiences.export_hashed" in actions(shop.ws)

    def test_unknown_columns_are_refused(self, shop: Console) -> None:
        answer = shop.client.post(f"/api/audiences/{everybody(shop)}/export", json={"columns": ["password"]})
        assert (answer.status_code, answer.json()["code"]) == (422, "audiences.column_unknown")


class TestCells:
    @given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
    def test_s5_no_cell_is_a_formula_and_quoting_round_trips(self, rows: list[tuple[str, str]]) -> None:
        content = b"".join(csv_pieces(("a", "b"), rows)).decode("utf-8-sig", "surrogatepass")
        found = list(csv.reader(io.StringIO(content, newline="")))
        for wanted, cells in zip(rows, found[1:], strict=True):
            for value, cell in zip(wanted, cells, strict=True):
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\0"))
                assert cell in {value, f"'{value}"}


class TestLists:
    def test_a_list_becomes_an_audience(self, shop: Console) -> None:
        ids = [member.id for member in people.members_of(shop.ws, by=SYSTEM, member_nos=[1]).values()]
        body = {"name": "名单", "member_ids": [*ids, "mem_none"], "identities": [{"kind": "phone", "value": "138 0013 8001"}]}
        answer = shop.client.post("/api/audiences/list", json=body)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        assert (made["count"], made["unknown"], made["is_list"], made["definition"], made["text"]) == (2, 1, True, None, "")
        lifted = shop.client.post(f"/api/audiences/{made['id']}/members", json={"lift": ids}).json()
        assert lifted["count"] == 1
        explained = shop.client.get(f"/api/audiences/{made['id']}/explain/2").json()
        assert (explained["in"], explained["root"]) == (True, None)
        assert shop.client.post("/api/audiences/preview", json={"definition": {"audience": "名单"}}).json()["count"] == 1
