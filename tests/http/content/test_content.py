"""Content over HTTP: the ladder, writing to sending, files, previews, what members open, radar and effect."""

import io

import pytest
from PIL import Image

from tests.support.console import Console, somebody
from tests.support.content import member
from wellspring.content import api as content
from wellspring.content.contracts import Permission
from wellspring.content.service import opening
from wellspring.people import api as people
from wellspring.people.contracts import Permission as People

PHONE = {"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.54"}
BOT = {"user-agent": "Mozilla/5.0 (compatible; bingbot/2.0)"}
URL = "https://shop.example.com/p/1"


@pytest.fixture
def editor(console: Console) -> Console:
    console.by = somebody(*Permission, *People)
    return console


def made(console: Console, text: str = "你好", kind: str = "text", **draft: object) -> dict[str, object]:
    body = {"kind": kind, "name": "问候", "draft": {"body": {"text": text}, **draft}}
    answer = console.client.post("/api/content/materials", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def sendable(console: Console, material: dict[str, object]) -> dict[str, object]:
    place = f"/api/content/materials/{material['id']}"
    waiting = console.client.post(f"{place}/submission", json={"revision": material["revision"]})
    assert waiting.status_code == 200, waiting.text
    decided = console.client.post(f"{place}/decision", json={"revision": waiting.json()["revision"], "approves": True})
    assert decided.status_code == 200, decided.text
    return dict(decided.json())


def address_of(console: Console, material: dict[str, object], number: int) -> str:
    found = content.render(console.ws, content_id=str(material["id"]), member_nos=[number], context={}, origin="campaign:1")[0]
    assert found.body is not None
    text = found.body.attachments[0].url if found.body.attachments else found.body.text
    return text[text.index("/t/") :]


class TestMaterials:
    def test_the_ladder(self, console: Console) -> None:
        body = {"kind": "text", "name": "x", "draft": {}}
        assert console.client.post("/api/content/materials", json=body).status_code == 401
        console.by = somebody(Permission.MATERIAL_READ)
        assert console.client.post("/api/content/materials", json=body).status_code == 403
        assert console.client.get("/api/content/materials").json()["rows"] == []
        console.by = somebody(Permission.MATERIAL_WRITE)
        assert console.client.post("/api/content/materials", json=body).status_code == 201

    def test_from_writing_to_sending_and_back(self, editor: Console) -> None:
        material = made(editor)
        place = f"/api/content/materials/{material['id']}"
        assert (material["version"], material["latest_state"]) == (0, "draft")
        approved = sendable(editor, material)
        assert (approved["version"], approved["state"]) == (1, "approved")
        change = {"revision": approved["revision"], "name": "问候二", "tags": [{"dimension": "scene", "name": "换季"}]}
        edited = editor.client.put(place, json={**change, "draft": {"body": {"text": "您好"}}}).json()
        assert (edited["version"], edited["latest"], edited["tags"][0]["name"]) == (1, 2, "换季")
        stale = editor.client.put(place, json=change)
        assert (stale.status_code, stale.json()["code"]) == (409, "content.edited")
        detail = editor.client.get(place).json()
        assert detail["latest"]["draft"]["body"]["text"] == "您好"
        assert [one["number"] for one in editor.client.get(f"{place}/versions").json()] == [2, 1]
        copy = editor.client.post(f"{place}/copies", json={"name": "问候三"}).json()
        assert editor.client.delete(f"/api/content/materials/{copy['id']}").status_code == 204
        assert editor.client.delete(place).status_code == 409
        assert editor.client.put(f"{place}/retirement", json={"is_retired": True}).json()["state"] == "retired"
        assert editor.client.get("/api/content/materials").json()["total"] == 0

    def test_what_cannot_be_sent_says_everything_that_is_wrong(self, editor: Console) -> None:
        material = made(editor, "{{ member.nix }}", "link")
        answer = editor.client.post(f"/api/content/materials/{material['id']}/submission", json={"revision": 1})
        assert answer.status_code == 422
        assert [one["code"] for one in answer.json()["errors"]] == ["content.variable_unknown", "content.part_missing"]

    def test_a_script_is_copied(self, editor: Console) -> None:
        material = sendable(editor, made(editor, "{{ member.name }}，我是{{ staff.name | default: '顾问' }}"))
        copied = editor.client.post(f"/api/content/materials/{material['id']}/uses", json={})
        assert copied.json() == {"text": "〔客户称呼〕，我是顾问", "missing": ["member.name"]}
        assert editor.client.get(f"/api/content/materials/{material['id']}").json()["material"]["uses"] == 1

    def test_long_articles_are_taken(self, editor: Console) -> None:
        material = made(editor, "", "article", article={"title": "长文", "text": "好" * 20_000})
        assert sendable(editor, material)["version"] == 1


class TestEditing:
    def test_folders_tags_variables_and_rules(self, editor: Console) -> None:
        folder = editor.client.post("/api/content/folders", json={"shelf": "scripts", "name": "开场白"}).json()
        assert editor.client.patch(f"/api/content/folders/{folder['id']}", json={"name": "破冰"}).status_code == 204
        assert [one["name"] for one in editor.client.get("/api/content/folders?shelf=scripts").json()] == ["破冰"]
        assert editor.client.delete(f"/api/content/folders/{folder['id']}").status_code == 204
        paths = {one["path"]: one for one in editor.client.get("/api/content/variables").json()}
        assert paths["member.name"]["is_personal"]
        assert paths["member.last_order_on"]["type"] == "date"
        rules = {"needs_approval": False, "needs_second_person": False, "effect_days": 14}
        assert editor.client.put("/api/content/rules", json=rules).json() == rules
        assert editor.client.get("/api/content/rules").json() == rules
        assert editor.client.get("/api/content/tags").json() == []

    def test_files_are_told_by_what_they_are(self, editor: Console) -> None:
        picture = io.BytesIO()
        Image.new("RGB", (8, 8), "#0b7a64").save(picture, "PNG")
        kept = editor.client.post("/api/content/files", files={"file": ("a.png", picture.getvalue())})
        assert (kept.status_code, kept.json()["media_type"]) == (201, "image/png")
        found = editor.client.get(f"/api/content/files/{kept.json()['id']}")
        assert found.content == picture.getvalue()
        assert found.headers["x-content-type-options"] == "nosniff"
        for name, body in (
            ("a.png", b"<html>nothing of a picture</html>"),
            ("b.svg", b"<svg onload=alert(1)>"),
            ("c.png", b"\x89PNG\r\n\x1a\nbroken"),
        ):
            refused = editor.client.post("/api/content/files", files={"file": (name, body)})
            assert (refused.status_code, refused.json()["code"]) == (422, "content.file_unusable")
        assert editor.client.get("/api/content/files/file_none").status_code == 404

    def test_preview_for_a_member_shows_names_to_those_who_may_see_them(self, editor: Console) -> None:
        number = member(editor.ws, "u1", name="王小雨", 肤质="干性")
        member_id = people.members_of(editor.ws, by=editor.by, member_nos=[number])[number].id
        text = "{{ member.name }}，{{ member.attributes.肤质 }}，{{ member.last_product }}"
        asked = {"kind": "text", "draft": {"body": {"text": text}}, "member_id": member_id}
        found = editor.client.post("/api/content/preview", json=asked).json()
        assert found["body"]["text"] == "王小雨，干性，〔最近购买的商品〕"
        assert (found["missing"], found["problems"]) == (["member.last_product"], [])
        editor.by = somebody(Permission.MATERIAL_READ, People.MEMBER_READ)
        assert editor.client.post("/api/content/preview", json=asked).json()["body"]["text"].startswith("王**，")
        example = editor.client.post("/api/content/preview", json={**asked, "member_id": None}).json()
        assert example["body"]["text"].startswith("小雨，")
        assert editor.client.post("/api/content/preview", json={**asked, "member_id": "mem_none"}).status_code == 404

    def test_preview_of_what_is_no_template(self, editor: Console) -> None:
        asked = {"kind": "text", "draft": {"body": {"text": "{% if %}"}}}
        found = editor.client.post("/api/content/preview", json=asked).json()
        assert [one["code"] for one in found["problems"]] == ["content.syntax"]

    def test_a_poster_is_drawn(self, editor: Console) -> None:
        blocks = [{"kind": "text", "x": 50, "y": 50, "width": 900, "text": "{{ brand.name }} {{ staff.name }}"}]
        asked = {"kind": "poster", "draft": {"poster": {"width": 400, "height": 600, "blocks": blocks}}}
        found = editor.client.post("/api/content/preview/poster", json=asked)
        assert Image.open(io.BytesIO(found.content)).size == (400, 600)


class TestPersonas:
    def test_made_changed_listed(self, editor: Console) -> None:
        body = {"kind": "expert", "name": "成分党小林", "tone": "讲人话", "mix": [{"topic": "换季", "share": 60}], "staff_ids": ["stf_1"]}
        made_ = editor.client.post("/api/content/personas", json=body).json()
        changed = editor.client.put(f"/api/content/personas/{made_['id']}", json={**body, "revision": 1, "tone": "温柔"})
        assert (changed.json()["tone"], changed.json()["revision"]) == ("温柔", 2)
        assert editor.client.put(f"/api/content/personas/{made_['id']}", json={**body, "revision": 1}).status_code == 409
        assert editor.client.post("/api/content/personas", json=body).json()["code"] == "content.name_taken"
        assert [one["name"] for one in editor.client.get("/api/content/personas").json()] == ["成分党小林"]
        topics = editor.client.get(f"/api/content/personas/{made_['id']}/topics").json()
        assert topics == [{"topic": "换季", "wanted": 60, "uses": 0}]
        too_much = {**body, "name": "b", "mix": [{"topic": "a", "share": 60}, {"topic": "b", "share": 60}]}
        assert editor.client.post("/api/content/personas", json=too_much).status_code == 422


class TestLinks:
    def test_leads_people_on_and_counts_machines_apart(self, editor: Console) -> None:
        number = member(editor.ws, "u1", name="王小雨")
        material = sendable(editor, made(editor, f"看 {URL}"))
        address = address_of(editor, material, number)
        for headers in (BOT, PHONE, PHONE):
            answer = editor.client.get(address, headers=headers, follow_redirects=False)
            assert (answer.status_code, answer.headers["location"]) == (302, URL)
        opening.step(editor.ws)
        rows = editor.client.get("/api/content/radar").json()["rows"]
        assert [(row["member_name"], row["content_name"], row["url"]) for row in rows] == [("王**", "问候", URL)]
        effects = editor.client.get("/api/content/effects?by=hour").json()
        assert (effects["rows"], effects["currency"]) == ([], "CNY")
        editor.by = somebody(Permission.MATERIAL_READ)
        assert editor.client.get("/api/content/radar").status_code == 403

    def test_an_article_is_a_page_that_tells_how_far_it_was_read(self, editor: Console) -> None:
        number = member(editor.ws, "u1")
        material = sendable(editor, made(editor, "", "article", article={"title": "<指南>", "text": "# 一\n\n**好**"}))
        address = address_of(editor, material, number)
        page = editor.client.get(address, headers=PHONE)
        assert (page.status_code, "&lt;指南&gt;" in page.text, "<strong>好</strong>" in page.text) == (200, True, True)
        assert "script-src 'nonce-" in page.headers["content-security-policy"]
        assert editor.client.post(f"{address}/reading", json={"seconds": 20, "percent": 80}, headers=PHONE).status_code == 204
        assert opening.step(editor.ws) == 1

    @pytest.mark.parametrize("token", ["nix", "demo.AAAAAAAAAAAAAAAAAAAAAAA", "none.AAAA"])
    def test_nobody_was_sent_this(self, editor: Console, token: str) -> None:
        answer = editor.client.get(f"/t/{token}", headers=PHONE)
        assert (answer.status_code, "链接已失效" in answer.text) == (404, True)
        assert editor.client.post(f"/t/{token}/reading", json={"seconds": 1, "percent": 1}, headers=PHONE).status_code == 404
