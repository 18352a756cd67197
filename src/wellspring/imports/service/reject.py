"""Rejected rows: collected during a run, written as one sealed CSV at its end, read back when they were corrected."""

import codecs
import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import orjson

from wellspring.imports import repo
from wellspring.imports.contracts import Import, ImportFile
from wellspring.imports.rules.cells import REASON_COLUMNS, guarded
from wellspring.imports.rules.reasons import REASONS, texts
from wellspring.imports.service import tables
from wellspring.imports.service.text import as_csv
from wellspring.imports.settings import ImportSettings
from wellspring.kernel.workspace import Workspace

_CONTEXT = "imports.reject"


class Rejected(NamedTuple):
    """A row as it stood in the file, its place from 0, and why it was not taken."""

    place: int
    code: str
    cells: Sequence[str]
    zh: str = ""
    en: str = ""
    role: str = ""


def code_of(code: str) -> str:
    """Our code for a refusal of another domain: suppression is told apart, other codes keep their last word where we know it."""
    last = code.rpartition(".")[2]
    return last if last in REASONS else "suppressed" if "suppress" in code or "erased" in code else "buyer_refused"


def kept(ws: Workspace, found: Sequence[Rejected]) -> list[dict[str, object]]:
    """Rows for `repo.add_rejects`, their content sealed."""
    return [
        {
            "row_no": row.place,
            "code": row.code,
            "zh": row.zh or texts(row.code)[0],
            "en": row.en or texts(row.code)[1],
            "content": ws.keys.seal_bytes(orjson.dumps(list(row.cells)), context=_CONTEXT),
        }
        for row in found
    ]


def unsealed(ws: Workspace, import_id: str) -> Iterator[Rejected]:
    """The rows that were kept during a row-by-row import."""
    with ws.sql.read() as tx:
        for row in repo.rejects(tx, import_id):
            yield Rejected(row.row_no, row.code, orjson.loads(ws.keys.open_bytes(row.content, context=_CONTEXT)), row.zh, row.en)


def picked(ws: Workspace, file: ImportFile, refused: Mapping[int, str]) -> Iterator[Rejected]:
    """Rows that were refused after they had been read, taken from the file again by their places."""
    for place, cells in enumerate(tables.records(ws, file)):
        if place in refused:
            yield Rejected(place, refused[place], cells)


def written(ws: Workspace, run: Import, found: Iterable[Rejected]) -> str | None:
    """Writes the rejects as one sealed CSV (original columns, code, reason in both languages); gives its file id, or None."""
    rest = iter(found)
    first = next(rest, None)
    if first is None:
        return None
    days = ws.settings.get(ImportSettings).rejects_days
    until = ws.clock.now() + dt.timedelta(days=days)
    stored = ws.files.put(
        itertools.chain([codecs.BOM_UTF8], as_csv(_lines(run, first, rest))),
        name=f"{run.name}-rejects.csv",
        media_type="text/csv; charset=utf-8",
        purpose="imports.rejects",
        expires_at=until,
    )
    return stored.id


def _lines(run: Import, first: Rejected, rest: Iterator[Rejected]) -> Iterator[list[str]]:
    several = len(run.files) > 1
    width = max(len(file.detected.names) for file in run.files)
    names = [f"column_{index + 1}" for index in range(width)] if several else list(run.files[0].detected.names)
    extra = ["table"] if several else []
    yield [*extra, *names, *REASON_COLUMNS]
    yield _line(first, width, several=several)
    yield from (_line(row, width, several=several) for row in rest)


def _line(row: Rejected, width: int, *, several: bool) -> list[str]:
    cells = [cell.replace("\x01", "") for cell in row.cells]
    padded = [*cells, *([""] * (width - len(cells)))]
    zh, en = (row.zh, row.en) if row.zh else texts(row.code)
    return guarded([*([row.role] if several else []), *padded, row.code, zh, en])
