"""Cards as a print-ready PDF: trim and bleed boxes, crop marks, as many as fit on a sheet; colours for four inks.

A card is drawn once as a form and placed as often as needed. Black text and the code are pure black (K), so that they stay
sharp where colours are not printed exactly above each other.
"""

import io

from reportlab.lib.colors import CMYKColor
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from wellspring.acquisition.contracts.cards import Look, Sheet
from wellspring.acquisition.rules import layouts
from wellspring.acquisition.rules.layouts import BLEED, MARK_GAP, MARK_LENGTH, Box, Imposition, Square, Words
from wellspring.acquisition.service import fonts
from wellspring.acquisition.service.picturing import matrix

_CARD = "card"
_BLACK = CMYKColor(0, 0, 0, 1)
# Marks on every plate: printers look at them to see whether the plates lie above each other.
_REGISTRATION = CMYKColor(1, 1, 1, 1)
_HAIRLINE = 0.25


def pdf(look: Look, address: str, *, sheet: Sheet, title: str, sheets: int = 1) -> bytes:
    """The sheets as a PDF document."""
    placed = layouts.impose(look.size, sheet)
    width, height = (side * mm for side in placed.sheet)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width, height), pageCompression=1)
    canvas.setTitle(title)
    canvas.setCreator("Wellspring")
    _define(canvas, look, address)
    for number in range(1, sheets + 1):
        _sheet(canvas, look, placed, f"{title}   {number}/{sheets}   {_size_text(look)}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _sheet(canvas: Canvas, look: Look, placed: Imposition, legend: str) -> None:
    width, height = layouts.SIZES[look.size]
    page_height = placed.sheet[1]
    if placed.per_sheet == 1:
        left, bottom = placed.left * mm, (page_height - placed.top - height) * mm
        canvas.setTrimBox((left, bottom, left + width * mm, bottom + height * mm))
        more = BLEED * mm
        canvas.setBleedBox((left - more, bottom - more, left + width * mm + more, bottom + height * mm + more))
    for x, y in placed.places():
        canvas.saveState()
        if placed.is_turned:
            canvas.translate((x + height) * mm, (page_height - y) * mm)
            canvas.rotate(-90)
            canvas.translate(0, -height * mm)
        else:
            canvas.translate(x * mm, (page_height - y - height) * mm)
        canvas.doForm(_CARD)
        canvas.restoreState()
    _marks(canvas, look, placed)
    canvas.setFillColor(_BLACK)
    canvas.setFont(fonts.pdf_font(), 6)
    canvas.drawString(placed.left * mm + 12, 2.4 * mm, legend)


def _size_text(look: Look) -> str:
    width, height = layouts.SIZES[look.size]
    return f"{width:g} × {height:g} mm + {BLEED:g} mm"


def _marks(canvas: Canvas, look: Look, placed: Imposition) -> None:
    """Where the knife goes: at the sheet's edges, outside every bleed."""
    width, height = layouts.SIZES[look.size]
    if placed.is_turned:
        width, height = height, width
    page_height = placed.sheet[1]
    right = placed.left + (placed.columns - 1) * placed.step[0] + width
    bottom = placed.top + (placed.rows - 1) * placed.step[1] + height
    canvas.setStrokeColor(_REGISTRATION)
    canvas.setLineWidth(_HAIRLINE)
    near, far = BLEED + MARK_GAP, BLEED + MARK_GAP + MARK_LENGTH
    for column in range(placed.columns):
        for x in (placed.left + column * placed.step[0], placed.left + column * placed.step[0] + width):
            canvas.line(x * mm, (page_height - placed.top + far) * mm, x * mm, (page_height - placed.top + near) * mm)
            canvas.line(x * mm, (page_height - bottom - near) * mm, x * mm, (page_height - bottom - far) * mm)
    for row in range(placed.rows):
        for y in (placed.top + row * placed.step[1], placed.top + row * placed.step[1] + height):
            canvas.line((placed.left - far) * mm, (page_height - y) * mm, (placed.left - near) * mm, (page_height - y) * mm)
            canvas.line((right + near) * mm, (page_height - y) * mm, (right + far) * mm, (page_height - y) * mm)


def _define(canvas: Canvas, look: Look, address: str) -> None:
    """Draws the card once; its origin is the lower left corner of the trimmed card."""
    width, height = layouts.SIZES[look.size]
    more = BLEED * mm
    canvas.beginForm(_CARD, -more, -more, width * mm + more, height * mm + more)
    for shape in layouts.shapes(look):
        if isinstance(shape, Box):
            _box(canvas, shape, height)
        elif isinstance(shape, Words):
            _words(canvas, shape, height)
        else:
            _code(canvas, shape, address, height)
    canvas.endForm()


def _box(canvas: Canvas, box: Box, height: float) -> None:
    canvas.setFillColor(ink(box.color))
    corner = (box.x * mm, (height - box.y - box.height) * mm)
    if box.radius:
        canvas.roundRect(*corner, box.width * mm, box.height * mm, box.radius * mm, stroke=0, fill=1)
    else:
        canvas.rect(*corner, box.width * mm, box.height * mm, stroke=0, fill=1)


def _words(canvas: Canvas, words: Words, height: float) -> None:
    font, size = fonts.pdf_font(), words.size * mm
    wide = pdfmetrics.stringWidth(words.text, font, size)
    size = size * min(1.0, words.width * mm / wide) if wide else size
    # Letters of a Chinese font stand 0.38 of their size above the middle of the line.
    base = (height - words.y - words.size / 2) * mm - size * 0.38
    left = words.x * mm - (pdfmetrics.stringWidth(words.text, font, size) / 2 if words.is_centred else 0)
    canvas.setFillColor(ink(words.color))
    canvas.setStrokeColor(ink(words.color))
    text = canvas.beginText(left, base)
    text.setFont(font, size)
    if words.is_bold:
        # Adobe's font has one weight: letters are filled and drawn round with a line.
        text.setTextRenderMode(2)
        canvas.setLineWidth(size * 0.028)
    text.textOut(words.text)
    text.setTextRenderMode(0)
    canvas.drawText(text)


def _code(canvas: Canvas, square: Square, address: str, height: float) -> None:
    rows = matrix(address)
    module = square.side / len(rows)
    canvas.setFillColor(_BLACK)
    path = canvas.beginPath()
    for row, line in enumerate(rows):
        column = 0
        while column < len(line):
            length = 0
            while column + length < len(line) and line[column + length]:
                length += 1
            if length:
                # One rectangle for a run: fewer edges, and none inside it that could show as a hairline.
                x, y = square.x + column * module, height - square.y - (row + 1) * module
                path.rect(x * mm, y * mm, length * module * mm, module * mm)
            column += max(length, 1)
    canvas.drawPath(path, stroke=0, fill=1)


def ink(color: str) -> CMYKColor:
    """#rrggbb as four inks, with as much black as there is grey in it."""
    red, green, blue = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    black = 1 - max(red, green, blue)
    if black >= 1:
        return _BLACK
    return CMYKColor(*((1 - one - black) / (1 - black) for one in (red, green, blue)), black)
