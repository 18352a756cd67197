"""A channel code in the console: made beside its phone, scanned by somebody of the simulated WeChat, counted, and lost again."""

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.support.hands import choose
from tests.support.wechat_beside import connected, waited


@pytest.fixture
def wechat(api: httpx.Client) -> httpx.Client:
    return connected(api)


def test_a_code_from_its_making_to_a_lost_contact(console: Page, api: httpx.Client, wechat: httpx.Client) -> None:
    console.goto("/channel-codes/new")
    console.get_by_label("名称", exact=True).fill("夏季海报")
    choose(console.get_by_role("combobox", name="选择接待员工"), "陈静", typed="陈静")
    console.keyboard.press("Escape")
    text = console.get_by_role("textbox", name="文字")
    text.fill("{{ contact.name }}你好，")
    console.get_by_role("button", name="员工姓名").click()
    phone = console.get_by_label("手机预览")
    expect(phone).to_contain_text("小雨你好，林晓")
    text.fill("{{ contact.nickname }}")
    expect(phone).to_contain_text("不可用")
    text.fill("{{ contact.name }}你好，我是{{ staff.name }}")
    console.get_by_role("button", name="创建").click()
    expect(console.get_by_role("heading", name="夏季海报")).to_be_visible()
    expect(console.get_by_role("img", name="夏季海报的二维码")).to_be_visible()

    code_id = console.url.rpartition("/")[2].partition("?")[0]
    [way] = api.get(f"/api/acquisition/codes/{code_id}").json()["ways"]
    [entrance] = [one for one in api.get("/api/channels/ways").json()["rows"] if one["mark"] == way["state"]]
    wechat.post("/simulator/people", json={"nickname": "夏天", "unionid": "oSummer"}).raise_for_status()
    scanned = wechat.post("/simulator/actions/scan", json={"way": entrance["remote_id"], "person": "oSummer"}).raise_for_status().json()
    assert (scanned["outcome"], scanned["userid"]) == ("added", "chenjing")
    waited(lambda: api.get(f"/api/acquisition/codes/{code_id}").json()["added"] == 1)
    console.reload()
    expect(console.get_by_text("新客 1")).to_be_visible()
    expect(console.get_by_role("row").filter(has_text="陈静")).to_be_visible()

    wechat.post("/simulator/actions/delete_staff", json={"person": "oSummer", "userid": "chenjing"}).raise_for_status()
    waited(lambda: api.get("/api/acquisition/losses").json()["rows"])
    console.goto("/losses")
    row = console.get_by_role("row").filter(has_text="夏季海报")
    expect(row).to_contain_text("客户删除员工")
    row.get_by_role("button", name="处理").click()
    dialog = console.get_by_role("dialog")
    dialog.get_by_label("备注").fill("已电话回访")
    dialog.get_by_role("button", name="保存").click()
    expect(row).to_have_count(0)


def test_a_store_page_asks_nothing_that_it_needs_not(phone: Page, api: httpx.Client, wechat: httpx.Client) -> None:
    [account] = api.get("/api/acquisition/codes/accounts").json()
    code = api.post("/api/acquisition/codes", json={"name": "橱窗", "kind": "store", "account_id": account["id"]}).raise_for_status().json()
    waited(lambda: any(way["has_picture"] for way in api.get(f"/api/acquisition/codes/{code['id']}").json()["ways"]))
    phone.goto(code["page"])
    phone.get_by_role("button", name="查找最近的门店").click()
    expect(phone.get_by_text("没有取得位置，请选择城市。")).to_be_visible()
    phone.get_by_label("或选择城市").select_option(index=1)
    expect(phone.get_by_role("heading", name="活码门店")).to_be_visible()
    expect(phone.get_by_role("img", name="活码门店")).to_be_visible()
