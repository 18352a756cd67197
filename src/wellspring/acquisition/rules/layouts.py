"""How a design is laid out, in millimetres: boxes, words and the code, and how cards share a sheet.

One layout serves every renderer, so that what the editor shows is what is printed. The origin is the upper left corner of
the trimmed card; the paper's colour runs 3 mm beyond it on every side, which is what is cut away (bleed).
"""

import dataclasses
from collections.abc import Iterator, Sequence

from wellspring.acquisition.contracts.cards import Look, Sheet, Size

# Millimetres that printing houses ask for.
BLEED = 3.0
MARK_LENGTH, MARK_GAP = 4.0, 1.0
_MARGIN = 10.0
SIZES: dict[Size, tuple[float, float]] = {
    Size.CARD: (90, 54),
    Size.TALL: (54, 90),
    Size.A6: (105, 148),
    Size.A4: (210, 297),
    Size.RECEIPT: (72, 110),
    Size.SCREEN: (108, 192),
}
SHEETS: dict[Sheet, tuple[float, float]] = {Sheet.A4: (210, 297), Sheet.A3: (297, 420), Sheet.SRA3: (320, 450)}


@dataclasses.dataclass(frozen=True)
class Box:
    """A filled rectangle, with round corners where asked for."""

    x: float
    y: float
    width: float
    height: float
    color: str
    radius: float = 0.0


@dataclasses.dataclass(frozen=True)
class Words:
    """One line of text: its upper left corner (or the middle of its upper edge), height of the letters, and the widest it may be."""

    x: float
    y: float
    size: float
    text: str
    color: str
    width: float
    is_bold: bool = False
    is_centred: bool = False


@dataclasses.dataclass(frozen=True)
class Square:
    """Where the code stands, quiet zone included."""

    x: float
    y: float
    side: float


Shape = Box | Words | Square


def shapes(look: Look) -> list[Shape]:
    """Everything that is drawn, from the back to the front."""
    width, height = SIZES[look.size]
    if width > height:
        return _wide(look, width, height)
    return _tall(look, width, height)


@dataclasses.dataclass(frozen=True)
class Imposition:
    """How many cards fit on a sheet, turned or not, and where the first one's trimmed corner stands."""

    sheet: tuple[float, float]
    columns: int
    rows: int
    is_turned: bool
    left: float
    top: float
    step: tuple[float, float]

    @property
    def per_sheet(self) -> int:
        """Cards on one sheet."""
        return self.columns * self.rows

    def places(self) -> Iterator[tuple[float, float]]:
        """The upper left trimmed corner of each card."""
        for row in range(self.rows):
            for column in range(self.columns):
                yield self.left + column * self.step[0], self.top + row * self.step[1]


def impose(size: Size, sheet: Sheet) -> Imposition:
    """The way in which most cards fit on a sheet; a card that is too large gets a page of its own size."""
    width, height = SIZES[size]
    ways = []
    if sheet is not Sheet.SINGLE:
        ways = [_grid(SHEETS[sheet], width, height, is_turned=False), _grid(SHEETS[sheet], height, width, is_turned=True)]
    best = max(ways, key=lambda way: (way.per_sheet, not way.is_turned), default=None)
    if best is None or best.per_sheet == 0:
        page = (width + 2 * _MARGIN, height + 2 * _MARGIN)
        return Imposition(page, 1, 1, is_turned=False, left=_MARGIN, top=_MARGIN, step=(width, height))
    return best


def _grid(sheet: tuple[float, float], width: float, height: float, *, is_turned: bool) -> Imposition:
    # Neighbours have a bleed each, so that a knife that slips cuts into the right colour.
    step = (width + 2 * BLEED, height + 2 * BLEED)
    columns = int((sheet[0] - 2 * _MARGIN + 2 * BLEED) // step[0])
    rows = int((sheet[1] - 2 * _MARGIN + 2 * BLEED) // step[1])
    left = (sheet[0] - (columns * step[0] - 2 * BLEED)) / 2
    top = (sheet[1] - (rows * step[1] - 2 * BLEED)) / 2
    return Imposition(sheet, columns, rows, is_turned, left, top, step)


def _paper(look: Look, width: float, height: float) -> Box:
    return Box(-BLEED, -BLEED, width + 2 * BLEED, height + 2 * BLEED, look.paper)


def _wide(look: Look, width: float, height: float) -> list[Shape]:
    """Words on one side, the code on a panel of the brand's colour on the other."""
    panel = height * 0.72
    edge = -BLEED if look.is_code_left else width - panel
    found: list[Shape] = [_paper(look, width, height), Box(edge, -BLEED, panel + BLEED, height + 2 * BLEED, look.color)]
    side = panel * 0.78
    middle = (panel / 2) if look.is_code_left else width - panel / 2
    top = (height - side) / 2 - height * 0.04
    found += [Box(middle - side / 2, top, side, side, "#ffffff", radius=1.2), Square(middle - side / 2, top, side)]
    caption = look.steps[0] if look.steps else ""
    found += _line(Words(middle, top + side + height * 0.035, height * 0.062, caption, "#ffffff", panel * 0.92, is_centred=True))
    left = panel + 5 if look.is_code_left else 5
    room = width - panel - 9
    y = height * 0.11
    for text, size, color, is_bold, gap in (
        (look.brand, 0.062, look.color, True, 0.07),
        (look.headline, 0.125, look.ink, True, 0.045),
        (look.subline, 0.07, look.ink, False, 0.06),
    ):
        if text:
            found.append(Words(left, y, height * size, text, color, room, is_bold=is_bold))
            y += height * (size + gap)
    if look.offer:
        found += [Box(left, y, room, height * 0.19, look.color, radius=1.5)]
        middle_of_offer = left + room / 2
        found += [Words(middle_of_offer, y + height * 0.045, height * 0.1, look.offer, "#ffffff", room * 0.9, True, True)]
    if look.footnote:
        found.append(Words(left, height * 0.9, height * 0.042, look.footnote, look.ink, room))
    return found


def _tall(look: Look, width: float, height: float) -> list[Shape]:
    """A head of the brand's colour with the promise, the code below it, the steps at the foot."""
    unit, head = width / 100, height * 0.36
    found: list[Shape] = [_paper(look, width, height), Box(-BLEED, -BLEED, width + 2 * BLEED, head + BLEED, look.color)]
    middle, room = width / 2, width * 0.88
    y = height * 0.05
    lines = ((look.brand, 5, False, 3), (look.headline, 10, True, 3.5), (look.subline, 5.6, False, 4))
    for text, size, is_bold, gap in lines:
        found += _line(Words(middle, y, size * unit, text, "#ffffff", room, is_bold=is_bold, is_centred=True))
        y += (size + gap) * unit if text else 0
    if look.offer:
        tall = 13 * unit
        found.append(Box(width * 0.12, head - tall / 2, width * 0.76, tall, look.paper, radius=tall / 2))
        found.append(
            Words(middle, head - tall / 2 + 3.2 * unit, 6.6 * unit, look.offer, look.color, width * 0.68, is_bold=True, is_centred=True)
        )
    side = min(width * 0.52, height * 0.31)
    top = head + 10 * unit
    found += [Box(middle - side / 2, top, side, side, "#ffffff", radius=1.5), Square(middle - side / 2, top, side)]
    y = top + side + 5 * unit
    for text in look.steps:
        found += _line(Words(middle, y, 5 * unit, text, look.ink, room, is_centred=True))
        y += 6.9 * unit
    found += _line(Words(middle, height - 6.5 * unit, 3.4 * unit, look.footnote, look.ink, room, is_centred=True))
    return found


def _line(words: Words) -> Sequence[Shape]:
    return [words] if words.text else []
