"""Sets to and from ClickHouse's AggregateFunction(groupBitmap, UInt32) bytes.

Format read off ClickHouse 26.9: one byte 0, then a count byte and that many little-endian values (at most 32 of them);
or one byte 1, then a varint byte length and the portable Roaring serialisation (github.com/RoaringBitmap/RoaringFormatSpec).
"""

import struct

from pyroaring import BitMap

_SMALL_MAX = 32


def to_clickhouse(members: BitMap) -> bytes:
    """The set as one state value, as RowBinary carries it."""
    if len(members) <= _SMALL_MAX:
        return bytes([0, len(members)]) + struct.pack(f"<{len(members)}I", *members)
    body = members.serialize()
    return b"\x01" + _varint(len(body)) + body


def from_clickhouse(state: bytes) -> BitMap:
    """The set in one state value. Raises ValueError for bytes that are none."""
    if state[:1] == b"\x00" and len(state) == 2 + 4 * state[1]:
        return BitMap(struct.unpack(f"<{state[1]}I", state[2:]))
    if state[:1] == b"\x01":
        length, start = _read_varint(state, 1)
        if len(state) == start + length:
            return BitMap.deserialize(state[start:])
    raise ValueError("not a groupBitmap state")


def _varint(number: int) -> bytes:
    out = bytearray()
    while number >= 128:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def _read_varint(state: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while at < len(state):
        number |= (state[at] & 127) << shift
        if state[at] < 128:
            return number, at + 1
        at, shift = at + 1, shift + 7
    raise ValueError("not a groupBitmap state")
