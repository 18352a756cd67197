"""Coming in: by link, by password, with a second factor; and going out."""

import datetime as dt
import re

import httpx
import pyotp
from playwright.sync_api import Page, expect


def invited(api: httpx.Client, email: str) -> str:
    """A new operator's one-time link."""
    made = api.post(
        "/api/users", json={"name": "周岚", "email": email, "roles": ["operator"], "unit_ids": [], "locale": "zh-CN"}
    ).raise_for_status()
    return str(api.post(f"/api/users/{made.json()['id']}/link").raise_for_status().json()["url"])


def path_of(url: str) -> str:
    """The part of a printed link that belongs to whichever address the server has."""
    return url[url.index("/sign-in") :]


def test_a_link_opens_the_console_once(stranger: Page, api: httpx.Client) -> None:
    link = path_of(invited(api, "link-once@example.com"))
    stranger.goto(link)
    stranger.wait_for_url(re.compile(r"/(first-run|overview)"))
    stranger.context.clear_cookies()
    stranger.goto(link)
    expect(stranger.get_by_role("alert")).to_be_visible()
    expect(stranger.get_by_label("邮箱")).to_be_visible()


def test_a_page_asks_for_sign_in_first_and_is_shown_after_it(stranger: Page, api: httpx.Client) -> None:
    stranger.goto(path_of(invited(api, "password@example.com")))
    stranger.wait_for_url(re.compile(r"/(first-run|overview)"))
    stranger.goto("/account")
    stranger.get_by_label("新密码").fill("correct horse battery")
    stranger.get_by_label("再输一次").fill("correct horse battery")
    stranger.get_by_role("button", name="设置密码").click()
    expect(stranger.get_by_text("密码已更新")).to_be_visible()
    stranger.get_by_test_id("account-menu").click()
    stranger.get_by_text("退出登录").click()
    stranger.wait_for_url(re.compile("/sign-in"))
    stranger.goto("/jobs?state=done")
    stranger.wait_for_url(re.compile(r"/sign-in\?next="))
    stranger.get_by_label("邮箱").fill("password@example.com")
    stranger.get_by_label("密码").fill("wrong password")
    stranger.get_by_role("button", name="登录", exact=True).click()
    expect(stranger.get_by_role("alert")).to_be_visible()
    stranger.get_by_label("密码").fill("correct horse battery")
    stranger.get_by_role("button", name="登录", exact=True).click()
    stranger.wait_for_url(re.compile(r"/jobs\?state=done"))


def test_a_second_factor_is_set_up_and_asked_for(stranger: Page, api: httpx.Client) -> None:
    stranger.goto(path_of(invited(api, "totp@example.com")))
    stranger.wait_for_url(re.compile(r"/(first-run|overview)"))
    stranger.goto("/account")
    stranger.get_by_role("button", name="开启两步验证").click()
    secret = stranger.get_by_test_id("secret").inner_text()
    now = api.get("/lab/clock").json()["now"]
    stranger.locator(".ant-otp input").first.click()
    stranger.keyboard.type(pyotp.TOTP(secret).at(dt.datetime.fromisoformat(now)))
    stranger.get_by_role("button", name="确认开启").click()
    expect(stranger.get_by_text("已开启", exact=True)).to_be_visible()
