"""Accounts of vendors in the console: connected through their own forms, diagnosed, and tried with a message to oneself."""

import re

import httpx
from playwright.sync_api import Page, expect

from tests.support.hands import choose
from tests.support.vendors import posting, vending


def test_text_messages_are_connected_and_tried(console: Page, api: httpx.Client) -> None:
    with vending() as vendor:
        vendor.answer = lambda _taken: {"id": "m-1"}
        console.goto("/accounts")
        console.get_by_role("button", name="接入账号").click()
        drawer = console.get_by_role("dialog")
        choose(drawer.get_by_label("平台"), "短信")
        choose(drawer.get_by_label("服务商"), "通用（签名 HTTP）")
        drawer.get_by_label("名称").first.fill("自有网关")
        drawer.get_by_label("AccessKey ID / SecretId").fill("gateway")
        drawer.get_by_label("AccessKey Secret / SecretKey").fill("s3cret")
        drawer.get_by_label("接口地址").fill(vendor.url)
        drawer.get_by_role("button", name="保存").click()
        expect(console.get_by_test_id("check-address")).to_contain_text("可以访问")
        console.get_by_role("button", name="给自己发一条测试").click()
        drawer = console.get_by_role("dialog")
        drawer.get_by_label("手机号").fill("+8613800138000")
        drawer.get_by_role("button", name="发送").click()
        expect(drawer.get_by_text("已被平台接受")).to_be_visible()
        assert vendor.taken[0].body["to"] == ["13800138000"]
        console.keyboard.press("Escape")
        console.get_by_role("tab", name="接入信息").click()
        expect(console.get_by_test_id("secret").first).to_contain_text(re.compile(r"/receipts/acc_\w+/[\w-]+/report"))
    assert any(one["kind"] == "sms" and one["options"]["format"] == "generic" for one in api.get("/api/channels/accounts").json())


def test_a_mail_server_says_what_is_wrong_with_it(console: Page) -> None:
    with posting() as mail:
        console.goto("/accounts")
        console.get_by_role("button", name="接入账号").click()
        drawer = console.get_by_role("dialog")
        choose(drawer.get_by_label("平台"), "邮件")
        drawer.get_by_label("名称").first.fill("品牌邮箱")
        drawer.get_by_label("登录用户名").fill("hi@brand.cn")
        drawer.get_by_label("SMTP 服务器").fill("127.0.0.1")
        choose(drawer.get_by_label("SMTP 加密"), "不加密（仅内网测试）")
        drawer.get_by_label("SMTP 端口").fill(str(mail.port))
        drawer.get_by_label("发件地址").fill("hi@brand.cn")
        drawer.get_by_role("button", name="保存").click()
        expect(console.get_by_test_id("check-mail_server")).to_contain_text("可连接")
        console.get_by_role("button", name="给自己发一条测试").click()
        drawer = console.get_by_role("dialog")
        drawer.get_by_label("邮箱").fill("me@brand.cn")
        drawer.get_by_role("button", name="发送").click()
        expect(drawer.get_by_text("已被平台接受")).to_be_visible()
        assert mail.letters[0].to == ("me@brand.cn",)
        console.keyboard.press("Escape")
    console.get_by_role("button", name="重新检查").click()
    expect(console.get_by_test_id("check-mail_server")).to_contain_text("连接或登录失败")


def test_whoever_opens_a_link_to_leave_is_asked_first(phone: Page, api: httpx.Client) -> None:
    answer = api.get("/u/nobody.AAAA", headers={"accept": "text/html"})
    assert answer.status_code == 404
    phone.goto("/u/nobody.AAAA")
    expect(phone.get_by_role("heading", name="链接无效")).to_be_visible()
