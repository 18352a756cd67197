"""Posters as pictures: a background, texts that wrap, codes, pictures. The same words are drawn once and kept."""

import dataclasses
import datetime as dt
import hashlib
import io

import orjson
import segno
from PIL import Image, ImageDraw, ImageFont, ImageOps, UnidentifiedImageError

from wellspring.content.contracts import Block, Poster
from wellspring.content.errors import FontMissing
from wellspring.content.repo import tracks
from wellspring.kernel.errors import NotFound
from wellspring.kernel.fonts import picture_font
from wellspring.kernel.workspace import Workspace

PURPOSE = "content.poster"
# Places of blocks are thousandths of the width, so that a poster looks alike in every size.
_PARTS = 1_000
# Lines stand this much of their size apart.
_LEADING = 1.35
_LINES_MAX = 40


def kept(ws: Workspace, content_id: str, poster: Poster, *, at: dt.datetime) -> str:
    """The file of a poster, drawn at its first use. Raises FontMissing."""
    digest = hashlib.blake2b(content_id.encode() + orjson.dumps(dataclasses.asdict(poster)), digest_size=16).digest()
    with ws.sql.read() as tx:
        known = tracks.rendition(tx, digest)
    if known is not None:
        return known
    stored = ws.files.put([png(ws, poster)], name=f"{content_id}.png", media_type="image/png", purpose=PURPOSE)
    with ws.sql.write() as tx:
        ws.sql.lock(tx, "content.rendition")
        known = tracks.rendition(tx, digest)
        if known is None:
            tracks.add_rendition(tx, digest, content_id, stored.id, at)
    return known or stored.id


def png(ws: Workspace, poster: Poster) -> bytes:
    """The picture of a poster. Raises FontMissing."""
    picture = Image.new("RGB", (poster.width, poster.height), poster.paper)
    background = _opened(ws, poster.background_file_id)
    if background is not None:
        picture.paste(ImageOps.fit(background, picture.size, Image.Resampling.LANCZOS))
    pen = ImageDraw.Draw(picture)
    for block in poster.blocks:
        if block.kind == "text":
            _text(pen, block, poster.width)
        elif block.kind == "code":
            _code(picture, block, poster.width)
        else:
            _picture(ws, picture, block, poster.width)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _scaled(value: int, width: int) -> int:
    return round(value * width / _PARTS)


def _text(pen: ImageDraw.ImageDraw, block: Block, width: int) -> None:
    size = max(_scaled(block.size, width), 8)
    font = picture_font(size, is_bold=block.is_bold)
    if font is None:
        raise FontMissing
    room, left, top = _scaled(block.width, width), _scaled(block.x, width), _scaled(block.y, width)
    for place, line in enumerate(_lines(block.text, font, room)):
        x = left + (room - font.getlength(line)) / 2 if block.is_centred else left
        pen.text((x, top + place * size * _LEADING), line, font=font, fill=block.color)


def _lines(text: str, font: ImageFont.FreeTypeFont, room: int) -> list[str]:
    """The text cut where it reaches the edge: Chinese anywhere, other words between them where they fit."""
    made: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in _words(paragraph):
            if line and font.getlength(line + word.rstrip()) > room:
                made.append(line.rstrip())
                line = word.lstrip()
            else:
                line += word
            while font.getlength(line) > room and len(line) > 1:
                fits = next((cut for cut in range(len(line) - 1, 1, -1) if font.getlength(line[:cut]) <= room), 1)
                made.append(line[:fits])
                line = line[fits:]
        made.append(line.rstrip())
    return made[:_LINES_MAX]


def _words(text: str) -> list[str]:
    words: list[str] = []
    for letter in text:
        follows = words and letter.isascii() and words[-1][-1].isascii() and not words[-1].endswith(" ")
        if follows:
            words[-1] += letter
        else:
            words.append(letter)
    return words


def _code(picture: Image.Image, block: Block, width: int) -> None:
    side = max(_scaled(block.width, width), 40)
    rows = [bytearray(row) for row in segno.make(block.url, error="m", micro=False).matrix_iter(border=2)]
    small = Image.new("1", (len(rows), len(rows)))
    small.putdata([0 if is_dark else 1 for row in rows for is_dark in row])
    drawn = small.resize((side, side), Image.Resampling.NEAREST).convert("RGB")
    picture.paste(drawn, (_scaled(block.x, width), _scaled(block.y, width)))


def _picture(ws: Workspace, picture: Image.Image, block: Block, width: int) -> None:
    found = _opened(ws, block.file_id)
    if found is None:
        return
    size = (_scaled(block.width, width), _scaled(block.height or block.width, width))
    picture.paste(
        ImageOps.fit(found, (max(size[0], 1), max(size[1], 1)), Image.Resampling.LANCZOS),
        (_scaled(block.x, width), _scaled(block.y, width)),
    )


def _opened(ws: Workspace, file_id: str) -> Image.Image | None:
    if not file_id:
        return None
    try:
        return Image.open(io.BytesIO(b"".join(ws.files.read(file_id)))).convert("RGB")
    except (NotFound, UnidentifiedImageError, OSError):
        # A picture that is gone or broken leaves its place empty; the words around it still say what they say.
        return None
