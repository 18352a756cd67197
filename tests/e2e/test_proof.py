"""The holdout is set up, resized and drawn anew in the console; pages without anything to compare say what to do first."""

import re

import httpx
from playwright.sync_api import Page, expect


def test_a_holdout_is_set_up_and_seen(console: Page, api: httpx.Client) -> None:
    api.delete("/api/holdout")
    console.goto("/holdout")
    expect(console.get_by_text("还没有全局对照组")).to_be_visible()
    console.get_by_role("button", name="开始").click()
    expect(console.get_by_text("当前全局对照组")).to_be_visible()
    held = api.get("/api/holdout").json()
    assert (held["experiment"]["control_basis_points"], held["experiment"]["refresh_days"]) == (500, 180)
    console.get_by_role("button", name="立即重抽").click()
    console.get_by_role("tooltip").get_by_role("button", name=re.compile("确 ?定")).click()
    drawn = int(held["experiment"]["origin_id"]) + 1
    expect(console.get_by_text(re.compile(f"第 ?{drawn} ?次"))).to_be_visible()
    assert int(api.get("/api/holdout").json()["experiment"]["origin_id"]) == drawn
    console.get_by_role("link", name="查看报告").click()
    expect(console.get_by_role("heading", name="全局对照组")).to_be_visible()
    expect(console.get_by_text("事先声明的判定方式")).to_be_visible()
    api.delete("/api/holdout")


def test_effects_say_what_to_do_first_and_speak_english(console: Page) -> None:
    console.goto("/effects?days=30")
    expect(console.get_by_text("这段时间没有留对照组的活动")).to_be_visible()
    console.goto("/experiments?state=ended")
    expect(console.get_by_role("tab", name="已结束")).to_have_attribute("aria-selected", "true")
