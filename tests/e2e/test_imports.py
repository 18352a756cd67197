"""The import wizard, from a file to orders and back."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

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
