"""Audiences: a nested definition built row by row with its counts, saved, explained, in text, and on a phone."""

import datetime as dt
import re

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.server import Server

_PEOPLE = (("13922220001", "周一鸣", "云州", 3), ("13922220002", "吴二宝", "云州", 1), ("13922220003", "郑三元", "雨州", 0))


@pytest.fixture(scope="module")
def town(server: Server) -> dict[str, int]:
    """Three members of two cities with three, one and no orders; gives their numbers by phone."""
    numbers = {}
    with server.client() as api:
        for phone, name, city, orders in _PEOPLE:
            body = {"identities": [{"kind": "phone", "value": phone}], "attributes": {"name": name, "city": city}}
            numbers[phone] = int(api.post("/api/members", json=body).raise_for_status().json()["member_no"])
            for index in range(orders):
                api.post("/api/orders/batch", json={"orders": [_order(phone, index)]}).raise_for_status()
    return numbers


def _order(phone: str, index: int) -> dict[str, object]:
    at = (dt.datetime.now(dt.UTC) - dt.timedelta(days=index + 1)).isoformat()
    return {
        "shop": "官网",
        "order_no": f"AUD-{phone}-{index}",
        "buyer": {"identities": [{"kind": "phone", "value": phone}]},
        "state": "paid",
        "placed_at": at,
        "paid_at": at,
        "total_minor": 19_900,
        "lines": [{"sku": "A1", "product": "滋养面霜", "qty": 1, "price_minor": 19_900}],
    }


def add(group: Locator, name: str) -> None:
    """Adds a condition to a group by its name in the menu."""
    group.get_by_role("button", name=re.compile("添加条件$")).last.click()
    group.page.get_by_role("menuitem", name=name, exact=True).click()


def choose(row: Locator, label: str, words: str) -> None:
    """Takes what was typed from one of the row's pickers."""
    picker = row.get_by_role("combobox", name=label).first
    picker.click()
    picker.fill(words)
    row.page.locator(".ant-select-dropdown:visible .ant-select-item-option").first.click()


def write(page: Page, text: str) -> None:
    """Writes a definition into the formula."""
    field = page.get_by_label("公式", exact=True)
    expect(field).not_to_have_value("")
    field.fill(text)
    page.keyboard.press("Enter")


def test_a_nested_definition_is_counted_row_by_row_and_saved(console: Page, town: dict[str, int]) -> None:
    console.goto("/audiences/new")
    builder = console.get_by_test_id("builder")
    add(builder, "资料属性（城市、性别…）")
    row = builder.get_by_test_id("condition").first
    expect(row).to_contain_text("还没填完")
    choose(row, "属性", "city")
    row.get_by_label("值", exact=True).fill("云州")
    expect(row.get_by_test_id("node-count")).to_have_text("2 人")
    builder.get_by_role("button", name="添加条件组").click()
    group = builder.get_by_test_id("group").nth(1)
    add(group, "做过某事")
    did = group.get_by_test_id("condition").first
    choose(did, "选择行为", "Order Completed")
    did.get_by_label("值", exact=True).fill("2")
    expect(did.get_by_test_id("node-count")).to_have_text("1 人")
    expect(console.get_by_test_id("total")).to_have_text("1")
    did.get_by_role("button", name="改为排除").click()
    expect(did.get_by_test_id("node-count")).to_contain_text("排除 1 人")
    expect(console.get_by_test_id("total")).to_have_text("1")
    expect(console.get_by_label("公式", exact=True)).to_have_value(re.compile(r'^city is "云州" and any\(not count\(.* within 30d >= 2\)'))
    console.get_by_label("人群名称").fill("云州少购")
    console.get_by_role("button", name="保存").click()
    console.wait_for_url(re.compile(r"/audiences/aud_\w+$"))
    expect(console.get_by_test_id("audience-count")).to_have_text("1")
    assert len(town) == 3


def test_the_formula_and_the_rows_stay_in_step(console: Page, town: dict[str, int]) -> None:
    console.goto("/audiences/new")
    write(console, 'city is "云州" and not count("Order Completed") within 90d >= 2')
    rows = console.get_by_test_id("condition")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("排除")
    expect(console.get_by_test_id("total")).to_have_text("1")
    rows.nth(0).get_by_label("值", exact=True).fill("雨州")
    expect(console.get_by_label("公式", exact=True)).to_have_value(re.compile('city is "雨州"'))
    write(console, 'city is "云州" and and')
    expect(console.get_by_role("alert")).to_contain_text("第 1 行")
    expect(console.get_by_test_id("formula-fault").locator("mark")).to_be_visible()
    expect(rows).to_have_count(2)
    console.keyboard.press("Escape")
    expect(console.get_by_label("公式", exact=True)).to_have_value(re.compile('city is "雨州"'))
    assert len(town) == 3


def test_rows_are_moved_copied_and_undone_with_the_keyboard(console: Page) -> None:
    console.goto("/audiences/new")
    write(console, 'city is "云州" and gender is "女" and name exists')
    rows = console.get_by_test_id("condition")
    expect(rows).to_have_count(3)
    rows.nth(0).get_by_label("比较方式").focus()
    console.keyboard.press("Alt+ArrowDown")
    expect(console.get_by_label("公式", exact=True)).to_have_value(re.compile('^gender is "女" and city'))
    console.get_by_role("button", name="撤销").click()
    expect(console.get_by_label("公式", exact=True)).to_have_value(re.compile('^city is "云州"'))


def test_what_the_server_refuses_is_told_at_its_row(console: Page, town: dict[str, int]) -> None:
    console.goto("/audiences/new")
    write(console, 'city is "云州" and tag "没有/这个标签"')
    bad = console.get_by_test_id("condition").nth(1)
    expect(bad.get_by_role("alert")).to_contain_text("不存在")
    expect(console.get_by_role("button", name="保存")).to_be_disabled()
    bad.get_by_role("button", name="删除").click()
    expect(console.get_by_test_id("total")).to_have_text("2")
    expect(console.get_by_role("button", name="保存")).to_be_enabled()
    assert len(town) == 3


def test_why_a_member_is_in_is_told_with_the_events(console: Page, api: httpx.Client, town: dict[str, int]) -> None:
    body = {"name": "云州买过", "definition": {"all": [{"attribute": "city", "is": "云州"}, {"did": "Order Completed", "within": "90d"}]}}
    made = api.post("/api/audiences", json=body).raise_for_status().json()
    console.goto(f"/audiences/{made['id']}?tab=why")
    picker = console.get_by_role("combobox", name="姓名、手机号、邮箱或编号")
    picker.click()
    picker.fill("13922220002")
    console.get_by_role("option").or_(console.locator(".ant-select-item-option")).filter(has_text=f"#{town['13922220002']}").first.click()
    expect(console.get_by_test_id("why")).to_contain_text("在人群里")
    verdict = console.get_by_test_id("verdict")
    expect(verdict).to_contain_text("付款成功")
    expect(verdict.get_by_label("满足", exact=True)).to_have_count(3)


def test_members_changes_and_overlap_are_shown(console: Page, api: httpx.Client, town: dict[str, int]) -> None:
    first = api.post("/api/audiences", json={"name": "全云州", "definition": {"attribute": "city", "is": "云州"}}).raise_for_status().json()
    second = (
        api.post("/api/audiences", json={"name": "有名字的", "definition": {"attribute": "city", "exists": True}}).raise_for_status().json()
    )
    console.goto(f"/audiences/{first['id']}?tab=members")
    expect(console.get_by_test_id("audience-members")).to_contain_text("共 2 人")
    expect(console.get_by_test_id("audience-members")).not_to_contain_text("13922220001")
    console.get_by_role("tab", name="变化").click()
    expect(console.get_by_role("row").nth(1)).to_contain_text("新建")
    console.goto(f"/audiences/overlap?ids={first['id']},{second['id']}")
    expect(console.get_by_test_id("upset")).to_be_visible()
    expect(console.get_by_role("row").filter(has_text="全云州 ∩ 有名字的")).to_contain_text("2")
    console.goto(f"/members/{town['13922220001']}")
    expect(console.get_by_test_id("member-audiences")).to_contain_text("全云州")


def test_the_builder_is_usable_on_a_phone(phone: Page, town: dict[str, int]) -> None:
    phone.goto("/audiences/new")
    write(phone, 'city is "云州" and (count("Order Completed") within 90d >= 2 or not count("Order Completed") is 0)')
    expect(phone.get_by_test_id("total")).to_have_text("2")
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    phone.get_by_label("人群名称").fill("手机上建的")
    phone.get_by_role("button", name="保存").click()
    phone.wait_for_url(re.compile(r"/audiences/aud_\w+$"))
    phone.goto("/audiences")
    expect(phone.get_by_role("list", name="人群管理")).to_contain_text("手机上建的")
    assert len(town) == 3


def test_audiences_that_fall_behind_are_told_with_their_age(console: Page) -> None:
    since = (dt.datetime.now(dt.UTC) - dt.timedelta(hours=2)).isoformat()
    console.route("**/api/audiences/ticks*", lambda route: route.fulfill(json={"rows": [], "stale_since": since}))
    console.goto("/audiences")
    expect(console.get_by_test_id("stale")).to_contain_text("小时前")


def test_a_template_starts_an_audience(console: Page) -> None:
    console.goto("/audiences")
    console.get_by_role("button", name=re.compile("其他方式")).click()
    console.get_by_role("menuitem", name=re.compile("从模板新建")).click()
    console.get_by_role("dialog").get_by_role("button", name=re.compile("^首购未复购")).click()
    console.wait_for_url(re.compile("template=bought_once"))
    expect(console.get_by_label("人群名称")).to_have_value("首购未复购")
    expect(console.get_by_test_id("condition")).to_have_count(2)


def test_a_guide_is_chosen_by_name_and_unsaved_work_is_not_lost(console: Page, api: httpx.Client) -> None:
    unit = api.post("/api/org/units", json={"code": "AUD-U1", "name": "人群小组", "kind": "headquarters"}).raise_for_status().json()["id"]
    api.post("/api/org/staff", json={"code": "AUD-G1", "name": "梁晓", "unit_id": unit}).raise_for_status()
    console.goto("/audiences/new")
    write(console, "served_by staff S0")
    row = console.get_by_test_id("condition")
    choose(row, "选择员工", "梁晓")
    expect(console.get_by_label("公式", exact=True)).to_have_value(re.compile("AUD-G1"))
    console.get_by_role("link", name="客户列表").first.click()
    asked = console.get_by_role("dialog", name="离开此页？")
    asked.get_by_role("button", name="继续编辑").click()
    expect(asked).to_be_hidden()
    expect(console).to_have_url(re.compile("/audiences/new$"))
    console.get_by_label("人群名称").fill("梁晓的客户")
    console.get_by_role("button", name="保存", exact=True).click()
    expect(console).to_have_url(re.compile("/audiences/aud"))
