"""One import, or one bare CSV insert, in a process of its own: prints seconds, processor seconds and peak memory as JSON.

`python -m bench._import_once ours|bare|make FILE LINES`.
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import chdb

from wellspring.app import wiring
from wellspring.imports import api
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import SystemClock
from wellspring.kernel.settings import ProcessSettings
from wellspring.kernel.workspace import Installation

# A brand's export: three lines to an order, a hundred thousand known buyers, Chinese product names.
_ROWS = """
SELECT concat('SO', leftPad(toString(intDiv(number, 3)), 9, '0')) AS order_no,
 concat('nick', toString(cityHash64(intDiv(number, 3)) % 100000)) AS buyer,
 concat('SKU', toString(cityHash64(number) % 5000)) AS sku, concat('护手霜, 第', toString(cityHash64(number) % 5000), '款') AS product,
 1 + number % 3 AS qty, toDecimal64(100 + cityHash64(number, 1) % 50000, 2) / 100 AS price, qty * price AS amount,
 formatDateTime(toDateTime('2024-01-01 00:00:00', 'UTC') + intDiv(number, 3) * 20, '%F %T', 'UTC') AS placed_at,
 placed_at AS paid_at, '已付款' AS state
"""
_TYPES = (
    "order_no String, buyer String, sku String, product String, qty Int32, price Decimal(18, 2), amount Decimal(18, 2), placed_at"
    " DateTime64(3), paid_at DateTime64(3), state String"
)
_HEADER = ("订单编号", "买家昵称", "商品编码", "商品名称", "数量", "单价", "金额", "下单时间", "付款时间", "订单状态")
_KEEP = "SETTINGS fsync_after_insert = 1, fsync_part_directory = 1"


def make(path: Path, lines: int) -> None:
    """Writes the order file."""
    columns = [part.split(" ")[0] for part in _TYPES.replace("(18, 2)", "").split(", ")]
    names = ", ".join(f"{column} AS `{title}`" for column, title in zip(columns, _HEADER, strict=True))
    chdb.query(
        f"INSERT INTO FUNCTION file('{path}', 'CSVWithNames') SELECT {names} FROM ({_ROWS} FROM numbers({lines})) SETTINGS"
        f" engine_file_truncate_on_insert = 1"
    )


def bare(path: Path, home: Path) -> tuple[float, float]:
    """ClickHouse's own typed CSV insert of the file into a plain table, as durable as ours."""
    connection = chdb.connect(str(home / "bare"))
    connection.query(f"CREATE TABLE plain ({_TYPES}) ENGINE = MergeTree ORDER BY order_no {_KEEP}")
    begun = _now()
    connection.query(f"INSERT INTO plain SELECT * FROM file('{path}', 'CSV', '{_TYPES}') SETTINGS input_format_csv_skip_first_lines = 1")
    took = _since(begun)
    connection.close()
    return took


def ours(path: Path, home: Path) -> tuple[float, float]:
    """The whole import: reading, checking, buyers, orders, lines, events, report."""
    wiring.register()
    settings = ProcessSettings(home=home, database_url="", clickhouse_url="", files_url="", production=False, lab=False)
    place = Installation(settings, clock=SystemClock(), log_tables=wiring.log_tables())
    ws = place.create("bench")
    begun = _now()
    report = api.run_local(ws, by=SYSTEM, kind="orders", paths=[path])
    took = _since(begun)
    assert report["rejected"] == 0, report["reasons"]
    place.close()
    return took


def _now() -> tuple[float, float]:
    # The processor's seconds of all threads, the engine's among them: what a busy machine does not change much.
    return time.perf_counter(), time.process_time()


def _since(begun: tuple[float, float]) -> tuple[float, float]:
    return time.perf_counter() - begun[0], time.process_time() - begun[1]


def main(what: str, file: str, lines: str) -> None:
    """Runs one of them and prints the figures."""
    path = Path(file)
    if what == "make":
        make(path, int(lines))
        return
    with tempfile.TemporaryDirectory(dir=path.parent) as home:
        seconds, processor = (ours if what == "ours" else bare)(path, Path(home))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "processor_seconds": processor, "peak_megabytes": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
