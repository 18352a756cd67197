"""One brand's own stores, opened together: transactional, analytical, files, keys, settings.

No table has a tenant column; a workspace is its own SQLite file (or PostgreSQL schema) and its own ClickHouse
database, so no query can forget whose rows it reads. Several workspaces live in one process.
"""

import dataclasses
import re
import shutil
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from wellspring.kernel.clock import Clock
from wellspring.kernel.crypto import KeyFile, Keyring
from wellspring.kernel.errors import Invalid, NotFound
from wellspring.kernel.files import FileStore
from wellspring.kernel.settings import ProcessSettings, Settings
from wellspring.kernel.stores.chdb_log import ChdbLog
from wellspring.kernel.stores.clickhouse_log import ClickHouseLog
from wellspring.kernel.stores.log import LogTable
from wellspring.kernel.stores.sql import Sql

# Becomes part of file, schema and database names.
_SLUG = re.compile(r"^[a-z][a-z0-9]{1,30}$")


@dataclasses.dataclass(frozen=True)
class Workspace:
    """Everything a verb needs to act for one brand; the first argument of every `api` function."""

    slug: str
    sql: Sql
    log: ChdbLog | ClickHouseLog
    files: FileStore
    keys: Keyring
    clock: Clock
    settings: Settings


_before_closing: "list[Callable[[Workspace], None]]" = []


def before_closing(then: Callable[[Workspace], None]) -> None:
    """Has `then` run before a workspace's stores are closed or deleted: for domains with threads of their own."""
    if then not in _before_closing:
        _before_closing.append(then)


class Installation:
    """The workspaces of this process and how they are opened, made and deleted."""

    def __init__(self, boot: ProcessSettings, *, clock: Clock, log_tables: Iterable[LogTable]) -> None:
        self.boot = boot
        self.clock = clock
        self._log_tables = list(log_tables)
        self._keys = KeyFile.load(boot.home / "keys.json")
        self._open: dict[str, Workspace] = {}
        self._lock = threading.Lock()

    def slugs(self) -> list[str]:
        """The workspaces that exist, in order of name."""
        folder = self.boot.home / "workspaces"
        return sorted(path.name for path in folder.iterdir() if path.is_dir() and _SLUG.match(path.name)) if folder.exists() else []

    def workspace(self, slug: str) -> Workspace:
        """An existing workspace, opened at its first use. Raises NotFound."""
        opened = self._open.get(slug)
        if opened is not None:
            return opened
        if slug not in self.slugs():
            raise NotFound
        return self._opened(slug)

    def create(self, slug: str) -> Workspace:
        """Makes a workspace with empty stores, or opens it when it is there. Raises Invalid for a bad name."""
        if not _SLUG.match(slug):
            raise Invalid(field="slug", reason="2–31 lower-case letters and digits, a letter first")
        self._folder(slug).mkdir(parents=True, exist_ok=True)
        return self._opened(slug)

    def delete(self, slug: str) -> None:
        """Deletes a workspace's stores: there is no way back but a backup."""
        workspace = self.workspace(slug)
        _quieten(workspace)
        workspace.log.drop()
        if not workspace.sql.is_sqlite:
            workspace.sql.drop()
        self._close(slug)
        shutil.rmtree(self._folder(slug))

    def close(self) -> None:
        """Closes every store."""
        for slug in list(self._open):
            self._close(slug)

    def _folder(self, slug: str) -> Path:
        return self.boot.home / "workspaces" / slug

    def _close(self, slug: str) -> None:
        workspace = self._open.pop(slug)
        _quieten(workspace)
        workspace.log.close()
        workspace.sql.close()

    def _opened(self, slug: str) -> Workspace:
        with self._lock:
            if slug not in self._open:
                self._open[slug] = self._build(slug)
            return self._open[slug]

    def _build(self, slug: str) -> Workspace:
        boot, folder = self.boot, self._folder(slug)
        sqlite = f"sqlite:///{folder / 'wellspring.sqlite'}"
        sql = Sql(boot.database_url, schema=f"ws_{slug}") if boot.database_url else Sql(sqlite)
        sql.create()
        log = self._open_log(f"ws_{slug}")
        for table in self._log_tables:
            for statement in table.ddl(cluster=boot.clickhouse_cluster or None):
                log.command(statement)
        keys = Keyring(self._keys, slug)
        address = f"{boot.files_url.rstrip('/')}/{slug}" if boot.files_url else str(folder / "files")
        files = FileStore(address, sql=sql, keys=keys, clock=self.clock)
        return Workspace(slug=slug, sql=sql, log=log, files=files, keys=keys, clock=self.clock, settings=Settings(sql))

    def _open_log(self, database: str) -> ChdbLog | ClickHouseLog:
        if self.boot.clickhouse_url:
            return ClickHouseLog(self.boot.clickhouse_url, database)
        return ChdbLog(self.boot.home / "log", database)


def _quieten(workspace: Workspace) -> None:
    for then in _before_closing:
        then(workspace)
