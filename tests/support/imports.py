"""Files for imports, made by the tests themselves, and a short way to run one."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from wellspring.imports import api
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.stores.log import rows
from wellspring.kernel.workspace import Workspace

HEADER = ["订单编号", "手机号", "商品编码", "商品名称", "数量", "单价", "下单时间", "付款时间", "省份 "]


def lines(count: int = 6) -> list[list[str]]:
    """Order lines of a small shop: two lines to an order, three buyers, the last order unpaid."""
    made = []
    for index in range(count):
        order, buyer = index // 2, index // 2 % 3
        paid = "" if index >= count - 2 else f"2026-01-{order + 1:02d} 10:05:00"
        cells = [f"SO{order:04d}", f"1380013800{buyer}", f"S{index % 4}", f"护手霜, 第{index}款", "2", "10.55"]
        made.append([*cells, f"2026-01-{order + 1:02d} 10:00:00", paid, "上海"])
    return made


def text(body: Sequence[Sequence[str]], header: Sequence[str] = HEADER, delimiter: str = ",") -> str:
    """CSV text."""
    sink = io.StringIO()
    csv.writer(sink, delimiter=delimiter).writerows([header, *body])
    return sink.getvalue()


def file(folder: Path, content: str | bytes, name: str = "orders.csv") -> Path:
    """A file in a folder."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def run(ws: Workspace, path: Path | Sequence[Path], kind: str = "orders", **more: Any) -> dict[str, Any]:
    """Imports a file at once; gives the report."""
    return api.run_local(ws, by=SYSTEM, kind=kind, paths=[path] if isinstance(path, Path) else list(path), **more)


def one(ws: Workspace, sql: str) -> dict[str, Any]:
    """The only row of an analytical query."""
    return rows(ws.log, sql)[0]


def everything(ws: Workspace) -> dict[str, list[dict[str, Any]]]:
    """All orders, lines, refunds and events as they stand, without what may differ between two runs of one import."""
    orders = "shop, order_no, member_no, state, is_paid, placed_at, paid_at, total_minor, paid_minor"
    return {
        "orders": rows(ws.log, f"SELECT {orders} FROM activity_order FINAL ORDER BY shop, order_no"),
        "lines": rows(
            ws.log,
            "SELECT l.shop, l.order_no, line_no, sku, quantity, l.total_minor FROM activity_order_line AS l INNER JOIN (SELECT shop,"
            " order_no, version FROM"
            " activity_order FINAL) AS o ON l.shop = o.shop AND l.order_no = o.order_no AND l.version = o.version ORDER BY l.shop,"
            " l.order_no, line_no",
        ),
        "refunds": rows(
            ws.log, "SELECT shop, refund_no, order_no, member_no, amount_minor FROM activity_refund FINAL ORDER BY shop, refund_no"
        ),
        "events": rows(ws.log, "SELECT kind, member_no, at, message_id FROM activity_event ORDER BY message_id"),
    }


def rejects(ws: Workspace, import_id: str) -> list[dict[str, str]]:
    """The file of rejects as a person reads it."""
    content = b"".join(api.rejects(ws, import_id, by=SYSTEM)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))
