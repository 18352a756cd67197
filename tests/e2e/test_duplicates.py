"""Likely duplicates in the console: the search with its progress, the evidence of a pair, and the decision; also on a phone."""

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from wellspring.people.service import comparing

pytestmark = pytest.mark.skipif(not comparing.is_there(), reason="the optional library is not installed: pip install 'wellspring[linkage]'")


def twice(api: httpx.Client, name: str, number: int) -> None:
    """One person by a card, and again by an open id."""
    attributes = {"name": name, "birthday": f"1988-07-{number:02}", "city": "杭州"}
    for kind, namespace in (("card_no", ""), ("openid", "app")):
        identity = {"kind": kind, "namespace": namespace, "value": f"e2e-dup-{number}"}
        api.post("/api/members", json={"identities": [identity], "attributes": attributes}).raise_for_status()


def open_pairs(api: httpx.Client) -> list[str]:
    rows = api.get("/api/conflicts", params={"state": "open"}).raise_for_status().json()["rows"]
    return [row["id"] for row in rows if row["reason"] == "likely_duplicate"]


def searched(page: Page) -> None:
    page.goto("/conflicts")
    page.get_by_role("button", name="查找疑似重复").click()
    page.get_by_role("tooltip").get_by_role("button", name="查找疑似重复").click()
    expect(page.get_by_role("status").filter(has_text="已比对")).to_be_visible()


def test_a_search_is_started_and_a_pair_is_looked_at_and_kept_apart(console: Page, api: httpx.Client) -> None:
    twice(api, "欧阳采薇", 11)
    searched(console)
    (pair,) = open_pairs(api)
    console.get_by_role("row").filter(has_text="可能是同一人").click()
    console.wait_for_url(re.compile(f"/conflicts/{pair}"))
    expect(console.get_by_role("row").filter(has_text="生日")).to_contain_text("一致")
    expect(console.get_by_role("row").filter(has_text="邮编与城市")).to_contain_text("部分一致")
    expect(console.get_by_text("欧阳采薇")).to_have_count(0)
    expect(console.get_by_label("标识换了主人")).to_have_count(0)
    console.get_by_label("不是同一个人，保持独立").check()
    console.get_by_label("原因").fill("同名同生日，电话核实不是")
    console.get_by_role("button", name="确认处理").click()
    console.wait_for_url(re.compile(r"/conflicts$"))
    searched(console)
    assert open_pairs(api) == []


def test_it_works_on_a_phone(phone: Page, api: httpx.Client) -> None:
    twice(api, "司徒映雪", 12)
    searched(phone)
    (pair,) = open_pairs(api)
    phone.goto(f"/conflicts/{pair}")
    expect(phone.get_by_text("为什么像同一个人")).to_be_visible()
    expect(phone.get_by_text("部分一致").first).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    api.post(f"/api/conflicts/{pair}/decide", json={"decision": "merge", "reason": "one person"}).raise_for_status()
