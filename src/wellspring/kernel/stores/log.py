"""The analytical store's port: one SQL dialect (ClickHouse's), bytes in and bytes out, two transports below.

A LogTable describes a table once; its DDL comes out for one node or for a cluster (a local table on each shard and
a Distributed one in front, sharded by member). Values reach SQL only as typed parameters (`{name:Type}`).
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import orjson

Param = str | int | float | bool | Sequence[int] | Sequence[str] | None
Params = Mapping[str, Param]

# Sent with every statement on both transports. Text that looks like a date stays text (AUDIENCES.md: typed values);
# answers give 64-bit integers as numbers; JSON numbers keep their kind.
SETTINGS: dict[str, str | int] = {
    "input_format_try_infer_dates": 0,
    "input_format_try_infer_datetimes": 0,
    "output_format_json_quote_64bit_integers": 0,
    "date_time_input_format": "best_effort",
    "date_time_output_format": "iso",
    "session_timezone": "UTC",
    # A JSON column travels as text inside RowBinary, and a sender's {"a.b": 1, "a": {"b": 2}} must not stop an insert.
    "input_format_binary_read_json_as_string": 1,
    "type_json_skip_duplicated_paths": 1,
}
# An acknowledged insert survives kill -9 and power loss.
DURABILITY: dict[str, int] = {"fsync_after_insert": 1, "fsync_part_directory": 1}


@dataclasses.dataclass(frozen=True)
class LogTable:
    """A table of the analytical store: columns and keys, from which the DDL of any topology follows.

    `engine` is a MergeTree family member without arguments' parentheses missing, for instance "MergeTree()" or
    "ReplacingMergeTree(version)". `shard_by` names the expression that spreads rows over a cluster,
    `arrival` the column that holds the row's arrival number ("" for tables that are not part of the log's order).
    """

    name: str
    columns: Sequence[tuple[str, str]]
    order_by: str
    engine: str = "MergeTree()"
    partition_by: str = ""
    shard_by: str = "member_no"
    arrival: str = "arrival_no"
    extras: Sequence[str] = ()
    settings: str = ""

    @property
    def column_names(self) -> list[str]:
        """The columns in table order."""
        return [name for name, _ in self.columns]

    def ddl(self, *, cluster: str | None = None) -> list[str]:
        """The statements that make the table; with a cluster: the shards' local table and the Distributed one."""
        if cluster is None:
            return [self._create(self.name, self.engine)]
        local = f"{self.name}_local"
        distributed = f"Distributed('{cluster}', currentDatabase(), '{local}', {self.shard_by})"
        columns = ", ".join(f"`{name}` {kind}" for name, kind in self.columns)
        return [self._create(local, self.engine), f"CREATE TABLE IF NOT EXISTS {self.name} ({columns}) ENGINE = {distributed}"]

    def _create(self, name: str, engine: str) -> str:
        body = ", ".join([*(f"`{column}` {kind}" for column, kind in self.columns), *self.extras])
        partition = f" PARTITION BY {self.partition_by}" if self.partition_by else ""
        settings = ", ".join([*(f"{setting} = {value}" for setting, value in DURABILITY.items()), *filter(None, [self.settings])])
        return f"CREATE TABLE IF NOT EXISTS {name} ({body}) ENGINE = {engine}{partition} ORDER BY ({self.order_by}) SETTINGS {settings}"


class LogStore(Protocol):
    """What both transports can do. All methods may be called from many threads."""

    database: str

    def query(self, sql: str, params: Params | None = None, *, fmt: str = "JSONEachRow", seconds_max: int | None = None) -> bytes:
        """The whole answer in the given ClickHouse format.

        Raises StoreUnavailable when the store is away, and QueryTooSlow when it took longer than `seconds_max`.
        """
        ...

    def stream(self, sql: str, params: Params | None = None, *, fmt: str = "JSONEachRow") -> Iterable[bytes]:
        """The answer in pieces of whole rows, for results that must not be held at once."""
        ...

    def command(self, sql: str, params: Params | None = None) -> None:
        """A statement without an answer: DDL, INSERT … SELECT, mutations (waited for)."""
        ...

    def insert(
        self,
        table: str,
        columns: Sequence[str],
        blocks: Iterable[bytes],
        *,
        fmt: str = "JSONEachRow",
        settings: Mapping[str, str | int] | None = None,
    ) -> int:
        """Appends the blocks as one insert and returns when they are durable; gives the number of rows.

        `settings` are how the bytes are read.
        """
        ...

    def close(self) -> None:
        """Gives the connections back; what was inserted stays."""
        ...


def limited(sql: str, seconds_max: int | None) -> str:
    """The query with a limit to its time."""
    return sql if seconds_max is None else f"{sql} SETTINGS max_execution_time = {seconds_max}"


def rows(store: LogStore, sql: str, params: Params | None = None) -> list[dict[str, Any]]:
    """The answer as one dictionary per row; for answers of at most some thousand rows."""
    answer = store.query(sql, params, fmt="JSONEachRow")
    return [orjson.loads(line) for line in answer.splitlines() if line]


def scalar(store: LogStore, sql: str, params: Params | None = None) -> Any:  # noqa: ANN401 - the type is the query's
    """The first column of the first row, or None for an empty answer."""
    answer = store.query(sql, params, fmt="JSONCompactEachRow")
    first = answer.partition(b"\n")[0]
    return orjson.loads(first)[0] if first else None
