"""What the console asks the kernel's own tables: queue lengths, undelivered events, sizes of the stores.

It reads no table of a domain.
"""

from pathlib import Path

import sqlalchemy as sa

from wellspring.kernel.bus import aside_table, outbox_table, subscriber_table
from wellspring.kernel.files import file_table
from wellspring.kernel.jobs import job_table
from wellspring.kernel.stores.log import rows
from wellspring.kernel.stores.sql import Tx
from wellspring.kernel.workspace import Workspace


def job_counts(tx: Tx) -> dict[str, int]:
    """How many jobs are in each state."""
    counted = sa.select(job_table.c.state, sa.func.count().label("waiting")).group_by(job_table.c.state)
    return {row.state: row.waiting for row in tx.execute(counted)}


def undelivered(tx: Tx) -> dict[str, int]:
    """How many rows of the outbox each subscriber has still to look at."""
    waiting = sa.select(sa.func.count()).where(outbox_table.c.id > subscriber_table.c.last_id).correlate(subscriber_table)
    asked = sa.select(subscriber_table.c.name, waiting.scalar_subquery().label("waiting"))
    return {row.name: row.waiting for row in tx.execute(asked)}


def put_aside_count(tx: Tx) -> int:
    """How many deliveries were given up and wait for a person."""
    return tx.execute(sa.select(sa.func.count()).select_from(aside_table)).scalar_one()


def made_by(tx: Tx, file_id: str) -> str | None:
    """Who asked for the job whose result is this file."""
    made = job_table.c.result["file_id"].as_string() == file_id
    return tx.execute(sa.select(job_table.c.created_by).where(made).limit(1)).scalar()


def files_bytes(tx: Tx) -> int:
    """The plain size of all files."""
    return int(tx.execute(sa.select(sa.func.coalesce(sa.func.sum(file_table.c.size_bytes), 0))).scalar_one())


def sql_bytes(ws: Workspace, tx: Tx) -> int:
    """The size of the transactional store: its file with the write-ahead log, or the schema's relations."""
    if ws.sql.is_sqlite:
        path = Path(ws.sql.url.removeprefix("sqlite:///"))
        return sum(part.stat().st_size for part in (path, path.with_name(path.name + "-wal")) if part.exists())
    relations = sa.text(
        "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c"
        " WHERE c.relnamespace = to_regnamespace(:schema) AND c.relkind = 'r'"
    )
    return int(tx.execute(relations, {"schema": ws.sql.schema}).scalar_one())


def sql_version(ws: Workspace, tx: Tx) -> str:
    """The version of the transactional engine."""
    return str(tx.execute(sa.text("SELECT sqlite_version()" if ws.sql.is_sqlite else "SHOW server_version")).scalar_one())


def log_tables(ws: Workspace) -> dict[str, tuple[int, int]]:
    """Rows and bytes on disk of each table of the analytical store."""
    asked = (
        "SELECT table, sum(rows) AS row_count, sum(bytes_on_disk) AS size FROM system.parts"
        " WHERE active AND database = currentDatabase() GROUP BY table ORDER BY table"
    )
    return {row["table"]: (row["row_count"], row["size"]) for row in rows(ws.log, asked)}


def log_version(ws: Workspace) -> str:
    """The version of the analytical engine."""
    return str(rows(ws.log, "SELECT version() AS version")[0]["version"])
