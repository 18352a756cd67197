"""The analytical store over HTTP: a ClickHouse server or cluster, by the vendor's own client.

Same SQL and same bytes as the embedded engine. With a cluster name the tables are made as local ones on each shard
behind Distributed ones.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import clickhouse_connect
from clickhouse_connect.driver.exceptions import ClickHouseError

from wellspring.kernel.errors import QueryTooSlow, StoreUnavailable
from wellspring.kernel.stores.log import SETTINGS, Params, limited


class ClickHouseLog:
    """One workspace's database on a ClickHouse server."""

    def __init__(self, url: str, database: str) -> None:
        """Connects to `http(s)://user:password@host:port` and makes the database if it is missing."""
        self.database = database
        settings = {**SETTINGS, "mutations_sync": 2, "insert_distributed_sync": 1}
        with _plain_failures():
            first = clickhouse_connect.get_client(dsn=url, autogenerate_session_id=False)
            first.command(f"CREATE DATABASE IF NOT EXISTS {database}")
            first.close()
            self._client: Any = clickhouse_connect.get_client(dsn=url, database=database, settings=settings, autogenerate_session_id=False)

    def query(self, sql: str, params: Params | None = None, *, fmt: str = "JSONEachRow", seconds_max: int | None = None) -> bytes:
        """The whole answer in the given format."""
        with _plain_failures(seconds_max):
            return bytes(self._client.raw_query(limited(sql, seconds_max), parameters=dict(params or {}), fmt=fmt))

    def stream(self, sql: str, params: Params | None = None, *, fmt: str = "JSONEachRow") -> Iterator[bytes]:
        """The answer as it arrives."""
        with _plain_failures(), self._client.raw_stream(sql, parameters=dict(params or {}), fmt=fmt) as answer:
            while piece := answer.read(1 << 20):
                yield piece

    def command(self, sql: str, params: Params | None = None) -> None:
        """A statement without an answer; mutations are waited for."""
        with _plain_failures():
            self._client.command(sql, parameters=dict(params or {}))

    def insert(
        self,
        table: str,
        columns: Sequence[str],
        blocks: Iterable[bytes],
        *,
        fmt: str = "JSONEachRow",
        settings: Mapping[str, str | int] | None = None,
    ) -> int:
        """Appends the blocks as one insert, durable on return."""
        with _plain_failures():
            summary = self._client.raw_insert(table, list(columns), insert_block=iter(blocks), fmt=fmt, settings=dict(settings or {}))
        return int(summary.written_rows)

    def close(self) -> None:
        """Closes the connection pool."""
        self._client.close()

    def drop(self) -> None:
        """Deletes the workspace's database with everything in it."""
        self.command(f"DROP DATABASE IF EXISTS {self.database} SYNC")


@contextlib.contextmanager
def _plain_failures(seconds_max: int | None = None) -> Iterator[None]:
    """A server that cannot be reached or has no space left is told as such; a wrong statement stays a defect."""
    try:
        yield
    except ClickHouseError as failure:
        text = str(failure)
        if "executing HTTP request" in text or "Max retries" in text:
            raise StoreUnavailable(reason="ClickHouse 无法访问 / ClickHouse cannot be reached") from failure
        if "TIMEOUT_EXCEEDED" in text:
            raise QueryTooSlow(seconds=seconds_max) from failure
        if "NOT_ENOUGH_SPACE" in text or "No space left" in text:
            raise StoreUnavailable(reason="磁盘已满 / the disk is full") from failure
        raise
