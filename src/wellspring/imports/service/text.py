"""From plain bytes to UTF-8 text and to rows of cells, with broken quoting contained to its own line.

A quotation mark that is never closed would swallow the rest of a file; here it costs the line that it stands on.
"""

import codecs
import csv
from collections.abc import Iterable, Iterator, Sequence

from wellspring.imports.rules.detection import split_line

# A cell with more line breaks than this is a quotation mark that somebody forgot to close.
_SPAN_MAX = 64
# One cell of 10 MB is a defect of the file, and memory must stay flat.
csv.field_size_limit(10_000_000)


def utf8(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The same text in UTF-8 without a byte order mark.

    A file whose beginning is plain ASCII may turn out to be GB18030 later: the first byte that is no UTF-8 decides.
    """
    decoder = codecs.getincrementaldecoder(encoding)("strict" if encoding == "utf-8" else "replace")
    may_switch = encoding == "utf-8"
    for piece in pieces:
        state = decoder.getstate()
        if may_switch and piece.isascii() and not state[0]:
            yield piece
            continue
        try:
            text = decoder.decode(piece)
        except UnicodeDecodeError:
            may_switch = False
            decoder = codecs.getincrementaldecoder("gb18030")("replace")
            text = decoder.decode(state[0] + piece)
        if text:
            yield text.encode("utf-8", "surrogatepass")
    tail = codecs.getincrementaldecoder("utf-8")("replace").decode(decoder.getstate()[0], True)
    if tail:
        yield tail.encode()


def without_header(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """UTF-8 CSV without its first record."""
    rest = iter(pieces)
    held = b""
    while True:
        end = _record_end(held)
        if end is not None:
            if held[end:]:
                yield held[end:]
            yield from rest
            return
        piece = next(rest, None)
        if piece is None:
            return
        held += piece


def _record_end(held: bytes) -> int | None:
    quoted = False
    for place, byte in enumerate(held):
        if byte == 0x22:
            quoted = not quoted
        elif byte == 0x0A and not quoted:
            return place + 1
    return None


def lines(pieces: Iterable[bytes]) -> Iterator[str]:
    """The lines of UTF-8 pieces, ends included."""
    held = b""
    for piece in pieces:
        whole = (held + piece).split(b"\n")
        held = whole.pop()
        yield from (f"{line.decode('utf-8', 'replace')}\n" for line in whole)
    if held:
        yield held.decode("utf-8", "replace")


class _TooLong(Exception):
    pass


class _Feed:
    """Lines with a memory of the present record, so that it can be given back."""

    def __init__(self, source: Iterator[str]) -> None:
        self.source = source
        self.waiting: list[str] = []
        self.record: list[str] = []

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = self.waiting.pop() if self.waiting else next(self.source)
        self.record.append(line)
        if len(self.record) > _SPAN_MAX:
            raise _TooLong
        return line


def rows(source: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    """The records of a CSV; a line whose quoting is broken comes as one single cell. Blank lines are left out."""
    if delimiter == "whitespace":
        yield from (cells for line in source if (cells := split_line(line)))
        return
    feed = _Feed(source)
    reader = csv.reader(feed, delimiter=delimiter)
    while True:
        feed.record = []
        try:
            cells = next(reader)
            is_broken = len(feed.record) > 1 and _is_open(feed.record, delimiter)
        except StopIteration:
            return
        except (_TooLong, csv.Error):
            is_broken, cells = True, []
        if is_broken:
            first, *others = feed.record
            feed.waiting.extend(reversed(others))
            reader = csv.reader(feed, delimiter=delimiter)
            yield [first.rstrip("\r\n")]
        elif cells:
            yield cells


def _is_open(record: Sequence[str], delimiter: str) -> bool:
    try:
        for _ in csv.reader(record, delimiter=delimiter, strict=True):
            pass
    except csv.Error as open_quote:
        return "unexpected end of data" in str(open_quote)
    return False


class _Pieces:
    """A file-like sink that hands on what was written."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def write(self, text: str) -> int:
        """Keeps a part."""
        self.parts.append(text)
        return len(text)

    def take(self) -> bytes:
        """Everything written since the last time, as UTF-8."""
        joined = "".join(self.parts).encode("utf-8", "replace")
        self.parts.clear()
        return joined


def as_csv(records: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Rows as clean CSV: comma, every doubt quoted."""
    sink = _Pieces()
    writer = csv.writer(sink, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for count, record in enumerate(records, start=1):
        writer.writerow(record)
        # About a megabyte at a time.
        if count % 10_000 == 0:
            yield sink.take()
    if sink.parts:
        yield sink.take()
