"""Users, roles, keys and the audit log."""

import httpx
from playwright.sync_api import Page, expect

from tests.support.hands import choose


def test_a_colleague_is_invited_with_a_role_and_gets_a_link(console: Page) -> None:
    console.goto("/users")
    console.get_by_role("button", name="新建用户").click()
    drawer = console.get_by_role("dialog")
    drawer.get_by_label("姓名").fill("陈静")
    drawer.get_by_label("邮箱").fill("chen@example.com")
    choose(drawer.get_by_label("角色"), "分析师")
    console.keyboard.press("Escape")
    drawer.get_by_role("button", name="保存").click()
    row = console.get_by_role("row", name="陈静")
    expect(row).to_contain_text("分析师")
    row.get_by_role("button", name="登录链接").click()
    expect(console.get_by_test_id("secret")).to_contain_text("/sign-in?workspace=main&token=")


def test_a_role_of_our_own_is_made_in_the_matrix(console: Page, api: httpx.Client) -> None:
    console.goto("/users?tab=roles")
    console.get_by_role("button", name="新建角色").click()
    drawer = console.get_by_role("dialog")
    drawer.get_by_label("中文名称").fill("客服")
    drawer.get_by_label("英文名称").fill("Support")
    drawer.get_by_label("查看会员（脱敏）").check()
    drawer.get_by_role("button", name="保存").click()
    expect(console.get_by_role("button", name="客服")).to_be_visible()
    made = next(role for role in api.get("/api/roles").json()["rows"] if role["zh"] == "客服")
    assert made["permissions"] == ["people:member:read"]


def test_a_write_key_is_shown_once_works_and_is_rotated(console: Page, api: httpx.Client) -> None:
    console.goto("/keys")
    console.get_by_role("button", name="新建密钥").first.click()
    drawer = console.get_by_role("dialog")
    drawer.get_by_label("名称").fill("小程序商城")
    drawer.get_by_role("button", name="生成密钥").click()
    secret = console.get_by_test_id("secret").first.inner_text()
    expect(console.get_by_text("密钥只显示这一次")).to_be_visible()
    expect(console.get_by_text("curl", exact=True)).to_be_visible()
    sent = httpx.post(
        f"{api.base_url}/v1/track", auth=(secret, ""), json={"userId": "e2e-key", "event": "Product Viewed"}, trust_env=False, timeout=60
    )
    assert sent.status_code == httpx.codes.OK
    console.get_by_role("button", name="我已保存").click()
    row = console.get_by_role("row", name="小程序商城")
    expect(row).to_contain_text("写入密钥")
    row.get_by_role("button", name="轮换").click()
    console.get_by_role("dialog").get_by_role("button", name="轮换").click()
    expect(console.get_by_test_id("secret").first).not_to_have_text(secret)


def test_the_audit_log_shows_what_was_done_and_is_whole(console: Page) -> None:
    console.goto("/audit?action=access.session_started")
    expect(console.get_by_role("row", name="登录控制台").first).to_be_visible()
    console.get_by_role("button", name="校验完整性").click()
    expect(console.get_by_test_id("audit-verdict")).to_contain_text("日志完整")
