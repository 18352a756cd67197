"""Finding the links of a text, putting marks in their place, and the tokens that name link, origin and member.

A token is three varints and a keyed digest of eight bytes: short enough for a short message, and nobody can make one
for somebody else. It holds no personal value; member numbers are meaningless outside.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Callable

# An address ends where a sentence goes on; a variable inside it may hold spaces.
_URL = re.compile(r"https?://(?:\{\{.*?\}\}|[^\s<>\"'，。；：！？、（）【】《》「」\[\]{}|\\^`])+")
_TRAILING = ".,;:!?)"
# Characters of the private area: no keyboard makes them, and Liquid passes them on.
_MARK = "\ue000{}\ue001"
_MARKED = re.compile("\ue000(\\d+)\ue001")
_DIGEST_BYTES = 8
_NUMBERS = 3


def marked(text: str, number_of: Callable[[str], int]) -> str:
    """The text with a mark in place of every address; `number_of` gives each its number."""

    def mark(found: re.Match[str]) -> str:
        whole = found.group()
        url = whole.rstrip(_TRAILING)
        return _MARK.format(number_of(url)) + whole[len(url) :]

    return _URL.sub(mark, text) if "://" in text else text


def unmarked(text: str, address: Callable[[int], str]) -> str:
    """The text with the address of each mark."""
    return _MARKED.sub(lambda found: address(int(found.group(1))), text) if "\ue000" in text else text


def urls(text: str) -> list[str]:
    """The addresses of a text, as written."""
    return [found.group().rstrip(_TRAILING) for found in _URL.finditer(text)]


def packed(link: int, origin: int, member: int) -> bytes:
    """What a token is about."""
    parts = bytearray()
    for number in (link, origin, member):
        left = number
        while left >= 0x80:
            parts.append(left & 0x7F | 0x80)
            left >>= 7
        parts.append(left)
    return bytes(parts)


def unpacked(body: bytes) -> tuple[int, int, int] | None:
    """Link, origin and member, None for bytes that hold no three numbers."""
    numbers, value, shift = [], 0, 0
    for byte in body:
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            numbers.append(value)
            value, shift = 0, 0
    whole = len(numbers) == _NUMBERS and not shift and packed(*numbers) == body
    return (numbers[0], numbers[1], numbers[2]) if whole else None


def token(body: bytes, digest: bytes) -> str:
    """The token as an address writes it."""
    return base64.urlsafe_b64encode(body + digest[:_DIGEST_BYTES]).decode().rstrip("=")


def parted(text: str) -> tuple[bytes, bytes] | None:
    """What a token is about and its digest; None for what is none."""
    try:
        whole = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        return None
    if len(whole) < _DIGEST_BYTES + _NUMBERS or base64.urlsafe_b64encode(whole).decode().rstrip("=") != text:
        return None
    return whole[:-_DIGEST_BYTES], whole[-_DIGEST_BYTES:]


def digest_fits(given: bytes, made: bytes) -> bool:
    """Whether a token's digest is the one that the keys make."""
    return hmac.compare_digest(given, made[:_DIGEST_BYTES])
