"""Members of an audience as a file: masked, in plain for a stated purpose, or hashed for ad platforms; by a job.

A file holds the members whom the one who asked may see, as they are when the job runs. It is sealed at rest and expires.
"""

import csv
import dataclasses
import datetime as dt
import hashlib
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wellspring.audiences import errors, repo
from wellspring.audiences.contracts import HASHED_COLUMNS, MASKED_COLUMNS, PLAIN_COLUMNS, FileFormat, MemberLine
from wellspring.audiences.service import browsing, seeing
from wellspring.kernel import audit, jobs
from wellspring.kernel.auth import ActorKind, Principal, Scope
from wellspring.kernel.clock import iso
from wellspring.kernel.jobs import Running
from wellspring.kernel.text import guard_cell
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Permission as People
from wellspring.people.contracts import PlainValues

JOB = "audiences.export"
# Console contracts name the permissions that open files of these purposes.
PURPOSE, PLAIN_PURPOSE = "audience_export", "audience_export_plain"
PURPOSE_LETTERS_MIN = 4
_KEPT = dt.timedelta(days=7)
# Plain values lie around no longer than a working day.
_PLAIN_KEPT = dt.timedelta(days=1)
# Members read at a time: two seconds between two reports of progress.
_PIECE = 2_000
_READ_BYTES = 1024 * 1024
Row = tuple[str | int | bool | float | None, ...]


@dataclasses.dataclass(frozen=True)
class Wish:
    """What was asked for, as the job's body keeps it."""

    audience_id: str
    format: FileFormat
    columns: tuple[str, ...]
    actor_id: str
    unit_ids: tuple[str, ...] | None

    @property
    def is_plain(self) -> bool:
        """Whether personal values leave in plain."""
        return bool(set(self.columns) & set(PLAIN_COLUMNS))

    @property
    def is_hashed(self) -> bool:
        """Whether the file is for an ad platform."""
        return bool(set(self.columns) & set(HASHED_COLUMNS))

    @property
    def by(self) -> Principal:
        """Who asked, with the scope of then."""
        scope = Scope(None if self.unit_ids is None else frozenset(self.unit_ids))
        return Principal(id=self.actor_id, kind=ActorKind.SYSTEM, name=self.actor_id, scope=scope)


def ask(ws: Workspace, *, by: Principal, audience_id: str, file_format: FileFormat, columns: Sequence[str] = (), purpose: str = "") -> str:
    """Queues an export, audited with its columns and purpose; gives the job's id.

    Raises AudienceUnknown, ColumnUnknown, and for plain values Forbidden or PurposeMissing.
    """
    wanted = tuple(dict.fromkeys(columns)) or MASKED_COLUMNS
    known = (*MASKED_COLUMNS, *PLAIN_COLUMNS)
    unknown = next((name for name in wanted if name not in known), None)
    if unknown is not None:
        raise errors.ColumnUnknown(name=unknown[:60])
    if set(wanted) & set(PLAIN_COLUMNS):
        by.require(People.PII_READ)
        if len(purpose.strip()) < PURPOSE_LETTERS_MIN:
            raise errors.PurposeMissing(limit=PURPOSE_LETTERS_MIN)
    return _queued(ws, by, _wish(by, audience_id, file_format, wanted), purpose)


def ask_hashed(ws: Workspace, *, by: Principal, audience_id: str, file_format: FileFormat, fields: Sequence[str]) -> str:
    """Queues a file of hashes for an ad platform. Raises AudienceUnknown, ColumnUnknown."""
    wanted = tuple(dict.fromkeys(fields)) or HASHED_COLUMNS
    unknown = next((name for name in wanted if name not in HASHED_COLUMNS), None)
    if unknown is not None:
        raise errors.ColumnUnknown(name=unknown[:60])
    return _queued(ws, by, _wish(by, audience_id, file_format, wanted), "")


def run(running: Running) -> dict[str, Any]:
    """The job: writes the file; gives its id and how many rows it has."""
    ws, body = running.workspace, running.body
    units = body["unit_ids"]
    wish = Wish(
        audience_id=body["audience_id"],
        format=FileFormat(body["format"]),
        columns=tuple(body["columns"]),
        actor_id=body["actor_id"],
        unit_ids=None if units is None else tuple(units),
    )
    counted = _Counted(_rows(ws, wish, running))
    with ws.sql.read() as tx:
        name = browsing.known_one(tx, wish.audience_id).name
    is_csv = wish.format is FileFormat.CSV
    pieces = csv_pieces(wish.columns, counted) if is_csv else parquet_pieces(wish.columns, counted)
    stored = ws.files.put(
        pieces,
        name=f"{name}.{wish.format.value}",
        media_type="text/csv; charset=utf-8" if is_csv else "application/vnd.apache.parquet",
        purpose=PLAIN_PURPOSE if wish.is_plain else PURPOSE,
        expires_at=ws.clock.now() + (_PLAIN_KEPT if wish.is_plain else _KEPT),
    )
    return {"file_id": stored.id, "rows": counted.count}


def csv_pieces(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """RFC 4180 with a byte order mark, so that spreadsheets read Chinese; no cell can be taken for a formula (rule S5)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    yield b"\xef\xbb\xbf"
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        if out.tell() > _READ_BYTES:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def parquet_pieces(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """The same as Parquet, by way of a file of its own: the format ends with its index."""
    types = {"member_no": pa.int64(), "orders_count": pa.int64(), "identified": pa.bool_(), "revenue": pa.float64()}
    schema = pa.schema([(name, types.get(name, pa.string())) for name in columns])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "members.parquet"
        with pq.ParquetWriter(path, schema) as writer:
            for piece in _pieces(rows):
                arrays = [pa.array([row[place] for row in piece], schema.field(place).type) for place in range(len(columns))]
                writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
        with path.open("rb") as source:
            while found := source.read(_READ_BYTES):
                yield found


class _Counted:
    """Rows that count themselves."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.count += 1
            yield row


def _wish(by: Principal, audience_id: str, file_format: FileFormat, columns: tuple[str, ...]) -> Wish:
    units = None if by.scope.unit_ids is None else tuple(sorted(by.scope.unit_ids))
    return Wish(audience_id, file_format, columns, by.id, units)


def _queued(ws: Workspace, by: Principal, wish: Wish, purpose: str) -> str:
    with ws.sql.write() as tx:
        browsing.known_one(tx, wish.audience_id)
        job_id = jobs.enqueue(ws, tx, JOB, {**dataclasses.asdict(wish), "format": wish.format.value}, by=by)
        detail = {"columns": ", ".join(wish.columns), "purpose": purpose.strip(), "job": job_id}
        action = "audiences.export_hashed" if wish.is_hashed else "audiences.export"
        audit.append(ws.sql, tx, by=by, action=action, subject=wish.audience_id, at=ws.clock.now(), detail=detail)
    return job_id


def _rows(ws: Workspace, wish: Wish, running: Running) -> Iterator[Row]:
    with ws.sql.read() as tx:
        found = repo.members(tx, wish.audience_id)
    members = found & seeing.everybody(ws, seeing.visible(ws, wish.by))
    done, total = 0, len(members)
    for piece in _pieces(members):
        running.progress(done=done, total=total)
        values = people.plain_values(ws, member_nos=piece) if wish.is_plain or wish.is_hashed else {}
        if wish.is_hashed:
            for number in piece:
                yield from _hashed(values[number], wish.columns)
        else:
            for line in seeing.lines(ws, by=wish.by, member_nos=piece):
                yield _row(line, values.get(line.member.member_no), wish.columns)
        done += len(piece)
    running.progress(done=done, total=total)


def _row(line: MemberLine, plain: PlainValues | None, columns: Sequence[str]) -> Row:
    member, orders = line.member, line.orders
    shown: Mapping[str, Any] = {
        "name": plain.name if plain else None,
        "phone": ";".join(plain.phones) if plain else None,
        "email": ";".join(plain.emails) if plain else None,
        "home_unit": line.home_unit.name if line.home_unit else None,
        "created_at": iso(member.created_at),
        "last_seen_at": iso(member.last_seen_at),
        "orders_count": orders.orders if orders else 0,
        "revenue": orders.revenue_minor / 100 if orders else 0.0,
        "last_order_at": iso(orders.last_order_at) if orders and orders.last_order_at else None,
    }
    return tuple(shown[name] if name in shown else getattr(member, name) for name in columns)


def _hashed(plain: PlainValues, columns: Sequence[str]) -> Iterator[Row]:
    """A row per address; who has none is left out."""
    values = {"phone_sha256": plain.phones, "email_sha256": [email.lower() for email in plain.emails]}
    found = {name: [hashlib.sha256(value.encode()).hexdigest() for value in values[name]] for name in columns}
    for place in range(max(len(hashes) for hashes in found.values())):
        yield tuple(found[name][place] if place < len(found[name]) else None for name in columns)


def _cell(value: str | float | None) -> str | float:
    """Text that a spreadsheet takes for text; numbers and booleans are none of an attacker's making."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return guard_cell(value) if isinstance(value, str) else value


def _pieces(found: Iterable[Any]) -> Iterator[list[Any]]:
    piece: list[Any] = []
    for one in found:
        piece.append(one)
        if len(piece) == _PIECE:
            yield piece
            piece = []
    if piece:
        yield piece
