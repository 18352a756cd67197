"""Texts as ClickHouse's RowBinary writes them: a length as a varint, then the bytes."""

# Varints of one and two bytes: the lengths of nearly everything.
_LENGTHS = [bytes((length,)) if length < 0x80 else bytes((length & 0x7F | 0x80, length >> 7)) for length in range(0x4000)]


def text_bytes(text: bytes) -> bytes:
    """A string of RowBinary."""
    length = len(text)
    if length < 0x4000:
        return _LENGTHS[length] + text
    parts = bytearray()
    while length >= 0x80:
        parts.append(length & 0x7F | 0x80)
        length >>= 7
    parts.append(length)
    return bytes(parts) + text


def texts_bytes(*texts: str) -> bytes:
    """Several in a row."""
    return b"".join(text_bytes(text.encode()) for text in texts)
