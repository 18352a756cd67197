"""Printed cards over HTTP: designs with previews, batches, sheets, comparisons, and the page behind a card."""

import io
from typing import Any

from PIL import Image

from tests.http.acquisition.test_item_pages import HEADERS
from tests.support.cards import batch_of, came, code_of, design_of, token_of
from tests.support.console import Console, everything, somebody
from wellspring.acquisition.api import cards as api
from wellspring.acquisition.contracts import Permission
from wellspring.acquisition.models.codes import way_table

LOOK = {"size": "card", "headline": "加店主微信", "offer": "¥2 红包", "steps": ["扫一扫", ""], "color": "#c8102e"}
DESIGN: dict[str, Any] = {"name": "双十一 A", "kind": "parcel_card", "hook": "cash", "gift_cost_minor": 200, "look": LOOK}


class TestConsole:
    def test_the_ladder(self, console: Console) -> None:
        assert console.client.post("/api/cards/designs", json=DESIGN).status_code == 401
        console.by = somebody(Permission.CARD_READ)
        assert console.client.post("/api/cards/designs", json=DESIGN).status_code == 403
        console.by = somebody(Permission.CARD_WRITE)
        made = console.client.post("/api/cards/designs", json=DESIGN)
        assert made.status_code == 201
        assert made.json()["look"]["steps"] == ["扫一扫"]

    def test_a_design_is_edited_previewed_and_archived(self, console: Console) -> None:
        console.by = everything()
        design_id = console.client.post("/api/cards/designs", json=DESIGN).json()["id"]
        address = f"/api/cards/designs/{design_id}"
        assert console.client.put(address, json={**DESIGN, "name": "双十一 B"}).json()["name"] == "双十一 B"
        preview = console.client.post("/api/cards/preview", json={"look": LOOK})
        assert Image.open(io.BytesIO(preview.content)).size == (510, 306)
        assert console.client.get(f"{address}/picture").headers["content-type"] == "image/png"
        assert console.client.put(f"{address}/archive", json={"is_archived": True}).json()["is_archived"]
        assert console.client.get("/api/cards/designs").json()["rows"] == []
        refused = console.client.post("/api/cards/preview", json={"look": {**LOOK, "color": "red;}body{display:none"}})
        assert refused.status_code == 422

    def test_a_batch_is_printed_and_changed(self, console: Console) -> None:
        console.by = everything()
        body = {"name": "首批", "design_id": design_of(console.ws), "shipped": 1_000, "card_cost_minor": 8}
        made = console.client.post("/api/cards/batches", json=body).json()
        address = f"/api/cards/batches/{made['id']}"
        assert made["url"].startswith(f"http://wellspring.test/c/{console.ws.slug}.")
        assert console.client.get(f"{address}/print", params={"sheet": "a3"}).content.startswith(b"%PDF-")
        assert Image.open(io.BytesIO(console.client.get(f"{address}/picture").content)).format == "PNG"
        changed = console.client.patch(address, json={"shipped": 1_200, "shipped_on": "2026-03-01"}).json()
        assert (changed["shipped"], changed["shipped_on"], changed["funnel"]["shipped"]) == (1_200, "2026-03-01", 1_200)
        assert [one["id"] for one in console.client.get("/api/cards/batches").json()["rows"]] == [made["id"]]
        assert console.client.get(f"{address}/leavers").json() == []

    def test_batches_are_compared(self, console: Console) -> None:
        console.by = everything()
        design_id, ids = design_of(console.ws), []
        for name, added in (("A", 10), ("B", 40)):
            code_id = code_of(console.ws, name)
            ids.append(batch_of(console.ws, design_id, 400, code_id=code_id, name=name))
            for number in range(added):
                came(console.ws, code_id, f"{name}{number}", console.ws.clock.now())
        found = console.client.get("/api/cards/compare", params={"batch": ids, "metric": "added"}).json()
        assert [one["verdict"] for one in found["arms"]] == ["", "higher"]
        assert found["arms"][1]["lift"]["estimate"] == 3
        assert console.client.get("/api/cards/compare", params={"batch": ids[:1]}).status_code == 422


class TestPage:
    def test_a_card_is_scanned(self, console: Console) -> None:
        code_id = code_of(console.ws)
        batch_id = batch_of(console.ws, design_of(console.ws), 100, code_id=code_id)
        address = f"/c/{console.ws.slug}.{token_of(console.ws, batch_id)}"
        waiting = console.client.get(address, headers=HEADERS)
        assert "二维码生成中" in waiting.text
        assert console.client.get(f"{address}/picture").status_code == 404
        stored = console.ws.files.put([b"\x89PNG"], name="qr.png", media_type="image/png", purpose="acquisition.code")
        with console.ws.sql.write() as tx:
            tx.execute(way_table.update().values(picture_id=stored.id, standing="ready"))
        ready = console.client.get(address, headers=HEADERS)
        assert f"{address}/picture" in ready.text
        assert console.client.get(f"{address}/picture").content == b"\x89PNG"
        assert "¥2 现金红包" in ready.text
        assert "unsafe" not in ready.headers["content-security-policy"]
        funnel = api.batch(console.ws, batch_id=batch_id).funnel
        assert (funnel.scanned, funnel.scans) == (1, 2)

    def test_addresses_that_lead_nowhere(self, console: Console) -> None:
        for address in (f"/c/{console.ws.slug}.0000000000", "/c/absent.0000000000"):
            answer = console.client.get(address, headers=HEADERS)
            assert answer.status_code == 404
            assert "没有找到这个页面" in answer.text
