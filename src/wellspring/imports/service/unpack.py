"""From a file of any packing to its plain bytes, piece by piece: gz, zip (first entry), or as it is.

Streams only, so a sealed upload of any size needs no plain copy on disk and no seeking.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from wellspring.imports.contracts import ImportFile
from wellspring.imports.errors import FileUnreadable
from wellspring.kernel.workspace import Workspace

PIECE_BYTES = 1 << 20
_GZIP, _ZIP, _PARQUET = b"\x1f\x8b", b"PK\x03\x04", b"PAR1"
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_DEFLATED, _STORED = 8, 0
_XLSX_MARKS = (b"[Content_Types].xml", b"_rels/.rels", b"xl/", b"docProps/")


def opened(ws: Workspace, file: ImportFile) -> Iterator[bytes]:
    """The bytes of an import's file as they were given, from the file store or from this machine."""
    if file.file_id is not None:
        return ws.files.read(file.file_id)
    return _local(Path(str(file.path)))


def _local(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while piece := source.read(PIECE_BYTES):
            yield piece


def format_of(head: bytes) -> str:
    """What the first bytes say: xlsx, parquet, gz, zip or text."""
    if head.startswith(_PARQUET):
        return "parquet"
    if head.startswith(_ZIP):
        return "xlsx" if any(mark in head[:2000] for mark in _XLSX_MARKS) else "zip"
    return "gz" if head.startswith(_GZIP) else "text"


def unpacked(pieces: Iterable[bytes], *, name: str) -> Iterator[bytes]:
    """The plain bytes of a text file: inflated where it is packed. Raises FileUnreadable for a broken archive."""
    rest = iter(pieces)
    head = _at_least(rest, 4)
    packing = format_of(head)
    try:
        if packing == "gz":
            yield from _inflated(_chained(head, rest), wbits=31)
        elif packing in {"zip", "xlsx"}:
            yield from _first_entry(head, rest)
        else:
            yield from _chained(head, rest)
    except (zlib.error, struct.error, EOFError) as broken:
        raise FileUnreadable(name=name, reason="压缩包损坏 / the archive is broken") from broken


def _chained(head: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    yield from rest


def _at_least(pieces: Iterator[bytes], size: int) -> bytes:
    held = b""
    while len(held) < size:
        piece = next(pieces, None)
        if piece is None:
            break
        held += piece
    return held


def _inflated(pieces: Iterable[bytes], *, wbits: int) -> Iterator[bytes]:
    inflater = zlib.decompressobj(wbits)
    for piece in pieces:
        waiting = piece
        while waiting:
            if inflater.eof:
                if wbits < 0 or not waiting.startswith(_GZIP):
                    return
                # Several gzip members one after the other are one file (RFC 1952).
                inflater = zlib.decompressobj(wbits)
            plain = inflater.decompress(waiting, PIECE_BYTES)
            waiting = inflater.unconsumed_tail or inflater.unused_data
            if plain:
                yield plain
    while tail := inflater.flush():
        yield tail
    if not inflater.eof:
        raise EOFError


def _first_entry(head: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    held = head if len(head) >= _LOCAL_HEADER.size else head + _at_least(rest, _LOCAL_HEADER.size - len(head))
    fields = _LOCAL_HEADER.unpack_from(held)
    method, packed_size, skipped = fields[3], fields[7], _LOCAL_HEADER.size + fields[9] + fields[10]
    if len(held) < skipped:
        held += _at_least(rest, skipped - len(held))
    body = held[skipped:]
    if method == _DEFLATED:
        yield from _inflated(_chained(body, rest), wbits=-15)
    elif method == _STORED and packed_size:
        yield from _limited(_chained(body, rest), packed_size)
    else:
        raise EOFError


def _limited(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    for piece in pieces:
        yield piece[:size]
        size -= len(piece)
        if size <= 0:
            return
