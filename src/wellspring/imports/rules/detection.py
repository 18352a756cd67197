"""What a file is, judged by its first bytes and rows: encoding, delimiter, header line, types of columns.

Pure: the bytes are given. UTF-8 is believed when it decodes; otherwise GB18030 (which contains GBK and GB2312), then
Latin-1, which never fails.
"""

import codecs
import csv
import re
import zoneinfo
from collections.abc import Sequence

from wellspring.imports.contracts import Column, FieldType
from wellspring.imports.rules import values

DELIMITERS = (",", "\t", ";", "|", "\x01")
_UTC = zoneinfo.ZoneInfo("UTC")
_SAMPLES = 5


def encoding_of(head: bytes, *, is_whole: bool) -> str:
    """The encoding of the text that begins so; a character cut at the end of the sample does not count against it."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if head.startswith(mark):
            return name
    for name in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(name)().decode(head, is_whole)
        except UnicodeDecodeError:
            continue
        return name
    return "latin-1"


def delimiter_of(lines: Sequence[str]) -> str:
    """The mark that splits the lines most evenly; "whitespace" where none does and blanks align the columns."""
    best, best_score = ",", 0.0
    for mark in DELIMITERS:
        widths = [len(row) for row in csv.reader(lines, delimiter=mark) if row]
        if not widths or max(widths) < 2:
            continue
        common = max(set(widths), key=widths.count)
        # Evenness first: one stray comma in every title must not beat four tabs in every line.
        score = widths.count(common) / len(widths) + min(common, 50) / 1000 if common > 1 else 0.0
        # With the right mark, every closing quotation mark stands before a mark or at the end of its line.
        score = score if _is_clean(lines, mark) else score / 2
        if score > best_score:
            best, best_score = mark, score
    if best_score == 0.0:
        widths = [len(line.split()) for line in lines if line.strip()]
        if widths and min(widths) == max(widths) >= 2:
            return "whitespace"
    return best


def _is_clean(lines: Sequence[str], mark: str) -> bool:
    try:
        for _ in csv.reader(lines, delimiter=mark, strict=True):
            pass
    except csv.Error as unclean:
        # The sample may end inside a quoted cell.
        return "unexpected end of data" in str(unclean)
    return True


def split_line(line: str) -> list[str]:
    """The cells of a line whose columns are aligned with blanks."""
    return line.split()


def header_likely(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: all filled and distinct, and no value of the types below it."""
    if not rows or not rows[0]:
        return False
    first = [cell.strip() for cell in rows[0]]
    if len(set(first)) < len(first) or any(type_of([cell]) is not FieldType.TEXT for cell in first if cell):
        return False
    return all(first[:1]) and sum(map(bool, first)) >= len(first) - 1


def names_of(rows: Sequence[Sequence[str]], *, header: bool) -> list[str]:
    """The columns' names, made unique; "列1" and so on where the file names none."""
    width = max((len(row) for row in rows), default=0)
    given = list(rows[0]) if header and rows else []
    names: list[str] = []
    for index in range(max(width if not header else 0, len(given))):
        name = given[index].replace("\ufeff", "").replace("\x00", "") if index < len(given) else ""
        name = name if name.strip() else f"列{index + 1}"
        names.append(name if name not in names else f"{name} ({index + 1})")
    return names


def columns_of(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Column]:
    """Each column's type and first values."""
    found = []
    for index, name in enumerate(names):
        cells = [row[index] if index < len(row) else "" for row in rows]
        filled = [cell.strip() for cell in cells if not values.is_empty(cell)]
        found.append(Column(name=name, type=type_of(filled), empty=len(cells) - len(filled), samples=tuple(filled[:_SAMPLES])))
    return found


_AMOUNT = re.compile(r"^[¥￥$€£]\s*-?[\d,]+(\.\d+)?$")
_PLAIN = re.compile(r"^[+-]?\d+(\.\d+)?$")


def type_of(texts: Sequence[str]) -> FieldType:
    """The narrowest type that all texts have; numbers with a leading zero, and long ones, are codes, so text."""
    if not texts:
        return FieldType.TEXT
    if all(_AMOUNT.match(text) for text in texts):
        return FieldType.MONEY
    if all(_PLAIN.match(text) for text in texts):
        is_code = any(len(text) > 1 and text[0] == "0" and text[1] != "." for text in texts) or any(len(text) > 15 for text in texts)
        whole = all("." not in text for text in texts)
        return FieldType.TEXT if is_code else FieldType.WHOLE if whole else FieldType.NUMBER
    return FieldType.TIME if all(map(_is_time, texts)) else FieldType.TEXT


def _is_time(text: str) -> bool:
    try:
        values.instant(text, zone=_UTC)
    except values.Unreadable:
        return False
    return True
