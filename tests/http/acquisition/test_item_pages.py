"""Codes on packages over HTTP: the console's routes, and the page that a customer opens, presses and shows to others."""

import gzip
import re

import pytest

from tests.support.console import Console, everything, somebody
from tests.support.items import batch_of, codes_of, draw_of
from tests.support.tags import ids_of, people_of
from wellspring.acquisition.api import item_codes as api
from wellspring.acquisition.contracts import Permission

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
    " MicroMessenger/8.0.54(0x18003637) NetType/WIFI Language/zh_CN"
)
HEADERS = {"user-agent": PHONE, "accept-language": "zh-CN"}
DRAW = {
    "name": "开盖有奖",
    "rules": "每码一次",
    "budget_minor": 8_800,
    "starts_at": "2026-03-18T00:00:00Z",
    "ends_at": "2026-04-18T00:00:00Z",
    "prizes": [{"name": "红包", "kind": "cash", "count": 1, "value_minor": 8_800}],
}


@pytest.fixture
def address(console: Console) -> str:
    """The page of the first code of a batch whose every ticket wins."""
    batch_id = batch_of(console.ws, 1)
    console.by = everything()
    draw = {**DRAW, "prizes": [{**DRAW["prizes"][0], "count": 1}]}  # type: ignore[index]
    made = console.client.put(f"/api/item-codes/batches/{batch_id}/draw", json=draw)
    assert made.status_code == 200, made.text
    assert console.client.post(f"/api/item-codes/draws/{made.json()['id']}/publication").json()["state"] == "published"
    return f"/i/{console.ws.slug}.{codes_of(console.ws, batch_id, 1)[0]}"


class TestPage:
    def test_scan_press_and_show_to_another(self, console: Console, address: str) -> None:
        first = console.client.get(address, headers=HEADERS)
        assert first.status_code == 200
        assert "正品验证通过" in first.text
        assert "验证并抽奖" in first.text
        assert "1 / 1" in first.text
        cookie = first.headers["set-cookie"]
        assert all(word in cookie for word in ("HttpOnly", "SameSite=lax"))
        pressed = console.client.post(address, headers=HEADERS)
        assert "恭喜，您抽中了" in pressed.text
        assert console.client.post(address, headers=HEADERS).text == pressed.text
        console.client.cookies.clear()
        other = console.client.get(address, headers={**HEADERS, "accept-language": "en"})
        assert "Verified before" in other.text
        assert "You have won" not in other.text
        assert console.client.post(address, headers=HEADERS).status_code == 200

    def test_the_page_runs_nothing_and_loads_nothing_from_elsewhere(self, console: Console, address: str) -> None:
        answer = console.client.get(address, headers=HEADERS)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "<script" not in answer.text
        assert not re.search(r"(src|href)=\"https?:", answer.text)
        assert len(gzip.compress(answer.content)) < 4_000

    def test_without_the_cookie_nothing_is_pressed(self, console: Console, address: str) -> None:
        console.client.cookies.clear()
        assert "验证并抽奖" in console.client.post(address, headers=HEADERS).text

    def test_machines_are_answered_and_not_counted(self, console: Console, address: str) -> None:
        for agent in ("curl/8.5.0", "Mozilla/5.0 (compatible; Baiduspider/2.0)"):
            answer = console.client.get(address, headers={"user-agent": agent})
            assert answer.status_code == 200
            assert "set-cookie" not in answer.headers
        assert api.batches(console.ws).rows[0].scanned == 0

    def test_wrong_codes_are_unknown_then_slowed_down(self, console: Console, address: str) -> None:
        wrong = f"/i/{console.ws.slug}.{'0' * 20}"
        answers = [console.client.get(wrong, headers=HEADERS) for _ in range(11)]
        assert [one.status_code for one in answers] == [404] * 10 + [429]
        assert "没有查到这个码" in answers[0].text
        assert answers[-1].headers["retry-after"] == "600"
        assert console.client.get(address, headers=HEADERS).status_code == 429
        assert console.client.post(wrong, headers=HEADERS).status_code == 429

    def test_brands_that_are_not_there(self, console: Console) -> None:
        assert console.client.get("/i/absent.00000000000000000000", headers=HEADERS).status_code == 404
        assert console.client.post("/i/absent.00000000000000000000", headers=HEADERS).status_code == 404
        assert console.client.get(f"/i/{console.ws.slug}.{'0' * 20}/picture", headers=HEADERS).status_code == 404


class TestConsole:
    def test_the_ladder(self, console: Console) -> None:
        body = {"name": "新茶", "product": "新茶 100 g", "codes": 1_000}
        assert console.client.post("/api/item-codes/batches", json=body).status_code == 401
        console.by = somebody(Permission.ITEM_READ)
        assert console.client.post("/api/item-codes/batches", json=body).status_code == 403
        console.by = somebody(Permission.ITEM_WRITE)
        made = console.client.post("/api/item-codes/batches", json=body)
        assert made.status_code == 201
        address = f"/api/item-codes/batches/{made.json()['id']}"
        assert console.client.get(f"{address}/list").status_code == 403
        console.by = somebody(Permission.ITEM_EXPORT)
        packed = console.client.get(f"{address}/list", params={"last": 5})
        lines = gzip.decompress(packed.content).decode("utf-8-sig").split()
        assert len(lines) == 6
        assert lines[1].split(",")[1].startswith(f"http://wellspring.test/i/{console.ws.slug}.")
        assert console.client.get(f"{address}/pictures", params={"last": 2}).content[:2] == b"PK"

    def test_a_batch_is_changed_made_void_and_told(self, console: Console) -> None:
        console.by = everything()
        batch_id = batch_of(console.ws, 10)
        address = f"/api/item-codes/batches/{batch_id}"
        assert console.client.patch(address, json={"codes": 20}).status_code == 422
        assert console.client.patch(address, json={"state": "void", "note": "运输途中丢失"}).json()["state"] == "void"
        figures = console.client.get(f"{address}/figures").json()
        assert (figures["days"], figures["suspects"], figures["funnel"]["shipped"]) == ([], [], 10)
        assert console.client.get("/api/item-codes/batches").json()["total"] == 1
        assert console.client.get("/api/item-codes/batches/pkg_absent").status_code == 404

    def test_a_member_binds_draws_and_gets_the_prize(self, console: Console) -> None:
        console.by = everything()
        batch_id = batch_of(console.ws, 4)
        draw_id = draw_of(console.ws, batch_id)
        member_id = ids_of(console.ws, people_of(console.ws, 1))[0]
        code = codes_of(console.ws, batch_id, 1)[0]
        body = {"code": code, "member_id": member_id, "draws": True}
        bound = console.client.post("/api/item-codes/bind", json=body).json()
        assert (bound["standing"], bound["ticket"]) == ("mine", 0)
        awards = console.client.get(f"/api/item-codes/draws/{draw_id}/awards", params={"state": "waiting"}).json()["rows"]
        assert [one["member_id"] for one in awards] == [member_id]
        handed = f"/api/item-codes/draws/{draw_id}/awards/{awards[0]['ticket']}/handover"
        assert console.client.post(handed).status_code == 204
        assert console.client.post(handed).status_code == 409
        assert console.client.get(f"/api/item-codes/draws/{draw_id}").json()["seed"] is None
        assert console.client.post(f"/api/item-codes/draws/{draw_id}/end").json()["code"] == "acquisition.draw_running"
