"""Which font Chinese is drawn with.

Pictures need a font file of this machine: Noto Sans CJK (SIL Open Font License), which tools/setup.sh installs, or one named
in WELLSPRING_PRINT_FONT. A PDF takes a TrueType file only; Noto's letters are PostScript outlines, which reportlab cannot
embed, so without a TrueType file the PDF names STSong-Light of Adobe's Asian fonts, which every RIP and viewer brings.
"""

import functools
import os
from pathlib import Path

from PIL import ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from wellspring.acquisition.errors.cards import FontMissing

_OWN = os.environ.get("WELLSPRING_PRINT_FONT", "")
_NOTO = "/usr/share/fonts/opentype/noto/NotoSansCJK"
# (regular, bold, place of simplified Chinese in the collection), by system.
_KNOWN = (
    (f"{_NOTO}-Regular.ttc", f"{_NOTO}-Bold.ttc", 2),
    ("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc", "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Bold.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ("/System/Library/Fonts/PingFang.ttc", "/System/Library/Fonts/PingFang.ttc", 2),
)
PDF_FALLBACK = "STSong-Light"
_PDF_OWN = "wellspring-print"


@functools.cache
def picture_font(size: int, *, is_bold: bool) -> ImageFont.FreeTypeFont:
    """A font of so many pixels. Raises FontMissing."""
    for regular, bold, index in _candidates():
        path = bold if is_bold else regular
        if Path(path).exists():
            return ImageFont.truetype(path, size, index=index)
    raise FontMissing


@functools.cache
def pdf_font() -> str:
    """The name of the font in a PDF, registered: embedded where a TrueType file is named, otherwise Adobe's."""
    if _OWN:
        try:
            pdfmetrics.registerFont(TTFont(_PDF_OWN, _OWN))
            return _PDF_OWN
        except (TTFError, OSError):
            # PostScript outlines, or no such file: the picture may still be able to use it.
            pass
    pdfmetrics.registerFont(UnicodeCIDFont(PDF_FALLBACK))
    return PDF_FALLBACK


def _candidates() -> list[tuple[str, str, int]]:
    return [*([(_OWN, _OWN, 0)] if _OWN else []), *_KNOWN]
