"""The analytical store inside this process: chDB, the real ClickHouse engine, on a folder of ours.

One process owns a folder; a second one is refused at once and told to talk to the running server instead.
A connection runs one statement at a time, so a small pool of them serves the threads.
"""

import contextlib
import queue
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import chdb

from wellspring.kernel.errors import QueryTooSlow, StoreUnavailable, WellspringError
from wellspring.kernel.stores.log import SETTINGS, Param, Params, limited

# Enough for the web threads that wait on analytics at once on a small machine; each idle connection is about 1 MB.
_CONNECTIONS_MAX = 8
# A formatter of its own thread and a profile per query cost a point read a third of its time.
OWN_SETTINGS = {"mutations_sync": 2, "output_format_parallel_formatting": 0, "log_profile_events": 0}
_FIELD = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0"})
_LITERAL = str.maketrans({"\\": "\\\\", "'": "\\'"})


class FolderInUse(WellspringError):
    """Another process owns the data folder."""

    status = 503
    code = "kernel.folder_in_use"
    zh = "数据目录 {folder} 正被另一个活水进程使用：请直接访问正在运行的服务，或先停止它。"
    en = "The data folder {folder} is in use by another Wellspring process: talk to the running server, or stop it first."


class ChdbLog:
    """One workspace's database in the engine of this process."""

    def __init__(self, folder: Path, database: str, *, config: Path | None = None) -> None:
        """Opens (and makes) the database in the folder; `config` may name a ClickHouse server configuration file."""
        folder.mkdir(parents=True, exist_ok=True)
        self.database = database
        self._address = f"{folder}?config-file={config}" if config else str(folder)
        self._idle: queue.LifoQueue[Any] = queue.LifoQueue()
        self._count = 0
        self._lock = threading.Lock()
        try:
            first = chdb.connect(self._address)
        except Exception as broken:
            if "lock" in str(broken).lower():
                raise FolderInUse(folder=str(folder)) from broken
            raise
        first.query(f"CREATE DATABASE IF NOT EXISTS {database}")
        self._idle.put(self._prepared(first))
        self._count = 1

    def query(self, sql: str, params: Params | None = None, *, fmt: str = "JSONEachRow", seconds_max: int | None = None) -> bytes:
        """The whole answer in the given format."""
        try:
            with self._connection() as connection:
                return bytes(connection.query(limited(sql, seconds_max), fmt, params=_bound(params)).bytes())
        except RuntimeError as broken:
            if "TIMEOUT_EXCEEDED" in str(broken):
                raise QueryTooSlow(seconds=seconds_max) from broken
            raise

    def stream(self, sql: str, params: Params | None = None, *, fmt: str = "JSONEachRow") -> Iterator[bytes]:
        """The answer block by block."""
        with self._connection() as connection:
            answer = connection.send_query(sql, fmt, params=_bound(params))
            for piece in answer:
                yield bytes(piece.bytes())

    def command(self, sql: str, params: Params | None = None) -> None:
        """A statement without an answer; mutations are waited for."""
        with self._connection() as connection:
            connection.query(sql, "Null", params=_bound(params))

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
        wanted = f" SETTINGS {', '.join(f'{name} = {value!r}' for name, value in settings.items())}" if settings else ""
        with (
            self._connection() as connection,
            connection.send_insert(f"INSERT INTO {table} ({', '.join(columns)}){wanted}", fmt) as inserter,
        ):
            for block in blocks:
                inserter.append(block)
            return int(inserter.finish().rows_written)

    def close(self) -> None:
        """Closes every idle connection; the engine stops when the last one of the process is closed."""
        with self._lock:
            while not self._idle.empty():
                self._idle.get_nowait().close()
                self._count -= 1

    def drop(self) -> None:
        """Deletes the workspace's database with everything in it, at once."""
        self.command(f"DROP DATABASE IF EXISTS {self.database} SYNC")

    @contextlib.contextmanager
    def _connection(self) -> Iterator[Any]:
        connection = self._take()
        try:
            yield connection
        except RuntimeError as broken:
            raise _plain(broken) from broken
        finally:
            self._idle.put(connection)

    def _take(self) -> Any:  # noqa: ANN401 - chDB has no types
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            with self._lock:
                if self._count >= _CONNECTIONS_MAX:
                    grow = False
                else:
                    grow, self._count = True, self._count + 1
            return self._prepared(chdb.connect(self._address)) if grow else self._idle.get()

    def _prepared(self, connection: Any) -> Any:  # noqa: ANN401 - chDB has no types
        connection.query(f"USE {self.database}")
        connection.query("SET " + ", ".join(f"{name} = {value!r}" for name, value in {**SETTINGS, **OWN_SETTINGS}.items()))
        return connection


def _bound(params: Params | None) -> dict[str, Any]:
    """The engine reads text parameters as tab-separated values are written, arrays as SQL literals; so they are escaped as such."""
    return {name: _escaped(value) for name, value in (params or {}).items()}


def _escaped(value: Param) -> Any:  # noqa: ANN401 - chDB has no types
    if isinstance(value, str):
        return value.translate(_FIELD)
    if isinstance(value, Sequence):
        return "[" + ",".join(f"'{one.translate(_LITERAL)}'" if isinstance(one, str) else str(one) for one in value) + "]"
    return value


def _plain(broken: RuntimeError) -> Exception:
    text = str(broken)
    if "No space left" in text or "NOT_ENOUGH_SPACE" in text:
        return StoreUnavailable(reason="磁盘已满 / the disk is full")
    return broken
