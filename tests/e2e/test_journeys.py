"""SOPs in the console: made from a plain list."""

import re

from playwright.sync_api import Page, expect


def test_an_sop_is_a_plain_list(console: Page) -> None:
    console.goto("/sops?kind=sop_group")
    console.get_by_role("button", name="新建 SOP").first.click()
    console.get_by_label("名称").fill("社群三天")
    console.get_by_role("dialog").get_by_role("button", name="新建").click()
    expect(console.get_by_role("heading", name=re.compile("社群三天"))).to_be_visible()
    expect(console.get_by_role("button", name="添加一步")).to_be_visible()
