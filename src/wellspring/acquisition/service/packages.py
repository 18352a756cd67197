"""Batches of codes on packages: made, changed, voided, listed, and given out as a stream; no code is stored.

The key of a batch is sealed for this workspace. Whoever can open it can make every code, so each export is audited.
"""

import datetime as dt
import io
import secrets
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import segno

from wellspring.acquisition.contracts.item_codes import PICTURES_MAX, BatchState, PackageBatch, PackageDraft, ScanDay, Suspect
from wellspring.acquisition.errors import item_codes as errors
from wellspring.acquisition.repo import draws, item_codes
from wellspring.acquisition.rules.item_codes import BATCHES_MAX, CODES_MAX, KEY_BYTES, Maker, printed
from wellspring.kernel import audit
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import Invalid
from wellspring.kernel.ids import new_id
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

_CONTEXT = "acquisition.item_key"
_SUSPECTS_MAX = 100
# Level 1: random letters cannot be packed further by trying harder, and the repeated address is packed by any level.
_LEVEL = 1


def add(ws: Workspace, *, by: Principal, draft: PackageDraft) -> str:
    """Makes a batch with a key of its own; gives its id. Raises TooManyBatches, Invalid for a number of codes out of range."""
    if not 1 <= draft.codes <= CODES_MAX:
        raise Invalid(field="codes", reason=f"1–{CODES_MAX:,}")
    batch_id, now = new_id("pkg"), ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, "acquisition.item_batch")
        no = item_codes.last_no(tx) + 1
        if no >= BATCHES_MAX:
            raise errors.TooManyBatches(limit=BATCHES_MAX - 1)
        key = ws.keys.seal_bytes(secrets.token_bytes(KEY_BYTES), context=_CONTEXT)
        values = {"state": str(BatchState.ACTIVE), "created_at": now, "created_by": by.id, "sealed_key": key}
        item_codes.add_batch(tx, id=batch_id, no=no, **_columns(draft), **values)
        audit.append(ws.sql, tx, by=by, action="acquisition.item_batch_add", subject=batch_id, at=now, detail={"codes": draft.codes})
    return batch_id


def change(ws: Workspace, *, by: Principal, batch_id: str, values: dict[str, Any]) -> None:
    """Changes name, product, sku, note, code_id, code_cost_minor or state; the number of codes stays. Raises PackageBatchUnknown."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        known(tx, batch_id)
        item_codes.change_batch(tx, batch_id, **values)
        detail = {"fields": ",".join(sorted(values)), "state": str(values.get("state", ""))}
        audit.append(ws.sql, tx, by=by, action="acquisition.item_batch_change", subject=batch_id, at=now, detail=detail)


def one(ws: Workspace, batch_id: str) -> PackageBatch:
    """A batch with its figures. Raises PackageBatchUnknown."""
    with ws.sql.read() as tx:
        return _shown(tx, [known(tx, batch_id)])[0]


def listing(ws: Workspace, *, cursor: str | None = None, limit: int | None = None) -> Page[PackageBatch]:
    """Batches with their figures, the newest first."""
    size = limit_of(limit)
    before = None if cursor is None else int(decode_cursor(cursor, length=1)[0] or 0)
    with ws.sql.read() as tx:
        found = item_codes.batches(tx, before=before, limit=size + 1)
        shown, total = _shown(tx, list(found[:size])), item_codes.count_batches(tx)
    more = encode_cursor([found[size - 1].no]) if len(found) > size else None
    return Page(shown, more, total)


def days(ws: Workspace, batch_id: str) -> list[ScanDay]:
    """First scans and bindings of a batch by business day."""
    zone = ZoneInfo(ws.settings.get(WorkspaceSettings).time_zone)
    offset = ws.clock.now().astimezone(zone).utcoffset() or dt.timedelta(0)
    with ws.sql.read() as tx:
        rows = item_codes.days(tx, known(tx, batch_id).no, offset=offset)
    start = dt.date(1970, 1, 1)
    return [ScanDay(start + dt.timedelta(days=day), scanned, bound) for day, scanned, bound in rows]


def suspects(ws: Workspace, batch_id: str) -> list[Suspect]:
    """Codes that several people scanned, the worst first, at most 100."""
    with ws.sql.read() as tx:
        batch = known(tx, batch_id)
        rows = item_codes.suspects(tx, batch.no, limit=_SUSPECTS_MAX)
    maker = maker_of(ws, batch)
    return [Suspect(printed(maker.code(row.serial)), row.first_at, row.last_at, row.scans, row.others) for row in rows]


def export(ws: Workspace, *, by: Principal, batch_id: str, address: str, first: int = 1, last: int | None = None) -> Iterator[bytes]:
    """A gzip of CSV lines "code,link" as a stream, from a place in the batch to another (both counted from 1); audited.

    Raises PackageBatchUnknown, Invalid for places outside the batch.
    """
    maker, begin, end = _opened(ws, by, batch_id, first, last, "list")
    return packed(maker, begin, end, address=address)


def packed(maker: Maker, begin: int, end: int, *, address: str) -> Iterator[bytes]:
    """The gzip of the codes of some serials; lines are put together by the thousand, because all are equally long."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, 31)
    yield packer.compress("﻿code,link\r\n".encode())
    link = np.frombuffer(address.encode(), dtype=np.uint8)
    for letters in maker.stream(begin, end):
        count, width = letters.shape
        lines = np.empty((count, 2 * width + 3 + len(link) + 3), dtype=np.uint8)
        for group in range(4):
            lines[:, 6 * group : 6 * group + 5] = letters[:, 5 * group : 5 * group + 5]
            lines[:, 6 * group + 5] = ord("-")
        lines[:, width + 3] = ord(",")
        lines[:, width + 4 : width + 4 + len(link)] = link
        lines[:, width + 4 + len(link) : -2] = letters
        lines[:, -2:] = np.frombuffer(b"\r\n", dtype=np.uint8)
        if block := packer.compress(lines.tobytes()):
            yield block
    yield packer.flush()


def pictures(ws: Workspace, *, by: Principal, batch_id: str, address: str, first: int, last: int) -> Iterator[bytes]:
    """A zip of one SVG per code as a stream; audited. Raises TooManyPictures, PackageBatchUnknown, Invalid."""
    if last - first >= PICTURES_MAX:
        raise errors.TooManyPictures(limit=PICTURES_MAX)
    maker, begin, end = _opened(ws, by, batch_id, first, last, "pictures")
    return _zipped(maker, begin, end, address)


def known(tx: Tx, batch_id: str) -> item_codes.Row:
    """The row of a batch. Raises PackageBatchUnknown."""
    found = item_codes.batch(tx, batch_id)
    if found is None:
        raise errors.PackageBatchUnknown
    return found


def maker_of(ws: Workspace, batch: item_codes.Row) -> Maker:
    """Makes and reads the codes of a batch."""
    return Maker(batch.no, ws.keys.open_bytes(batch.sealed_key, context=_CONTEXT))


def _opened(ws: Workspace, by: Principal, batch_id: str, first: int, last: int | None, form: str) -> tuple[Maker, int, int]:
    with ws.sql.write() as tx:
        batch = known(tx, batch_id)
        end = batch.codes if last is None else last
        if not 1 <= first <= end <= batch.codes:
            raise Invalid(field="first", reason=f"1–{batch.codes:,}")
        detail = {"first": first, "last": end, "form": form}
        audit.append(ws.sql, tx, by=by, action="acquisition.item_codes_export", subject=batch_id, at=ws.clock.now(), detail=detail)
    return maker_of(ws, batch), first - 1, end


def _zipped(maker: Maker, begin: int, end: int, address: str) -> Iterator[bytes]:
    out = _Drained()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for serial in range(begin, end):
            code = maker.code(serial)
            picture = io.BytesIO()
            # Level Q: a quarter of a label may be scratched.
            segno.make(address + code, error="q", micro=False).save(picture, kind="svg", scale=10, border=4)
            archive.writestr(f"{printed(code)}.svg", picture.getvalue())
            yield out.drained()
    yield out.drained()


class _Drained(io.RawIOBase):
    """A file that cannot be sought and gives away what was written so far."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:  # noqa: ANN401 - any buffer
        self._pieces.append(bytes(piece))
        return len(self._pieces[-1])

    def drained(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _shown(tx: Tx, rows: list[item_codes.Row]) -> list[PackageBatch]:
    sums = item_codes.sums(tx, [row.no for row in rows]) if rows else {}
    carried = draws.of_batches(tx, [row.id for row in rows])
    return [_batch(row, sums.get(row.no), carried.get(row.id)) for row in rows]


def _batch(row: item_codes.Row, sums: item_codes.Row | None, draw_id: str | None) -> PackageBatch:
    draft = PackageDraft(row.name, row.product, row.codes, row.sku, row.note, row.code_id, row.code_cost_minor)
    names = ("scanned", "scans", "suspicious", "bound", "members", "drawn")
    counted = {name: 0 if sums is None else int(getattr(sums, name) or 0) for name in names}
    return PackageBatch(row.id, row.no, draft, BatchState(row.state), row.created_at, row.created_by, **counted, draw_id=draw_id)


def _columns(draft: PackageDraft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "product": draft.product,
        "codes": draft.codes,
        "sku": draft.sku,
        "note": draft.note,
        "code_id": draft.code_id,
        "code_cost_minor": draft.code_cost_minor,
    }
