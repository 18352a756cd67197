"""Which font Chinese is drawn with in pictures.

A font file of this machine: Noto Sans CJK (SIL Open Font License), which tools/setup.sh installs, or the one that is
named in WELLSPRING_PRINT_FONT.
"""

import functools
import os
from pathlib import Path

from PIL import ImageFont

OWN = os.environ.get("WELLSPRING_PRINT_FONT", "")
_NOTO = "/usr/share/fonts/opentype/noto/NotoSansCJK"
# (regular, bold, place of simplified Chinese in the collection), by system.
_KNOWN = (
    (f"{_NOTO}-Regular.ttc", f"{_NOTO}-Bold.ttc", 2),
    ("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc", "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Bold.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ("/System/Library/Fonts/PingFang.ttc", "/System/Library/Fonts/PingFang.ttc", 2),
)


@functools.lru_cache(maxsize=256)
def picture_font(size: int, *, is_bold: bool) -> ImageFont.FreeTypeFont | None:
    """A font of so many pixels; None where this machine has none."""
    for regular, bold, index in [*([(OWN, OWN, 0)] if OWN else []), *_KNOWN]:
        path = bold if is_bold else regular
        if Path(path).exists():
            return ImageFont.truetype(path, size, index=index)
    return None
