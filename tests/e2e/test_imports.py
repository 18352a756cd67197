"""The import wizard, from a file to orders and back."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.support.hands import choose

ORDERS = """订单编号,订单创建时间,买家手机号,总金额,实付金额,商品名称,备注
E2E-1,2026-01-05 10:00:00,13900001001,100.00,100.00,山茶花润肤乳,送礼
E2E-2,2026-01-06 11:30:00,13900001002,58.50,58.50,洁面慕斯,
E2E-3,2026-01-07 09:15:00,13900001001,20.10,0,唇膏,
E2E-4,不是时间,13900001003,33.00,33.00,唇膏,
"""


def upload(page: Page, file: Path) -> None:
    """Drops a file on the first step and waits for the second."""
    page.goto("/imports/new?kind=orders")
    page.locator("input[type=file]").set_input_files(file)
    page.wait_for_url(re.compile(r"/imports/(?!new)\w+"))
    expect(page.get_by_test_id("mapping")).to_be_visible()


def test_a_file_in_gbk_goes_in_and_comes_back_out(console: Page, tmp_path: Path) -> None:
    file = tmp_path / "订单.csv"
    file.write_bytes(ORDERS.encode("gbk"))
    upload(console, file)
    mapping = console.get_by_test_id("mapping")
    expect(mapping.get_by_title("订单编号")).to_be_visible()
    expect(mapping.get_by_text("E2E-1")).to_be_visible()
    console.get_by_role("button", name="试运行").click()
    report = console.get_by_test_id("dry-run")
    expect(report).to_contain_text("3 行合格，1 行会被拒")
    expect(report).to_contain_text("时间无法识别")
    console.get_by_role("button", name="开始导入").click()
    result = console.get_by_test_id("import-result")
    expect(result).to_contain_text("收下 3 行，被拒 1 行", timeout=30_000)
    with console.expect_download() as rejects:
        console.get_by_role("button", name="下载被拒的行").click()
    assert "E2E-4" in Path(rejects.value.path()).read_text(encoding="utf-8-sig")
    console.goto("/orders")
    expect(console.get_by_text("E2E-2", exact=True)).to_be_visible()
    console.go_back()
    console.get_by_role("button", name="撤销整次导入").click()
    console.get_by_role("dialog").get_by_role("button", name="撤销整次导入").click()
    expect(console.get_by_test_id("import-result")).to_contain_text("已全部撤销", timeout=30_000)


def test_a_file_without_what_is_needed_cannot_be_tried(console: Page, tmp_path: Path) -> None:
    file = tmp_path / "unknown.csv"
    file.write_text("甲,乙\n1,2\n", encoding="utf-8")
    upload(console, file)
    expect(console.get_by_role("button", name="试运行")).to_be_disabled()
    expect(console.get_by_text("还缺：")).to_contain_text("订单号")


OLIST = {
    "olist_orders_dataset.csv": (
        "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date\n"
        "o1,k1,delivered,2018-01-05 10:00:00,2018-01-05 10:05:00,\no2,k2,delivered,2018-01-06 11:00:00,2018-01-06 11:02:00,\n"
    ),
    "olist_order_items_dataset.csv": (
        "order_id,order_item_id,product_id,seller_id,price,freight_value\no1,1,p1,s1,58.90,13.29\no2,1,p1,s1,239.90,19.93\n"
    ),
    "olist_order_payments_dataset.csv": (
        "order_id,payment_sequential,payment_type,payment_installments,payment_value\no1,1,credit_card,1,72.19\no2,1,boleto,1,259.83\n"
    ),
    "olist_customers_dataset.csv": (
        "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state\n"
        "k1,u1,14409,franca,SP\nk2,u2,09790,sao bernardo do campo,SP\n"
    ),
}


def test_related_tables_go_in_as_one_import(console: Page, tmp_path: Path) -> None:
    for name, text in OLIST.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    console.goto("/imports/new?kind=orders")
    console.locator("input[type=file]").set_input_files([tmp_path / name for name in OLIST])
    console.wait_for_url(re.compile(r"/imports/(?!new)\w+"))
    files = console.get_by_test_id("files")
    for name in OLIST:
        expect(files.get_by_text(name)).to_be_visible()
    for role in ("订单", "订单行", "支付", "买家"):
        expect(files.get_by_text(role, exact=True)).to_be_visible()
    expect(console.get_by_text("Olist 电商（最多九张表）")).to_be_visible()
    console.get_by_role("button", name="试运行").click()
    expect(console.get_by_test_id("dry-run")).to_contain_text("全部合格")
    console.get_by_role("button", name="开始导入").click()
    expect(console.get_by_test_id("import-result")).to_contain_text("导入完成", timeout=30_000)


def test_a_preset_reads_a_file_without_a_header(console: Page, tmp_path: Path) -> None:
    file = tmp_path / "CDNOW_sample.txt"
    file.write_text(" 00004  1 19970101  2   29.33\n 00004  1 19970118  2   29.73\n 00021  2 19970101  3   63.34\n", encoding="utf-8")
    console.goto("/imports/new?kind=orders")
    choose(console.get_by_label("预设（常见来源的文件，不必逐列对应）"), "CDNOW 购买记录")
    console.locator("input[type=file]").set_input_files(file)
    console.wait_for_url(re.compile(r"/imports/(?!new)\w+\?preset=cdnow"))
    expect(console.get_by_test_id("files")).to_contain_text("customer、sample、date、quantity、amount")
    console.get_by_role("button", name="试运行").click()
    expect(console.get_by_test_id("dry-run")).to_contain_text("3 行全部合格")
