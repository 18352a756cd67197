"""A card as a PNG with bleed: for the editor's preview, for screens, and for printing houses that want pictures."""

import io

import segno
from PIL import Image, ImageDraw

from wellspring.acquisition.contracts.cards import Look
from wellspring.acquisition.rules import layouts
from wellspring.acquisition.rules.layouts import BLEED, Box, Square, Words
from wellspring.acquisition.service.fonts import picture_font

# 300 dots per inch is print; a preview on a phone or a screen needs a third of it.
PRINT_DPI, PREVIEW_DPI, THUMBNAIL_DPI = 300, 144, 72
_INCH = 25.4
# Drawn twice as large and reduced, so that round corners are round.
_FINER = 2


def png(look: Look, address: str, *, dpi: int = PRINT_DPI, bleed: float = BLEED) -> bytes:
    """The picture, `bleed` millimetres larger than the trimmed card on every side. Raises FontMissing."""
    width, height = layouts.SIZES[look.size]
    scale = dpi * _FINER / _INCH
    size = (round((width + 2 * bleed) * scale), round((height + 2 * bleed) * scale))
    picture = Image.new("RGB", size, look.paper)
    pen = ImageDraw.Draw(picture)
    for shape in layouts.shapes(look):
        if isinstance(shape, Box):
            _box(pen, shape, scale, bleed)
        elif isinstance(shape, Words):
            _words(pen, shape, scale, bleed)
        else:
            _code(pen, shape, address, scale, bleed)
    picture = picture.resize((size[0] // _FINER, size[1] // _FINER), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "PNG", dpi=(dpi, dpi))
    return out.getvalue()


def _box(pen: ImageDraw.ImageDraw, box: Box, scale: float, bleed: float) -> None:
    left, top = (box.x + bleed) * scale, (box.y + bleed) * scale
    corners = (left, top, left + box.width * scale, top + box.height * scale)
    pen.rounded_rectangle(corners, radius=box.radius * scale, fill=box.color)


def _words(pen: ImageDraw.ImageDraw, words: Words, scale: float, bleed: float) -> None:
    size = max(round(words.size * scale), 1)
    # A line is one line: the layout engine refuses what ends a paragraph.
    text = " ".join(words.text.split())
    while True:
        font = picture_font(size, is_bold=words.is_bold)
        if font.getlength(text) <= words.width * scale or size <= _FINER * 4:
            break
        # A text that is too long becomes smaller rather than running off the card.
        size = round(size * 0.94) if size > 20 else size - 1
    x, y = (words.x + bleed) * scale, (words.y + bleed) * scale
    # The middle of the line stays where it was, however small the letters had to become.
    middle = y + words.size * scale * 0.5
    pen.text((x, middle), text, font=font, fill=words.color, anchor="mm" if words.is_centred else "lm")


def _code(pen: ImageDraw.ImageDraw, square: Square, address: str, scale: float, bleed: float) -> None:
    rows = matrix(address)
    module = square.side * scale / len(rows)
    left, top = (square.x + bleed) * scale, (square.y + bleed) * scale
    for row, line in enumerate(rows):
        for column, is_dark in enumerate(line):
            if is_dark:
                # Rounded alike at both ends, so that neighbours meet without a gap.
                x0, x1 = round(left + column * module), round(left + (column + 1) * module)
                y0, y1 = round(top + row * module), round(top + (row + 1) * module)
                pen.rectangle((x0, y0, x1 - 1, y1 - 1), fill="#000000")


def matrix(address: str) -> list[bytearray]:
    """The code of an address with its quiet zone; level Q bears a quarter of it being damaged."""
    return [bytearray(row) for row in segno.make(address, error="q", micro=False).matrix_iter(border=4)]
