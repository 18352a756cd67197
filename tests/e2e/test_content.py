"""Content in the console: written beside the phone, approved, copied as a script, and the same on a phone."""

import re

import httpx
from playwright.sync_api import Page, expect


def test_a_material_is_written_beside_the_phone_and_approved(console: Page) -> None:
    console.goto("/materials")
    console.get_by_role("button", name="新建素材").first.click()
    console.get_by_role("menuitem", name="文字").click()
    console.wait_for_url(re.compile(r"/materials/new"))
    console.get_by_label("名称", exact=True).fill("换季问候")
    console.get_by_label("文字", exact=True).fill("换季了，")
    console.get_by_role("button", name="客户称呼").click()
    phone = console.get_by_role("figure", name="客户看到的样子")
    expect(phone).to_contain_text("换季了，小雨")
    console.get_by_placeholder("例如：朋友").fill("亲爱的")
    console.get_by_role("button", name="保存并提交审核").click()
    console.wait_for_url(re.compile(r"/materials/cnt_"))
    expect(console.get_by_text("等待审核")).to_be_visible()
    console.get_by_role("button", name="通过", exact=True).click()
    expect(console.get_by_text("使用中 v1")).to_be_visible()
    console.get_by_role("button", name="编辑").click()
    console.get_by_label("文字", exact=True).fill("{{ member.nix }}")
    expect(console.get_by_text("没有变量 member.nix")).to_be_visible()


def test_a_persona_and_an_empty_radar(console: Page) -> None:
    console.goto("/personas")
    console.get_by_role("button", name="新建人设").first.click()
    console.get_by_label("名称").fill("成分党小林")
    console.get_by_label("语气").fill("讲人话")
    console.get_by_role("button", name="保存").click()
    expect(console.get_by_text("成分党小林")).to_be_visible()
    console.goto("/radar")
    expect(console.get_by_text("还没有人打开")).to_be_visible()
    console.get_by_role("tab", name="内容效果").click()
    expect(console.get_by_text("这是先后，不是因果")).to_be_visible()


def test_scripts_on_a_phone(phone: Page, api: httpx.Client) -> None:
    body = {"shelf": "scripts", "kind": "text", "name": "嫌贵怎么回", "draft": {"body": {"text": "一天两块三～"}}}
    made = api.post("/api/content/materials", json=body).json()
    waiting = api.post(f"/api/content/materials/{made['id']}/submission", json={"revision": made["revision"]}).json()
    api.post(f"/api/content/materials/{made['id']}/decision", json={"revision": waiting["revision"], "approves": True})
    phone.goto("/scripts")
    expect(phone.get_by_text("嫌贵怎么回")).to_be_visible()
    expect(phone.get_by_role("button", name="复制")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
