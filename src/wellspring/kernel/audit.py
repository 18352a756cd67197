"""The audit log: a chain of hashes over everything that people and programs changed.

Row n holds H(row n-1), so an altered, deleted or re-ordered row is found by `verify`; cutting the tail and hashing
everything anew is found only by comparing the head with one that was kept elsewhere (`head`, shown in the console and
written to the log output daily). Rows are never updated or deleted: triggers refuse it.
"""

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from wellspring.kernel.auth import Principal
from wellspring.kernel.clock import iso
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores.sql import Instant, Json, Sql, Tx, metadata

audit_table = sa.Table(
    "kernel_audit",
    metadata,
    sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("actor_kind", sa.String(10), nullable=False),
    sa.Column("actor_id", sa.String(64), nullable=False, index=True),
    sa.Column("actor_name", sa.String(120), nullable=False),
    sa.Column("action", sa.String(80), nullable=False, index=True),
    sa.Column("subject", sa.String(120), nullable=False, index=True),
    sa.Column("detail", Json, nullable=False),
    sa.Column("previous_hash", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)

_REFUSE_SQLITE = """
CREATE TRIGGER IF NOT EXISTS kernel_audit_no_{verb} BEFORE {verb} ON kernel_audit
BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END"""
_FUNCTION_POSTGRES = """
CREATE OR REPLACE FUNCTION kernel_audit_refuse() RETURNS trigger AS
$$ BEGIN RAISE EXCEPTION 'the audit log only grows'; END $$ LANGUAGE plpgsql"""
_REFUSE_POSTGRES = """
CREATE TRIGGER kernel_audit_grows BEFORE UPDATE OR DELETE ON kernel_audit
FOR EACH ROW EXECUTE FUNCTION kernel_audit_refuse()"""
for _verb in ("UPDATE", "DELETE"):
    sa.event.listen(audit_table, "after_create", sa.DDL(_REFUSE_SQLITE.format(verb=_verb)).execute_if(dialect="sqlite"))
for _statement in (_FUNCTION_POSTGRES, _REFUSE_POSTGRES):
    sa.event.listen(audit_table, "after_create", sa.DDL(_statement).execute_if(dialect="postgresql"))

_GENESIS = "0" * 64


@dataclasses.dataclass(frozen=True)
class AuditRow:
    """One entry: who did what to which thing, with what it changed."""

    sequence: int
    at: dt.datetime
    actor_kind: str
    actor_id: str
    actor_name: str
    action: str
    subject: str
    detail: dict[str, Any]
    hash: str


@dataclasses.dataclass(frozen=True)
class Verdict:
    """The outcome of a verification; `broken_at` is the first sequence number that does not fit."""

    is_whole: bool
    checked: int
    head: str
    broken_at: int | None = None


def append(sql: Sql, tx: Tx, *, by: Principal, action: str, subject: str, at: dt.datetime, detail: Mapping[str, Any] | None = None) -> int:
    """Adds an entry within the running transaction; gives its number. `detail` must hold no plain personal value."""
    sql.lock(tx, "kernel.audit")
    last = tx.execute(sa.select(audit_table.c.sequence, audit_table.c.hash).order_by(audit_table.c.sequence.desc()).limit(1)).first()
    sequence, previous = (last.sequence + 1, last.hash) if last else (1, _GENESIS)
    row = {
        "sequence": sequence,
        "at": at,
        "actor_kind": str(by.kind),
        "actor_id": by.id,
        "actor_name": by.name,
        "action": action,
        "subject": subject,
        "detail": json.loads(json.dumps(dict(detail or {}))),
    }
    tx.execute(sa.insert(audit_table).values(**row, previous_hash=previous, hash=_digest(row, previous)))
    return sequence


def verify(sql: Sql) -> Verdict:
    """Walks the whole chain; memory stays flat."""
    previous, checked = _GENESIS, 0
    with sql.read() as tx:
        for found in tx.execute(sa.select(audit_table).order_by(audit_table.c.sequence).execution_options(yield_per=1000)):
            row = dict(found._mapping)  # noqa: SLF001 - the documented way to a row as a mapping
            fits = row["sequence"] == checked + 1 and row.pop("previous_hash") == previous and row.pop("hash") == _digest(row, previous)
            if not fits:
                return Verdict(is_whole=False, checked=checked, head=previous, broken_at=checked + 1)
            previous, checked = _digest(row, previous), checked + 1
    return Verdict(is_whole=True, checked=checked, head=previous)


def listing(
    sql: Sql,
    *,
    actor: str | None = None,
    action: str | None = None,
    subject: str | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[AuditRow]:
    """The newest entries first, filtered; `action` matches from its start."""
    columns = audit_table.c
    size = limit_of(limit)
    wanted = sa.select(audit_table).order_by(columns.sequence.desc()).limit(size + 1)
    if actor:
        wanted = wanted.where(columns.actor_id == actor)
    if action:
        wanted = wanted.where(columns.action.startswith(action, autoescape=True))
    if subject:
        wanted = wanted.where(columns.subject == subject)
    if since:
        wanted = wanted.where(columns.at >= since)
    if until:
        wanted = wanted.where(columns.at < until)
    if cursor:
        wanted = wanted.where(columns.sequence < decode_cursor(cursor, length=1)[0])
    with sql.read() as tx:
        found = [AuditRow(**{field.name: row._mapping[field.name] for field in dataclasses.fields(AuditRow)}) for row in tx.execute(wanted)]  # noqa: SLF001 - the documented way
    following = encode_cursor([found[size - 1].sequence]) if len(found) > size else None
    return Page(found[:size], following)


def _digest(row: Mapping[str, Any], previous: str) -> str:
    canonical = json.dumps({**row, "at": iso(row["at"])}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256((previous + canonical).encode()).hexdigest()
