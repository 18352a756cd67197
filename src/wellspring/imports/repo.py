"""All SQL of imports in the transactional store: runs, remembered mappings, rejected rows."""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.imports import contracts
from wellspring.imports.contracts import Column, Detected, FieldType, Import, ImportFile, ImportId, Kind, Options, State
from wellspring.imports.models import before_table, mapping_table, reject_table, run_table
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores.sql import Tx

# Mappings shown for a kind: the most recently used ones.
_MAPPINGS_MAX = 100


def add(tx: Tx, **values: Any) -> None:  # noqa: ANN401 - column values
    """A new run."""
    tx.execute(sa.insert(run_table).values(**values))


def change(tx: Tx, import_id: str, **values: Any) -> None:  # noqa: ANN401 - column values
    """Changes a run."""
    tx.execute(sa.update(run_table).where(run_table.c.id == import_id).values(**values))


def find(tx: Tx, import_id: str) -> Import | None:
    """A run by id."""
    row = tx.execute(sa.select(run_table).where(run_table.c.id == import_id)).first()
    return _import(row) if row else None


def progress(tx: Tx, import_id: str) -> tuple[int, dict[str, int]]:
    """How many rows of the file have been taken in for good, and what became of them."""
    row = tx.execute(sa.select(run_table.c.rows_done, run_table.c.tally).where(run_table.c.id == import_id)).one()
    return row.rows_done, dict(row.tally)


def listing(tx: Tx, *, kind: str | None, cursor: str | None, limit: int | None) -> Page[Import]:
    """The newest runs first."""
    size = limit_of(limit)
    wanted = sa.select(run_table).order_by(run_table.c.id.desc()).limit(size + 1)
    if kind:
        wanted = wanted.where(run_table.c.kind == kind)
    if cursor:
        wanted = wanted.where(run_table.c.id < str(decode_cursor(cursor, length=1)[0]))
    found = [_import(row) for row in tx.execute(wanted)]
    return Page(found[:size], encode_cursor([found[size - 1].id]) if len(found) > size else None)


def remember(tx: Tx, *, mapping: contracts.Mapping, signature: str, name: str, at: dt.datetime) -> None:
    """Keeps a mapping for the next file with the same header."""
    key = sa.and_(mapping_table.c.kind == mapping.kind, mapping_table.c.signature == signature)
    values = {"name": name, "mapping": mapping.model_dump(mode="json"), "used_at": at}
    if not tx.execute(sa.update(mapping_table).where(key).values(**values)).rowcount:
        tx.execute(sa.insert(mapping_table).values(kind=mapping.kind, signature=signature, **values))


def remembered(tx: Tx, *, kind: Kind, signature: str) -> contracts.Mapping | None:
    """The mapping last used for this header."""
    wanted = sa.select(mapping_table.c.mapping).where(mapping_table.c.kind == kind, mapping_table.c.signature == signature)
    found = tx.execute(wanted).scalar()
    return contracts.Mapping.model_validate(found) if found else None


def mappings(tx: Tx, *, kind: Kind | None) -> list[dict[str, Any]]:
    """Remembered mappings, the last used first."""
    wanted = sa.select(mapping_table).order_by(mapping_table.c.used_at.desc()).limit(_MAPPINGS_MAX)
    if kind:
        wanted = wanted.where(mapping_table.c.kind == kind)
    return [dict(row._mapping) for row in tx.execute(wanted)]  # noqa: SLF001 - the documented way


def add_rejects(tx: Tx, import_id: str, found: Sequence[Mapping[str, Any]]) -> None:
    """Keeps rejected rows (content sealed by the caller) until the file of rejects is written."""
    if found:
        tx.execute(sa.insert(reject_table), [{"import_id": import_id, **row} for row in found])


def rejects(tx: Tx, import_id: str) -> Iterator[sa.Row[Any]]:
    """Rejected rows in the order of the file."""
    wanted = sa.select(reject_table).where(reject_table.c.import_id == import_id).order_by(reject_table.c.row_no)
    yield from tx.execute(wanted.execution_options(yield_per=1000))


def reject_counts(tx: Tx, import_id: str) -> dict[str, int]:
    """Rejected rows by code."""
    counted = sa.select(reject_table.c.code, sa.func.count()).where(reject_table.c.import_id == import_id).group_by(reject_table.c.code)
    return {code: int(count) for code, count in tx.execute(counted)}


def drop_rejects(tx: Tx, import_id: str) -> None:
    """Forgets the rejected rows of a run."""
    tx.execute(sa.delete(reject_table).where(reject_table.c.import_id == import_id))


def files_json(files: Sequence[ImportFile]) -> list[dict[str, Any]]:
    """Files as plain values, without the values that were seen in them: those may be personal."""
    return [dataclasses.asdict(dataclasses.replace(file, detected=_without_samples(file.detected))) for file in files]


def _without_samples(found: Detected) -> Detected:
    columns = [dataclasses.replace(column, samples=()) for column in found.columns]
    return dataclasses.replace(found, columns=columns, sample_rows=())


def _import(row: sa.Row[Any]) -> Import:
    found = row._mapping  # noqa: SLF001 - the documented way
    values = {field.name: found[field.name] for field in dataclasses.fields(Import)}
    values["id"] = ImportId(found["id"])
    values["kind"], values["state"] = Kind(found["kind"]), State(found["state"])
    values["files"] = [_file(file) for file in found["files"]]
    values["mapping"] = contracts.Mapping.model_validate(found["mapping"]) if found["mapping"] else None
    values["options"] = Options.model_validate(found["options"])
    return Import(**values)


def _file(stored: dict[str, Any]) -> ImportFile:
    detected = dict(stored["detected"])
    columns = [Column(column["name"], FieldType(column["type"]), column["empty"], column["samples"]) for column in detected.pop("columns")]
    return ImportFile(**{**stored, "detected": Detected(**detected, columns=columns)})


def keep_before(tx: Tx, import_id: str, *, kind: str, key: str, before: Mapping[str, Any] | None) -> None:
    """Keeps what stood before the import first touched a thing; None when the import made it."""
    columns = before_table.c
    known = tx.execute(sa.select(columns.key).where(columns.import_id == import_id, columns.kind == kind, columns.key == key)).first()
    if known is None:
        tx.execute(
            sa.insert(before_table).values(
                import_id=import_id, kind=kind, key=key, before=None if before is None else dict(before), made=before is None
            )
        )


def befores(tx: Tx, import_id: str) -> list[tuple[str, dict[str, Any] | None]]:
    """What stood before, by thing; None for what the import made."""
    found = tx.execute(sa.select(before_table).where(before_table.c.import_id == import_id).order_by(before_table.c.key))
    return [(row.key, None if row.made else dict(row.before)) for row in found]


def drop_befores(tx: Tx, import_id: str) -> None:
    """Forgets what stood before."""
    tx.execute(sa.delete(before_table).where(before_table.c.import_id == import_id))
