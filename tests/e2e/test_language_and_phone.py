"""Both languages, the width of a phone, and the keyboard alone."""

import re

from playwright.sync_api import Page, expect

PAGES = [
    "overview",
    "members",
    "conflicts",
    "orders",
    "imports",
    "imports/new",
    "events",
    "rejected",
    "organization",
    "stores",
    "staff",
    "users",
    "users?tab=roles",
    "keys",
    "audit",
    "jobs",
    "settings",
    "settings?tab=system",
    "settings?tab=lab",
    "account",
    "first-run",
]


def test_the_language_is_switched_and_kept(console: Page) -> None:
    console.goto("/jobs")
    expect(console.get_by_role("heading", name="任务队列")).to_be_visible()
    console.get_by_test_id("language").click()
    expect(console.get_by_role("heading", name="Job queue")).to_be_visible()
    console.reload()
    expect(console.get_by_role("heading", name="Job queue")).to_be_visible()
    console.get_by_test_id("language").click()
    expect(console.get_by_role("heading", name="任务队列")).to_be_visible()


def test_nothing_is_wider_than_a_phone(phone: Page) -> None:
    wide = []
    for address in PAGES:
        phone.goto(f"/{address}")
        expect(phone.get_by_role("heading", level=1)).to_be_visible()
        phone.wait_for_load_state("networkidle")
        if phone.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(address)
    assert wide == []


def test_the_menu_of_a_phone_leads_on_and_closes(phone: Page) -> None:
    phone.goto("/jobs")
    phone.get_by_role("button", name="菜单").click()
    phone.get_by_role("dialog").get_by_role("menuitem", name="开放接口").click()
    phone.wait_for_url(re.compile("/keys"))
    expect(phone.get_by_role("dialog")).to_have_count(0)


def test_the_keyboard_alone_reaches_a_page(console: Page) -> None:
    console.goto("/jobs")
    expect(console.get_by_role("heading", name="任务队列")).to_be_visible()
    console.keyboard.press("Tab")
    expect(console.get_by_role("link", name="跳到正文")).to_be_focused()
    console.get_by_role("link", name="操作日志").focus()
    console.keyboard.press("Enter")
    console.wait_for_url(re.compile("/audit"))
    expect(console.get_by_role("heading", name="操作日志")).to_be_visible()
