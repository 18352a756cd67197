"""Which font Chinese is drawn with: in pictures the kernel's, in a PDF one that can be embedded.

A PDF takes a TrueType file only; Noto's letters are PostScript outlines, which reportlab cannot embed, so without a
TrueType file the PDF names STSong-Light of Adobe's Asian fonts, which every RIP and viewer brings.
"""

import functools

from PIL import ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from wellspring.acquisition.errors.cards import FontMissing
from wellspring.kernel import fonts

PDF_FALLBACK = "STSong-Light"
_PDF_OWN = "wellspring-print"


def picture_font(size: int, *, is_bold: bool) -> ImageFont.FreeTypeFont:
    """A font of so many pixels. Raises FontMissing."""
    found = fonts.picture_font(size, is_bold=is_bold)
    if found is None:
        raise FontMissing
    return found


@functools.cache
def pdf_font() -> str:
    """The name of the font in a PDF, registered: embedded where a TrueType file is named, otherwise Adobe's."""
    if fonts.OWN:
        try:
            pdfmetrics.registerFont(TTFont(_PDF_OWN, fonts.OWN))
            return _PDF_OWN
        except (TTFError, OSError):
            # PostScript outlines, or no such file: the picture may still be able to use it.
            pass
    pdfmetrics.registerFont(UnicodeCIDFont(PDF_FALLBACK))
    return PDF_FALLBACK
