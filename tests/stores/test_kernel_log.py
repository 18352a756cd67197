"""The analytical port behaves alike embedded and over HTTP, and its tables also stand behind a Distributed one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import clickhouse
from wellspring.kernel.errors import StoreUnavailable
from wellspring.kernel.stores import LogStore, LogTable
from wellspring.kernel.stores.chdb_log import ChdbLog
from wellspring.kernel.stores.clickhouse_log import ClickHouseLog
from wellspring.kernel.stores.log import rows, scalar
from wellspring.kernel.workspace import Installation

TABLE = LogTable(
    name="activity_probe",
    columns=[("arrival_no", "UInt64"), ("member_no", "UInt32"), ("at", "DateTime64(3, 'UTC')"), ("props", "JSON")],
    order_by="member_no, at",
)
LINES = b"".join(
    b'{"arrival_no":%d,"member_no":%d,"at":"2026-03-01T00:00:00.%03dZ","props":{"total":%d,"day":"2026-01-01","sku":"a%d"}}\n'
    % (n, n % 7, n, n, n)
    for n in range(100)
)


@pytest.fixture(params=["embedded", "http"])
def log(request: pytest.FixtureRequest, installation: Installation, home: Path, tmp_path: Path) -> Iterator[LogStore]:
    name = f"probe_{request.param}"
    if request.param == "embedded":
        store: ChdbLog | ClickHouseLog = ChdbLog(home / "log", name)
        yield store
        store.drop()
        store.close()
        return
    with clickhouse.server(home / "log") as url:
        store = ClickHouseLog(url, name)
        yield store
        store.drop()
        store.close()


def _filled(log: LogStore) -> None:
    for statement in TABLE.ddl():
        log.command(statement)
    assert log.insert(TABLE.name, TABLE.column_names, [LINES[:1000], LINES[1000:]]) == 100


class TestBothTransports:
    def test_rows_and_typed_parameters(self, log: LogStore) -> None:
        _filled(log)
        found = rows(
            log,
            f"SELECT member_no, count() AS n, sum(props.total.:Int64) AS total FROM {TABLE.name} "
            "WHERE member_no IN {some:Array(UInt32)} GROUP BY member_no ORDER BY member_no",
            {"some": [1, 2]},
        )
        assert found == [
            {"member_no": 1, "n": 15, "total": sum(range(1, 100, 7))},
            {"member_no": 2, "n": 14, "total": sum(range(2, 100, 7))},
        ]

    def test_a_parameter_is_never_sql(self, log: LogStore) -> None:
        nasty = "x'; DROP TABLE activity_probe; --\\\n\t汉"
        assert scalar(log, "SELECT {text:String}", {"text": nasty}) == nasty
        assert scalar(log, "SELECT {texts:Array(String)}", {"texts": [nasty, "", "a"]}) == [nasty, "", "a"]
        assert scalar(log, "SELECT {numbers:Array(UInt32)}", {"numbers": []}) == []

    def test_text_that_looks_like_a_date_stays_text(self, log: LogStore) -> None:
        _filled(log)
        assert scalar(log, f"SELECT any(dynamicType(props.day)) FROM {TABLE.name}") == "String"

    def test_instants_keep_their_milliseconds(self, log: LogStore) -> None:
        _filled(log)
        assert scalar(log, f"SELECT max(at) FROM {TABLE.name}") == "2026-03-01T00:00:00.099Z"

    def test_streaming_gives_everything(self, log: LogStore) -> None:
        assert b"".join(log.stream("SELECT number FROM numbers(300000)", fmt="TSV")).count(b"\n") == 300_000

    def test_streaming_may_be_left_early(self, log: LogStore) -> None:
        pieces = iter(log.stream("SELECT number FROM numbers(3000000)", fmt="TSV"))
        next(pieces)
        del pieces
        assert scalar(log, "SELECT 1") == 1

    def test_a_failed_statement_leaves_the_store_usable(self, log: LogStore) -> None:
        with pytest.raises(Exception, match="nowhere"):
            log.query("SELECT * FROM nowhere")
        assert scalar(log, "SELECT 2") == 2

    def test_a_failed_insert_adds_nothing(self, log: LogStore) -> None:
        _filled(log)
        with pytest.raises(Exception, match=r"(?i)parse|read|input"):
            log.insert(TABLE.name, TABLE.column_names, [b'{"arrival_no":1000,"member_no":1}\n{"arrival_no":"broken'])
        assert scalar(log, f"SELECT count() FROM {TABLE.name}") == 100


def test_a_server_that_is_away_is_a_clear_failure() -> None:
    with pytest.raises(StoreUnavailable):
        ClickHouseLog("http://default:@127.0.0.1:9", "anything")


# The port tells the engine that the shard is itself; nothing listens there.
CONFIG = """<clickhouse><tcp_port>9000</tcp_port><remote_servers><brand>
<shard><replica><host>127.0.0.1</host><port>9000</port></replica></shard>
</brand></remote_servers></clickhouse>"""


@pytest.mark.usefixtures("engine_free")
def test_tables_stand_behind_a_distributed_one(tmp_path: Path) -> None:
    config = tmp_path / "config.xml"
    config.write_text(CONFIG, encoding="utf-8")
    log = ChdbLog(tmp_path / "log", "brand_x", config=config)
    try:
        for statement in TABLE.ddl(cluster="brand"):
            log.command(statement)
        assert log.insert(f"{TABLE.name}_local", TABLE.column_names, [LINES]) == 100
        assert scalar(log, f"SELECT count() FROM {TABLE.name}_local") == 100
        assert scalar(log, f"SELECT engine FROM system.tables WHERE name = '{TABLE.name}' AND database = 'brand_x'") == "Distributed"
        assert scalar(log, f"SELECT sum(member_no) FROM {TABLE.name}") == sum(n % 7 for n in range(100))
    finally:
        log.close()
