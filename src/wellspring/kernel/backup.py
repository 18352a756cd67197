"""A whole workspace in one zip file, taken while it runs, readable by every engine.

The transactional store is read in one snapshot, which also tells the log's watermark; of the log, rows up to that
watermark are taken. So every row of the log names a member of the snapshot, and nothing half-written is in it.
Personal values stay sealed: without the installation's key file (`keys.json`, kept apart) a backup tells no phone number.
Restoring from SQLite to PostgreSQL, or from chDB to ClickHouse, is how a workspace outgrows one machine.
"""

import base64
import dataclasses
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

from wellspring.kernel.clock import iso
from wellspring.kernel.errors import Conflict, Invalid
from wellspring.kernel.files import file_table
from wellspring.kernel.stores import LogTable
from wellspring.kernel.stores.sql import Tx, metadata
from wellspring.kernel.workspace import Workspace

_FORMAT = 1
# Rows per statement when restoring, and bytes per block when streaming: a few megabytes each.
_ROWS = 5_000
_BLOCK_BYTES = 1 << 20
# Backups are not put into backups.
PURPOSE = "backup"


@dataclasses.dataclass(frozen=True)
class Contents:
    """What a backup holds: rows per table of both stores, files, and the log's watermark."""

    slug: str
    taken_at: str
    watermark: int
    tables: dict[str, int]
    log_tables: list[str]
    files: int


def create(workspace: Workspace, path: Path, *, log_tables: Sequence[LogTable], watermark: Callable[[Workspace], int]) -> Contents:
    """Writes the backup under a temporary name and renames it when it is whole."""
    temporary = path.with_name(path.name + ".part")
    # Before the snapshot: every log row up to the mark then names a member that the snapshot holds.
    mark = watermark(workspace)
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with workspace.sql.read() as tx:
            tables = {table.name: _dump_table(archive, tx, table) for table in _kept(metadata.sorted_tables)}
            stored = list(tx.execute(sa.select(file_table.c.id).where(file_table.c.purpose != PURPOSE)).scalars())
        for table in log_tables:
            _dump_log(archive, workspace, table, mark)
        kept = sum(_dump_file(archive, workspace, file_id) for file_id in stored)
        contents = Contents(workspace.slug, iso(workspace.clock.now()), mark, tables, [table.name for table in log_tables], kept)
        archive.writestr("contents.json", json.dumps({"format": _FORMAT, **dataclasses.asdict(contents)}, ensure_ascii=False))
    temporary.replace(path)
    return contents


def contents(path: Path) -> Contents:
    """What the backup file says of itself. Raises Invalid for a file that is no backup."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = json.loads(archive.read("contents.json"))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as broken:
        raise Invalid(field="file", reason="not a whole Wellspring backup") from broken
    if found.pop("format") != _FORMAT:
        raise Invalid(field="file", reason="a backup of another format")
    return Contents(**found)


def restore(workspace: Workspace, path: Path, *, log_tables: Sequence[LogTable]) -> Contents:
    """Fills an empty workspace of the same name from the file. Raises Conflict when it is not empty.

    The transactional rows come in one transaction, last of all, so a restore that died leaves a workspace without
    members that can be deleted and restored again.
    """
    known = contents(path)
    if known.slug != workspace.slug:
        raise Conflict(reason=f"the backup is of workspace {known.slug}: personal values are sealed for that name")
    with workspace.sql.read() as tx:
        if any(tx.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).scalar() for table in _told(metadata.sorted_tables)):
            raise Conflict(reason="the workspace is not empty")
    with zipfile.ZipFile(path) as archive:
        for log_table in log_tables:
            if log_table.name in known.log_tables:
                workspace.log.command(f"TRUNCATE TABLE {log_table.name}")
                with archive.open(f"log/{log_table.name}.native") as source:
                    workspace.log.insert(log_table.name, log_table.column_names, _blocks(source), fmt="Native")
        for name in archive.namelist():
            if name.startswith("files/"):
                with archive.open(name) as source:
                    workspace.files.put_sealed(name.removeprefix("files/"), _blocks(source))
        with workspace.sql.write() as tx:
            for table in metadata.sorted_tables:
                tx.execute(sa.delete(table))
                if table.name in known.tables:
                    _load_table(archive, tx, table)
            _restart_sequences(workspace, tx)
    return known


def _kept(tables: Iterable[sa.Table]) -> Iterator[sa.Table]:
    """Tables that are not made from the log: those would be of another instant than the rows of the log in the file."""
    return (table for table in tables if not table.info.get("derived"))


def _told(tables: Iterable[sa.Table]) -> Iterator[sa.Table]:
    """Tables whose rows mean that a workspace is in use."""
    return (table for table in tables if table.name in {"kernel_audit", "kernel_outbox", "kernel_file"})


def _dump_table(archive: zipfile.ZipFile, tx: Tx, table: sa.Table) -> int:
    count = 0
    raw = [sa.type_coerce(column, _plain_type(column)).label(column.name) for column in table.columns]
    with archive.open(f"sql/{table.name}.jsonl", "w", force_zip64=True) as out:
        for row in tx.execute(sa.select(*raw).execution_options(yield_per=_ROWS)):
            out.write(json.dumps([_packed(value) for value in row], ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            count += 1
    return count


def _load_table(archive: zipfile.ZipFile, tx: Tx, table: sa.Table) -> None:
    columns = [sa.Column(column.name, _plain_type(column)) for column in table.columns]
    plain = sa.table(table.name, *columns)
    names = [column.name for column in table.columns]
    batch: list[dict[str, Any]] = []
    with archive.open(f"sql/{table.name}.jsonl") as source:
        for line in source:
            batch.append(dict(zip(names, (_unpacked(value) for value in json.loads(line)), strict=True)))
            if len(batch) >= _ROWS:
                tx.execute(sa.insert(plain), batch)
                batch.clear()
    if batch:
        tx.execute(sa.insert(plain), batch)


def _plain_type(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    """The stored form: instants as their milliseconds, everything else as it is."""
    return sa.BigInteger() if isinstance(column.type, sa.types.TypeDecorator) else column.type


def _packed(value: Any) -> Any:  # noqa: ANN401 - column values
    return (
        {"b64": base64.b64encode(value).decode()}
        if isinstance(value, bytes | memoryview)
        else {"json": value}
        if isinstance(value, dict | list)
        else value
    )


def _unpacked(value: Any) -> Any:  # noqa: ANN401 - column values
    if isinstance(value, dict):
        return base64.b64decode(value["b64"]) if "b64" in value else value["json"]
    return value


def _dump_log(archive: zipfile.ZipFile, workspace: Workspace, table: LogTable, mark: int) -> None:
    where = f" WHERE {table.arrival} <= {{mark:UInt64}}" if table.arrival in table.column_names else ""
    with archive.open(f"log/{table.name}.native", "w", force_zip64=True) as out:
        wanted = f"SELECT {', '.join(table.column_names)} FROM {table.name}{where}"  # noqa: S608 - names of our own tables
        for piece in workspace.log.stream(wanted, {"mark": mark}, fmt="Native"):
            out.write(piece)


def _dump_file(archive: zipfile.ZipFile, workspace: Workspace, file_id: str) -> int:
    try:
        with archive.open(f"files/{file_id}", "w", force_zip64=True) as out:
            for piece in workspace.files.read_sealed(file_id):
                out.write(piece)
    except FileNotFoundError:
        # It expired between the snapshot and now.
        return 0
    return 1


def _blocks(source: IO[bytes]) -> Iterator[bytes]:
    while piece := source.read(_BLOCK_BYTES):
        yield piece


def _restart_sequences(workspace: Workspace, tx: Tx) -> None:
    """PostgreSQL's own counters must go on after the restored numbers."""
    if workspace.sql.is_sqlite:
        return
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            sequence = sa.func.pg_get_serial_sequence(f"{workspace.sql.schema}.{table.name}", column.name)
            highest = sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1).scalar_subquery()
            tx.execute(sa.select(sa.func.setval(sequence, highest, False)))
