"""A file of any format as a table: what it is (detection), its rows, and its rows as clean CSV bytes.

Text streams, and Parquet is read batch by batch. XLSX needs the whole file at hand.
"""

import datetime as dt
import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet
import python_calamine

from wellspring.imports.contracts import Detected, ImportFile, Layout
from wellspring.imports.errors import FileUnreadable, WorkbookTooLarge
from wellspring.imports.rules import detection
from wellspring.imports.service import text, unpack
from wellspring.kernel.workspace import Workspace

# What a file is before it has been looked at.
UNKNOWN = Detected("", "", ",", header=True, columns=(), sample_rows=(), rows_estimate=0, size_bytes=0)
_HEAD_BYTES = 256 * 1024
_SAMPLE_ROWS = 200
# How much smaller a packed text usually is; only for the estimate of rows.
_PACKED = 5
# A workbook cannot be read row by row, so this bounds the memory of one; packed text of a million rows is smaller.
WORKBOOK_MEGABYTES_MAX = 128


def looked_at(ws: Workspace, file: ImportFile, layout: Layout) -> Detected:
    """What the file is, from its beginning; what the layout already says is believed. Raises FileUnreadable."""
    head = unpack._at_least(unpack.opened(ws, file), 4)  # noqa: SLF001 - a sibling of this package
    kind = unpack.format_of(head)
    if kind in {"xlsx", "parquet"}:
        return _of_rows(kind, list(itertools.islice(_whole_rows(ws, file, kind), _SAMPLE_ROWS + 1)), file, layout)
    start = _head(unpack.unpacked(unpack.opened(ws, file), name=file.name))
    if not start.strip():
        raise FileUnreadable(name=file.name, reason="文件为空 / the file is empty")
    encoding = detection.encoding_of(start, is_whole=len(start) < _HEAD_BYTES) if layout.encoding == "auto" else layout.encoding
    sample = [line for line in b"".join(text.utf8([start], encoding)).decode("utf-8", "replace").splitlines(keepends=True) if line.strip()]
    if not sample:
        # Bytes that are nothing but marks and blanks in their encoding.
        raise FileUnreadable(name=file.name, reason="文件为空 / the file is empty")
    if len(sample) > 1 and len(start) >= _HEAD_BYTES:
        sample.pop()
    if sample[0].lstrip().startswith("{"):
        rows = list(itertools.islice(_objects(iter(sample)), _SAMPLE_ROWS + 1))
        return _estimated(_of_rows("jsonl", rows, file, layout), encoding, start, sample, kind)
    delimiter = detection.delimiter_of(sample[:_SAMPLE_ROWS]) if layout.delimiter == "auto" else layout.delimiter
    rows = list(itertools.islice(text.rows(iter(sample), delimiter), _SAMPLE_ROWS + 1))
    return _estimated(_of_rows("csv", rows, file, layout, delimiter=delimiter), encoding, start, sample, kind)


def records(ws: Workspace, file: ImportFile) -> Iterator[list[str]]:
    """Every row of the file without its header, as cells; broken lines come as a single cell."""
    found = file.detected
    if found.format in {"xlsx", "parquet"}:
        rows = _whole_rows(ws, file, found.format)
    else:
        source = text.lines(text.utf8(unpack.unpacked(unpack.opened(ws, file), name=file.name), found.encoding))
        rows = _objects(source, found.names) if found.format == "jsonl" else text.rows(source, found.delimiter)
    return itertools.islice(rows, 1 if found.header else 0, None)


def csv_pieces(ws: Workspace, file: ImportFile, *, careful: bool = False) -> tuple[Iterator[bytes], str]:
    """The file as CSV bytes without a header, and their delimiter: passed on as they are where nothing speaks against it."""
    found = file.detected
    if careful or found.format != "csv" or found.delimiter == "whitespace":
        return text.as_csv(records(ws, file)), ","
    pieces = text.utf8(unpack.unpacked(unpack.opened(ws, file), name=file.name), found.encoding)
    return (text.without_header(pieces) if found.header else pieces), found.delimiter


def demand_workbook(name: str, size_bytes: int) -> None:
    """Raises WorkbookTooLarge where a workbook would take too much memory."""
    if size_bytes > WORKBOOK_MEGABYTES_MAX * 1_000_000:
        raise WorkbookTooLarge(name=name, limit=WORKBOOK_MEGABYTES_MAX)


def _head(pieces: Iterable[bytes]) -> bytes:
    held = b""
    for piece in pieces:
        held += piece
        if len(held) >= _HEAD_BYTES:
            return held[:_HEAD_BYTES]
    return held


def _of_rows(kind: str, rows: list[list[str]], file: ImportFile, layout: Layout, *, delimiter: str = ",") -> Detected:
    always = kind in {"parquet", "jsonl"}
    header = always or (detection.header_likely(rows) if layout.header is None else layout.header)
    names = list(layout.columns) if layout.columns and not header else detection.names_of(rows, header=header)
    body = rows[1:] if header else rows
    columns = detection.columns_of(names, body)
    return Detected(kind, "", delimiter, header, columns, [row[: len(names)] for row in body[:20]], len(body), file.size_bytes)


def _estimated(found: Detected, encoding: str, start: bytes, sample: Sequence[str], packing: str) -> Detected:
    whole = len(start) < _HEAD_BYTES
    plain = found.size_bytes * (1 if packing == "text" else _PACKED)
    per_line = max(len(start) / max(len(sample), 1), 1)
    estimate = len(sample) - (1 if found.header and found.format == "csv" else 0) if whole else int(plain / per_line)
    return Detected(
        found.format, encoding, found.delimiter, found.header, found.columns, found.sample_rows, estimate, found.size_bytes, is_exact=whole
    )


def _whole(ws: Workspace, file: ImportFile) -> bytes:
    demand_workbook(file.name, file.size_bytes)
    return b"".join(unpack.opened(ws, file))


def _whole_rows(ws: Workspace, file: ImportFile, kind: str) -> Iterator[list[str]]:
    return _sheet_rows(ws, file) if kind == "xlsx" else _parquet_rows(ws, file)


def _sheet_rows(ws: Workspace, file: ImportFile) -> Iterator[list[str]]:
    try:
        sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(_whole(ws, file))).get_sheet_by_index(0)
    except (python_calamine.CalamineError, ValueError, OSError) as broken:
        raise FileUnreadable(name=file.name, reason="XLSX 损坏 / the workbook is broken") from broken
    for row in sheet.iter_rows():
        cells = [_cell(value) for value in row]
        if any(cells):
            yield cells


def _parquet_rows(ws: Workspace, file: ImportFile) -> Iterator[list[str]]:
    with ws.files.seekable(file.file_id) if file.file_id else Path(str(file.path)).open("rb") as source:
        try:
            opened = pyarrow.parquet.ParquetFile(source)
        except (pyarrow.ArrowInvalid, OSError) as broken:
            raise FileUnreadable(name=file.name, reason="Parquet 损坏 / the Parquet file is broken") from broken
        yield list(opened.schema_arrow.names)
        for batch in opened.iter_batches(batch_size=10_000):
            yield from ([_cell(value) for value in row] for row in zip(*(column.to_pylist() for column in batch.columns), strict=True))


def _objects(source: Iterator[str], names: Sequence[str] = ()) -> Iterator[list[str]]:
    keys = list(names)
    is_first = True
    for line in source:
        if not line.strip():
            continue
        try:
            found = orjson.loads(line)
        except orjson.JSONDecodeError:
            found = None
        if not isinstance(found, dict):
            yield [line.rstrip("\r\n")]
            continue
        if is_first:
            keys = keys or list(found)
            yield keys
            is_first = False
        yield [_cell(found.get(key)) for key in keys]


def _cell(value: Any) -> str:  # noqa: ANN401 - whatever a workbook or a Parquet file holds
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value == int(value) and abs(value) < 2**53:
            return str(int(value))
        case dt.datetime():
            return value.isoformat(sep=" ")
        case dt.date() | dt.time():
            return value.isoformat()
        case dict() | list():
            return orjson.dumps(value, default=str).decode()
        case bytes():
            return value.decode("utf-8", "replace")
        case _:
            return str(value)
