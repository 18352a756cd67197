"""An empty workspace: what it offers, and the demo brand from the button to the overview."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.server import running

# Two months of a brand; a year is as many rows more, and no other page.
DEMO_DAYS = 60
DEMO_MS_MAX = 240_000


@pytest.mark.slow
def test_the_demo_brand_is_loaded_from_the_first_page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    with running(tmp_path_factory.mktemp("first") / "home", WELLSPRING_LAB="1", WELLSPRING_DEMO_DAYS=str(DEMO_DAYS)) as server:
        context = browser.new_context(base_url=server.url, locale="zh-CN")
        page = context.new_page()
        page.goto(server.sign_in_link())
        page.wait_for_url(re.compile("/first-run"))
        page.get_by_role("button", name="载入演示品牌").click()
        expect(page.get_by_test_id("demo-progress")).to_be_visible()
        # The page may be left and opened again while the brand is loading.
        page.reload()
        page.get_by_role("button", name="进入数据概览").click(timeout=DEMO_MS_MAX)
        expect(page.get_by_test_id("figures")).to_be_visible()
        expect(page.get_by_role("heading", name="数据概览")).to_be_visible()
        charts_have_tables(page)
        context.close()


def charts_have_tables(page: Page) -> None:
    """Every chart shows its numbers as a table too."""
    page.get_by_text("表", exact=True).first.click()
    expect(page.get_by_role("columnheader", name="新客")).to_be_visible()


def test_an_import_is_offered_beside_it(console: Page) -> None:
    console.goto("/first-run")
    console.get_by_role("button", name="导入文件").click()
    console.wait_for_url(re.compile(r"/imports/new\?kind=orders"))
