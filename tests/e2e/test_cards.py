"""Parcel cards and codes on packages in the console: a design with its preview, a batch with its funnel, a draw that is published."""

import re

import httpx
from playwright.sync_api import Page, expect

LOOK = {"headline": "加店主微信", "offer": "¥2 红包"}


def test_a_design_is_written_beside_its_preview(console: Page) -> None:
    console.goto("/cards/designs/new")
    expect(console.get_by_alt_text("印刷预览")).to_be_visible()
    console.get_by_label("设计", exact=True).fill("包裹卡 甲")
    console.get_by_role("button", name="保存").click()
    console.wait_for_url(re.compile("tab=designs"))
    expect(console.get_by_alt_text("包裹卡 甲")).to_be_visible()


def test_a_batch_shows_its_funnel_as_chart_and_table(console: Page, api: httpx.Client) -> None:
    body = {"name": "包裹卡 乙", "kind": "parcel_card", "hook": "cash", "look": LOOK}
    design = api.post("/api/cards/designs", json=body).raise_for_status().json()["id"]
    batch = api.post("/api/cards/batches", json={"name": "华东首批", "design_id": design, "shipped": 500}).raise_for_status().json()["id"]
    console.goto(f"/cards/batches/{batch}")
    expect(console.get_by_role("heading", name="华东首批")).to_be_visible()
    expect(console.get_by_text("不及格")).to_be_visible()
    console.get_by_text("表", exact=True).click()
    expect(console.get_by_role("cell", name="30 天后仍在")).to_be_visible()


def test_a_draw_is_set_up_and_published(console: Page, api: httpx.Client) -> None:
    body = {"name": "春茶", "product": "春茶 100 g", "codes": 1_000}
    batch = api.post("/api/item-codes/batches", json=body).raise_for_status().json()["id"]
    console.goto(f"/item-codes/{batch}?tab=draw")
    console.get_by_role("button", name="设置抽奖").click()
    console.get_by_role("button", name="公示并开始").click()
    console.locator(".ant-popconfirm .ant-btn-primary").click()
    expect(console.get_by_text("进行中", exact=True)).to_be_visible()
    expect(console.get_by_text("种子的 SHA-256", exact=True)).to_be_visible()
